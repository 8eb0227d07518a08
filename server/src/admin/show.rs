//! Values as people read them: times relative to now, states as words with a badge.

use app::ui::when::relative;
use leptos::prelude::*;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use crate::clock::UnixSeconds;
use crate::session::EndReason;
use crate::store::{ListedSession, ListedToken, LiveSessions, TokenStatus};

/// How much of a name lists show, in characters. Nobody reads more of it there; the page of whose name it is has all.
pub const NAME: usize = 32;

/// What became of a token, at the time `now`.
#[must_use]
pub fn token_status(row: &ListedToken, now: UnixSeconds) -> TokenStatus {
    let reason = row.blacklist_reason.as_deref();
    TokenStatus::of(row.ended_at, reason, row.expires_at, now)
}

/// A badge with what became of a token in words, and the name of the reason its session ended for.
pub fn token_badge(status: TokenStatus, reason: Option<&str>) -> impl IntoView + use<> {
    let (class, word) = match (status, reason.and_then(EndReason::parse)) {
        (TokenStatus::Live, _) => ("badge badge--live", "live"),
        (TokenStatus::Rotated, _) => ("badge badge--rotated", "rotated"),
        (TokenStatus::Blacklisted, _) => ("badge badge--blacklisted", "blacklisted"),
        (TokenStatus::Ended, Some(EndReason::Reuse | EndReason::Anomaly)) => {
            ("badge badge--blacklisted", "session ended")
        }
        (TokenStatus::Ended, _) => ("badge badge--ended", "session ended"),
        (TokenStatus::Expired, _) => ("badge badge--expired", "expired"),
    };
    let text = match reason.filter(|_| status == TokenStatus::Ended) {
        Some(reason) => format!("{word}: {}", words(reason)),
        None => word.to_owned(),
    };
    view! { <span class=class>{text}</span> }
}

/// What became of a session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SessionState {
    /// It goes on.
    Live,
    /// Nobody ended it; none of its tokens can be used any more.
    RunOut,
    /// It was ended.
    Ended,
    /// It was ended because a spent token came back, or because it was used as its owner would not.
    Suspicious,
}

impl SessionState {
    /// The state of a row at the time `now`.
    #[must_use]
    pub fn of(row: &ListedSession, now: UnixSeconds) -> Self {
        let reason = row.end_reason.as_deref().and_then(EndReason::parse);
        match (row.ended_at, reason) {
            (Some(_), Some(EndReason::Reuse | EndReason::Anomaly)) => Self::Suspicious,
            (Some(_), _) => Self::Ended,
            (None, _) if row.expires_at <= now || row.tokens_expire_at <= now => Self::RunOut,
            (None, _) => Self::Live,
        }
    }

    /// Whether it can still be ended.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Live | Self::RunOut)
    }

    /// A badge with the state in words, and the name of the reason it ended for.
    pub fn badge(self, reason: Option<&str>) -> impl IntoView + use<> {
        let (class, word) = match self {
            Self::Live => ("badge badge--live", "live"),
            Self::RunOut => ("badge badge--expired", "run out"),
            Self::Ended => ("badge badge--ended", "ended"),
            Self::Suspicious => ("badge badge--blacklisted", "ended"),
        };
        let text = match reason {
            Some(reason) => format!("{word}: {}", words(reason)),
            None => word.to_owned(),
        };
        view! { <span class=class>{text}</span> }
    }
}

/// A reason as people say it.
#[must_use]
pub fn words(reason: &str) -> &str {
    match EndReason::parse(reason) {
        Some(reason) => reason.words(),
        None => reason,
    }
}

/// A time, relative to `now`; the exact one in it is seen under the pointer, and heard by who listens.
pub fn moment(at: UnixSeconds, now: UnixSeconds) -> impl IntoView + use<> {
    let exact = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let exact_words = exact
        .format(format_description!(
            "[year]-[month]-[day] [hour]:[minute]:[second] UTC"
        ))
        .unwrap_or_default();
    let machine = exact.format(&Rfc3339).unwrap_or_default();
    view! { <time datetime=machine>{relative(at, now)} <i>{exact_words}</i></time> }
}

/// The end of a long name, where names differ; the whole of it stands in the element's title.
pub fn shortened(name: &str) -> impl IntoView + use<> {
    let skipped = name.chars().count().saturating_sub(8);
    let short: String = name.chars().skip(skipped).collect();
    let more = if skipped > 0 { "…" } else { "" };
    view! { <span class="mono" title=name.to_owned()>{format!("{more}{short}")}</span> }
}

/// Only the end of a session's id differs between sessions opened at about the same time.
#[must_use]
pub fn last_part(session_id: &str) -> String {
    format!("…{}", session_id.rsplit('-').next().unwrap_or_default())
}

/// A user's name, which leads to their page; or that there is none any more.
pub fn user_link(id: Option<i64>, name: Option<&str>) -> AnyView {
    match (id, name) {
        (Some(id), Some(name)) => {
            let href = format!("/admin/users/{id}/");
            view! { <a href=href>{cut(name, NAME)}</a> }.into_any()
        }
        _ => user(name).into_any(),
    }
}

/// A session's id, shortened, which leads to its page.
pub fn session_link(id: &str) -> impl IntoView + use<> {
    let href = format!("/admin/sessions/{id}/");
    view! { <a class="mono" href=href>{last_part(id)}</a> }
}

/// How many of somebody's latest sessions are live, such as `2 live`, on one line; or `50+ live` where there are others that
/// were not looked at.
#[must_use]
pub fn live_sessions(sessions: LiveSessions) -> String {
    let LiveSessions { live, has_older } = sessions;
    let more = if has_older { "+" } else { "" };
    format!("{live}{more}\u{a0}live")
}

/// A user's name, or that there is none any more.
pub fn user(name: Option<&str>) -> impl IntoView + use<> {
    cut(name.unwrap_or("(deleted)"), NAME)
}

/// The beginning of a text, of at most so many characters.
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    let mut shown: String = text.chars().take(most).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
