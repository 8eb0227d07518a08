//! What the answer to a step means, in a sentence or three. Pure.

use axum::http::StatusCode;
use serde_json::Value;

use super::super::Taken;
use super::super::step::Step;
use crate::config::Settings;
use crate::session::EndReason;

/// The class of the notice, and what it says.
pub fn outcome(settings: &Settings, taken: &Taken) -> (&'static str, String) {
    if taken.exchange.status != StatusCode::OK {
        return ("notice notice--warn", refusal(settings, taken));
    }
    let same = taken.has.refresh == taken.had.refresh;
    let sentence = match taken.step {
        Step::LogIn => "A session is open, and its first two tokens are on record.".to_owned(),
        Step::Call | Step::CallAgain => let_in(settings, taken),
        Step::Refresh | Step::RefreshAgain if same => {
            "There is a new access token. Refresh tokens are not rotated here.".to_owned()
        }
        Step::Refresh => {
            let grace = settings.refresh_retry_window.get();
            format!(
                "The refresh token is spent; its successor took its place. Take the next step within {grace} seconds: \
                 after that, the server would no longer take it for a lost answer."
            )
        }
        Step::RefreshAgain => {
            "The refresh token is spent; its successor took its place.".to_owned()
        }
        Step::Repeat if same => {
            "The very same successor came back: nobody was logged out, and there is no second branch. This is the grace."
                .to_owned()
        }
        Step::Look => {
            "That is the session as its user may see it. What is spent has the reason “rotated” there.".to_owned()
        }
        Step::Repeat | Step::Ancestor => "It was answered.".to_owned(),
    };
    ("notice notice--ok", sentence)
}

/// Why an access token was enough, which depends on whether the server remembers what was ended.
fn let_in(settings: &Settings, taken: &Taken) -> String {
    let ended = is_over(taken);
    let sentence = match (settings.immediate_revocation, ended) {
        (true, _) => {
            "Let in. Whether the token is good was not asked of the database: its signature and its times say so, and \
             the server's memory, which knows the sessions that were ended. That is why a token stops at once when its \
             session does."
        }
        (false, false) => {
            "Let in. Whether the token is good was not asked of the database: its signature and its times say so. This \
             server keeps no memory of ended sessions (IMMEDIATE_REVOCATION is off), so the token is good until it \
             expires, whatever happens."
        }
        (false, true) => {
            "Let in, although the session is over: this server keeps no memory of ended sessions (IMMEDIATE_REVOCATION is \
             off), so the token is good until it expires."
        }
    };
    sentence.to_owned()
}

fn is_over(taken: &Taken) -> bool {
    let after = taken.after.as_ref();
    after.is_some_and(|family| family.state == "ended")
}

fn refusal(settings: &Settings, taken: &Taken) -> String {
    let status = taken.exchange.status;
    let detail = taken.exchange.body.get("detail").and_then(Value::as_str);
    let mut text = format!("Refused: {status}");
    if let Some(detail) = detail {
        text.push_str(", \u{201c}");
        text.push_str(detail);
        text.push('\u{201d}');
    }
    text.push('.');
    let ran_out = taken.exchange.body.to_string().contains("expired");
    let ended = taken.after.as_ref().filter(|_| is_over(taken));
    let Some(ended) = ended else {
        if ran_out {
            text.push_str(
                " The token ran out while you read. A client refreshes then, and calls again.",
            );
        }
        return text;
    };
    text.push_str(" The session is over for everybody who has a token of it: ");
    let reason = ended.end_reason.as_str();
    text.push_str(match EndReason::parse(reason) {
        Some(reason) => reason.words(),
        None => reason,
    });
    text.push('.');
    match taken.step {
        Step::CallAgain if ran_out => text.push_str(" And the access token has run out meanwhile."),
        Step::CallAgain => text.push_str(
            " By its signature and its times the access token was good; the server's memory of ended sessions refused it.",
        ),
        Step::Repeat => {
            let grace = settings.refresh_retry_window.get();
            let late = format!(
                " More than {grace} seconds after the refresh this is no lost answer any more: in time the very same \
                 successor would have come again. Begin again to see that."
            );
            text.push_str(&late);
        }
        Step::Ancestor => {
            text.push_str(" Owner and thief must sign in again, and only one of them knows the password.");
        }
        _ => {}
    }
    text
}
