//! `GET /api/users/` with `limit`, `after` and `search`: many users, a page at a time.

use jotward::store::{NewUser, StoreError};
use serde_json::json;

use crate::harness::statements::counted;
use crate::harness::{Answer, Database, START, TestApp, on_both_databases};

/// A server with `count` more users, named `walker000` and so on; their addresses begin with `mail`.
async fn crowd(database: Database, count: usize) -> (TestApp, String) {
    let app = TestApp::new(database, &[]).await;
    let added = app.store().write(move |tx| {
        Box::pin(async move {
            for n in 0..count {
                let new = NewUser {
                    username: format!("Walker{n:03}"),
                    email: format!("mail{n:03}@example.org"),
                    password: "!".to_owned(),
                    is_active: true,
                    is_staff: false,
                    is_superuser: false,
                };
                tx.add_user(&new, START).await?;
            }
            Ok::<_, StoreError>(())
        })
    });
    added.await.expect("added");
    let (_, access) = app.log_in("alice").await;
    (app, access)
}

fn names(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let users = answer.json();
    let users = users.as_array().expect("a list");
    users
        .iter()
        .map(|user| user["username"].as_str().expect("a name").to_owned())
        .collect()
}

/// All pages from `path` on, by their links.
async fn walk(app: &TestApp, access: &str, path: &str) -> Vec<Vec<String>> {
    let mut path = path.to_owned();
    let mut pages = Vec::new();
    loop {
        let answer = app.get_as(access, &path).await;
        pages.push(names(&answer));
        let Some(link) = answer.headers.get("link") else {
            return pages;
        };
        let link = link.to_str().expect("text");
        let next = link
            .strip_prefix('<')
            .and_then(|link| link.strip_suffix(">; rel=\"next\""));
        next.expect("a link to the next page").clone_into(&mut path);
    }
}

on_both_databases! {
    async fn links_lead_through_all_of_them_once(database) {
        let (app, access) = crowd(database, 120).await;
        let whole = names(&app.get_as(&access, "/api/users/").await);
        assert_eq!(whole.len(), 123, "without parameters it is the whole list");
        for path in ["/api/users/?limit=50", "/api/users?limit=50"] {
            let pages = walk(&app, &access, path).await;
            assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 23]);
            assert_eq!(pages.concat(), whole);
        }
        assert_eq!(walk(&app, &access, "/api/users/?limit=41").await.len(), 3, "no page is empty");
        assert_eq!(names(&app.get_as(&access, "/api/users/?after=0").await).len(), 100, "a page has a bound");
        let answer = app.get_as(&access, &format!("/api/users/?after={}", i64::MAX)).await;
        assert_eq!(answer.json(), json!([]));
    }
}

on_both_databases! {
    async fn a_search_finds_the_beginnings_of_names_and_addresses(database) {
        let (app, access) = crowd(database, 120).await;
        let find = async |search: &str| {
            names(&app.get_as(&access, &format!("/api/users/?search={search}")).await)
        };
        assert_eq!(find("ali").await, ["alice"]);
        assert_eq!(find("wALKER01").await.len(), 10);
        assert_eq!(find("mail119").await, ["Walker119"]);
        assert_eq!(find("mail00").await.len(), 10);
        for nobody in ["alker", "%25", "_", "%00", "zz", "%F0%9F%98%80"] {
            assert_eq!(find(nobody).await, [""; 0], "{nobody}");
        }
        assert_eq!(find("%20").await.len(), 100, "none is no search");
        let pages = walk(&app, &access, "/api/users/?search=walker&limit=50").await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20]);
        assert_eq!(pages.concat()[119], "Walker119");
        let odd = walk(&app, &access, "/api/users/?search=mail%31&limit=1").await;
        assert_eq!(odd.len(), 20, "what was searched for stays in the link");
    }
}

on_both_databases! {
    async fn a_search_is_bounded(database) {
        let (app, access) = crowd(database, 520).await;
        let pages = walk(&app, &access, "/api/users/?search=walker&limit=100").await;
        assert_eq!(pages.concat().len(), 500);
        let (_, asked) = counted(app.store(), app.get_as(&access, "/api/users/?search=walker&limit=100")).await;
        assert!(asked.len() <= 4, "{asked:?}");
    }
}

on_both_databases! {
    async fn what_is_no_number_is_refused(database) {
        let (app, access) = crowd(database, 0).await;
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=x", "limit"),
            ("limit=", "limit"),
            ("after=-1", "after"),
            ("after=9223372036854775808", "after"),
            ("search=a&after=%00", "after"),
        ] {
            let answer = app.get_as(&access, &format!("/api/users/?{query}")).await;
            assert_eq!((answer.status, answer.json()), (400, json!({field: ["A valid number is required."]})), "{query}");
        }
        assert_eq!(app.get("/api/users/?limit=x", &[]).await.status, 401, "who asks is known first");
        assert_eq!(names(&app.get_as(&access, "/api/users/?page=2").await).len(), 3, "what is not known is not heard");
    }
}
