//! Who is told, and above all who is not.

use super::*;

const RULES: TravelRules = TravelRules {
    window: 600,
    speed: 1000,
};

const HOME: &str = "192.0.2.7";
const MOBILE: &str = "198.51.100.9";
const OFFICE: &str = "203.0.113.5";
const HOME_V6: &str = "2001:db8:0:1::7";

fn nowhere(_: Network) -> Option<Place> {
    None
}

/// Home and office are in Berlin, the mobile provider says Frankfurt, and `2001:db8::/32` is in Sydney.
fn on_earth(network: Network) -> Option<Place> {
    let (country, point) = match network.to_string().as_str() {
        "192.0.2.0/24" | "203.0.113.0/24" => ("DE", (52.5, 13.4)),
        "198.51.100.0/24" => ("DE", (50.1, 8.7)),
        "2001:db8:0:1::/64" => ("AU", (-33.9, 151.2)),
        _ => return None,
    };
    Place::new(country, Some(point), 100.0)
}

/// Follows a session that was opened at the first of these steps; answers the numbers of those at which something was told.
fn told(steps: &[(i64, &str)], place: fn(Network) -> Option<Place>) -> Vec<(usize, Travel)> {
    let mut trail = Trail::begin(Network::of(steps[0].1), steps[0].0);
    let mut told = Vec::new();
    for (n, (now, ip)) in steps.iter().enumerate().skip(1) {
        let followed = trail.follow(Network::of(ip), *now, RULES, place);
        trail = followed.trail;
        told.extend(followed.travel.map(|travel| (n, travel)));
    }
    told
}

#[track_caller]
fn assert_honest(steps: &[(i64, &str)]) {
    assert_eq!(told(steps, nowhere), []);
}

#[test]
fn a_commute_is_no_anomaly() {
    assert_honest(&[
        (0, HOME),
        (300, MOBILE),
        (600, MOBILE),
        (900, OFFICE),
        (30_000, MOBILE),
        (30_300, HOME),
    ]);
    assert_honest(&[(0, HOME), (200, MOBILE), (400, HOME)]);
}

#[test]
fn one_client_that_goes_to_and_fro_is_no_anomaly() {
    let mut steps = vec![(0, HOME)];
    for n in 1..20 {
        steps.push((n * 300, if n % 2 == 0 { HOME } else { MOBILE }));
    }
    assert_honest(&steps);
}

#[test]
fn three_networks_are_no_anomaly() {
    assert_honest(&[
        (0, HOME),
        (10, MOBILE),
        (20, OFFICE),
        (30, HOME),
        (40, MOBILE),
        (50, OFFICE),
    ]);
}

#[test]
fn a_line_of_two_kinds_is_no_anomaly() {
    let mut steps = vec![(0, HOME)];
    for n in 1..50 {
        steps.push((n * 10, if n % 2 == 0 { HOME } else { HOME_V6 }));
    }
    assert_honest(&steps);
}

#[test]
fn addresses_within_a_network_are_no_anomaly() {
    assert_honest(&[
        (0, "2001:db8::1"),
        (1, "2001:db8::a:b:c:d"),
        (2, "2001:db8::1"),
        (3, "2001:db8::ffff"),
    ]);
    assert_honest(&[
        (0, "192.0.2.1"),
        (1, "192.0.2.200"),
        (2, "192.0.2.1"),
        (3, "192.0.2.200"),
    ]);
}

#[test]
fn what_is_unknown_is_nowhere_else() {
    assert_honest(&[(0, HOME), (1, ""), (2, HOME), (3, ""), (4, HOME), (5, "")]);
    assert_honest(&[(0, ""), (1, HOME), (2, ""), (3, HOME)]);
}

#[test]
fn two_who_take_turns_are_told_once() {
    let turns = [
        (0, HOME),
        (150, MOBILE),
        (300, HOME),
        (450, MOBILE),
        (600, HOME),
        (700, MOBILE),
    ];
    assert_eq!(told(&turns, nowhere), [(3, Travel::Alternating)]);
}

#[test]
fn two_who_take_turns_again_are_told_again() {
    let turns = [
        (0, HOME),
        (1, MOBILE),
        (2, HOME),
        (3, MOBILE),
        (10_000, HOME),
        (10_001, MOBILE),
        (10_002, HOME),
        (10_003, MOBILE),
    ];
    assert_eq!(
        told(&turns, nowhere),
        [(3, Travel::Alternating), (7, Travel::Alternating)]
    );
}

#[test]
fn whoever_flits_between_both_kinds_meanwhile_is_told_too() {
    let turns = [
        (0, HOME),
        (1, MOBILE),
        (2, HOME_V6),
        (3, MOBILE),
        (4, HOME),
        (5, MOBILE),
    ];
    assert_eq!(told(&turns, nowhere), [(5, Travel::Alternating)]);
}

#[test]
fn a_clock_that_is_set_back_closes_no_run() {
    let turns = [(1000, HOME), (1001, MOBILE), (500, HOME), (501, MOBILE)];
    assert_eq!(told(&turns, nowhere), [(3, Travel::Alternating)]);
}

#[test]
fn nobody_is_in_two_countries_at_once() {
    let at_once = told(&[(0, HOME), (60, HOME_V6)], on_earth);
    let [
        (
            1,
            Travel::TooFast {
                kilometres,
                seconds: 60,
            },
        ),
    ] = at_once[..]
    else {
        panic!("{at_once:?}");
    };
    assert!((15_500..16_500).contains(&kilometres), "{kilometres}");
    assert_eq!(
        told(&[(0, HOME), (72_000, HOME_V6)], on_earth),
        [],
        "by plane"
    );
}

#[test]
fn where_places_are_known_taking_turns_in_a_country_is_no_anomaly() {
    let turns = [(0, HOME), (1, MOBILE), (2, HOME), (3, MOBILE), (4, HOME)];
    assert_eq!(told(&turns, on_earth), []);
}

#[test]
fn where_only_one_place_is_known_turns_are_counted() {
    let unknown = "100.64.0.1";
    let turns = [(0, HOME), (1, unknown), (2, HOME), (3, unknown)];
    assert_eq!(told(&turns, on_earth), [(3, Travel::Alternating)]);
}

#[test]
fn places_on_earth() {
    let place =
        |country, latitude, longitude| Place::new(country, Some((latitude, longitude)), 0.0);
    let berlin = place("DE", 52.52, 13.405).expect("a place");
    let paris = place("FR", 48.857, 2.352).expect("a place");
    let between = berlin.distance(paris).expect("known");
    assert!((870.0..885.0).contains(&between), "{between}");
    assert_eq!(berlin.distance(berlin), Some(0.0));
    let (east, west) = (
        place("FJ", 0.0, 179.9).expect("a place"),
        place("FJ", 0.0, -179.9).expect("a place"),
    );
    assert!(
        east.distance(west).expect("known") < 25.0,
        "across the date line"
    );
    for country in ["", "D", "de", "DEU", "ää"] {
        assert_eq!(Place::new(country, None, 0.0), None, "{country}");
    }
    let nowhere = place("DE", f64::NAN, 0.0).expect("a country");
    assert_eq!(nowhere.distance(berlin), None);
}

#[test]
fn a_session_may_be_bound() {
    let holds = |binding: Binding, last, here| {
        binding.holds(Network::of(last), Network::of(here), on_earth)
    };
    for binding in [
        Binding::Any,
        Binding::SameNetwork,
        Binding::SameCountry,
        Binding::AllowList,
    ] {
        assert!(holds(binding, HOME, "192.0.2.99"), "{binding:?}");
        assert!(holds(binding, "", HOME), "{binding:?}: a session of before");
        let is_free = matches!(binding, Binding::Any | Binding::AllowList);
        assert_eq!(holds(binding, HOME, HOME_V6), is_free, "{binding:?}");
        assert_eq!(holds(binding, HOME, ""), is_free, "{binding:?}");
        assert_eq!(holds(binding, HOME, "100.64.0.1"), is_free, "{binding:?}");
    }
    assert!(!holds(Binding::SameNetwork, HOME, MOBILE));
    assert!(holds(Binding::SameCountry, HOME, MOBILE));
}
