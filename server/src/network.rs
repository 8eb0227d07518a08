//! The network an address is in: what stays the same while a phone gets another address from the same provider, or a
//! computer makes up another one for its privacy. Knows nothing of who owns a network, nor where it is.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

/// The /24 of an IPv4 address, the /64 of an IPv6 address, or nothing where no address is known.
///
/// A /64 is what one line has at the least (RFC 6177), and privacy addresses stay in it (RFC 8981). An IPv4 address that
/// is written as an IPv6 one (RFC 4291, section 2.5.5.2) is an IPv4 address.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Network(Option<IpNet>);

impl Network {
    /// The network of an address in text; none for what is no address.
    #[must_use]
    pub fn of(ip: &str) -> Self {
        ip.parse().map_or(Self(None), Self::around)
    }

    /// The network of an address.
    #[must_use]
    pub fn around(address: IpAddr) -> Self {
        let address = address.to_canonical();
        let prefix = match address {
            IpAddr::V4(_) => 24,
            IpAddr::V6(_) => 64,
        };
        let network = IpNet::new(address, prefix);
        Self(network.ok().map(|network| network.trunc()))
    }

    /// Reads back what is shown.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(text.parse().ok())
    }

    /// Whether an address was known.
    #[must_use]
    pub fn is_known(self) -> bool {
        self.0.is_some()
    }

    /// The first address in it.
    #[must_use]
    pub fn address(self) -> Option<IpAddr> {
        self.0.map(|network| network.addr())
    }

    /// Whether both are known and speak the same version of the protocol. One line often has a network of each.
    #[must_use]
    pub fn is_of_the_kind_of(self, other: Self) -> bool {
        match (self.0, other.0) {
            (Some(a), Some(b)) => a.addr().is_ipv4() == b.addr().is_ipv4(),
            _ => false,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |network| network.fmt(f))
    }
}

/// The network of an address in text, as it is kept: such as `192.0.2.0/24`; empty for what is no address.
#[must_use]
pub fn network_of(ip: &str) -> String {
    Network::of(ip).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_as_they_are_kept() {
        for (ip, network) in [
            ("192.0.2.7", "192.0.2.0/24"),
            ("::ffff:192.0.2.7", "192.0.2.0/24"),
            ("2001:db8:0:1:a:b:c:d", "2001:db8:0:1::/64"),
            ("::1", "::/64"),
            ("", ""),
            ("unknown", ""),
            ("192.0.2.7:80", ""),
        ] {
            assert_eq!(network_of(ip), network, "{ip}");
            assert_eq!(Network::parse(network), Network::of(ip));
        }
    }

    #[test]
    fn the_kind_of_a_network() {
        let is_one_kind = |a, b| Network::of(a).is_of_the_kind_of(Network::of(b));
        assert!(is_one_kind("192.0.2.7", "::ffff:198.51.100.1"));
        assert!(is_one_kind("2001:db8::1", "fd00::1"));
        assert!(!is_one_kind("192.0.2.7", "2001:db8::1"));
        assert!(!is_one_kind("192.0.2.7", ""));
        assert!(!is_one_kind("", ""));
    }
}
