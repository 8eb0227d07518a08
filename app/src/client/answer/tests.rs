//! One test for each thing an answer can mean.

use super::*;

fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status,
        body: body.to_owned(),
        ..Reply::default()
    }
}

fn failure(answer: Result<Reply, Unreachable>) -> Failure {
    match of_call(answer) {
        Verdict::Failed(failure) => failure,
        Verdict::Fine(body) => panic!("fine: {body}"),
        Verdict::Stale => panic!("stale"),
    }
}

fn later(trouble: Trouble, after: Option<u64>) -> Failure {
    Failure::TryLater { trouble, after }
}

#[test]
fn only_token_not_valid_asks_for_a_renewal() {
    let stale = Ok(reply(
        401,
        r#"{"detail":"Given token not valid for any token type","code":"token_not_valid"}"#,
    ));
    assert!(matches!(of_call(stale), Verdict::Stale));
    assert!(matches!(of_call(Ok(reply(200, "[]"))), Verdict::Fine(body) if body == "[]"));
}

#[test]
fn a_user_who_is_gone_ends_the_session() {
    let inactive = Ok(reply(
        401,
        r#"{"detail":"User is inactive","code":"user_inactive"}"#,
    ));
    assert_eq!(failure(inactive), Failure::Ended(Ending::UserDisabled));
    let gone = Ok(reply(
        401,
        r#"{"detail":"User not found","code":"user_not_found"}"#,
    ));
    assert_eq!(failure(gone), Failure::Ended(Ending::UserGone));
}

#[test]
fn an_objection_is_passed_on_in_the_servers_words() {
    let mangled = Ok(reply(
        401,
        r#"{"detail":"Authorization header must …","code":"bad_authorization_header"}"#,
    ));
    assert_eq!(
        failure(mangled),
        Failure::Rejected("Authorization header must …".to_owned())
    );
    let foreign = Ok(reply(418, "<h1>teapot</h1>"));
    assert_eq!(
        failure(foreign),
        Failure::Rejected("The server answered with status 418.".to_owned())
    );
}

#[test]
fn trouble_on_the_way_means_later_and_never_the_end() {
    let busy = Ok(Reply {
        status: 429,
        retry_after: Some(7),
        ..Reply::default()
    });
    assert_eq!(failure(busy.clone()), later(Trouble::Busy, Some(7)));
    assert_eq!(of_refresh(busy).err(), Some(later(Trouble::Busy, Some(7))));
    for status in [500, 502, 503, 504, 599] {
        assert_eq!(
            of_refresh(Ok(reply(status, ""))).err(),
            Some(later(Trouble::Failing, None))
        );
    }
    assert_eq!(
        of_refresh(Err(Unreachable)).err(),
        Some(later(Trouble::Unreachable, None))
    );
}

#[test]
fn a_stranger_in_the_servers_place_ends_no_session() {
    for (status, body) in [
        (200, "<html>Welcome to the hotel</html>"),
        (401, "<html>Please log in to the proxy</html>"),
        (401, r#"{"error":"proxy"}"#),
        (400, "bad request"),
        (403, "blocked"),
        (404, ""),
        (302, ""),
    ] {
        assert_eq!(
            of_refresh(Ok(reply(status, body))).err(),
            Some(later(Trouble::Failing, None)),
            "{status}"
        );
    }
}

#[test]
fn a_refused_refresh_ends_the_session_for_the_reason_given() {
    let told = Ok(Reply {
        status: 401,
        ended: Some("reuse".to_owned()),
        ..Reply::default()
    });
    assert_eq!(of_refresh(told).err(), Some(Failure::Ended(Ending::Reuse)));
    let expired = Ok(reply(
        401,
        r#"{"detail":"Token is expired","code":"token_not_valid"}"#,
    ));
    assert_eq!(
        of_refresh(expired).err(),
        Some(Failure::Ended(Ending::Expired))
    );
    let invalid = Ok(reply(
        401,
        r#"{"detail":"Token is invalid","code":"token_not_valid"}"#,
    ));
    assert_eq!(
        of_refresh(invalid).err(),
        Some(Failure::Ended(Ending::Refused))
    );
}

#[test]
fn a_refresh_token_that_is_none_ends_the_session() {
    let blank = Ok(reply(
        400,
        r#"{"refresh":["This field may not be blank."]}"#,
    ));
    assert_eq!(
        of_refresh(blank).err(),
        Some(Failure::Ended(Ending::Refused))
    );
}

#[test]
fn a_refresh_may_bring_one_token_or_two() {
    let one = of_refresh(Ok(reply(200, r#"{"access":"a"}"#))).map(|tokens| tokens.refresh);
    assert_eq!(one, Ok(None));
    let two =
        of_refresh(Ok(reply(200, r#"{"access":"a","refresh":"r"}"#))).map(|tokens| tokens.refresh);
    assert_eq!(two, Ok(Some("r".to_owned())));
}

#[test]
fn a_login_says_which_field_is_wrong() {
    let blank = Ok(reply(
        400,
        r#"{"password":["This field may not be blank."]}"#,
    ));
    let password = Some("This field may not be blank.".to_owned());
    assert_eq!(
        of_sign_in(blank).err(),
        Some(SignInFailure::Fields {
            username: None,
            password
        })
    );
    let wrong = Ok(reply(
        401,
        r#"{"detail":"No active account found with the given credentials"}"#,
    ));
    assert_eq!(of_sign_in(wrong).err(), Some(SignInFailure::Wrong));
    let broken = Ok(reply(400, r#"{"detail":"JSON parse error"}"#));
    assert_eq!(
        of_sign_in(broken).err(),
        Some(SignInFailure::Rejected("JSON parse error".to_owned()))
    );
}

#[test]
fn a_login_that_comes_too_fast_is_to_be_tried_again_when_the_server_says() {
    let throttled = Ok(Reply {
        retry_after: Some(6),
        ..reply(
            429,
            r#"{"detail":"Request was throttled. Expected available in 6 seconds."}"#,
        )
    });
    assert_eq!(
        of_sign_in(throttled).err(),
        Some(SignInFailure::TryLater {
            trouble: Trouble::Busy,
            after: Some(6)
        })
    );
}

#[test]
fn a_session_that_is_over_already_counts_as_signed_out() {
    assert_eq!(of_logout(Ok(reply(200, "{}"))), Farewell::Heard);
    let over = Reply {
        ended: Some("admin".to_owned()),
        ..reply(401, r#"{"detail":"Token is blacklisted"}"#)
    };
    assert_eq!(of_logout(Ok(over)), Farewell::Heard);
    let expired = reply(401, r#"{"detail":"Token is expired"}"#);
    assert_eq!(of_logout(Ok(expired)), Farewell::Heard);
}

#[test]
fn a_logout_is_not_heard_by_a_stranger_nor_with_a_spent_token() {
    for (status, body, farewell) in [
        (200, "<html>Welcome to the hotel</html>", Farewell::Owed),
        (204, "", Farewell::Owed),
        (
            401,
            r#"{"detail":"Token is blacklisted"}"#,
            Farewell::Unheard,
        ),
        (
            401,
            r#"{"detail":"No valid refresh token found."}"#,
            Farewell::Unheard,
        ),
        (
            401,
            "<html>Please log in to the proxy</html>",
            Farewell::Owed,
        ),
        (403, r#"{"detail":"Another site."}"#, Farewell::Owed),
        (503, "", Farewell::Owed),
    ] {
        assert_eq!(
            of_logout(Ok(reply(status, body))),
            farewell,
            "{status} {body}"
        );
    }
    assert_eq!(of_logout(Err(Unreachable)), Farewell::Owed);
}

#[test]
fn who_is_to_wait_is_told_how_long() {
    for (after, sentence) in [
        (
            None,
            "The server asks for a pause. Please try again in a moment.",
        ),
        (
            Some(1),
            "The server asks for a pause. Please try again in a second.",
        ),
        (
            Some(6),
            "The server asks for a pause. Please try again in 6 seconds.",
        ),
        (
            Some(121),
            "The server asks for a pause. Please try again in 3 minutes.",
        ),
    ] {
        assert_eq!(Trouble::Busy.with_advice(after), sentence);
    }
}

#[test]
fn a_wrong_password_in_a_protected_call_is_said_in_the_servers_words_and_ends_nothing() {
    let reply = Reply {
        status: 400,
        body: r#"{"password":["This is not your password."]}"#.to_owned(),
        ..Reply::default()
    };
    let Verdict::Failed(failure) = of_call(Ok(reply)) else {
        panic!("a refusal");
    };
    let sentence = "This is not your password.".to_owned();
    assert_eq!(failure, Failure::Rejected(sentence));
}
