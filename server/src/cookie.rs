//! Cookies that carry a token. Scripts can not read them and other sites can not make a browser send them (RFC 6265bis,
//! `HttpOnly` and `SameSite`); on anything but loopback they also never leave over plain HTTP.

use app::api::REFRESH_COOKIE;
use axum::http::{HeaderMap, HeaderValue, Uri, header};

use axum_extra::extract::cookie::{Cookie, SameSite};

/// How the browser reaches the server, which decides what the cookie may ask for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reached {
    /// Over plain HTTP on this machine, where browsers may refuse `Secure` cookies.
    Loopback,
    /// From anywhere else.
    Network,
}

impl Reached {
    /// Both ways.
    pub const ALL: [Self; 2] = [Self::Network, Self::Loopback];

    /// Judges by the host the browser asked for and the site it says it is on: a proxy may rewrite the one, not
    /// the other. Whoever forges them changes only their own cookie.
    #[must_use]
    pub fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let by_proxy =
            headers.contains_key("x-forwarded-proto") || headers.contains_key(header::FORWARDED);
        let text = |name| {
            headers
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
        };
        let host = uri
            .host()
            .or(text(header::HOST).map(without_port))
            .unwrap_or_default();
        let on_loopback = match text(header::ORIGIN) {
            Some(origin) => origin
                .strip_prefix("http://")
                .map(without_port)
                .is_some_and(is_loopback),
            None => true,
        };
        if is_loopback(host) && on_loopback && !by_proxy {
            Self::Loopback
        } else {
            Self::Network
        }
    }
}

/// How long a browser keeps a cookie.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kept {
    /// So many seconds.
    For(i64),
    /// Until it is closed: without `Max-Age` and `Expires` (RFC 6265bis, section 5.7).
    UntilClosed,
}

/// A cookie that carries a token.
#[derive(Clone, Copy, Debug)]
pub struct TokenCookie {
    /// Its name over plain HTTP on this machine.
    plain: &'static str,
    /// Its name everywhere else, with a prefix by which browsers insist on `Secure`.
    secure: &'static str,
    path: &'static str,
}

/// The admin's. `__Host-` makes browsers also insist on `Path=/` and on this very host.
pub const ADMIN: TokenCookie = TokenCookie {
    plain: "jotward-admin",
    secure: "__Host-jotward-admin",
    path: "/",
};

/// That of a refresh token, which only the token endpoints are sent. `__Host-` would send it everywhere.
pub const REFRESH: TokenCookie = TokenCookie {
    plain: REFRESH_COOKIE,
    secure: "__Secure-jotward-refresh",
    path: "/api/token",
};

impl TokenCookie {
    /// The token a browser sent: the cookie that could only have come over https first.
    #[must_use]
    pub fn token(&self, headers: &HeaderMap, uri: &Uri) -> Option<String> {
        let named = |reached: Reached| only_cookie(headers, self.name(reached));
        named(Reached::Network).or_else(|| named(Reached::of(headers, uri)))
    }

    /// The cookie with `token`.
    #[must_use]
    pub fn holding(&self, reached: Reached, token: String, kept: Kept) -> Cookie<'static> {
        let cookie = Cookie::build((self.name(reached), token))
            .path(self.path)
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(reached == Reached::Network);
        match kept {
            Kept::For(seconds) => cookie.max_age(time::Duration::seconds(seconds)).build(),
            Kept::UntilClosed => cookie.build(),
        }
    }

    /// What makes a browser forget it, by either name.
    #[must_use]
    pub fn taken_back(&self) -> [Cookie<'static>; 2] {
        Reached::ALL.map(|reached| self.holding(reached, String::new(), Kept::For(0)))
    }

    /// Where it is sent.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path
    }

    fn name(&self, reached: Reached) -> &'static str {
        match reached {
            Reached::Loopback => self.plain,
            Reached::Network => self.secure,
        }
    }
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// The value of the one cookie of this name. A neighbour on the same domain can add another of the name, but not take ours
/// away; which of two is ours nobody can tell (RFC 6265bis, section 8.6), so then neither counts.
fn only_cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let sent = headers.get_all(header::COOKIE).into_iter();
    let mut named = sent
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .flatten()
        .filter(|cookie| cookie.name() == name);
    let value = named.next()?.value().to_owned();
    (named.next().is_none() && !value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(host: &'static str, more: &[(&'static str, &'static str)]) -> Reached {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        headers.extend(more.iter().map(|(name, value)| {
            (
                header::HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        }));
        Reached::of(&headers, &Uri::from_static("/admin/"))
    }

    #[test]
    fn of_two_cookies_of_one_name_neither_counts() {
        for (sent, token) in [
            (&["jotward-refresh=a"][..], Some("a")),
            (&["x=1; jotward-refresh=a; y"], Some("a")),
            (&["jotward-refresh=a; jotward-refresh=b"], None),
            (&["jotward-refresh=a", "jotward-refresh=b"], None),
            (&["jotward-refresh="], None),
            (&[], None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost"));
            for line in sent {
                headers.append(header::COOKIE, HeaderValue::from_static(line));
            }
            let found = REFRESH.token(&headers, &Uri::from_static("/api/token/"));
            assert_eq!(found.as_deref(), token, "{sent:?}");
        }
    }

    #[test]
    fn only_this_machine_is_spared_secure() {
        for host in [
            "localhost",
            "localhost:3000",
            "127.0.0.1:3000",
            "[::1]:3000",
            "[::1]",
        ] {
            assert_eq!(reached(host, &[]), Reached::Loopback, "{host}");
        }
        for host in ["example.com", "localhost.example.com", "10.0.0.1:3000", ""] {
            assert_eq!(reached(host, &[]), Reached::Network, "{host}");
        }
        assert_eq!(
            reached("127.0.0.1:3000", &[("x-forwarded-proto", "https")]),
            Reached::Network
        );
    }

    #[test]
    fn a_proxy_that_hides_the_host_is_seen_by_the_site_the_browser_is_on() {
        for origin in [
            "https://jot.example.com",
            "http://jot.example.com",
            "https://localhost",
            "null",
        ] {
            assert_eq!(
                reached("127.0.0.1:3000", &[("origin", origin)]),
                Reached::Network,
                "{origin}"
            );
        }
        let origin = [("origin", "http://localhost:3000")];
        assert_eq!(reached("localhost:3000", &origin), Reached::Loopback);
    }

    #[test]
    fn the_cookie_asks_for_all_it_can() {
        let cookie = ADMIN
            .holding(Reached::Network, "t".into(), Kept::For(60))
            .to_string();
        assert_eq!(
            cookie,
            "__Host-jotward-admin=t; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=60"
        );
        let cookie = REFRESH
            .holding(Reached::Network, "t".into(), Kept::For(60))
            .to_string();
        assert_eq!(
            cookie,
            "__Secure-jotward-refresh=t; HttpOnly; SameSite=Strict; Secure; Path=/api/token; Max-Age=60"
        );
        let cookie = REFRESH
            .holding(Reached::Network, "t".into(), Kept::UntilClosed)
            .to_string();
        assert_eq!(
            cookie,
            "__Secure-jotward-refresh=t; HttpOnly; SameSite=Strict; Secure; Path=/api/token"
        );
        let cookie = ADMIN
            .holding(Reached::Loopback, "t".into(), Kept::For(60))
            .to_string();
        assert!(!cookie.contains("Secure"), "{cookie}");
    }
}
