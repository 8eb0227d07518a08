//! A sign-out that the server did not hear is owed: what pays it, and what crosses it out.

use futures::executor::block_on;
use futures::future::join;

use super::cookie::with_a_cookie;
use super::machine::{Machine, call, nobodys_machine, tab};
use super::*;
use crate::client::answer::Farewell;

/// A machine where ada has signed out while the server was silent; her cookie is still there.
fn in_debt() -> Rc<Machine> {
    let (machine, client) = with_a_cookie();
    machine.server.borrow_mut().refresh_answer = Some(Err(Unreachable));
    assert_eq!(block_on(client.sign_out()), Farewell::Owed);
    machine.server.borrow_mut().refresh_answer = None;
    assert_eq!(machine.server.borrow().cookie, Some(0), "a working cookie");
    machine
}

#[test]
fn who_signs_out_offline_is_signed_out_here_and_does_not_use_the_cookie() {
    let (machine, client) = with_a_cookie();
    machine.is_offline.set(true);
    assert_eq!(block_on(client.sign_out()), Farewell::Owed);
    machine.is_offline.set(false);
    let page = tab(&machine);
    assert!(page.session().is_none());
    assert_eq!(block_on(call(&page)), Err(Failure::Ended(Ending::None)));
    assert_eq!(machine.server.borrow().asked, ["/api/token/"]);
    assert_eq!(page.last_ending(), Ending::Logout);
}

#[test]
fn a_page_that_is_opened_pays_once() {
    let machine = in_debt();
    let (one, other) = (tab(&machine), tab(&machine));
    block_on(join(one.pay_what_is_owed(), other.pay_what_is_owed()));
    block_on(one.pay_what_is_owed());
    let server = machine.server.borrow();
    assert_eq!(server.cookie, None, "the browser has forgotten it");
    assert_eq!(server.asked[2..], ["/api/token/blacklist/"]);
    assert_eq!(server.told.last().map(String::as_str), Some("{}"));
    assert_eq!(server.transports[2..], [Some("cookie")]);
}

#[test]
fn it_is_owed_until_the_api_has_answered() {
    let machine = in_debt();
    let page = tab(&machine);
    for silence in [
        Err(Unreachable),
        Ok(Reply {
            status: 503,
            ..Reply::default()
        }),
        Ok(machine::ok("<html>Welcome to the hotel</html>")),
    ] {
        machine.server.borrow_mut().refresh_answer = Some(silence);
        block_on(page.pay_what_is_owed());
        assert!(machine.storage().has_cookie());
    }
    let gone = Reply {
        status: 401,
        body: r#"{"detail":"No valid refresh token found."}"#.to_owned(),
        ..Reply::default()
    };
    machine.server.borrow_mut().refresh_answer = Some(Ok(gone));
    block_on(page.pay_what_is_owed());
    assert!(
        !machine.storage().has_cookie(),
        "there is nothing left to end"
    );
}

#[test]
fn the_next_login_pays_first() {
    let machine = in_debt();
    let client = tab(&machine);
    let login = block_on(client.sign_in_in_turn("grace", "secret", Keep::Cookie));
    assert_eq!(login, Ok(()));
    assert_eq!(
        machine.server.borrow().asked[2..],
        ["/api/token/blacklist/", "/api/token/"]
    );
    assert_eq!(machine.server.borrow().cookie, Some(0), "grace's");
}

#[test]
fn a_login_that_takes_the_cookies_place_crosses_it_out() {
    let machine = in_debt();
    machine.server.borrow_mut().refresh_answer = Some(Err(Unreachable));
    let client = tab(&machine);
    let login = block_on(client.sign_in_in_turn("grace", "secret", Keep::Cookie));
    assert_eq!(login, Ok(()));
    machine.server.borrow_mut().refresh_answer = None;
    block_on(tab(&machine).pay_what_is_owed());
    assert_eq!(machine.server.borrow().cookie, Some(0), "hers is not ended");
    assert!(block_on(call(&tab(&machine))).is_ok());
}

#[test]
fn a_login_with_tokens_in_hand_leaves_it_owed() {
    let machine = in_debt();
    machine.server.borrow_mut().refresh_answer = Some(Err(Unreachable));
    let client = tab(&machine);
    let login = block_on(client.sign_in_in_turn("grace", "secret", Keep::ThisTab));
    assert_eq!(login, Ok(()));
    assert!(machine.storage().has_cookie());
}

#[test]
fn nobody_pays_while_another_tab_signs_in() {
    let machine = in_debt();
    let (one, other) = (tab(&machine), tab(&machine));
    machine.server.borrow_mut().refresh_answer = Some(Err(Unreachable));
    let (login, ()) = block_on(join(
        one.sign_in_in_turn("grace", "secret", Keep::Cookie),
        other.pay_what_is_owed(),
    ));
    assert_eq!(login, Ok(()));
    let server = machine.server.borrow();
    assert_eq!(server.asked.last().map(String::as_str), Some("/api/token/"));
}

#[test]
fn held_tokens_are_forgotten_and_nothing_is_owed() {
    let machine = nobodys_machine();
    let client = tab(&machine);
    let login = block_on(client.sign_in_in_turn("ada", "secret", Keep::Remembered));
    assert_eq!(login, Ok(()));
    machine.is_offline.set(true);
    assert_eq!(block_on(client.sign_out()), Farewell::Unheard);
    assert!(!machine.storage().has_cookie());
}
