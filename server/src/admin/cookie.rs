//! The cookie that carries an admin's token. Scripts can not read it and other sites can not make a browser send
//! it; on anything but loopback it also never leaves over plain HTTP.

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum_extra::extract::CookieJar;
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

    /// The token a browser sent: the cookie that could only have come over https first.
    #[must_use]
    pub fn token(headers: &HeaderMap, uri: &Uri) -> Option<String> {
        let jar = CookieJar::from_headers(headers);
        let named = |reached: Self| {
            jar.get(reached.name())
                .map(|cookie| cookie.value().to_owned())
        };
        named(Self::Network).or_else(|| named(Self::of(headers, uri)))
    }

    /// The cookie's name. The prefix makes browsers insist on `Secure`, on `Path=/` and on this very host.
    fn name(self) -> &'static str {
        match self {
            Self::Loopback => "jotward-admin",
            Self::Network => "__Host-jotward-admin",
        }
    }

    /// A cookie with `token`, kept for `lifetime` seconds.
    #[must_use]
    pub fn cookie(self, token: String, lifetime: i64) -> Cookie<'static> {
        Cookie::build((self.name(), token))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(self == Self::Network)
            .max_age(time::Duration::seconds(lifetime))
            .build()
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
        let cookie = Reached::Network.cookie("t".into(), 60).to_string();
        assert_eq!(
            cookie,
            "__Host-jotward-admin=t; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=60"
        );
        assert!(
            !Reached::Loopback
                .cookie("t".into(), 60)
                .to_string()
                .contains("Secure")
        );
    }
}
