//! A page is for one person: when another signs in in the same browser it goes on for nobody.

use futures::executor::block_on;
use futures::future::join;

use super::cookie::with_a_cookie;
use super::machine::{AFewTurns, Machine, call, nobodys_machine, tab};
use super::*;
use crate::client::answer::Farewell;

/// `{"sid":"s1","user_id":"1"}` and `{"sid":"s2","user_id":"2"}`, as payloads of tokens.
const ADAS: &str = "eyJzaWQiOiJzMSIsInVzZXJfaWQiOiIxIn0";
const GRACES: &str = "eyJzaWQiOiJzMiIsInVzZXJfaWQiOiIyIn0";

/// A machine where ada has signed in with a cookie and tokens that say whose they are, and her tab.
fn adas_machine() -> (Rc<Machine>, Rc<Client<machine::Window>>) {
    let machine = nobodys_machine();
    machine.server.borrow_mut().owner = ADAS;
    let client = tab(&machine);
    let login = client.sign_in_in_turn("ada", "secret", Keep::Cookie);
    assert_eq!(block_on(login), Ok(()));
    (machine, client)
}

#[test]
fn a_page_never_calls_as_the_next_person_who_signs_in() {
    for keep in [Keep::Cookie, Keep::Remembered] {
        let machine = nobodys_machine();
        let (busy, idle) = (tab(&machine), tab(&machine));
        assert_eq!(
            block_on(busy.sign_in_in_turn("ada", "secret", keep)),
            Ok(())
        );
        assert!(block_on(call(&idle)).is_ok());
        assert_ne!(block_on(busy.sign_out()), Farewell::Owed);
        machine.now.set(60_000);
        assert_eq!(
            block_on(busy.sign_in_in_turn("grace", "secret", keep)),
            Ok(())
        );
        let asked = machine.server.borrow().asked.len();
        let another = Err(Failure::Ended(Ending::Another));
        assert_eq!(block_on(call(&idle)), another);
        assert_eq!(machine.server.borrow().asked.len(), asked, "of nobody");
        assert!(idle.session().is_none());
        assert_eq!(idle.last_ending(), Ending::Another);
        assert_eq!(block_on(idle.sign_out()), Farewell::Another);
        assert!(block_on(call(&busy)).is_ok(), "grace stays signed in");
        let reloaded = tab(&machine);
        assert_eq!(reloaded.session().expect("hers").username, "grace");
    }
}

#[test]
fn the_same_person_signed_in_anew_elsewhere_goes_on() {
    let (machine, busy) = with_a_cookie();
    let idle = tab(&machine);
    assert!(block_on(call(&idle)).is_ok());
    machine.now.set(60_000);
    assert_eq!(block_on(busy.sign_in_again("secret")), Ok(()));
    assert!(block_on(call(&idle)).is_ok());
    assert_eq!(idle.session().expect("hers").opened_at, 60_000);
}

#[test]
fn a_page_on_which_nobody_has_called_shows_whoever_is_signed_in() {
    let machine = nobodys_machine();
    let (login, other) = (tab(&machine), tab(&machine));
    for name in ["ada", "grace"] {
        assert_eq!(
            block_on(other.sign_in_in_turn(name, "secret", Keep::Cookie)),
            Ok(())
        );
        assert_eq!(login.session().expect("signed in").username, name);
    }
}

#[test]
fn a_renewed_token_of_another_login_is_used_by_nobody() {
    let (machine, client) = adas_machine();
    let page = tab(&machine);
    assert!(block_on(call(&page)).is_ok(), "hers, from the cookie");
    // Another page puts grace's cookie there, and the mark still says ada.
    {
        let mut server = machine.server.borrow_mut();
        server.owner = GRACES;
        server.generation = 7;
        server.cookie = Some(7);
    }
    let another = Err(Failure::Ended(Ending::Another));
    assert_eq!(block_on(call(&page)), another);
    let server = machine.server.borrow();
    assert_eq!(
        server.asked[3..],
        ["/api/users/", "/api/token/refresh/"],
        "the call is not repeated"
    );
    assert!(client.session().is_none(), "nor by another tab");
    assert_eq!(machine.ending(), Ending::Another);
    assert!(!machine.storage().has_cookie(), "hers is not ours to end");
}

#[test]
fn a_page_that_has_no_token_yet_compares_with_the_mark() {
    let (machine, _) = adas_machine();
    machine.server.borrow_mut().owner = GRACES;
    let page = tab(&machine);
    let another = Err(Failure::Ended(Ending::Another));
    assert_eq!(block_on(call(&page)), another);
}

#[test]
fn a_person_who_comes_during_a_renewal_is_not_called_for() {
    let (machine, _) = with_a_cookie();
    let page = tab(&machine);
    let coming = async {
        AFewTurns(2).await; // the refresh is on its way
        let session = machine.stored().expect("a mark");
        machine.storage().save(&Session {
            username: "grace".to_owned(),
            opened_at: 5,
            ..session
        });
    };
    let (result, ()) = block_on(join(call(&page), coming));
    assert_eq!(result, Err(Failure::Ended(Ending::Another)));
    let mark = machine.stored().expect("grace's");
    assert_eq!(mark.username, "grace", "and her session stays");
}
