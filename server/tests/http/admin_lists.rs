//! What the tests of the admin's lists share: a page as a browser without scripts sees it.

use axum::http::header;

use crate::harness::{Answer, TestApp};

/// A list that is looked at by somebody.
pub struct Listing<'a> {
    pub app: &'a TestApp,
    pub cookie: &'a str,
    /// Its address.
    pub path: &'static str,
}

impl Listing<'_> {
    /// The list, or what lies below it.
    pub async fn get(&self, query: &str) -> Answer {
        self.follow(&format!("{}{query}", self.path)).await
    }

    /// A page by its address.
    pub async fn follow(&self, path: &str) -> Answer {
        self.app.get(path, &[(header::COOKIE, self.cookie)]).await
    }

    /// The cells of the rows that are shown, in their order: those of one column.
    pub async fn cells(&self, query: &str, column: &str) -> Vec<String> {
        let page = self.get(query).await;
        assert_eq!(page.status, 200, "{query}: {}", page.body);
        cells(&page, column)
    }

    /// Says of each of these that it can not be read, shows nothing, and makes no file of it.
    pub async fn refuses(&self, wrong: &[(&str, &str)]) {
        for (query, why) in wrong {
            let page = self.get(query).await;
            assert_eq!(page.status, 400, "{query}");
            let is_marked = page.body.contains("aria-invalid=\"true\"");
            assert!(
                page.body.contains(why) && is_marked,
                "{query}: {}",
                page.body
            );
            assert!(!page.body.contains("<table"), "{query}");
            let file = self.get(&format!("export.csv{query}")).await;
            assert_eq!(file.status, 400, "{query}");
        }
        assert_eq!(self.get("export.xml").await.status, 404);
    }

    /// Leafs from the first page to the last and back; answers a column of all rows, in their order.
    pub async fn leafs_through(&self, query: &str, column: &str) -> Vec<String> {
        let mut page = self.get(query).await;
        let first = cells(&page, column);
        let (mut all, mut pages) = (first.clone(), 1);
        while page.body.contains("Next →") {
            page = self.follow(&link(&page, "Next →")).await;
            all.extend(cells(&page, column));
            pages += 1;
        }
        for _ in 1..pages {
            page = self.follow(&link(&page, "← Previous")).await;
        }
        assert_eq!(cells(&page, column), first, "{query}");
        assert!(!page.body.contains("← Previous"), "{query}");
        all
    }
}

/// The words in the cells of a column, without what only those hear who do not see the page.
pub fn cells(page: &Answer, column: &str) -> Vec<String> {
    let label = format!("data-label=\"{column}\"");
    let cells = page.body.split(&label).skip(1);
    cells.map(|rest| words(cell(rest))).collect()
}

/// The links of a page that begin so.
pub fn links(page: &Answer, beginning: &str) -> Vec<String> {
    let links = page.body.split("href=\"").skip(1);
    let links = links.filter_map(|rest| rest.split_once('"'));
    let links = links.map(|(href, _)| href.replace("&amp;", "&"));
    links.filter(|href| href.starts_with(beginning)).collect()
}

/// Where the link of this label leads to.
pub fn link(page: &Answer, label: &str) -> String {
    let (before, _) = page.body.split_once(label).expect("the link is there");
    let (_, rest) = before.rsplit_once("href=\"").expect("a link");
    let (href, _) = rest.split_once('"').expect("an address");
    href.replace("&amp;", "&")
}

fn cell(rest: &str) -> &str {
    let end = rest
        .find("</td>")
        .into_iter()
        .chain(rest.find("</th>"))
        .min();
    let begin = rest.find('>').map_or(0, |at| at + 1);
    &rest[begin..end.unwrap_or(rest.len())]
}

fn words(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        rest = match after.split_once("</span>") {
            Some((_, after)) if tag.contains("visually-hidden") => after,
            _ => after,
        };
        text.push(' ');
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
