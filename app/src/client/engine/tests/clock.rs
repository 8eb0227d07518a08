//! The browser's clock is wrong, or jumps: tokens are renewed in time all the same, and no session ends.

use futures::executor::block_on;

use super::machine::{AFewTurns, FIVE_MINUTES, Machine, call, nobodys_machine, tab, window};
use super::*;
use futures::future::join;

const HOUR: i64 = 3_600_000;
const START: u64 = 1_700_000_000_000;

/// A machine whose clock is wrong by `error` milliseconds, where somebody has just signed in.
fn wrong_by(error: i64) -> (Rc<Machine>, Rc<Client<machine::Window>>) {
    let machine = nobodys_machine();
    machine.now.set(START);
    machine.error.set(error);
    machine.server.borrow_mut().is_punctual = true;
    let client = tab(&machine);
    assert_eq!(
        block_on(client.sign_in_in_turn("ada", "secret", Keep::Remembered)),
        Ok(())
    );
    (machine, client)
}

#[test]
fn an_hour_with_a_wrong_clock_is_like_any_other() {
    for error in [0, HOUR, -HOUR] {
        let (machine, client) = wrong_by(error);
        for second in (0..3_600).step_by(5) {
            machine.now.set(START + second * 1_000);
            assert!(block_on(call(&client)).is_ok(), "{error}: {second}");
        }
        let server = machine.server.borrow();
        assert_eq!(server.refused, 0, "{error}: renewed before they ran out");
        assert_eq!(server.asked_for_refresh(), 12, "{error}: and not earlier");
    }
}

#[test]
fn a_clock_that_jumps_costs_one_renewal_and_no_session() {
    for jump in [HOUR, -HOUR, 60_000, -60_000] {
        let (machine, client) = wrong_by(0);
        machine.now.set(START + 30_000);
        machine.error.set(jump);
        for _ in 0..5 {
            assert!(block_on(call(&client)).is_ok(), "{jump}");
        }
        assert!(machine.server.borrow().asked_for_refresh() <= 1, "{jump}");
        assert_eq!(machine.server.borrow().refused, 0, "{jump}");
        assert!(machine.stored().is_some(), "{jump}");
    }
}

#[test]
fn a_token_that_a_clock_set_back_makes_look_young_is_renewed_when_it_is_refused() {
    let (machine, client) = wrong_by(0);
    machine.error.set(-60_000);
    machine.now.set(START + FIVE_MINUTES + 30_000); // four and a half minutes old, says the browser
    machine.server.borrow_mut().issued_at = START;
    machine.storage().save(&Session {
        obtained_at: START,
        ..machine.stored().expect("signed in")
    });
    assert!(block_on(call(&client)).is_ok());
    assert_eq!(machine.server.borrow().refused, 1);
    assert_eq!(machine.server.borrow().asked_for_refresh(), 1);
}

#[test]
fn a_clock_set_back_while_an_answer_is_on_its_way_makes_no_token_older_for_good() {
    let (machine, client) = wrong_by(HOUR);
    machine.now.set(START + FIVE_MINUTES);
    let correcting = async {
        AFewTurns(2).await; // the refresh is on its way
        machine.error.set(0);
    };
    assert!(block_on(join(call(&client), correcting)).0.is_ok());
    for _ in 0..3 {
        assert!(block_on(call(&client)).is_ok());
    }
    assert_eq!(machine.server.borrow().asked_for_refresh(), 2);
}

#[test]
fn two_tabs_share_one_wrong_clock_and_one_renewal() {
    let (machine, one) = wrong_by(-HOUR);
    let other = Rc::new(Client::new(window(&machine)));
    machine.now.set(START + FIVE_MINUTES);
    let (first, second) = block_on(join(call(&one), call(&other)));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(machine.server.borrow().asked_for_refresh(), 1);
}
