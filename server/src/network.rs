//! The network an address is in: what stays the same while a phone gets another address from the same provider, or a
//! computer makes up another one for its privacy. Knows nothing of who owns a network, nor where it is.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

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

/// The number of no network. No sender has an address of that block (RFC 4291, section 2.7: multicast).
pub const NOWHERE: i64 = i64::MAX;

impl Network {
    /// Its number, which keeps the order of addresses: [`NOWHERE`] where no address is known.
    #[must_use]
    pub fn number(self) -> i64 {
        self.address().map_or(NOWHERE, number)
    }
}

/// The number of the network an address is in: the upper half of an IPv6 address; of IPv4 the /24, in a block of IPv6
/// (`0:ffff::/32`) that nobody uses. Shifted, so that the order of signed numbers is that of addresses.
fn number(address: IpAddr) -> i64 {
    let upper = match address.to_canonical() {
        IpAddr::V4(v4) => 0xffff_u64 << 32 | u64::from(v4.to_bits() & !0xff),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            [a, b, c, d]
                .into_iter()
                .fold(0, |upper, part| upper << 16 | u64::from(part))
        }
    };
    (upper ^ 1 << 63).cast_signed()
}

/// An address, or a block of addresses (CIDR, RFC 4632), as an admin types it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Block(IpNet);

impl Block {
    /// Reads `203.0.113.7`, `203.0.113.0/24` or `2001:db8::/32`; `None` for every other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let net = match text.parse::<IpAddr>() {
            Ok(address) => IpNet::from(address.to_canonical()),
            Err(_) => text.parse().ok()?,
        };
        Some(Self(net.trunc()))
    }

    /// The numbers of its first and its last network. A block smaller than a network is in one.
    #[must_use]
    pub fn numbers(self) -> (i64, i64) {
        let last = number(self.0.broadcast()).min(NOWHERE - 1);
        (number(self.0.network()), last)
    }

    /// The same range, up to where the next network begins: those of IPv4 have 256 numbers each.
    fn whole_networks(self) -> (i64, i64) {
        let (first, last) = self.numbers();
        let is_v4 = self.0.broadcast().to_canonical().is_ipv4();
        (first, if is_v4 { last | 0xff } else { last })
    }

    /// The address, if it is a single one, as it is kept.
    #[must_use]
    pub fn single(self) -> Option<String> {
        (self.0.prefix_len() == self.0.max_prefix_len()).then(|| self.0.addr().to_string())
    }
}

/// Whether blocks together have every address of IPv4, or every one of IPv6 that is given out (RFC 4291, section 2.4:
/// `2000::/3`).
#[must_use]
pub fn leave_nobody_out(blocks: impl IntoIterator<Item = Block>) -> bool {
    let mut ranges: Vec<_> = blocks.into_iter().map(Block::whole_networks).collect();
    ranges.sort_unstable();
    let have_all = |from: IpAddr, to: IpAddr| {
        let first_missing = ranges.iter().fold(number(from), |missing, (first, last)| {
            if *first <= missing {
                missing.max(last + 1)
            } else {
                missing
            }
        });
        number(to) < first_missing
    };
    let v6 = |group| Ipv6Addr::new(group, 0, 0, 0, 0, 0, 0, 0);
    have_all(Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::BROADCAST.into())
        || have_all(v6(0x2000).into(), v6(0x3fff).into())
}

/// However it is written, it is what somebody who typed that would mean.
impl<'de> Deserialize<'de> for Block {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("neither an address nor a block"))
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.single() {
            Some(address) => f.write_str(&address),
            None => self.0.fmt(f),
        }
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
    fn a_block_is_a_range_of_numbers() {
        let within = |block: &str, ip: &str| {
            let (first, last) = Block::parse(block).expect("a block").numbers();
            (first..=last).contains(&Network::of(ip).number())
        };
        for (block, ip) in [
            ("203.0.113.7", "203.0.113.200"),
            ("10.0.0.0/8", "10.255.1.2"),
            ("2001:db8::/32", "2001:db8:ffff::1"),
            ("2001:db8::1", "2001:db8::ffff"),
            ("::/0", "203.0.113.7"),
            ("::ffff:192.0.2.1", "192.0.2.9"),
            ("8000::/1", "fe80::1"),
        ] {
            assert!(within(block, ip), "{block} has {ip}");
        }
        for (block, ip) in [
            ("10.0.0.0/8", "11.0.0.1"),
            ("2001:db8::/32", "2001:db9::1"),
            ("192.0.2.1", "192.0.3.1"),
            ("::/96", "192.0.2.1"),
            ("0.0.0.0/0", "2001:db8::1"),
            ("::/0", ""),
        ] {
            assert!(!within(block, ip), "{block} has no {ip}");
        }
        assert_eq!(
            Block::parse("10.1.2.3/8").map(|b| b.to_string()),
            Some("10.0.0.0/8".into())
        );
        assert_eq!(
            Block::parse(" 2001:DB8::1 ").and_then(Block::single),
            Some("2001:db8::1".into())
        );
        assert_eq!(Block::parse("10.0.0"), None);
    }

    #[test]
    fn blocks_can_leave_nobody_out() {
        let is_everywhere =
            |blocks: &[&str]| leave_nobody_out(blocks.iter().filter_map(|text| Block::parse(text)));
        for blocks in [
            &["0.0.0.0/0"][..],
            &["::/0"],
            &["2000::/3"],
            &["::/1"],
            &["::/16"],
            &["128.0.0.0/1", "0.0.0.0/1"],
            &["::ffff:0:0/97", "128.0.0.0/1"],
            &["0.0.0.0/1", "203.0.113.7", "192.0.0.0/2", "128.0.0.0/2"],
            &["0.0.0.0/1", "64.0.0.0/2", "128.0.0.0/1"],
            &["2000::/4", "3000::/4"],
            &["2000::/4", "8000::/1", "3000::/5", "3800::/5"],
        ] {
            assert!(is_everywhere(blocks), "{blocks:?}");
        }
        for blocks in [
            &[][..],
            &["0.0.0.0/1"],
            &["128.0.0.0/1"],
            &["2000::/4"],
            &["8000::/1"],
            &["203.0.113.7"],
            &["0.0.0.0/1", "128.0.0.0/2"],
            &["0.0.0.0/1", "129.0.0.0/8", "192.0.0.0/2"],
            &["0.0.0.0/1", "2000::/4", "8000::/1"],
        ] {
            assert!(!is_everywhere(blocks), "{blocks:?}");
        }
    }

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
