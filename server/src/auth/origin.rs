//! Where a request came from, for the record, for counting logins and for whom a session lets in. A header says so only
//! where a proxy that is trusted wrote it, and only the one header that proxies are known to write: a proxy that writes
//! `X-Forwarded-For` passes on the `Forwarded` its client made up, and the other way round.

mod forwarded;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};

use crate::config::{Networks, ProxyHeader, Settings};
use crate::device::{Hint, Hints};
use crate::state::AppState;
use crate::store::Origin;

/// What proxies append the address of their client to.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl FromRequestParts<AppState> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let ip = client_address(&parts.headers, &parts.extensions, &state.settings);
        let agent = parts
            .headers
            .get(header::USER_AGENT)
            .map(|value| String::from_utf8_lossy(value.as_bytes()));
        let user_agent = agent
            .map(|agent| agent.chars().take(Self::MAX_AGENT).map(shown).collect())
            .unwrap_or_default();
        let mut hints = Hints::default();
        for hint in Hint::ALL {
            if let Some(value) = parts.headers.get(hint.header()) {
                hints.add(hint, value.as_bytes());
            }
        }
        Ok(Self {
            ip: ip.map(|ip| ip.to_string()).unwrap_or_default(),
            user_agent,
            hints,
        })
    }
}

/// The client's address as far as it is known. An IPv4 address that is written as an IPv6 one is an IPv4 address.
pub(crate) fn client_address(
    headers: &HeaderMap,
    extensions: &Extensions,
    settings: &Settings,
) -> Option<IpAddr> {
    let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    let proxies = settings.trusted_proxies.as_ref();
    let is_told = || headers.contains_key(FORWARDED_FOR) || headers.contains_key(header::FORWARDED);
    if proxies.is_none() && is_told() {
        warn_once(peer.ip());
    }
    let client = client(peer.ip(), headers, settings.watching.proxy_header, proxies);
    Some(client.to_canonical())
}

/// What a terminal or a page would obey is not kept.
fn shown(c: char) -> char {
    if c.is_control() {
        char::REPLACEMENT_CHARACTER
    } else {
        c
    }
}

/// Tells an operator who has a proxy and did not say so. Once: everybody can send the header.
fn warn_once(peer: IpAddr) {
    static TOLD: Once = Once::new();
    TOLD.call_once(|| {
        tracing::warn!(
            %peer,
            "X-Forwarded-For or Forwarded is not believed: if this is your proxy, name it in JOTWARD_TRUSTED_PROXIES, \
             or all users count as one address"
        );
    });
}

/// The client's address: the peer's, unless that is a trusted proxy. Then it is the last address the header names that is
/// not a trusted proxy itself: what stands further left was written by the client, or by anybody. Where it names nobody
/// else, or something that is no address (`unknown`, `_hidden`, what can not be read), the last address that was good is
/// the client's.
fn client(
    peer: IpAddr,
    headers: &HeaderMap,
    written: ProxyHeader,
    proxies: Option<&Networks>,
) -> IpAddr {
    let is_proxy = |address| proxies.is_some_and(|proxies| proxies.has(address));
    if !is_proxy(peer) {
        return peer;
    }
    // More than one header is one list (RFC 9110, section 5.3).
    let named: Vec<_> = match written {
        ProxyHeader::XForwardedFor => headers
            .get_all(FORWARDED_FOR)
            .iter()
            .flat_map(list)
            .collect(),
        ProxyHeader::Forwarded => {
            let lines = headers.get_all(header::FORWARDED).iter();
            lines
                .flat_map(|line| forwarded::nodes(line.as_bytes()))
                .collect()
        }
    };
    let mut client = peer;
    for address in named.into_iter().rev() {
        let Some(address) = address.filter(|_| is_proxy(client)) else {
            break;
        };
        client = address;
    }
    client
}

/// The addresses in an `X-Forwarded-For`, each with a port where the proxy writes one; none for what is no address.
fn list(line: &HeaderValue) -> Vec<Option<IpAddr>> {
    let address = |name: &[u8]| {
        let name = str::from_utf8(name).ok()?.trim();
        let with_port = || name.parse::<SocketAddr>().ok();
        name.parse()
            .ok()
            .or_else(|| with_port().map(|address| address.ip()))
    };
    let names = line.as_bytes().split(|byte| *byte == b',');
    names.map(address).collect()
}

#[cfg(test)]
mod tests;
