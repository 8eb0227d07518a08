//! Whether clean-up keeps up: what it did last on this node, and the oldest that is still there.

use leptos::prelude::*;

use super::super::show::moment;
use super::Seen;
use super::words::several;
use crate::lifecycle::Tidied;
use crate::store::EXACT;
use crate::upkeep::CleanUp;

/// The state of clean-up.
pub fn section(seen: &Seen) -> impl IntoView + use<> {
    let (now, figures) = (seen.now, &seen.figures);
    let last = seen.notes.clean_up.as_ref().map(|CleanUp { at, outcome }| {
        let came = match outcome {
            Ok(tidied) => removed(tidied),
            Err(error) => format!("failed: {error}"),
        };
        view! { {moment(*at, now)} ", " {came} }.into_any()
    });
    let next = seen
        .notes
        .next_clean_up
        .map(|at| moment(at, now).into_any());
    let oldest = figures.oldest_expiry.filter(|at| *at <= now);
    let oldest = oldest.map(|at| view! { "expired " {moment(at, now)} }.into_any());
    view! {
        <section class="card stack" aria-labelledby="clean-up">
            <h2 id="clean-up">"Clean-up"</h2>
            <dl class="facts">
                <dt>"Last on this node"</dt>
                <dd>{last.unwrap_or_else(|| "not yet since it started".into_any())}</dd>
                <dt>"Next"</dt>
                <dd>{next.unwrap_or_else(|| "none is due".into_any())}</dd>
                <dt>"Expired tokens are kept"</dt>
                <dd>{seen.keep_expired.to_string()}</dd>
                <dt>"Oldest on record"</dt>
                <dd>{oldest.unwrap_or_else(|| "nothing has expired".into_any())}</dd>
                <dt>"Overdue"</dt>
                <dd>{overdue(figures.overdue)}</dd>
            </dl>
        </section>
    }
}

/// How many tokens should have been removed.
#[must_use]
pub fn overdue(count: i64) -> String {
    match count {
        0 => "nothing".to_owned(),
        n if n > EXACT => format!("more than {}", several(EXACT, "token", "tokens")),
        n => several(n, "token", "tokens"),
    }
}

fn removed(tidied: &Tidied) -> String {
    let Tidied {
        registry,
        events,
        devices,
        activity,
    } = tidied;
    let of = |count: u64, one, many| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        (count > 0).then(|| several(count, one, many))
    };
    let parts: Vec<_> = [
        of(registry.tokens, "token", "tokens"),
        of(registry.sessions, "session", "sessions"),
        of(
            registry.revocations,
            "entry of the feed of revocations",
            "entries of the feed of revocations",
        ),
        of(*events, "event", "events"),
        of(*devices, "device", "devices"),
        of(*activity, "count", "counts"),
    ]
    .into_iter()
    .flatten()
    .collect();
    match parts.as_slice() {
        [] => "nothing was over for long".to_owned(),
        parts => format!("removed {}", parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Flushed;

    #[test]
    fn what_was_removed_is_named() {
        assert_eq!(removed(&Tidied::default()), "nothing was over for long");
        let registry = Flushed {
            tokens: 1200,
            sessions: 1,
            revocations: 0,
        };
        let tidied = Tidied {
            registry,
            events: 2,
            ..Tidied::default()
        };
        assert_eq!(
            removed(&tidied),
            "removed 1,200 tokens, 1 session, 2 events"
        );
    }

    #[test]
    fn what_is_overdue_is_counted_up_to_a_limit() {
        let said = [0, 1, 1000, 1001].map(overdue);
        assert_eq!(
            said,
            [
                "nothing",
                "1 token",
                "1,000 tokens",
                "more than 1,000 tokens"
            ]
        );
    }
}
