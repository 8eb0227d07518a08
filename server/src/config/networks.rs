//! Networks the operator names: of proxies whose word about a client's address is taken, and of those who may use sessions.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// Addresses and networks, separated by commas; empty when there are none.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Whether this address is in one of them.
    #[must_use]
    pub fn has(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for Networks {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        text.split(',')
            .map(|one| network(one.trim()))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    text.parse::<IpAddr>()
        .map(|address| IpNet::from(address.to_canonical()))
        .or_else(|_| text.parse::<IpNet>().map(|network| network.trunc()))
        .map_err(|_| {
            format!("{text:?} is neither an address nor a network such as 10.0.0.0/8 or fd00::/8")
        })
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let networks: Vec<_> = self.0.iter().map(IpNet::to_string).collect();
        f.write_str(&networks.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusted(text: &str) -> Networks {
        text.parse().expect(text)
    }

    #[test]
    fn addresses_and_networks() {
        let proxies = trusted("10.0.0.0/8, 192.0.2.7,fd00::/8,::1");
        for inside in [
            "10.255.0.1",
            "192.0.2.7",
            "fd00::7",
            "::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(proxies.has(inside.parse().expect(inside)), "{inside}");
        }
        for outside in [
            "11.0.0.1",
            "192.0.2.8",
            "fe80::1",
            "127.0.0.1",
            "::ffff:11.0.0.1",
        ] {
            assert!(!proxies.has(outside.parse().expect(outside)), "{outside}");
        }
    }

    #[test]
    fn nobody_is_trusted_unasked() {
        for nobody in ["", " "] {
            assert!(!trusted(nobody).has(IpAddr::from([127, 0, 0, 1])));
        }
    }

    #[test]
    fn what_is_shown_reads_back() {
        for text in ["", "10.0.0.0/8", "10.1.2.3/8", "192.0.2.7,fd00::/8"] {
            let proxies = trusted(text);
            assert_eq!(trusted(&proxies.to_string()), proxies);
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "proxy",
            "10.0.0.0/33",
            "10.0.0.1,",
            "10.0.0",
            "10.0.0.1:80",
            "*",
        ] {
            assert!(text.parse::<Networks>().is_err(), "{text}");
        }
    }
}
