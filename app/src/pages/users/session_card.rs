//! Who is signed in, how long the access token still lives, and when it was renewed.
//! The countdown is a timer that no screen reader announces by itself; it says in words when the end has come.

use leptos::prelude::*;

use super::desk::Desk;
use crate::client::Session;

/// The card.
#[component]
pub fn SessionCard(
    /// The page it is on.
    desk: Desk,
) -> impl IntoView {
    let of_session = move |say: fn(&Session, u64) -> String| {
        move || {
            let now = desk.now.get();
            desk.session.with(|session| {
                session
                    .as_ref()
                    .map_or("–".to_owned(), |session| say(session, now))
            })
        }
    };
    let name = of_session(|session, _| session.username.clone());
    let left = of_session(|session, now| countdown(session.remaining(now)));
    let renewed = of_session(|session, now| ago(session.renewed_at, now));
    let renewals = move || desk.renewals.get().to_string();
    let is_closed = move || !desk.guard.is_open.get();
    view! {
        <section class="card stack" aria-labelledby="session-title">
            <h2 id="session-title">"Your session"</h2>
            <div>
                <p class="muted">"Access token"</p>
                <p class="countdown" role="timer" aria-live="off" aria-label="Access token">
                    {left}
                </p>
            </div>
            <dl class="facts">
                <dt>"Signed in as"</dt>
                <dd data-testid="username">{name}</dd>
                <dt>"Renewed"</dt>
                <dd data-testid="renewed">{renewed}</dd>
                <dt>"Renewals here"</dt>
                <dd data-testid="renewals">{renewals}</dd>
            </dl>
            <p>
                <button class="btn" type="button" disabled=is_closed on:click=move |_| desk.sign_out()>
                    "Sign out"
                </button>
            </p>
        </section>
    }
}

/// What is left of a token's life, given in milliseconds.
fn countdown(remaining: Option<u64>) -> String {
    match remaining {
        None => "does not say how long it lives".to_owned(),
        Some(0) => "expired – will be renewed on the next request".to_owned(),
        Some(milliseconds) => format!("expires in {}", duration(milliseconds.div_ceil(1_000))),
    }
}

/// How long ago `at` was; both in milliseconds.
fn ago(at: Option<u64>, now: u64) -> String {
    match at {
        None => "not since signing in".to_owned(),
        Some(at) => format!("{} ago", duration(now.saturating_sub(at) / 1_000)),
    }
}

fn duration(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds:02} s"),
        _ => format!("{hours} h {minutes:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countdown_never_says_zero_before_the_end() {
        assert_eq!(countdown(Some(1)), "expires in 1 s");
        assert_eq!(countdown(Some(272_000)), "expires in 4 min 32 s");
        assert_eq!(
            countdown(Some(0)),
            "expired – will be renewed on the next request"
        );
    }

    #[test]
    fn durations_in_words() {
        assert_eq!(duration(59), "59 s");
        assert_eq!(duration(60), "1 min 00 s");
        assert_eq!(duration(3_725), "1 h 02 min");
        assert_eq!(ago(Some(5_000), 4_000), "0 s ago");
        assert_eq!(ago(None, 4_000), "not since signing in");
    }
}
