use std::collections::{HashMap, HashSet};

use super::*;
use crate::event::Kind;
use crate::session::EndReason;
use crate::store::Revoked;
use crate::token::TokenType;

/// All rows of a scope.
fn all(scope: Scope) -> Batch {
    let mut all = Batch::default();
    for mut batch in batches(Plan::of(scope)) {
        all.users.append(&mut batch.users);
        all.devices.append(&mut batch.devices);
        all.known_devices.append(&mut batch.known_devices);
        all.api_tokens.append(&mut batch.api_tokens);
        all.sessions.append(&mut batch.sessions);
        all.addresses.append(&mut batch.addresses);
        all.tokens.append(&mut batch.tokens);
        all.blacklisted.append(&mut batch.blacklisted);
        all.events.append(&mut batch.events);
        all.revocations.append(&mut batch.revocations);
    }
    all
}

#[test]
fn the_same_scope_makes_the_same_rows() {
    let scope = Scope::for_tests(500);
    let made = |scope| format!("{:?}", all(scope));
    let first = made(scope);
    assert_eq!(made(scope), first);
    assert_ne!(made(Scope { seed: 2, ..scope }), first);
}

#[test]
fn there_is_something_of_everything() {
    let scope = Scope::for_tests(20_000);
    let all = all(scope);
    let tokens = all.tokens.len();
    assert!(
        (90_000..110_000).contains(&tokens),
        "about five a session: {tokens}"
    );
    let live = all
        .sessions
        .iter()
        .filter(|session| sessions::is_live(session, scope.now));
    let live = live.count();
    assert!((600..3000).contains(&live), "{live}");
    let ends = |reason| {
        let is_it = |session: &&crate::store::PastSession| {
            session.end.as_ref().is_some_and(|end| end.1 == reason)
        };
        all.sessions.iter().filter(is_it).count()
    };
    for reason in EndReason::ALL {
        assert_eq!(
            ends(reason) >= 3,
            reason != EndReason::Expired,
            "{reason:?}: {}",
            ends(reason)
        );
    }
    for kind in [
        Kind::LoginSuccess,
        Kind::LoginFail,
        Kind::PasswordChange,
        Kind::ImpossibleTravel,
        Kind::NewDevice,
        Kind::TokenCreated,
        Kind::TokenRevoked,
        Kind::TokenReuse,
        Kind::SessionCreated,
        Kind::SessionExpired,
        Kind::UserCreated,
        Kind::UserUpdated,
        Kind::UserDeleted,
    ] {
        assert!(
            all.events.iter().any(|(_, event)| event.kind == kind),
            "{kind:?}"
        );
    }
    let longest = all
        .sessions
        .iter()
        .map(|session| session.generation.0)
        .max();
    assert!(longest > Some(200), "{longest:?}");
    let mut on_device = HashMap::new();
    for device in all
        .sessions
        .iter()
        .filter_map(|session| session.device.clone())
    {
        *on_device.entry(device).or_insert(0) += 1;
    }
    assert!(on_device.values().max() >= Some(&99), "the machine's");
    let admins = all
        .tokens
        .iter()
        .filter(|token| token.token.token_type == TokenType::Admin);
    assert_eq!(admins.count(), 61);
    let is_v6 = |seen: &&(crate::store::Seen, i64)| seen.0.ip.contains(':');
    let v6 = all.addresses.iter().filter(is_v6).count();
    assert!(v6 > all.addresses.len() / 5 && v6 < all.addresses.len() * 4 / 5);
}

/// What the rows of `lifecycle` are like, of one session at a time.
#[test]
fn sessions_are_as_the_server_leaves_them() {
    let scope = Scope::for_tests(5000);
    let all = all(scope);
    let spent: HashMap<_, _> = all.blacklisted.iter().map(|row| (row.token, row)).collect();
    assert_eq!(
        spent.len(),
        all.blacklisted.len(),
        "a token is blacklisted once"
    );
    let mut tokens: HashMap<_, Vec<_>> = HashMap::new();
    for token in &all.tokens {
        tokens
            .entry(token.token.session_id)
            .or_default()
            .push(&token.token);
    }
    let announced: HashMap<_, _> = all
        .revocations
        .iter()
        .filter_map(|revocation| match revocation.what {
            Revoked::Session(id) => Some((id, revocation.value)),
            _ => None,
        })
        .collect();
    for session in &all.sessions {
        let tokens = &tokens[&session.id];
        assert!(
            tokens.is_sorted_by_key(|token| (token.id, token.generation)),
            "{tokens:?}"
        );
        let latest = |is_it: fn(TokenType) -> bool| {
            let some = tokens.iter().filter(|token| is_it(token.token_type));
            some.map(|token| token.expires_at).max().unwrap_or_default()
        };
        assert_eq!(session.tokens_expire_at, latest(|_| true));
        assert_eq!(
            session.access_expires_at,
            latest(|kind| kind == TokenType::Access)
        );
        assert!(session.tokens_expire_at <= session.expires_at);
        let over = session.end.as_ref().map_or(scope.now, |end| end.0);
        assert!((session.opened_at..=over).contains(&session.last_seen_at));
        let current = session.generation;
        let refreshes: Vec<_> = tokens
            .iter()
            .filter(|token| token.token_type == TokenType::Refresh)
            .collect();
        for (n, refresh) in refreshes.iter().enumerate() {
            assert_eq!(refresh.generation.0, i64::try_from(n).expect("few"));
            assert_eq!(refresh.parent, n.checked_sub(1).map(|n| refreshes[n].id));
            let reason = spent.get(&refresh.id.0).map(|row| row.reason);
            assert_eq!(reason == Some("rotated"), refresh.generation < current);
        }
        for token in tokens {
            assert!(token.created_at < over, "nothing is issued after the end");
            if token.token_type == TokenType::Access {
                let parent = token.parent.expect("a parent");
                let parent = refreshes.iter().find(|refresh| refresh.id == parent);
                assert_eq!(
                    parent.map(|parent| parent.generation),
                    Some(token.generation)
                );
            }
            let is_spent = spent.contains_key(&token.id.0);
            if let Some(end) = &session.end {
                assert!(
                    is_spent || token.expires_at <= end.0,
                    "{token:?} outlives {session:?}"
                );
            }
        }
        let end = session.end.as_ref().map(|_| session.access_expires_at);
        assert_eq!(announced.get(&session.id).copied(), end);
    }
}

#[test]
fn nothing_refers_to_what_is_not_there_and_no_name_comes_twice() {
    let all = all(Scope::for_tests(5000));
    let users: HashSet<_> = all.users.iter().map(|user| user.id).collect();
    let devices: HashSet<_> = all.devices.iter().map(|device| device.id.clone()).collect();
    assert_eq!(
        (users.len(), devices.len()),
        (all.users.len(), all.devices.len())
    );
    assert!(users.len() < 1000, "some were deleted");
    for session in &all.sessions {
        assert!(session.user.is_none_or(|user| users.contains(&user)));
        assert!(
            session
                .device
                .as_ref()
                .is_none_or(|device| devices.contains(device))
        );
    }
    let shut_out: HashSet<_> = all
        .users
        .iter()
        .filter(|user| !user.is_active)
        .map(|user| user.id)
        .collect();
    let is_theirs = |session: &&crate::store::PastSession| {
        session.user.is_some_and(|user| shut_out.contains(&user))
    };
    assert!(
        all.sessions
            .iter()
            .filter(is_theirs)
            .all(|session| !sessions::is_live(session, 1_800_000_000))
    );
    let jtis: HashSet<_> = all
        .tokens
        .iter()
        .map(|token| token.token.jti.clone())
        .collect();
    let mut ids: HashSet<_> = all.tokens.iter().map(|token| token.token.id.0).collect();
    ids.extend(all.events.iter().map(|(id, _)| *id));
    assert_eq!(
        (jtis.len(), ids.len()),
        (all.tokens.len(), all.tokens.len() + all.events.len())
    );
    assert!(all.events.iter().all(|(_, event)| event.at < 1_800_000_000));
}

#[test]
fn a_few_sessions_or_short_lives_are_no_trouble() {
    for sessions in [1, 2, 7, 40] {
        let made = all(Scope::for_tests(sessions));
        assert_eq!(made.sessions.len(), sessions);
    }
    let scope = Scope::for_tests(2000);
    let lifetimes = Lifetimes {
        access: 1,
        refresh: 1,
        session: 1,
        admin: 1,
    };
    assert_eq!(all(Scope { lifetimes, ..scope }).sessions.len(), 2000);
    let lifetimes = Lifetimes {
        access: 86_400,
        refresh: 60,
        session: 3600,
        admin: 1,
    };
    assert_eq!(all(Scope { lifetimes, ..scope }).sessions.len(), 2000);
}
