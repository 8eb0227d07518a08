//! A recorded request as a command or a program, to be tried elsewhere. The texts are complete: they carry the tokens
//! they were sent with. In place of a password, and of a cookie, which no script can see, they have a word for it.

use super::record::Exchange;
use crate::api::REFRESH_COOKIE;

/// What stands in place of the refresh token in a cookie.
const NO_TOKEN: &str = "PASTE-IT-HERE";

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
    /// The standard library.
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
        let shape = self.shape();
        let around = |[before, after]: [&str; 2], text: &str| [before, text, after].concat();
        let mut headers = String::new();
        for (name, value) in &exchange.headers {
            let named = [&(shape.inside)(name), shape.between, &(shape.inside)(value)].concat();
            headers.push_str(&around(shape.header, &named));
        }
        let mut comment = String::new();
        if exchange.has_cookie {
            comment = around([shape.comment, ""], WHERE);
            let secure = if origin.starts_with("https:") {
                "__Secure-"
            } else {
                ""
            };
            let cookie = [secure, REFRESH_COOKIE, "=", NO_TOKEN].concat();
            headers.push_str(&around(shape.cookie, &cookie));
        }
        let body = exchange.body.as_ref();
        let body = body.map_or_else(String::new, |body| {
            around(shape.body, &(shape.body_inside)(body))
        });
        let url = [origin, &exchange.path].concat();
        let (first, second) = match self {
            Self::Curl | Self::Rust => (exchange.method, &*url),
            Self::JavaScript | Self::Python => (&*url, exchange.method),
        };
        let [start, middle, then, rest, end] = shape.text;
        [
            &*comment, start, first, middle, second, then, &headers, rest, &body, end,
        ]
        .concat()
    }

    fn shape(self) -> Shape {
        match self {
            Self::Curl => Shape {
                comment: "# ",
                text: ["curl -i -X ", " '", "'", "", ""],
                header: [" \\\n  -H '", "'"],
                between: ": ",
                cookie: [" \\\n  -b '", "'"],
                body: [" \\\n  -d '", "'"],
                inside: in_single_quotes,
                body_inside: in_single_quotes,
            },
            Self::JavaScript => Shape {
                comment: "// ",
                text: [
                    "const response = await fetch(\"",
                    "\", {\n  method: \"",
                    "\",\n  headers: {",
                    "\n  },\n",
                    "});\nconsole.log(response.status, await response.text());",
                ],
                header: ["\n    \"", "\","],
                between: "\": \"",
                cookie: ["\n    \"Cookie\": \"", "\","],
                body: ["  body: JSON.stringify(", "),\n"],
                inside: in_double_quotes,
                body_inside: str::to_owned,
            },
            Self::Rust => Shape {
                comment: "// ",
                text: [
                    "// cargo add reqwest tokio -F tokio/full\n#[tokio::main]\nasync fn main() -> Result<(), reqwest::Error> \
                     {\n    let response = reqwest::Client::new()\n        .request(reqwest::Method::",
                    ", \"",
                    "\")",
                    "",
                    "\n        .send()\n        .await?;\n    println!(\"{} {}\", response.status(), \
                     response.text().await?);\n    Ok(())\n}",
                ],
                header: ["\n        .header(\"", "\")"],
                between: "\", \"",
                cookie: ["\n        .header(\"Cookie\", \"", "\")"],
                body: ["\n        .body(\"", "\")"],
                inside: in_double_quotes,
                body_inside: in_double_quotes,
            },
            Self::Python => Shape {
                comment: "# ",
                text: [
                    "from urllib import error, request\n\nsent = request.Request(\n    \"",
                    "\",\n    method=\"",
                    "\",\n    headers={",
                    "\n    },\n",
                    ")\ntry:\n    response = request.urlopen(sent)\nexcept error.HTTPError as refused:\n    response = \
                     refused\nprint(response.status, response.read().decode())",
                ],
                header: ["\n        \"", "\","],
                between: "\": \"",
                cookie: ["\n        \"Cookie\": \"", "\","],
                body: ["    data=\"", "\".encode(),\n"],
                inside: in_double_quotes,
                body_inside: in_double_quotes,
            },
        }
    }
}

/// What sets one language apart. A pair is what stands before and after.
struct Shape {
    /// What begins a comment.
    comment: &'static str,
    /// The text around, in this order: method or address, whichever is first, the other, the headers, the body.
    text: [&'static str; 5],
    /// A header.
    header: [&'static str; 2],
    /// Between its name and its value.
    between: &'static str,
    /// The cookie.
    cookie: [&'static str; 2],
    /// The body.
    body: [&'static str; 2],
    /// A text as it is written within its quotes.
    inside: fn(&str) -> String,
    /// The same of the body.
    body_inside: fn(&str) -> String,
}

/// As a POSIX shell reads it in single quotes.
fn in_single_quotes(text: &str) -> String {
    text.replace('\'', r"'\''")
}

/// As JavaScript, Python and Rust read it in double quotes alike: nothing here has control characters.
fn in_double_quotes(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::REFRESH_TRANSPORT;
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
        let mut refresh = exchange(&request, &[(REFRESH_TRANSPORT, "cookie")]);
        refresh.has_cookie = true;
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
        let mut exchange = exchange(&request, &headers);
        exchange.has_cookie = true;
        let text = Language::Rust.text(&exchange, "http://jotward.test");
        let run = include_str!("../../../server/tests/http/copied/program.rs");
        assert_eq!([&*text, "\n"].concat(), run);
    }
}
