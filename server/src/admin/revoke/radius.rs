//! What a revocation would do, in numbers and in a sentence about the tokens that are out.

use leptos::prelude::*;

use crate::admin::list::{counted, grouped};
use crate::clock::UnixSeconds;
use crate::store::{Count, Radius};

/// The numbers, and the sentence. `immediate` says that the access tokens of an ended session are refused at once.
pub fn view(radius: &Radius, immediate: bool, now: UnixSeconds) -> AnyView {
    let sentence = after(radius.last_access_at, immediate, now);
    view! {
        <h2>"What it ends"</h2>
        <dl class="facts">
            <dt>"Sessions"</dt>
            <dd>{counted(radius.sessions, "live session", "live sessions")}</dd>
            <dt>"Users"</dt>
            <dd>{counted(radius.users, "user", "users")}</dd>
            <dt>"Access tokens"</dt>
            <dd>{alive(radius.access)}</dd>
            <dt>"Other tokens"</dt>
            <dd>{alive(radius.others)}</dd>
        </dl>
        <p>{sentence}</p>
    }
    .into_any()
}

/// How many tokens are alive, in words.
pub fn alive(count: Count) -> String {
    match count {
        Count::Exactly(n) => format!("{} alive", grouped(n)),
        Count::AtLeast(0) => "not counted".to_owned(),
        Count::AtLeast(n) => format!("at least {} alive", grouped(n)),
    }
}

/// What becomes of the access tokens that are out. Without a memory of revocations they would live on until they expire,
/// as they do everywhere else.
fn after(last: Option<UnixSeconds>, immediate: bool, now: UnixSeconds) -> String {
    let Some(last) = last else {
        return "No access token is out that could be used.".to_owned();
    };
    let rest = lasts(last - now);
    if immediate {
        format!(
            "They are refused at once. Without Jotward's memory of revocations the last access token would go on working \
             for another {rest}."
        )
    } else {
        format!(
            "IMMEDIATE_REVOCATION is off: nobody gets a new token, but access tokens that are out go on working until they \
             expire, the last of them for another {rest}."
        )
    }
}

/// A time to wait, as exact as it matters.
fn lasts(seconds: i64) -> String {
    match seconds {
        1 => "second".to_owned(),
        ..600 => format!("{seconds} seconds"),
        600..7_200 => format!("{} minutes", (seconds + 30) / 60),
        7_200..172_800 => format!("{} hours", (seconds + 1_800) / 3_600),
        _ => format!("{} days", (seconds + 43_200) / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_long_a_token_would_have_lived() {
        let sentence = after(Some(1_281), true, 1_000);
        assert!(sentence.contains("refused at once") && sentence.contains("another 281 seconds"));
        let sentence = after(Some(1_001), false, 1_000);
        assert!(
            sentence.contains("IMMEDIATE_REVOCATION is off") && sentence.contains("another second")
        );
        assert!(after(None, true, 1_000).contains("No access token"));
    }

    #[test]
    fn a_time_is_as_exact_as_it_matters() {
        for (seconds, text) in [
            (599, "599 seconds"),
            (600, "10 minutes"),
            (7_200, "2 hours"),
            (172_800, "2 days"),
        ] {
            assert_eq!(lasts(seconds), text);
        }
    }

    #[test]
    fn what_was_not_counted_is_said() {
        assert_eq!(alive(Count::Exactly(3)), "3 alive");
        assert_eq!(alive(Count::AtLeast(10_000)), "at least 10,000 alive");
        assert_eq!(alive(Count::AtLeast(0)), "not counted");
    }
}
