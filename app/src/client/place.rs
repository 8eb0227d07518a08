//! Addresses that carry a person to the login page and back. Only a path of this very site is ever followed: a
//! `next` that leads elsewhere would make the login page a tool for phishing.

use super::ending::Ending;

/// `raw`, if it is a path of this site that may be gone to after signing in.
#[must_use]
pub fn local_path(raw: &str) -> Option<&str> {
    let inside = raw.starts_with('/') && !raw.starts_with("//");
    // Browsers read `\` as `/` and drop tabs and line breaks, so "/\t/elsewhere" would lead away.
    let harmless = !raw.contains(|c: char| c == '\\' || c.is_control());
    let leads_on = raw != "/login" && !raw.starts_with("/login?") && !raw.starts_with("/login/");
    (inside && harmless && leads_on).then_some(raw)
}

/// The login page's address for somebody who was at the path `here` and wants to come back to it; who does not want
/// to come back was nowhere.
#[must_use]
pub fn login_address(ending: Ending, here: &str) -> String {
    let reason = ending.word();
    match (local_path(here).map(encode), reason) {
        (None, "") => "/login".to_owned(),
        (None, _) => ["/login?reason=", reason].concat(),
        (Some(next), "") => ["/login?next=", &next].concat(),
        (Some(next), _) => ["/login?next=", &next, "&reason=", reason].concat(),
    }
}

/// The value of `name` in a query such as `?next=%2Fusers&reason=admin`.
#[must_use]
pub fn query_value(query: &str, name: &str) -> Option<String> {
    let pairs = query.strip_prefix('?').unwrap_or(query).split('&');
    let value = pairs
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)?
        .1;
    decode(value)
}

/// `text`, as it may stand in an address: every byte but those of a path is percent-encoded.
#[must_use]
pub fn encode(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                text.push(char::from(byte));
            }
            _ => {
                text.push('%');
                for nibble in [byte >> 4, byte & 15] {
                    text.push(char::from(b"0123456789ABCDEF"[usize::from(nibble)]));
                }
            }
        }
    }
    text
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => bytes.push(nibble(rest.next()?)? << 4 | nibble(rest.next()?)?),
            b'+' => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_this_site_is_followed() {
        for good in ["/", "/users", "/users?page=2#row", "/a//b", "/loginx"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in [
            "",
            "users",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            " /users",
            "/login",
            "/login?next=/login",
        ] {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_way_to_the_login_page_and_back() {
        let address = login_address(Ending::Admin, "/users?q=a&b=ü");
        assert_eq!(
            address,
            "/login?next=/users%3Fq%3Da%26b%3D%C3%BC&reason=admin"
        );
        let query = address.trim_start_matches("/login");
        assert_eq!(
            query_value(query, "next").as_deref(),
            Some("/users?q=a&b=ü")
        );
        assert_eq!(query_value(query, "reason").as_deref(), Some("admin"));
        assert_eq!(query_value(query, "other"), None);
    }

    #[test]
    fn nobody_comes_back_to_nowhere_or_to_another_site() {
        assert_eq!(login_address(Ending::Logout, ""), "/login?reason=logout");
        assert_eq!(login_address(Ending::None, "/users"), "/login?next=/users");
        assert_eq!(login_address(Ending::None, "//evil.example"), "/login");
        assert_eq!(
            login_address(Ending::Expired, "//evil.example"),
            "/login?reason=expired"
        );
    }

    #[test]
    fn a_broken_query_says_nothing() {
        for query in ["", "?", "?next", "?next=%", "?next=%zz", "?next=%ff"] {
            assert_eq!(query_value(query, "next"), None, "{query}");
        }
    }
}
