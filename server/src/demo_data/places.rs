//! Where people log in from: at home, at work, on the way, now and then abroad. All addresses are of blocks that nobody has on
//! the Internet (RFC 1918, 2544, 3849, 5737, 6598 and 9637), so that no stranger is accused of anything.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::chance::Chance;

/// An address, and the country it is told to be in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Address {
    /// In text.
    pub ip: String,
    /// Two letters.
    pub country: &'static str,
}

/// A line of one household or office: its addresses differ in their last part only.
#[derive(Clone, Copy, Debug)]
pub enum Line {
    /// A /24 of IPv4.
    V4(u32, &'static str),
    /// A /64 of IPv6.
    V6(u64, &'static str),
}

/// Most people are at home in the first of these.
const COUNTRIES: [&str; 12] = [
    "DE", "DE", "DE", "AT", "CH", "FR", "NL", "PL", "IT", "GB", "US", "IN",
];

/// Offices: the first three octets of their networks.
const OFFICES: [([u8; 3], &str); 8] = [
    ([203, 0, 113], "DE"),
    ([198, 51, 100], "DE"),
    ([192, 0, 2], "US"),
    ([198, 18, 1], "AT"),
    ([198, 18, 2], "CH"),
    ([198, 18, 3], "FR"),
    ([198, 18, 4], "GB"),
    ([198, 18, 5], "IN"),
];

/// How many mobile carriers there are; each has 64 networks of IPv4 and any number of IPv6.
const CARRIERS: usize = 12;

impl Line {
    /// Somebody's line at home.
    #[must_use]
    pub fn at_home(chance: &mut Chance) -> Self {
        let country = *chance.pick(&COUNTRIES);
        if chance.is(450) {
            return Self::V6(0x2001_0db8_u64 << 32 | chance.next() >> 32, country);
        }
        let network = u32::try_from(chance.below(1 << 16)).unwrap_or_default();
        Self::V4(10 << 24 | network << 8, country)
    }

    /// The line of one of the offices.
    #[must_use]
    pub fn at_work(chance: &mut Chance) -> Self {
        let ([a, b, c], country) = *chance.pick(&OFFICES);
        Self::V4(u32::from_be_bytes([a, b, c, 0]), country)
    }

    /// A line of a mobile carrier of this country, which is another one each time.
    #[must_use]
    pub fn on_the_way(self, chance: &mut Chance) -> Self {
        let country = self.country();
        let home = COUNTRIES.iter().position(|known| *known == country);
        let carrier = home.unwrap_or_default() % CARRIERS;
        if chance.is(400) {
            let block = 0x3fff_0000_u64 << 32 | (carrier as u64) << 40;
            return Self::V6(block | chance.next() >> 24 & 0xff_ffff, country);
        }
        let network = u32::try_from(carrier * 64 + chance.below(64)).unwrap_or_default();
        Self::V4(u32::from_be_bytes([100, 64, 0, 0]) | network << 8, country)
    }

    /// The line of a hotel in some country.
    #[must_use]
    pub fn abroad(chance: &mut Chance) -> Self {
        let country = *chance.pick(&["ES", "PT", "GR", "TR", "TH", "BR", "JP", "ZA"]);
        let network = u32::try_from(chance.below(256)).unwrap_or_default();
        Self::V4(u32::from_be_bytes([198, 19, 0, 0]) | network << 8, country)
    }

    /// An address of it.
    #[must_use]
    pub fn address(self, chance: &mut Chance) -> Address {
        let country = self.country();
        let ip = match self {
            Self::V4(network, _) => {
                let host = u32::try_from(1 + chance.below(254)).unwrap_or(1);
                Ipv4Addr::from_bits(network | host).to_string()
            }
            Self::V6(network, _) => {
                let host = u128::from(chance.next());
                Ipv6Addr::from_bits(u128::from(network) << 64 | host).to_string()
            }
        };
        Address { ip, country }
    }

    fn country(self) -> &'static str {
        match self {
            Self::V4(_, country) | Self::V6(_, country) => country,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::chance::Stream;
    use super::*;
    use crate::network::{Block, Network};

    #[test]
    fn nobody_on_the_internet_has_one_of_these_addresses() {
        let blocks = [
            "10.0.0.0/8",
            "100.64.0.0/10",
            "192.0.2.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "2001:db8::/32",
            "3fff::/20",
        ];
        let blocks = blocks.map(|block| Block::parse(block).expect("a block").numbers());
        let mut chance = Chance::of(1, Stream::Person, 0);
        for _ in 0..2000 {
            let home = Line::at_home(&mut chance);
            for line in [
                home,
                Line::at_work(&mut chance),
                home.on_the_way(&mut chance),
                Line::abroad(&mut chance),
            ] {
                let ip = line.address(&mut chance).ip;
                let number = Network::of(&ip).number();
                assert!(
                    blocks
                        .iter()
                        .any(|(first, last)| (*first..=*last).contains(&number)),
                    "{ip}"
                );
            }
        }
    }

    #[test]
    fn a_line_is_one_network() {
        let mut chance = Chance::of(2, Stream::Person, 0);
        for _ in 0..100 {
            let line = Line::at_home(&mut chance);
            let network = |chance: &mut Chance| Network::of(&line.address(chance).ip);
            let first = network(&mut chance);
            assert!(first.is_known());
            assert_eq!(network(&mut chance), first);
        }
    }
}
