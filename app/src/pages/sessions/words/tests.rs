//! The words, for what the server says and for what it leaves out.

use super::*;
use crate::api::{LAB, SessionAddress};

fn notice(kind: &str, detail: &str) -> Notice {
    Notice {
        at: 7,
        kind: kind.to_owned(),
        session: None,
        ip: "192.0.2.9".to_owned(),
        user_agent: "curl/8".to_owned(),
        detail: detail.to_owned(),
        client: String::new(),
    }
}

fn machine(name: &str, browser: &str, browser_version: &str, os: &str) -> SessionDevice {
    SessionDevice {
        id: None,
        name: name.to_owned(),
        browser: browser.to_owned(),
        browser_version: browser_version.to_owned(),
        os: os.to_owned(),
        kind: "unknown".to_owned(),
    }
}

fn session(networks: &[&str]) -> OwnSession {
    let addresses = networks.iter().map(|network| SessionAddress {
        network: (*network).to_owned(),
        ip: String::new(),
        country: String::new(),
        first_seen_at: 0,
        last_seen_at: 0,
    });
    OwnSession {
        id: "s".to_owned(),
        current: false,
        device: machine("", "Firefox", "140.0", "Linux"),
        opened_at: 0,
        last_seen_at: 0,
        ip: "192.0.2.7".to_owned(),
        network: "192.0.2.0/24".to_owned(),
        user_agent: String::new(),
        client: String::new(),
        expires_at: 0,
        ends_at: 0,
        addresses: addresses.collect(),
        notices: Vec::new(),
    }
}

#[test]
fn a_notice_says_what_and_from_where() {
    let told = told(
        &notice("authn_new_device", "Chrome 126 on Windows"),
        Some(&session(&[])),
    );
    assert_eq!(told.at, 7);
    assert_eq!(told.what, "A new device signed in: Chrome 126 on Windows.");
    assert_eq!(told.whence, ", from 192.0.2.9 (Firefox 140 on Linux)");
    let refused = notice("authn_new_device", "curl 8, refused");
    let (tone, sentence) = what(&refused);
    assert_eq!(
        (tone, sentence.as_str()),
        (Tone::Warn, "A new device was not let in: curl 8.")
    );
    assert_eq!(whence(&refused, None), ", from 192.0.2.9");
}

#[test]
fn the_latest_notice_comes_first_whatever_it_concerns() {
    let at = |at: i64| Notice {
        at,
        ip: ["192.0.2.", &at.to_string()].concat(),
        ..notice("authn_password_change", "")
    };
    let live = OwnSession {
        notices: vec![at(5), at(2)],
        ..session(&[])
    };
    let seen = OwnSessions {
        sessions: vec![live],
        notices: vec![at(9), at(3), at(1)],
    };
    let order: Vec<i64> = all_told(&seen).iter().map(|told| told.at).collect();
    assert_eq!(order, [9, 5, 3, 2, 1]);
}

#[test]
fn what_is_over_or_unknown_has_words_too() {
    let mut reuse = notice("authn_token_reuse", "generation 3 is current");
    let (tone, sentence) = what(&reuse);
    assert_eq!(tone, Tone::Warn);
    assert!(
        sentence.starts_with("A device was signed out because an old token of it was used twice.")
    );
    assert_eq!(whence(&reuse, None), ", from 192.0.2.9 (curl/8)");
    let mine = OwnSession {
        current: true,
        ..session(&[])
    };
    assert_eq!(
        whence(&reuse, Some(&mine)),
        ", from 192.0.2.9 (this device)"
    );
    reuse.ip = String::new();
    reuse.user_agent = String::new();
    assert_eq!(whence(&reuse, None), ", from an unknown address");
    assert_eq!(
        what(&notice("moon_landed", "softly")).1,
        "Something unusual was noticed: softly."
    );
}

#[test]
fn a_device_is_called_by_what_is_known_of_it() {
    for (seen, name) in [
        (machine("Work", "Firefox", "140", "Linux"), "Work"),
        (
            machine("", "Chrome", "126.0.1", "Windows"),
            "Chrome 126 on Windows",
        ),
        (machine("", "Chrome", "", "Windows"), "Chrome on Windows"),
        (machine("", "curl", "8.5.0", ""), "curl 8"),
        (machine("", "", "", "Android"), "Android"),
        (machine("", "", "", ""), "Unknown device"),
    ] {
        assert_eq!(device(&seen), name);
    }
}

#[test]
fn other_networks_are_counted() {
    assert_eq!(address(&session(&[])), "192.0.2.7");
    assert_eq!(address(&session(&["192.0.2.0/24"])), "192.0.2.7");
    let two = ["192.0.2.0/24", "198.51.100.0/24"];
    assert_eq!(address(&session(&two)), "192.0.2.7, and 1 other network");
    let three = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"];
    assert_eq!(address(&session(&three)), "192.0.2.7, and 2 other networks");
}

#[test]
fn what_reads_the_same_is_told_once() {
    let reuse = |at: i64, client: &str, agent: &str| Notice {
        at,
        client: client.to_owned(),
        user_agent: agent.to_owned(),
        ..notice("authn_token_reuse", "generation 3 is current")
    };
    let seen = OwnSessions {
        sessions: Vec::new(),
        notices: vec![
            reuse(9, LAB, "Firefox"),
            reuse(8, "", "Firefox"),
            reuse(7, LAB, "Firefox"),
            reuse(6, "", "curl/8"),
            reuse(5, LAB, "Firefox"),
        ],
    };
    let told = all_told(&seen);
    let counted: Vec<_> = told
        .iter()
        .map(|told| (told.at, told.times, told.tone))
        .collect();
    assert_eq!(
        counted,
        [(9, 3, Tone::Warn), (8, 1, Tone::Warn), (6, 1, Tone::Warn)],
        "a name anybody can give themselves plays nothing down"
    );
    assert_eq!(
        told[0].whence,
        ", from 192.0.2.9 (Firefox), calls itself “The lab”"
    );
    assert_eq!(
        (times(1), times(3)),
        (String::new(), "3 times, last ".to_owned())
    );
}

#[test]
fn a_live_session_and_one_that_is_over_can_have_the_same_notice() {
    let change = |at: i64| Notice {
        at,
        user_agent: "Firefox 140 on Linux".to_owned(),
        ..notice("authn_password_change", "")
    };
    let live = OwnSession {
        notices: vec![change(2)],
        ..session(&[])
    };
    let seen = OwnSessions {
        sessions: vec![live],
        notices: vec![change(5)],
    };
    let told = all_told(&seen);
    assert_eq!((told.len(), told[0].at, told[0].times), (1, 5, 2));
}
