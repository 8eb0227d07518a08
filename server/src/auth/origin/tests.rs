//! Whose word about an address is taken.

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
    client(
        peer.parse().expect("an address"),
        &headers,
        ProxyHeader::XForwardedFor,
        Some(&proxies),
    )
    .to_string()
}

#[test]
fn who_is_not_trusted_speaks_for_nobody() {
    assert_eq!(client_of("192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
    assert_eq!(client_of("127.0.0.1", &["198.51.100.1"]), "127.0.0.1");
    let mut headers = HeaderMap::new();
    headers.append(FORWARDED_FOR, HeaderValue::from_static("198.51.100.1"));
    let loopback = IpAddr::from([127, 0, 0, 1]);
    assert_eq!(
        client(loopback, &headers, ProxyHeader::XForwardedFor, None),
        loopback
    );
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

fn client_by_forwarded(lines: &[&str]) -> String {
    let proxies = "10.0.0.0/8,fd00::1".parse().expect("networks");
    let mut headers = HeaderMap::new();
    for line in lines {
        let line = HeaderValue::from_bytes(line.as_bytes()).expect("a line");
        headers.append(header::FORWARDED, line);
    }
    // What the client made up beside it.
    headers.append(FORWARDED_FOR, HeaderValue::from_static("1.2.3.4"));
    let peer = PROXY.parse().expect("an address");
    client(peer, &headers, ProxyHeader::Forwarded, Some(&proxies)).to_string()
}

#[test]
fn only_the_header_that_proxies_write_is_read() {
    let mut headers = HeaderMap::new();
    headers.append(header::FORWARDED, HeaderValue::from_static("for=1.2.3.4"));
    let peer = PROXY.parse().expect("an address");
    let proxies = "10.0.0.0/8".parse().expect("networks");
    let by = |written| client(peer, &headers, written, Some(&proxies)).to_string();
    assert_eq!(by(ProxyHeader::XForwardedFor), PROXY);
    assert_eq!(by(ProxyHeader::Forwarded), "1.2.3.4");
    assert_eq!(client_by_forwarded(&[]), PROXY);
}

#[test]
fn forwarded_says_who_called() {
    for (line, client) in [
        ("for=198.51.100.1", "198.51.100.1"),
        (
            "For=198.51.100.1;proto=https;by=203.0.113.43",
            "198.51.100.1",
        ),
        (
            "proto=https; for=198.51.100.1 ;host=\"a, b; for=1.2.3.4\"",
            "198.51.100.1",
        ),
        ("for=\"198.51.100.1:4711\"", "198.51.100.1"),
        ("for=\"198.51.100.1:_port\"", "198.51.100.1"),
        ("for=\"198.51.100.\\1\"", "198.51.100.1"),
        ("for=\"[2001:db8::1]\"", "2001:db8::1"),
        ("for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
        ("for=1.2.3.4, for=198.51.100.1", "198.51.100.1"),
        (
            "for=1.2.3.4, for=198.51.100.1, for=10.0.0.2",
            "198.51.100.1",
        ),
        (
            "for=198.51.100.1, for=\"[fd00::1]:80\",for=10.0.0.2",
            "198.51.100.1",
        ),
    ] {
        assert_eq!(client_by_forwarded(&[line]), client, "{line}");
    }
    assert_eq!(
        client_by_forwarded(&["for=1.2.3.4", "for=198.51.100.1"]),
        "198.51.100.1"
    );
}

#[test]
fn at_what_forwarded_hides_the_walk_ends() {
    for line in [
        "",
        "for=unknown",
        "for=_hidden",
        "for=\"_gazonk:_port\"",
        "for=1.2.3.4, for=unknown",
        "for=1.2.3.4, proto=https",
        "for=1.2.3.4,",
        "for=",
        "for",
        "=1.2.3.4",
        "for=1.2.3.4 for=1.2.3.4",
        "for=1.2.3.4;for=1.2.3.5",
        "for =1.2.3.4",
        "for=2001:db8::1",
        "for=[2001:db8::1]",
        "for=\"2001:db8::1\"",
        "for=\"[2001:db8::1\"",
        "for=\"[2001:db8::1]x\"",
        "for=\"1.2.3.4:99999\"",
        "for=1.2.3.4:80",
        "for=\"1.2.3.4",
        "for=\"1.2.3.4\"x",
        "for=\"1.2.3.4\\",
        "for=ä",
    ] {
        assert_eq!(client_by_forwarded(&[line]), PROXY, "{line}");
    }
    assert_eq!(
        client_by_forwarded(&["for=1.2.3.4, for=_hidden, for=10.0.0.2"]),
        "10.0.0.2"
    );
}

#[test]
fn a_quote_in_what_was_made_up_swallows_nothing() {
    for made_up in [
        "for=1.2.3.4, for=\"",
        "for=1.2.3.4;x=\"",
        "for=1.2.3.4, x=\"\\",
    ] {
        for appended in [
            "for=198.51.100.1",
            "for=\"[2001:db8::1]\"",
            "by=\"[fd00::1]\";for=198.51.100.1",
        ] {
            let line = format!("{made_up}, {appended}");
            assert_eq!(client_by_forwarded(&[&line]), PROXY, "{line}");
        }
    }
    let lines = ["for=1.2.3.4, for=\"", "for=198.51.100.1"];
    assert_eq!(client_by_forwarded(&lines), "198.51.100.1");
}
