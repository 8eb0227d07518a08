//! Where a request came from, for the record and for counting logins. A header says so only where a proxy that is
//! trusted wrote it.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};

use crate::config::TrustedProxies;
use crate::state::AppState;
use crate::store::Origin;

/// What proxies append the address of their client to.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl FromRequestParts<AppState> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let ip = peer
            .map(|ConnectInfo(peer)| {
                let proxies = state.settings.trusted_proxies.as_ref();
                let client = client(peer.ip(), &parts.headers, proxies);
                if proxies.is_none() && parts.headers.contains_key(FORWARDED_FOR) {
                    warn_once(peer.ip());
                }
                client.to_canonical().to_string()
            })
            .unwrap_or_default();
        let agent = parts
            .headers
            .get(header::USER_AGENT)
            .map(|value| String::from_utf8_lossy(value.as_bytes()));
        let user_agent = agent
            .map(|agent| agent.chars().take(Self::MAX_AGENT).collect())
            .unwrap_or_default();
        Ok(Self { ip, user_agent })
    }
}

/// Tells an operator who has a proxy and did not say so. Once: everybody can send the header.
fn warn_once(peer: IpAddr) {
    static TOLD: Once = Once::new();
    TOLD.call_once(|| {
        tracing::warn!(
            %peer,
            "X-Forwarded-For is not believed: if this is your proxy, name it in JOTWARD_TRUSTED_PROXIES, or all \
             users count as one address"
        );
    });
}

/// The client's address: the peer's, unless that is a trusted proxy. Then it is the last address of `X-Forwarded-For`
/// that is not a trusted proxy itself: what stands further left was written by the client, or by anybody. Where it
/// names nobody else, or something that is no address, the last address that was good is the client's.
fn client(peer: IpAddr, headers: &HeaderMap, proxies: Option<&TrustedProxies>) -> IpAddr {
    let is_proxy = |address| proxies.is_some_and(|proxies| proxies.has(address));
    // More than one header is one list (RFC 9110, section 5.3).
    let named = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let mut client = peer;
    for name in named.collect::<Vec<_>>().into_iter().rev() {
        if !is_proxy(client) {
            break;
        }
        let Some(address) = address(name) else {
            break;
        };
        client = address;
    }
    client
}

/// An address, with a port where the proxy writes one.
fn address(name: &[u8]) -> Option<IpAddr> {
    let name = str::from_utf8(name).ok()?.trim();
    let with_port = || name.parse::<SocketAddr>().ok();
    name.parse()
        .ok()
        .or_else(|| with_port().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const PROXY: &str = "10.0.0.1";

    fn client_of(peer: &str, lines: &[&str]) -> String {
        let proxies = "10.0.0.0/8,fd00::1".parse().expect("networks");
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(
                FORWARDED_FOR,
                HeaderValue::from_bytes(line.as_bytes()).expect("a line"),
            );
        }
        client(peer.parse().expect("an address"), &headers, Some(&proxies)).to_string()
    }

    #[test]
    fn who_is_not_trusted_speaks_for_nobody() {
        assert_eq!(client_of("192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(client_of("127.0.0.1", &["198.51.100.1"]), "127.0.0.1");
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED_FOR, HeaderValue::from_static("198.51.100.1"));
        let loopback = IpAddr::from([127, 0, 0, 1]);
        assert_eq!(client(loopback, &headers, None), loopback);
    }

    #[test]
    fn a_proxy_says_who_called_it() {
        assert_eq!(client_of(PROXY, &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client_of(PROXY, &["2001:db8::1"]), "2001:db8::1");
        assert_eq!(client_of("fd00::1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(client_of("fd00::1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(
            client_of("::ffff:10.0.0.1", &["198.51.100.1"]),
            "198.51.100.1"
        );
    }

    #[test]
    fn what_the_client_wrote_itself_is_not_believed() {
        assert_eq!(client_of(PROXY, &["1.2.3.4, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            client_of(PROXY, &["1.2.3.4", "198.51.100.1"]),
            "198.51.100.1"
        );
        assert_eq!(
            client_of(PROXY, &["10.0.0.9, 198.51.100.1"]),
            "198.51.100.1"
        );
    }

    #[test]
    fn proxies_behind_proxies() {
        let lines = ["1.2.3.4, 198.51.100.1", "10.0.0.3,10.0.0.2"];
        assert_eq!(client_of(PROXY, &lines), "198.51.100.1");
        assert_eq!(client_of(PROXY, &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }

    #[test]
    fn at_what_is_no_address_the_walk_ends() {
        for nothing in ["", "unknown", "1.2.3.4, ", "1.2.3.4, unknown", "1.2.3.4, ä"] {
            assert_eq!(client_of(PROXY, &[nothing]), PROXY, "{nothing}");
        }
        assert_eq!(client_of(PROXY, &[]), PROXY);
        assert_eq!(
            client_of(PROXY, &["1.2.3.4, unknown, 10.0.0.2"]),
            "10.0.0.2"
        );
    }
}
