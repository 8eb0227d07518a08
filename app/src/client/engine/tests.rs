//! The client against a server that misbehaves, in one tab and in two. No clock but the test's, no browser.

mod clock;
mod cookie;
mod machine;
mod owed;
mod person;

use futures::executor::block_on;
use futures::future::{join, join_all};

use super::*;
use crate::client::answer::{Farewell, Trouble};
use machine::{AFewTurns, call, later, machine, nobodys_machine, tab, unauthorized};

#[test]
fn a_fresh_token_is_just_used() {
    let machine = machine(300_000);
    assert_eq!(block_on(call(&tab(&machine))), Ok("[]".to_owned()));
    assert_eq!(machine.server.borrow().asked, ["/api/users/"]);
}

#[test]
fn five_calls_with_a_spent_token_renew_it_once() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    let client = tab(&machine);
    let results = block_on(join_all((0..5).map(|_| call(&client))));
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(machine.server.borrow().asked_for_refresh(), 1);
    assert_eq!(client.renewals(), 1);
}

#[test]
fn five_calls_refused_at_once_renew_once_and_are_repeated() {
    let machine = machine(300_000);
    machine.server.borrow_mut().generation = 1; // "a0" is not accepted any more
    machine.store_refresh("r1");
    let results = block_on(join_all((0..5).map(|_| call(&tab(&machine)))));
    assert!(
        results.iter().all(Result::is_ok),
        "five tabs, and not one of them lost"
    );
    assert_eq!(machine.server.borrow().asked_for_refresh(), 1);
    assert_eq!(machine.server.borrow().asked.len(), 11);
}

#[test]
fn a_tab_uses_what_another_tab_has_renewed() {
    let machine = machine(3_000);
    machine.now.set(2_900);
    let (one, other) = (tab(&machine), tab(&machine));
    let (first, second) = block_on(join(call(&one), call(&other)));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(one.renewals() + other.renewals(), 1);
}

#[test]
fn a_token_another_tab_has_spent_ends_nothing_when_that_tabs_tokens_come_late() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    let old = machine.stored().expect("signed in");
    machine.on_its_way.replace(Some(Session {
        access: Some("a1".to_owned()),
        refresh: Refresh::Held("r1".to_owned()),
        ..old
    }));
    let client = tab(&machine);
    {
        let mut server = machine.server.borrow_mut();
        server.generation = 1;
        server.refresh_answer = Some(Ok(unauthorized("")));
    }
    assert!(block_on(call(&client)).is_ok());
    assert_eq!(machine.ending(), Ending::None);
    assert_eq!(machine.server.borrow().asked_for_refresh(), 1);
}

#[test]
fn each_expiry_is_a_renewal_of_its_own() {
    let machine = machine(3_000);
    let client = tab(&machine);
    machine.now.set(3_000);
    assert!(block_on(call(&client)).is_ok());
    // These tokens do not say how long they live, so the server has to.
    machine.server.borrow_mut().generation += 1;
    machine.store_refresh("r2");
    assert!(block_on(call(&client)).is_ok());
    assert_eq!(client.renewals(), 2);
}

#[test]
fn trouble_keeps_the_session_and_the_same_refresh_token() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    machine.server.borrow_mut().refresh_answer = Some(Err(Unreachable));
    let client = tab(&machine);
    assert_eq!(block_on(call(&client)), Err(later(Trouble::Unreachable)));
    assert!(
        machine
            .stored()
            .is_some_and(|session| session.refresh == Refresh::Held("r0".to_owned()))
    );
    machine.server.borrow_mut().refresh_answer = None;
    assert!(block_on(call(&client)).is_ok());
}

#[test]
fn a_token_that_is_only_due_still_does_when_it_can_not_be_renewed() {
    let machine = machine(300_000);
    machine.now.set(295_000);
    machine.server.borrow_mut().refresh_answer = Some(Ok(Reply {
        status: 503,
        ..Reply::default()
    }));
    assert!(block_on(call(&tab(&machine))).is_ok());
}

#[test]
fn a_refused_refresh_ends_the_session_for_the_servers_reason() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    machine.server.borrow_mut().refresh_answer = Some(Ok(unauthorized("admin")));
    let client = tab(&machine);
    let results = block_on(join_all((0..5).map(|_| call(&client))));
    assert!(
        results
            .iter()
            .all(|result| *result == Err(Failure::Ended(Ending::Admin)))
    );
    assert!(machine.stored().is_none());
    assert_eq!(machine.ending(), Ending::Admin);
    assert_eq!(machine.server.borrow().asked, ["/api/token/refresh/"]);
    assert_eq!(block_on(call(&client)), Err(Failure::Ended(Ending::None)));
}

#[test]
fn a_token_refused_twice_does_not_loop() {
    let machine = machine(300_000);
    machine.server.borrow_mut().call_answer = Some(Ok(unauthorized("")));
    assert!(matches!(
        block_on(call(&tab(&machine))),
        Err(Failure::Rejected(_))
    ));
    assert_eq!(
        machine.server.borrow().asked,
        ["/api/users/", "/api/token/refresh/", "/api/users/"]
    );
    assert!(
        machine.stored().is_some(),
        "the server's confusion is not the person's fault"
    );
}

#[test]
fn a_disabled_user_is_signed_out() {
    let machine = machine(300_000);
    let body = r#"{"detail":"User is inactive","code":"user_inactive"}"#.to_owned();
    machine.server.borrow_mut().call_answer = Some(Ok(Reply {
        status: 401,
        body,
        ..Reply::default()
    }));
    assert_eq!(
        block_on(call(&tab(&machine))),
        Err(Failure::Ended(Ending::UserDisabled))
    );
    assert!(machine.stored().is_none());
}

#[test]
fn an_answer_does_not_bring_back_a_session_that_was_closed_meanwhile() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    let closing = async {
        AFewTurns(2).await; // the refresh is on its way
        machine.storage().clear(Ending::Logout);
    };
    let (result, ()) = block_on(join(call(&tab(&machine)), closing));
    assert_eq!(result, Err(Failure::Ended(Ending::Logout)));
    assert!(machine.stored().is_none());
}

#[test]
fn signing_out_waits_for_a_renewal_and_ends_the_newest_token() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    let client = tab(&machine);
    let (result, farewell) = block_on(join(call(&client), client.sign_out()));
    assert_eq!(farewell, Farewell::Heard);
    assert!(machine.stored().is_none());
    assert_eq!(result, Ok("[]".to_owned()), "the call was under way before");
    let asked = machine.server.borrow().asked.clone();
    assert_eq!(asked[0], "/api/token/refresh/");
    assert!(asked.iter().any(|path| path == "/api/token/blacklist/"));
}

#[test]
fn signing_out_forgets_the_session_even_if_nobody_hears_it() {
    let machine = machine(300_000);
    machine.server.borrow_mut().refresh_answer = Some(Err(Unreachable));
    assert_eq!(block_on(tab(&machine).sign_out()), Farewell::Unheard);
    assert!(machine.stored().is_none());
}

#[test]
fn a_session_ended_by_its_own_user_is_forgotten_after_a_renewal_under_way() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    let client = tab(&machine);
    let (result, ()) = block_on(join(call(&client), client.forget()));
    assert_eq!(result, Ok("[]".to_owned()), "the call was under way before");
    assert!(machine.stored().is_none());
    assert_eq!(machine.ending(), Ending::Logout);
}

#[test]
fn signing_in_stores_the_name_and_the_time_of_asking() {
    let machine = nobodys_machine();
    machine.now.set(77);
    let client = tab(&machine);
    assert_eq!(
        block_on(client.sign_in("grace", "secret", Keep::ThisTab)),
        Ok(())
    );
    let session = client.session().expect("signed in");
    assert_eq!(
        (session.username.as_str(), session.obtained_at),
        ("grace", 77)
    );
    assert!(machine.stored().is_none(), "other tabs do not see it");
}
