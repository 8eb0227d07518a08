//! Takes a token out of what people paste: the header it came in, quotation marks, the line breaks of a mail. Pure; what was
//! taken off is said.

use crate::api_tokens::is_well_formed;

/// The longest text that is looked at, in bytes; a token that a header can carry is far shorter.
const MOST: usize = 32 * 1024;

/// Quotation marks, and what stands around a value in JSON and in a list.
const WRAPPING: &[char] = &[
    '"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '\u{ab}', '\u{bb}', '<', '>',
    '(', ')', '[', ']', '{', '}', ',', ';',
];

/// What was pasted, without what stood around it. Not `Debug`: it is a credential.
#[cfg_attr(test, derive(Debug, Eq, PartialEq))]
pub struct Pasted {
    /// What it is.
    pub what: What,
    /// What was taken off, in sentences.
    pub peeled: Vec<String>,
}

/// What was pasted.
#[cfg_attr(test, derive(Debug, Eq, PartialEq))]
pub enum What {
    /// The shape of a signed token: three parts between two dots (RFC 7515, section 3.1).
    Signed(String),
    /// The shape of an API token.
    ApiToken(String),
    /// Neither; the sentence that says so.
    Neither(String),
}

impl Pasted {
    /// Reads what was pasted; `schemes` are those that may stand before a token.
    #[must_use]
    pub fn read(text: &str, schemes: &[String]) -> Self {
        let neither = |sentence: String| Self {
            what: What::Neither(sentence),
            peeled: Vec::new(),
        };
        if text.trim().is_empty() {
            return neither("There is nothing here. Paste a token.".to_owned());
        }
        if text.len() > MOST {
            return neither(format!(
                "That is {} KiB. No token is that long.",
                text.len() / 1024
            ));
        }
        let whole: Vec<_> = words(text).filter(|word| is_signed(word)).collect();
        match whole.as_slice() {
            [one] if text.contains(['{', '=', '&']) => Self {
                what: What::Signed((*one).to_owned()),
                peeled: vec!["What stood around the token was left out.".to_owned()],
            },
            [_, _, ..] => neither(format!("These are {} tokens. Paste one.", whole.len())),
            _ => peel(text, schemes),
        }
    }
}

fn peel(text: &str, schemes: &[String]) -> Pasted {
    // A mail that answers another has this before every line.
    const QUOTED: &[char] = &['>', ' '];
    let mut peeled = Vec::new();
    let lines = text.lines().map(str::trim_start);
    let is_quoted = lines.clone().any(|line| line.starts_with('>'));
    let lines: Vec<_> = lines.map(|line| line.trim_start_matches(QUOTED)).collect();
    let mut rest = lines.join("\n").trim().to_owned();
    if is_quoted {
        peeled.push("Marks of a quoted mail were taken off.".to_owned());
    }
    loop {
        let unwrapped = rest.trim().trim_matches(WRAPPING).trim();
        let known = schemes.iter().map(String::as_str);
        let known = known.chain(["Authorization:", "Bearer", "Token", "JWT"]);
        let before = known.into_iter().find_map(|word| without(unwrapped, word));
        if let Some((word, after)) = before {
            peeled.push(format!("\u{201c}{word}\u{201d} in front was taken off."));
            rest = after.to_owned();
        } else if unwrapped.len() < rest.len() {
            peeled.push("Quotation marks and the like were taken off.".to_owned());
            rest = unwrapped.to_owned();
        } else {
            break;
        }
    }
    let token: String = rest.split_whitespace().collect();
    if token.len() < rest.len() {
        peeled.push("Spaces and line breaks inside were taken out.".to_owned());
    }
    let what = if is_well_formed(&token) {
        What::ApiToken(token)
    } else if is_signed(&token) {
        What::Signed(token)
    } else {
        What::Neither(sentence(&token))
    };
    Pasted { what, peeled }
}

/// The word as it was written, and what comes after it, if the text begins with it.
fn without<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let (found, after) = text.split_at_checked(word.len())?;
    let is_word = word.ends_with(':') || after.starts_with(char::is_whitespace);
    (found.eq_ignore_ascii_case(word) && is_word).then_some((found, after.trim_start()))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))
}

fn is_signed(word: &str) -> bool {
    word.matches('.').count() == 2
}

fn sentence(text: &str) -> String {
    match text.matches('.').count() {
        _ if text.is_empty() => "There is nothing here. Paste a token.".to_owned(),
        0 => format!(
            "This is no token. A signed token has three parts with two dots between them, and an API token is 40 \
             digits and small letters from a to f. This has {} characters and no dot.",
            text.chars().count()
        ),
        1 => "This is no whole token: it has one dot, and a signed token has two. The end may be missing.".to_owned(),
        4 => "This is encrypted (five parts, a JWE). Such tokens are not made here, and are refused.".to_owned(),
        n => format!("This is no token: it has {n} dots, and a signed token has two."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhIjoxfQ.eyJiIjoyfQ.c2ln";
    const KEY: &str = "92dabf348aa65b0a72c6c330c135635aadd010d9";

    fn read(text: &str) -> Pasted {
        Pasted::read(text, &["Bearer".to_owned(), "Jot".to_owned()])
    }

    #[test]
    fn a_token_is_found_in_what_stands_around_it() {
        let broken = "eyJhIjoxfQ.eyJi\r\nIjoyfQ.c2ln\r\n";
        let quoted = "> eyJhIjoxfQ.eyJi\n> IjoyfQ.c2ln";
        for (text, notes) in [
            (TOKEN.to_owned(), 0),
            (format!("  {TOKEN}\n"), 0),
            (format!("Bearer {TOKEN}"), 1),
            (format!("bearer   {TOKEN}"), 1),
            (format!("jot {TOKEN}"), 1),
            (format!("Authorization: Bearer {TOKEN}"), 2),
            (format!("\"{TOKEN}\","), 1),
            (format!("\u{201c}{TOKEN}\u{201d}"), 1),
            (format!("'Bearer {TOKEN}'"), 1),
            (broken.to_owned(), 1),
            (quoted.to_owned(), 2),
            (format!("{{\"access\":\"{TOKEN}\"}}"), 1),
            (format!("Cookie: jotward-admin={TOKEN}; a=b"), 1),
        ] {
            let pasted = read(&text);
            assert_eq!(pasted.what, What::Signed(TOKEN.to_owned()), "{text}");
            assert_eq!(pasted.peeled.len(), notes, "{text}: {:?}", pasted.peeled);
        }
    }

    #[test]
    fn an_api_token_is_told_from_others() {
        for text in [
            KEY.to_owned(),
            format!("Token {KEY}"),
            format!("\"{KEY}\"\n"),
        ] {
            assert_eq!(read(&text).what, What::ApiToken(KEY.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_token_is_told_why() {
        let pair = format!("{{\"access\":\"{TOKEN}\",\"refresh\":\"{TOKEN}\"}}");
        for (text, said) in [
            ("", "nothing here"),
            (" \n\t", "nothing here"),
            ("\"\"", "nothing here"),
            ("Bearer ", "no dot"),
            ("hello", "5 characters and no dot"),
            (&KEY[1..], "39 characters and no dot"),
            ("eyJhIjoxfQ.eyJiIjoyfQ", "one dot"),
            ("a.b.c.d.e", "JWE"),
            ("a.b.c.d", "3 dots"),
            (&pair, "These are 2 tokens"),
            (&"x".repeat(40_000), "39 KiB"),
        ] {
            match read(text).what {
                What::Neither(sentence) => assert!(sentence.contains(said), "{text}: {sentence}"),
                what => panic!("{text}: {what:?}"),
            }
        }
    }
}
