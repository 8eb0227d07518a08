//! Which pages of other origins may call the API. An origin is compared as browsers write it (RFC 6454, section 6.2), so
//! whatever no browser would write is refused at the start instead of never matching.

use std::fmt;
use std::str::FromStr;

/// Origins, separated by commas, or `*`; empty when there are none.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Origins {
    /// Pages of the server's own origin only.
    #[default]
    None,
    /// Every page there is.
    Any,
    /// Pages of these origins.
    Listed(Vec<String>),
}

impl FromStr for Origins {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "" => Ok(Self::None),
            "*" => Ok(Self::Any),
            list => list
                .split(',')
                .map(|one| origin(one.trim()))
                .collect::<Result<_, _>>()
                .map(Self::Listed),
        }
    }
}

impl fmt::Display for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Any => f.write_str("*"),
            Self::Listed(origins) => f.write_str(&origins.join(",")),
        }
    }
}

fn origin(text: &str) -> Result<String, String> {
    if is_origin(text) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "{text:?} is not an origin as browsers write it, such as https://app.example.com or http://localhost:8080"
        ))
    }
}

/// A scheme, a host and the port unless it is the scheme's own, in lower case, and nothing behind them.
fn is_origin(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    is_scheme(scheme) && is_host(host) && port.is_none_or(|port| is_port(scheme, port))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte)
        })
}

/// A name, its letters outside of ASCII in their `xn--` form; an address, that of version 6 in brackets.
fn is_host(text: &str) -> bool {
    if let Some(address) = text.strip_prefix('[') {
        let address = address.strip_suffix(']').unwrap_or_default();
        return address
            .parse::<std::net::Ipv6Addr>()
            .is_ok_and(|parsed| parsed.to_string() == address);
    }
    !text.is_empty()
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte)
        })
}

fn is_port(scheme: &str, text: &str) -> bool {
    let usual = matches!((scheme, text), ("http", "80") | ("https", "443"));
    let as_written = text.parse::<u16>().map(|port| port.to_string());
    !usual && as_written.is_ok_and(|port| port == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_write() {
        for good in [
            "https://app.example.com",
            "http://localhost:8080",
            "http://127.0.0.1:3000",
            "https://[2001:db8::1]",
            "http://[::1]:8080",
            "https://xn--bcher-kva.example",
            "capacitor://localhost",
        ] {
            let parsed: Origins = good.parse().expect(good);
            assert_eq!(parsed, Origins::Listed(vec![good.to_owned()]));
        }
        let two: Origins = "https://a.example, https://b.example".parse().expect("two");
        assert_eq!(two.to_string(), "https://a.example,https://b.example");
        assert_eq!("".parse(), Ok(Origins::None));
        assert_eq!("*".parse(), Ok(Origins::Any));
    }

    #[test]
    fn what_they_do_not() {
        for bad in [
            "app.example.com",
            "https://",
            "https://app.example.com/",
            "https://app.example.com/path",
            "https://App.example.com",
            "HTTPS://app.example.com",
            "https://app.example.com:443",
            "http://app.example.com:80",
            "https://app.example.com:",
            "https://app.example.com:0443",
            "https://app.example.com:99999",
            "https://me@app.example.com",
            "https://*.example.com",
            "https://bücher.example",
            "https://[::1",
            "https://[0:0:0:0:0:0:0:1]",
            "https://a.example,*",
            "https://a.example,,https://b.example",
            "null",
        ] {
            assert!(bad.parse::<Origins>().is_err(), "{bad}");
        }
    }
}
