//! Who is signed in, how long the access token still lives, and when it was renewed.
//! The countdown is a timer that no screen reader announces by itself; it says in words when the end has come.

use leptos::prelude::*;

use super::desk::Desk;

/// The card.
#[component]
pub fn SessionCard(
    /// The page it is on.
    desk: Desk,
) -> impl IntoView {
    let name = move || {
        desk.session
            .with(|session| session.as_ref().map(|session| session.username.clone()))
    };
    let left = move || {
        let remaining = desk.session.with(|session| {
            session
                .as_ref()
                .map(|session| session.remaining(desk.now.get()))
        });
        remaining.map_or("–".to_owned(), |remaining| countdown(remaining))
    };
    let renewed = move || {
        let at = desk
            .session
            .with(|session| session.as_ref().map(|session| session.renewed_at));
        at.map_or("–".to_owned(), |at| ago(at, desk.now.get()))
    };
    view! {
        <section class="card stack" aria-labelledby="session-title">
            <h2 id="session-title">"Your session"</h2>
            <dl class="facts">
                <dt>"Signed in as"</dt>
                <dd data-testid="username">{move || name().unwrap_or_else(|| "–".to_owned())}</dd>
                <dt>"Access token"</dt>
                <dd>
                    <span role="timer" aria-live="off" aria-label="Access token">
                        {left}
                    </span>
                </dd>
                <dt>"Renewed"</dt>
                <dd data-testid="renewed">{renewed}</dd>
                <dt>"Renewals by this page"</dt>
                <dd data-testid="renewals">{move || desk.renewals.get()}</dd>
            </dl>
            <p>
                <button class="btn btn--quiet" type="button" disabled=move || !desk.is_open.get() on:click=move |_| desk.sign_out()>
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
