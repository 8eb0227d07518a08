use super::*;
use crate::token::Generation;

const NOW: UnixSeconds = 1_800_000_000;

fn registry() -> Registry {
    registry_with(true, Duration::from_hours(1))
}

fn registry_with(immediate: bool, max_staleness: Duration) -> Registry {
    let limits = Limits {
        leeway: 0,
        immediate,
        max_staleness,
        retry_window: 60,
    };
    Registry::new(limits, Instant::now())
}

fn claims(session: Option<SessionId>) -> Claims {
    Claims {
        jti: Jti::at(NOW),
        exp: NOW + 300,
        iat: Some(NOW),
        user_id: Some(UserId(7)),
        session: session.map(|id| (id, Generation::FIRST)),
        refresh_exp: None,
        password_mark: None,
    }
}

fn revoke(registry: &Registry, what: Revoked, value: UnixSeconds) {
    registry.revoke(&Revocation { what, value }, NOW);
}

#[test]
fn a_session_takes_all_its_tokens_with_it() {
    let (registry, ended, other) = (registry(), SessionId::at(NOW), SessionId::at(NOW));
    revoke(&registry, Revoked::Session(ended), NOW + 300);
    assert_eq!(registry.ask(&claims(Some(ended))), Known::Revoked);
    assert_eq!(registry.ask(&claims(Some(other))), Known::Good);
}

#[test]
fn without_immediate_revocation_an_ended_session_leaves_its_access_tokens() {
    let (registry, ended) = (
        registry_with(false, Duration::from_mins(1)),
        SessionId::at(NOW),
    );
    revoke(&registry, Revoked::Session(ended), NOW + 300);
    assert_eq!(registry.ask(&claims(Some(ended))), Known::Good);
}

#[test]
fn a_token_falls_alone() {
    let (registry, session) = (registry(), SessionId::at(NOW));
    let (one, other) = (claims(Some(session)), claims(Some(session)));
    revoke(&registry, Revoked::Token(one.jti.clone()), NOW + 300);
    assert_eq!(registry.ask(&one), Known::Revoked);
    assert_eq!(registry.ask(&other), Known::Good);
}

#[test]
fn a_cut_off_of_a_user_concerns_tokens_without_a_session() {
    let registry = registry();
    revoke(&registry, Revoked::User(UserId(7)), NOW);
    revoke(&registry, Revoked::User(UserId(7)), NOW - 100);
    assert_eq!(
        registry.ask(&claims(None)),
        Known::Revoked,
        "the later one counts"
    );
    assert_eq!(registry.ask(&claims(Some(SessionId::at(NOW)))), Known::Good);
    let younger = Claims {
        iat: Some(NOW + 1),
        ..claims(None)
    };
    assert_eq!(registry.ask(&younger), Known::Good);
    let undated = Claims {
        iat: None,
        ..claims(None)
    };
    assert_eq!(registry.ask(&undated), Known::Revoked);
}

#[test]
fn a_cut_off_of_everyone_concerns_everyone() {
    let registry = registry();
    revoke(&registry, Revoked::Everyone, NOW);
    assert_eq!(registry.ask(&claims(None)), Known::Revoked);
    let of_a_session = claims(Some(SessionId::at(NOW)));
    assert_eq!(
        registry.ask(&of_a_session),
        Known::Unsure,
        "its session may be younger"
    );
    let younger = Claims {
        iat: Some(NOW + 1),
        ..of_a_session
    };
    assert_eq!(registry.ask(&younger), Known::Good);
}

#[test]
fn old_knowledge_is_good_for_no_but_not_for_yes() {
    let registry = registry_with(true, Duration::ZERO);
    std::thread::sleep(Duration::from_millis(2));
    let ended = SessionId::at(NOW);
    revoke(&registry, Revoked::Session(ended), NOW + 300);
    assert_eq!(registry.ask(&claims(Some(ended))), Known::Revoked);
    assert_eq!(
        registry.ask(&claims(Some(SessionId::at(NOW)))),
        Known::Unsure
    );
}

#[test]
fn what_could_not_be_presented_any_more_is_forgotten() {
    let registry = registry();
    for n in 0..1000 {
        revoke(&registry, Revoked::Session(SessionId::at(NOW)), NOW + n);
    }
    let later = NOW + 900 + CLOCK_MARGIN;
    for _ in 0..64 {
        registry.sweep(later);
    }
    assert_eq!(registry.sessions.len(), 99);
}

#[test]
fn a_clock_that_goes_an_hour_forth_and_back_brings_nothing_back() {
    let (registry, ended) = (registry(), SessionId::at(NOW));
    revoke(&registry, Revoked::Session(ended), NOW + 300);
    for _ in 0..64 {
        registry.sweep(NOW + 3600);
    }
    assert_eq!(registry.ask(&claims(Some(ended))), Known::Revoked);
}

#[test]
fn news_are_taken_in_once_and_in_any_order() {
    let (registry, ended) = (registry(), SessionId::at(NOW));
    let news = |seq| {
        let what = Revoked::Session(ended);
        (
            seq,
            Revocation {
                what,
                value: NOW + 300,
            },
        )
    };
    registry.hear(&[news(4), news(5)], NOW);
    registry.hear(&[news(4)], NOW);
    assert_eq!((registry.seq(), registry.sessions.len()), (5, 1));
    assert_eq!(registry.ask(&claims(Some(ended))), Known::Revoked);
}

#[test]
fn a_million_entries_take_at_most_48_bytes_each() {
    let registry = registry();
    for _ in 0..1_000_000 {
        revoke(&registry, Revoked::Session(SessionId::at(NOW)), NOW + 300);
    }
    assert_eq!(registry.sessions.len(), 1_000_000);
    assert!(registry.sessions.is_complete());
    let bytes = registry.sessions.bytes();
    assert!(bytes < 48_000_000, "{bytes} bytes");
    for _ in 0..64 {
        registry.sweep(NOW + 300 + CLOCK_MARGIN);
    }
    assert_eq!(registry.sessions.len(), 0);
    assert!(
        registry.sessions.bytes() < 1_000_000,
        "memory is given back"
    );
}

#[test]
fn what_does_not_fit_is_not_forgotten_in_silence() {
    let registry = registry();
    let mut added = 0_u32;
    while registry.sessions.is_complete() && added < 5_000_000 {
        revoke(&registry, Revoked::Session(SessionId::at(NOW)), NOW + 300);
        added += 1;
    }
    assert!(added > 3_500_000, "{added} fit");
    assert_eq!(
        registry.ask(&claims(Some(SessionId::at(NOW)))),
        Known::Unsure
    );
}

#[test]
fn a_receipt_is_noted_while_it_matters() {
    let receipts = Receipts::new(60);
    let session = SessionId::at(NOW);
    let used = |generation| Claims {
        session: Some((session, Generation(generation))),
        ..claims(None)
    };
    receipts.note(&used(0), NOW);
    assert!(
        !receipts.has(session, Generation(0)),
        "the first answers nothing that could be lost"
    );
    receipts.note(&used(3), NOW + 61);
    assert!(!receipts.has(session, Generation(3)), "too late to matter");
    receipts.note(&used(3), NOW + 5);
    receipts.note(&used(3), NOW + 6);
    assert!(receipts.has(session, Generation(3)) && receipts.has(session, Generation(2)));
    assert!(!receipts.has(session, Generation(4)));
    assert_eq!(receipts.take_news(), [(session, Generation(3))]);
    assert!(receipts.take_news().is_empty());
    receipts.sweep(NOW + 67);
    assert!(!receipts.has(session, Generation(3)));
}
