//! Who is behind an address, and which device it is: as much as a request says without a cookie, which programs that
//! call an API do not keep.

use std::net::IpAddr;

use ipnet::IpNet;
use sha2::{Digest, Sha256};

use crate::store::Origin;
use crate::token::hex;

/// Whom an address is counted as: an IPv4 address for itself, an IPv6 address for its /64, which is what one subscriber
/// has at the least (RFC 6177). `None` where no address is known: they are counted together.
pub fn subscriber(origin: &Origin) -> Option<IpNet> {
    let address = origin.ip.parse::<IpAddr>().ok()?.to_canonical();
    let prefix = if address.is_ipv4() { 32 } else { 64 };
    let network = IpNet::new(address, prefix).ok();
    network.map(|network| network.trunc())
}

/// The mark of a device: SHA-256 over the network it is in (/24 for IPv4, so that a new address from the same provider
/// is no new device; /64 for IPv6) and its `User-Agent`, in lower-case hexadecimal.
///
/// Both can be known to others and be made up, the network not easily: a mark proves nothing. It is used for nothing
/// but to give a device a bucket of its own.
pub fn mark(origin: &Origin) -> String {
    let mut hash = Sha256::new();
    hash.update(origin.network());
    hash.update("\n");
    hash.update(&origin.user_agent);
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(ip: &str, user_agent: &str) -> Origin {
        Origin {
            ip: ip.to_owned(),
            user_agent: user_agent.to_owned(),
            ..Origin::default()
        }
    }

    #[test]
    fn who_is_one_subscriber() {
        let is_one = |a, b| subscriber(&from(a, "")) == subscriber(&from(b, ""));
        assert!(is_one("192.0.2.7", "::ffff:192.0.2.7"));
        assert!(!is_one("192.0.2.7", "192.0.2.8"));
        assert!(is_one("2001:db8::1", "2001:db8::ffff:1:2:3"));
        assert!(!is_one("2001:db8:0:1::1", "2001:db8:0:2::1"));
        assert!(!is_one("", "192.0.2.7"));
    }

    #[test]
    fn what_is_one_device() {
        let is_one = |a, b| mark(&a) == mark(&b);
        assert!(is_one(from("192.0.2.7", "curl"), from("192.0.2.8", "curl")));
        assert!(!is_one(
            from("192.0.2.7", "curl"),
            from("192.0.3.7", "curl")
        ));
        assert!(!is_one(
            from("192.0.2.7", "curl"),
            from("192.0.2.7", "wget")
        ));
        assert!(is_one(from("2001:db8::1", "a"), from("2001:db8::2", "a")));
        assert!(!is_one(
            from("2001:db8::1", "a"),
            from("2001:db8:0:1::1", "a")
        ));
    }

    #[test]
    fn a_mark_stays_what_it_is_because_it_is_kept() {
        assert_eq!(
            mark(&from("192.0.2.7", "curl/8.5.0")),
            "deb19e9a8d11aa4c5c0532f236914d0e6293207dac1eb7338855ea90ce4cada3"
        );
    }
}
