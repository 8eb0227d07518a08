//! A recorded request as a command or a program, to be tried elsewhere. The texts are complete: they carry the tokens
//! they were sent with. In place of a password, and of a cookie, which no script can see, they have a word for it.

use super::record::Exchange;
use crate::api::{REFRESH_COOKIE, REFRESH_TRANSPORT};

/// What stands in place of the refresh token in a cookie.
const NO_TOKEN: &str = "PASTE-IT-HERE";

/// The header it stands in.
const COOKIE: &str = "Cookie";

/// Where to find it.
const WHERE: &str = "Paste the cookie from the browser's developer tools: Application, Cookies.\n";

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
        let copied = Copied::of(exchange, origin);
        let text = match self {
            Self::Curl => copied.curl(),
            Self::JavaScript => copied.java_script(),
            Self::Rust => copied.rust(),
            Self::Python => copied.python(),
        };
        if !copied.has_cookie() {
            return text;
        }
        let comment = match self {
            Self::Curl | Self::Python => "# ",
            Self::JavaScript | Self::Rust => "// ",
        };
        [comment, WHERE, &text].concat()
    }
}

/// A request to be written down.
struct Copied<'e> {
    exchange: &'e Exchange,
    url: String,
    /// Those it was sent with, and the cookie, without the token in it, where there was one.
    headers: Vec<(&'static str, String)>,
}

impl<'e> Copied<'e> {
    fn of(exchange: &'e Exchange, origin: &str) -> Self {
        let mut headers = exchange.headers.clone();
        let is_asked_for = headers.iter().any(|(name, _)| *name == REFRESH_TRANSPORT);
        // A login brings none: it is given one.
        if is_asked_for && exchange.path != "/api/token/" {
            let prefix = if origin.starts_with("https:") {
                "__Secure-"
            } else {
                ""
            };
            headers.push((COOKIE, [prefix, REFRESH_COOKIE, "=", NO_TOKEN].concat()));
        }
        Self {
            exchange,
            url: [origin, &exchange.path].concat(),
            headers,
        }
    }

    fn has_cookie(&self) -> bool {
        self.headers.len() > self.exchange.headers.len()
    }

    fn curl(&self) -> String {
        let mut text = [
            "curl -i -X ",
            self.exchange.method,
            " ",
            &in_shell(&self.url),
        ]
        .concat();
        for (name, value) in &self.headers {
            let (option, name, between) = match *name {
                COOKIE => ("b", "", ""),
                name => ("H", name, ": "),
            };
            let header = in_shell(&[name, between, value].concat());
            text.push_str(&[" \\\n  -", option, " ", &header].concat());
        }
        text + &self.body(" \\\n  -d ", in_shell, "")
    }

    fn java_script(&self) -> String {
        [
            "const response = await fetch(",
            &quoted(&self.url),
            ", {\n  method: \"",
            self.exchange.method,
            "\",\n  headers: {",
            &self.pairs("\n    ", ": ", ","),
            "\n  },\n",
            &self.body("  body: JSON.stringify(", str::to_owned, "),\n"),
            "});\nconsole.log(response.status, await response.text());",
        ]
        .concat()
    }

    fn python(&self) -> String {
        [
            "from urllib import error, request\n\nsent = request.Request(\n    ",
            &quoted(&self.url),
            ",\n    method=\"",
            self.exchange.method,
            "\",\n    headers={",
            &self.pairs("\n        ", ": ", ","),
            "\n    },\n",
            &self.body("    data=", quoted, ".encode(),\n"),
            ")\ntry:\n    response = request.urlopen(sent)\nexcept error.HTTPError as refused:\n    response = \
             refused\nprint(response.status, response.read().decode())",
        ]
        .concat()
    }

    fn rust(&self) -> String {
        [
            "// cargo add reqwest tokio -F tokio/full\n#[tokio::main]\nasync fn main() -> Result<(), reqwest::Error> \
             {\n    let response = reqwest::Client::new()\n        .",
            &*self.exchange.method.to_ascii_lowercase(),
            "(",
            &quoted(&self.url),
            ")",
            &self.pairs("\n        .header(", ", ", ")"),
            &self.body("\n        .body(", quoted, ")"),
            "\n        .send()\n        .await?;\n    println!(\"{} {}\", response.status(), response.text().await?);\n    \
             Ok(())\n}",
        ]
        .concat()
    }

    /// The headers, each in quotes, with something before, between and after its name and its value.
    fn pairs(&self, before: &str, between: &str, after: &str) -> String {
        let mut text = String::new();
        for (name, value) in &self.headers {
            text.push_str(&[before, &quoted(name), between, &quoted(value), after].concat());
        }
        text
    }

    /// The body as it is written, with something before and after; nothing where there is none.
    fn body(&self, before: &str, written: fn(&str) -> String, after: &str) -> String {
        match &self.exchange.body {
            Some(body) => [before, &written(body), after].concat(),
            None => String::new(),
        }
    }
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

    fn exchange(request: &Request, headers: &[(&'static str, &str)]) -> Exchange {
        let mut record = Record::default();
        let headers = headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        record.ask(Actor::First, request, headers.collect());
        record.exchanges.remove(0)
    }

    fn posted(body: &str) -> Exchange {
        let request = Request::post("/api/token/refresh/", body.to_owned());
        exchange(&request, &[("Content-Type", "application/json")])
    }

    #[test]
    fn each_language_has_all_of_the_request() {
        let exchange = posted(r#"{"refresh":"a.b.c"}"#);
        for language in Language::ALL {
            let text = language.text(&exchange, "http://localhost:3000");
            for part in [
                "http://localhost:3000/api/token/refresh/",
                "a.b.c",
                "Content-Type",
            ] {
                assert!(text.contains(part), "{language:?} lacks {part}: {text}");
            }
            assert!(!text.contains("ookie"), "{text}");
        }
        assert_eq!(
            Language::Curl.text(&exchange, "http://x"),
            "curl -i -X POST 'http://x/api/token/refresh/' \\\n  -H 'Content-Type: application/json' \\\n  \
             -d '{\"refresh\":\"a.b.c\"}'"
        );
    }

    #[test]
    fn nothing_breaks_out_of_its_quotes() {
        let exchange = posted(r#"{"username":"o'neil \"x\""}"#);
        assert!(Language::Curl.text(&exchange, "").contains(r"o'\''neil"));
        assert!(
            Language::Python
                .text(&exchange, "")
                .contains(r#"\\\"x\\\""#)
        );
    }

    #[test]
    fn a_cookie_that_no_script_can_see_has_a_place_to_be_pasted_in() {
        let request = Request::post("/api/token/refresh/", "{}".to_owned());
        let refresh = exchange(&request, &[(REFRESH_TRANSPORT, "cookie")]);
        for (language, comment, cookie) in [
            (
                Language::Curl,
                "# Paste",
                "-b 'jotward-refresh=PASTE-IT-HERE'",
            ),
            (
                Language::JavaScript,
                "// Paste",
                r#""Cookie": "jotward-refresh=PASTE-IT-HERE""#,
            ),
            (
                Language::Rust,
                "// Paste",
                r#"("Cookie", "jotward-refresh=PASTE-IT-HERE")"#,
            ),
            (
                Language::Python,
                "# Paste",
                r#""Cookie": "jotward-refresh=PASTE-IT-HERE""#,
            ),
        ] {
            let text = language.text(&refresh, "http://localhost:3000");
            assert!(text.starts_with(comment) && text.contains(cookie), "{text}");
            let text = language.text(&refresh, "https://jot.example");
            assert!(text.contains("__Secure-jotward-refresh="), "{text}");
        }
        let login = Request::post("/api/token/", "{}".to_owned());
        let login = exchange(&login, &[(REFRESH_TRANSPORT, "cookie")]);
        assert!(!Language::Curl.text(&login, "").contains("-b "));
    }

    /// The server's tests compile and run this very text.
    #[test]
    fn the_program_in_rust_is_the_one_that_was_run() {
        let path = "/api/sessions/0197/".to_owned();
        let request = Request::patch(
            path,
            r#"{"device_name":"Grüße \"x\" \\ o'neil"}"#.to_owned(),
        );
        let headers = [
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
            (REFRESH_TRANSPORT, "cookie"),
        ];
        let text = Language::Rust.text(&exchange(&request, &headers), "http://jotward.test");
        let run = include_str!("../../../server/tests/http/copied/program.rs");
        assert_eq!([&*text, "\n"].concat(), run);
    }
}
