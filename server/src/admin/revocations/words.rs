//! What came of a revocation, in a sentence.

use leptos::prelude::*;

use crate::admin::list::{counted, grouped};
use crate::clock::UnixSeconds;
use crate::store::{Count, Target, Warrant};

/// A notice: its class and its text. `immediate` says that the access tokens of an ended session are refused at once.
pub fn banner(warrant: &Warrant, immediate: bool) -> (&'static str, String) {
    if warrant.finished_at.is_none() {
        return ("notice notice--info", so_far(warrant, immediate));
    }
    let done = match (&warrant.target, warrant.ended) {
        (target, 0) if !target.is_bulk() => {
            let text =
                "It was over already: nothing was revoked. The first reason stays on record.";
            return ("notice notice--info", text.to_owned());
        }
        (target, _) if target.is_access_token() => "The token is blacklisted.".to_owned(),
        (Target::Token { .. } | Target::Session { .. }, _) if immediate => {
            "The session has ended. None of its tokens is accepted any more.".to_owned()
        }
        (Target::Token { .. } | Target::Session { .. }, _) => "The session has ended.".to_owned(),
        (_, 0) => "No session was left to end.".to_owned(),
        (_, n) => {
            let sessions = counted(Count::Exactly(n), "session", "sessions");
            let users = warrant.users.filter(|users| *users > 0);
            let users =
                users.map(|n| format!(" of {}", counted(Count::Exactly(n), "user", "users")));
            format!("{sessions}{} ended.", users.unwrap_or_default())
        }
    };
    ("notice notice--ok", done)
}

fn so_far(warrant: &Warrant, immediate: bool) -> String {
    let ended = grouped(warrant.ended);
    let expected = counted(warrant.expected, "session", "sessions");
    let more = match warrant.target {
        Target::Everyone if immediate => {
            " Nothing issued before is accepted any more, nor is any API token."
        }
        Target::Everyone => {
            " Nothing issued before can be refreshed any more, and every API token is refused; access tokens work until \
             they expire."
        }
        Target::Token { .. }
        | Target::Session { .. }
        | Target::User { .. }
        | Target::Device { .. }
        | Target::Filter(_)
        | Target::Tokens(_) => "",
    };
    format!("It goes on: {ended} of {expected} ended so far.{more}")
}

/// Whether it goes on, or had anything to do, as a badge.
pub fn badge(warrant: &Warrant) -> AnyView {
    match warrant.finished_at {
        Some(_) if warrant.ended == 0 && !warrant.target.is_bulk() => {
            view! { <span class="badge badge--ended">"was over already"</span> }.into_any()
        }
        finished_at => state(finished_at).into_any(),
    }
}

/// Whether it goes on, as a badge.
pub fn state(finished_at: Option<UnixSeconds>) -> impl IntoView + use<> {
    match finished_at {
        Some(_) => view! { <span class="badge badge--ended">"finished"</span> },
        None => view! { <span class="badge badge--live">"goes on"</span> },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Origin, WarrantId};

    fn warrant(target: Target, ended: i64) -> Warrant {
        Warrant {
            id: WarrantId(1),
            begun_at: 0,
            actor: "admin".into(),
            note: "lost".into(),
            origin: Origin::default(),
            target,
            spared: None,
            last_id: None,
            expected: Count::AtLeast(10_000),
            alive: None,
            position: String::new(),
            ended,
            users: Some(1),
            finished_at: Some(0),
            claimed_until: 0,
        }
    }

    #[test]
    fn it_says_what_came_of_it() {
        let user = Target::User {
            id: 2,
            username: "alice".into(),
        };
        let session = || Target::Session {
            id: "s".into(),
            username: None,
        };
        for (warrant, immediate, expected) in [
            (warrant(user, 42), true, "42 sessions of 1 user ended."),
            (
                warrant(session(), 0),
                true,
                "It was over already: nothing was revoked. The first reason stays on record.",
            ),
            (warrant(session(), 1), false, "The session has ended."),
            (
                warrant(Target::Everyone, 0),
                true,
                "No session was left to end.",
            ),
        ] {
            assert_eq!(banner(&warrant, immediate).1, expected);
        }
        let goes_on = Warrant {
            finished_at: None,
            ..warrant(Target::Everyone, 1_200)
        };
        let said = |immediate| banner(&goes_on, immediate).1;
        for immediate in [true, false] {
            assert!(
                said(immediate).starts_with("It goes on: 1,200 of 10,000+ sessions ended so far.")
            );
        }
        assert!(
            said(true)
                .ends_with("Nothing issued before is accepted any more, nor is any API token.")
        );
        assert!(said(false).ends_with("access tokens work until they expire."));
    }
}
