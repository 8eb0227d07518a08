//! The cookie that carries an admin's token. Scripts can not read it and other sites can not make a browser send
//! it; on anything but loopback it also never leaves over plain HTTP.

use axum::http::{HeaderMap, Uri, header};
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
    /// Judges by the host the browser asked for. Whoever forges it changes only their own cookie.
    #[must_use]
    pub fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let by_proxy =
            headers.contains_key("x-forwarded-proto") || headers.contains_key(header::FORWARDED);
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let host = uri.host().or(host.map(without_port)).unwrap_or_default();
        match host {
            "localhost" | "127.0.0.1" | "[::1]" if !by_proxy => Self::Loopback,
            _ => Self::Network,
        }
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

    /// The token a browser sent.
    #[must_use]
    pub fn token(self, headers: &HeaderMap) -> Option<String> {
        CookieJar::from_headers(headers)
            .get(self.name())
            .map(|cookie| cookie.value().to_owned())
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

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
