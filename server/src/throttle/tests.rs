//! What the counting of one kind has to do with that of another. Refusals over HTTP are tried in `tests/http`.

use clap::Parser;

use super::*;

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

fn throttle(flags: &[&str]) -> (LoginThrottle, Clock) {
    let clock = Clock::fixed(1_800_000_000);
    let settings = Flags::parse_from([&["test"], flags].concat()).settings;
    (LoginThrottle::new(&settings, &clock), clock)
}

fn from(ip: &str) -> Origin {
    Origin {
        ip: ip.to_owned(),
        ..Origin::default()
    }
}

fn seconds(result: Result<()>) -> u64 {
    match result {
        Ok(()) => 0,
        Err(Error::Throttled { retry_after }) => retry_after,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn by_default_an_address_has_sixty_and_an_account_ten_a_minute() {
    let (throttle, _) = throttle(&[]);
    for _ in 0..60 {
        assert_eq!(seconds(throttle.admit_address(&from("192.0.2.7"))), 0);
    }
    assert_eq!(seconds(throttle.admit_address(&from("192.0.2.7"))), 1);
    for _ in 0..10 {
        assert_eq!(seconds(throttle.admit_account("alice")), 0);
    }
    assert_eq!(seconds(throttle.admit_account("alice")), 6);
    assert_eq!(seconds(throttle.admit_account("bob")), 0);
}

#[test]
fn a_device_has_the_same_for_itself() {
    let (throttle, clock) = throttle(&["--throttle-account=2/min"]);
    let admit = |user, mark| seconds(throttle.admit_device(UserId(user), mark));
    assert_eq!((admit(1, "a"), admit(1, "a"), admit(1, "a")), (0, 0, 30));
    assert_eq!((admit(1, "b"), admit(2, "a")), (0, 0));
    clock.advance(29);
    assert_eq!(admit(1, "a"), 1);
    clock.advance(1);
    assert_eq!(admit(1, "a"), 0);
}

#[test]
fn what_is_left_of_a_second_is_a_second() {
    for (rate, wait) in [
        ("--throttle-account=7/s", 1),
        ("--throttle-account=7/min", 9),
    ] {
        let (throttle, _) = throttle(&[rate]);
        for _ in 0..7 {
            assert_eq!(seconds(throttle.admit_account("alice")), 0);
        }
        assert_eq!(seconds(throttle.admit_account("alice")), wait, "{rate}");
    }
}

#[test]
fn addresses_of_one_network_are_one_subscriber() {
    let (throttle, _) = throttle(&["--throttle-address=1/hour"]);
    let admit = |ip| seconds(throttle.admit_address(&from(ip)));
    assert_eq!((admit("2001:db8::1"), admit("2001:db8::2")), (0, 3600));
    assert_eq!((admit("192.0.2.1"), admit("192.0.2.2")), (0, 0));
    assert_eq!((admit(""), admit("")), (0, 3600));
}
