//! The refresh token in a cookie: what is kept where, who asks, and what ends it.

use futures::executor::block_on;
use futures::future::{join, join_all};

use super::machine::{Machine, call, nobodys_machine, tab, unauthorized};
use super::*;
use crate::client::answer::Farewell;
use crate::client::wire::Tokens;

/// A machine where ada has signed in with a cookie, and her tab.
pub fn with_a_cookie() -> (Rc<Machine>, Rc<Client<machine::Window>>) {
    let machine = nobodys_machine();
    let client = tab(&machine);
    assert_eq!(
        block_on(client.sign_in_in_turn("ada", "secret", Keep::Cookie)),
        Ok(())
    );
    (machine, client)
}

#[test]
fn all_tabs_know_that_there_is_a_session_and_nothing_more() {
    let (machine, client) = with_a_cookie();
    let mark = machine.stored().expect("a mark");
    assert!(mark.access.is_none() && mark.refresh == Refresh::Cookie);
    assert_eq!(mark.username, "ada");
    assert_eq!(block_on(call(&client)), Ok("[]".to_owned()));
    assert_eq!(machine.server.borrow().asked_for_refresh(), 0);
}

#[test]
fn a_page_without_an_access_token_asks_for_one_once() {
    let (machine, _) = with_a_cookie();
    let page = tab(&machine);
    let results = block_on(join_all((0..5).map(|_| call(&page))));
    assert!(results.iter().all(Result::is_ok));
    let server = machine.server.borrow();
    assert_eq!(server.asked_for_refresh(), 1);
    assert_eq!(server.told[1], "{}", "nothing but the cookie");
    assert!(machine.stored().expect("a mark").access.is_none());
}

#[test]
fn tabs_take_turns_with_the_cookie() {
    let (machine, _) = with_a_cookie();
    let (one, other) = (tab(&machine), tab(&machine));
    let (first, second) = block_on(join(call(&one), call(&other)));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(machine.server.borrow().asked_for_refresh(), 2);
    assert_eq!(machine.ending(), Ending::None);
}

#[test]
fn who_signs_out_takes_the_cookie_along_and_all_tabs() {
    let (machine, client) = with_a_cookie();
    let other = tab(&machine);
    assert!(block_on(call(&other)).is_ok());
    assert_eq!(block_on(client.sign_out()), Farewell::Heard);
    assert_eq!(machine.server.borrow().cookie, None);
    assert!(machine.stored().is_none());
    assert!(other.session().is_none(), "though it has an access token");
    assert_eq!(other.last_ending(), Ending::Logout);
}

#[test]
fn a_cookie_that_is_gone_is_a_session_that_has_expired() {
    let (machine, _) = with_a_cookie();
    machine.server.borrow_mut().cookie = None;
    let page = tab(&machine);
    assert_eq!(block_on(call(&page)), Err(Failure::Ended(Ending::Expired)));
    assert!(machine.stored().is_none());
}

#[test]
fn trouble_ends_no_session_with_a_cookie() {
    let (machine, _) = with_a_cookie();
    let page = tab(&machine);
    for answer in [
        Err(Unreachable),
        Ok(Reply {
            status: 503,
            ..Reply::default()
        }),
    ] {
        machine.server.borrow_mut().refresh_answer = Some(answer);
        assert!(matches!(
            block_on(call(&page)),
            Err(Failure::TryLater { .. })
        ));
    }
    machine.server.borrow_mut().refresh_answer = None;
    assert!(block_on(call(&page)).is_ok());
}

#[test]
fn the_servers_word_ends_it_in_all_tabs() {
    let (machine, client) = with_a_cookie();
    machine.server.borrow_mut().refresh_answer = Some(Ok(unauthorized("admin")));
    let page = tab(&machine);
    assert_eq!(block_on(call(&page)), Err(Failure::Ended(Ending::Admin)));
    assert!(client.session().is_none());
    assert_eq!(machine.ending(), Ending::Admin);
}

#[test]
fn a_server_that_insists_on_a_cookie_is_obeyed() {
    let machine = nobodys_machine();
    machine.server.borrow_mut().insists_on_cookies = true;
    let client = tab(&machine);
    assert_eq!(
        block_on(client.sign_in_in_turn("ada", "secret", Keep::ThisTab)),
        Ok(())
    );
    assert!(machine.stored().expect("a mark").refresh == Refresh::Cookie);
    assert!(block_on(call(&tab(&machine))).is_ok());
}

#[test]
fn a_server_that_knows_no_cookie_leaves_the_token_in_memory() {
    let machine = nobodys_machine();
    let client = tab(&machine);
    let session = Session::opened(
        "ada",
        Tokens::read(r#"{"access":"a0","refresh":"r0"}"#).expect("tokens"),
        0,
    );
    Shelf::of(client.world()).open(&session, Keep::Cookie);
    assert!(machine.stored().is_none());
    assert!(client.world().storage(Place::Tab).load().is_none());
    assert!(client.session().is_some_and(|kept| kept == session));
}

#[test]
fn a_session_in_memory_is_seen_by_nobody_else_and_goes_before_a_shared_one() {
    let machine = nobodys_machine();
    let client = tab(&machine);
    for (name, keep) in [("ada", Keep::Remembered), ("grace", Keep::Memory)] {
        assert_eq!(block_on(client.sign_in(name, "secret", keep)), Ok(()));
    }
    assert_eq!(client.session().expect("hers").username, "grace");
    assert_eq!(tab(&machine).session().expect("shared").username, "ada");
    assert_eq!(block_on(client.sign_out()), Farewell::Heard);
    assert_eq!(client.session().expect("shared").username, "ada");
}

#[test]
fn a_wish_for_short_lives_is_sent_with_login_and_renewal_only() {
    let machine = nobodys_machine();
    let client = tab(&machine);
    client.ask_for_access_lifetime(Some(30));
    assert_eq!(
        block_on(client.sign_in_in_turn("ada", "secret", Keep::Memory)),
        Ok(())
    );
    machine.server.borrow_mut().call_answer = Some(Ok(unauthorized("")));
    assert!(block_on(call(&client)).is_err(), "refused, but renewed");
    assert_eq!(block_on(client.sign_out()), Farewell::Heard);
    assert_eq!(
        machine.server.borrow().told,
        [
            r#"{"username":"ada","password":"secret","access_lifetime":30}"#,
            r#"{"refresh":"r0","access_lifetime":30}"#,
            r#"{"refresh":"r1"}"#,
        ]
    );
}

#[test]
fn a_cookie_until_the_browser_is_closed_is_asked_for_every_time_and_by_every_tab() {
    let machine = nobodys_machine();
    let client = tab(&machine);
    assert_eq!(
        block_on(client.sign_in_in_turn("ada", "secret", Keep::SessionCookie)),
        Ok(())
    );
    let other = tab(&machine);
    assert!(block_on(call(&other)).is_ok());
    assert_eq!(block_on(other.sign_in_again("secret")), Ok(()));
    assert_eq!(
        machine.server.borrow().transports,
        [
            Some("session-cookie"),
            Some("session-cookie"),
            None,
            Some("session-cookie")
        ],
        "a login, a renewal, a call, and the next login"
    );
}

#[test]
fn what_may_end_a_session_lets_the_answer_take_the_cookie_and_reading_does_not() {
    let (machine, client) = with_a_cookie();
    for request in [
        Request::delete("/api/sessions/1/".to_owned()),
        Request::post("/api/sessions/end/", "{}".to_owned()),
        Request::get("/api/users/"),
    ] {
        assert!(block_on(Rc::clone(&client).call(request)).is_ok());
    }
    let said = &machine.server.borrow().transports[1..];
    assert_eq!(said, [Some("cookie"), Some("cookie"), None]);
    let held = nobodys_machine();
    let client = tab(&held);
    assert_eq!(
        block_on(client.sign_in_in_turn("ada", "secret", Keep::Remembered)),
        Ok(())
    );
    let request = Request::delete("/api/sessions/1/".to_owned());
    assert!(block_on(client.call(request)).is_ok());
    assert_eq!(held.server.borrow().transports, [None, None]);
}
