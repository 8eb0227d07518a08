//! A recorded request as a command or a program, to be tried elsewhere. The texts are complete: they carry the tokens
//! they were sent with, and in place of a password a name for it.

use super::record::Exchange;

/// In which language.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Language {
    /// A command line.
    Curl,
    /// `fetch`.
    JavaScript,
    /// `reqwest`.
    Rust,
    /// `requests`.
    Python,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Curl, Self::JavaScript, Self::Rust, Self::Python];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::JavaScript => "JavaScript",
            Self::Rust => "Rust",
            Self::Python => "Python",
        }
    }

    /// `exchange` in this language, to the server at `origin`.
    pub fn text(self, exchange: &Exchange, origin: &str) -> String {
        let url = [origin, &exchange.path].concat();
        match self {
            Self::Curl => curl(exchange, &url),
            Self::JavaScript => java_script(exchange, &url),
            Self::Rust => rust(exchange, &url),
            Self::Python => python(exchange, &url),
        }
    }
}

fn curl(exchange: &Exchange, url: &str) -> String {
    let mut text = ["curl -i -X ", exchange.method, " ", &in_shell(url)].concat();
    for (name, value) in &exchange.headers {
        let header = [name, ": ", value].concat();
        text.push_str(&[" \\\n  -H ", &in_shell(&header)].concat());
    }
    if let Some(body) = &exchange.body {
        text.push_str(&[" \\\n  -d ", &in_shell(body)].concat());
    }
    text
}

fn java_script(exchange: &Exchange, url: &str) -> String {
    let mut text = ["const response = await fetch(", &quoted(url), ", {\n"].concat();
    text.push_str(&["  method: ", &quoted(exchange.method), ",\n  headers: {"].concat());
    text.push_str(&pairs(exchange, "\n    "));
    text.push_str("\n  },\n");
    if let Some(body) = &exchange.body {
        text.push_str(&["  body: JSON.stringify(", body, "),\n"].concat());
    }
    text.push_str("});\nconsole.log(response.status, await response.json());");
    text
}

fn python(exchange: &Exchange, url: &str) -> String {
    let mut text = "import requests\n\nresponse = requests.request(\n".to_owned();
    text.push_str(&["    ", &quoted(exchange.method), ", ", &quoted(url), ",\n"].concat());
    text.push_str("    headers={");
    text.push_str(&pairs(exchange, "\n        "));
    text.push_str("\n    },\n");
    if let Some(body) = &exchange.body {
        text.push_str(&["    data=", &quoted(body), ",\n"].concat());
    }
    text.push_str(")\nprint(response.status_code, response.json())");
    text
}

fn rust(exchange: &Exchange, url: &str) -> String {
    let mut text = "let response = reqwest::Client::new()\n    .".to_owned();
    text.push_str(match exchange.method {
        "GET" => "get(",
        "DELETE" => "delete(",
        _ => "post(",
    });
    text.push_str(&[&quoted(url), ")"].concat());
    for (name, value) in &exchange.headers {
        text.push_str(&["\n    .header(", &quoted(name), ", ", &quoted(value), ")"].concat());
    }
    if let Some(body) = &exchange.body {
        text.push_str(&["\n    .body(", &quoted(body), ")"].concat());
    }
    text.push_str("\n    .send()\n    .await?;\n");
    text.push_str("println!(\"{} {}\", response.status(), response.text().await?);");
    text
}

fn pairs(exchange: &Exchange, before: &str) -> String {
    let mut text = String::new();
    for (name, value) in &exchange.headers {
        text.push_str(&[before, &quoted(name), ": ", &quoted(value), ","].concat());
    }
    text
}

/// In single quotes, as a POSIX shell reads it.
fn in_shell(text: &str) -> String {
    ["'", &text.replace('\'', r"'\''"), "'"].concat()
}

/// In double quotes, as JavaScript, Python and Rust read it alike: nothing here has control characters.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('"', "\\\"");
    ["\"", &escaped, "\""].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Request;
    use crate::lab::cast::Actor;
    use crate::lab::record::Record;

    fn exchange(body: &str) -> Exchange {
        let mut record = Record::default();
        let headers = vec![("Content-Type", "application/json".to_owned())];
        let request = Request::post("/api/token/refresh/", body.to_owned());
        record.ask(Actor::First, &request, headers);
        record.exchanges.remove(0)
    }

    #[test]
    fn each_language_has_all_of_the_request() {
        let exchange = exchange(r#"{"refresh":"a.b.c"}"#);
        for language in Language::ALL {
            let text = language.text(&exchange, "http://localhost:3000");
            for part in [
                "http://localhost:3000/api/token/refresh/",
                "a.b.c",
                "Content-Type",
            ] {
                assert!(text.contains(part), "{language:?} lacks {part}: {text}");
            }
        }
        assert_eq!(
            Language::Curl.text(&exchange, "http://x"),
            "curl -i -X POST 'http://x/api/token/refresh/' \\\n  -H 'Content-Type: application/json' \\\n  \
             -d '{\"refresh\":\"a.b.c\"}'"
        );
    }

    #[test]
    fn nothing_breaks_out_of_its_quotes() {
        let exchange = exchange(r#"{"username":"o'neil \"x\""}"#);
        assert!(Language::Curl.text(&exchange, "").contains(r"o'\''neil"));
        assert!(
            Language::Python
                .text(&exchange, "")
                .contains(r#"\\\"x\\\""#)
        );
    }
}
