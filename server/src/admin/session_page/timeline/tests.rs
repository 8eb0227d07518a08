//! The timeline's rules, one a test.

use super::super::marks::marks;
use super::super::marks::tests::token;
use super::*;

fn detail() -> SessionDetail {
    SessionDetail {
        opened_at: 1001,
        generation: 9,
        ..SessionDetail::default()
    }
}

/// Generation 0 to `last`, from these addresses by turns.
fn chain(ips: &[&str]) -> Vec<SessionToken> {
    let generations = (0..).zip(ips);
    let pairs = generations.flat_map(|(generation, ip)| {
        let id = 10 * generation + 1;
        let parent = (generation > 0).then_some(id - 10);
        let refresh = token(id, parent, TokenType::Refresh, generation);
        let access = token(id + 1, Some(id), TokenType::Access, generation);
        [refresh, access].map(|token| SessionToken {
            ip: (*ip).to_owned(),
            ..token
        })
    });
    pairs.collect()
}

fn event(id: i64, kind: Kind, detail: Option<&str>) -> EventRow {
    EventRow {
        id,
        at: 1000 + id,
        kind: kind.as_str().to_owned(),
        user_id: None,
        username: None,
        session_id: None,
        actor: None,
        ip: "203.0.113.7".to_owned(),
        network: String::new(),
        user_agent: String::new(),
        detail: detail.map(str::to_owned),
        notice: false,
    }
}

fn read(detail: &SessionDetail, tokens: &[SessionToken], events: &[EventRow]) -> Vec<String> {
    let entries = timeline(detail, tokens, &marks(detail, tokens), events);
    let is_in_order = entries.is_sorted_by(|a, b| a.at >= b.at);
    assert!(is_in_order, "{entries:?}");
    entries.into_iter().rev().map(|entry| entry.text).collect()
}

const HERE: &str = "203.0.113.7";
const NEAR: &str = "203.0.113.8";
const FAR: &str = "198.51.100.4";

#[test]
fn refreshes_that_nothing_came_between_are_one_line() {
    for (ips, expected) in [
        (&[HERE][..], &["Opened by a login"][..]),
        (
            &[HERE, HERE],
            &["Opened by a login", "Refreshed from 203.0.113.7"],
        ),
        (
            &[HERE, HERE, HERE, HERE],
            &["Opened by a login", "3 refreshes, all from 203.0.113.7"],
        ),
        (
            &[HERE, HERE, NEAR],
            &["Opened by a login", "2 refreshes, all from 203.0.113.0/24"],
        ),
        (&["", "", ""], &["Opened by a login", "2 refreshes"]),
        (
            &[HERE, HERE, FAR, FAR, FAR],
            &[
                "Opened by a login",
                "Refreshed from 203.0.113.7",
                "Refreshed from another network: 198.51.100.4, before that 203.0.113.7",
                "2 refreshes, all from 198.51.100.4",
            ],
        ),
    ] {
        assert_eq!(read(&detail(), &chain(ips), &[]), expected, "{ips:?}");
    }
    let entries = timeline(&detail(), &chain(&[HERE; 4]), &Marks::new(), &[]);
    assert_eq!((entries[0].at, entries[0].until), (1011, 1031));
}

#[test]
fn an_event_stands_between_the_refreshes_it_happened_between() {
    let events = [
        event(25, Kind::AuthzFail, Some("from there")),
        event(1, Kind::SessionCreated, None),
        event(0, Kind::LoginSuccess, None),
    ];
    assert_eq!(
        read(&detail(), &chain(&[HERE; 4]), &events),
        [
            "Opened by a login",
            "2 refreshes, all from 203.0.113.7",
            "Not allowed: from there",
            "Refreshed from 203.0.113.7",
        ]
    );
}

#[test]
fn an_end_is_told_once_and_last() {
    let ended = SessionDetail {
        ended_at: Some(1012),
        end_reason: Some("reuse".into()),
        end_note: Some("the spent refresh token, from another device".into()),
        ..detail()
    };
    let events = [
        event(12, Kind::SessionExpired, Some("reuse")),
        event(12, Kind::TokenReuse, Some("the spent refresh token")),
    ];
    assert_eq!(
        read(&ended, &chain(&[HERE, HERE]), &events),
        [
            "Opened by a login",
            "Refreshed from 203.0.113.7",
            "A spent refresh token came back: the spent refresh token",
            "Ended: token used twice",
        ]
    );
}

#[test]
fn answers_again_and_revocations_are_told_once() {
    let mut tokens = chain(&[HERE, HERE]);
    tokens.push(token(13, Some(11), TokenType::Access, 1));
    tokens[2].blacklisted_at = Some(1011);
    tokens[2].reason = Some(ROTATED.into());
    tokens[4].blacklisted_at = Some(1020);
    tokens[4].reason = Some("admin".into());
    tokens[4].actor = Some("grace".into());
    let events = [event(
        20,
        Kind::TokenRevoked,
        Some("the access token jti-13"),
    )];
    let replayed = SessionDetail {
        replays: 1,
        ..detail()
    };
    assert_eq!(
        read(&replayed, &tokens, &events),
        [
            "Opened by a login",
            "Refreshed from 203.0.113.7",
            "Answered again with the same tokens, of generation 1",
            "The access token jti-13 was blacklisted by grace",
        ]
    );
    let elsewhere = read(&replayed, &tokens[..2], &events);
    assert_eq!(
        elsewhere[1],
        "A token was blacklisted: the access token jti-13"
    );
}
