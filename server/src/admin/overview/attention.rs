//! What needs attention, most urgent first: what may be a theft, then what does not work as it should. Each says what it
//! means and leads on, where there is somewhere to go. Judges what was read; reads nothing.

use leptos::prelude::*;

use super::super::listing::address;
use super::super::page::Section;
use super::super::show::{last_part, moment};
use super::clean_up::overdue;
use super::words::{several, times};
use super::{LATELY, Seen};
use crate::clock::UnixSeconds;
use crate::event::Kind;
use crate::registry::Doubt;
use crate::store::{Alarm, EXACT, MOST_ALARMS};

/// How many events of a kind are shown.
const SHOWN: usize = 3;

/// How many overdue tokens are no trouble: a session's oldest token may wait for a younger one.
const WAITING: i64 = 100;

/// A kind of alarming event in words.
struct Alarming {
    kind: Kind,
    title: &'static str,
    meaning: &'static str,
    /// What the link to all of them says.
    link: &'static str,
}

/// The kinds that [`Kind::is_alarming`] names, most urgent first.
const ALARMING: [Alarming; 4] = [
    Alarming {
        kind: Kind::TokenReuse,
        title: "A spent refresh token came back",
        meaning: "Somebody may have a copy of it. Its session was ended for everybody.",
        link: "Every reuse",
    },
    Alarming {
        kind: Kind::ImpossibleTravel,
        title: "A session was used from places nobody travels between",
        meaning: "Two people may be using it.",
        link: "Every impossible travel",
    },
    Alarming {
        kind: Kind::ExcessRateLimitExceeded,
        title: "A session was refreshed far too often",
        meaning: "A program may be broken, or somebody may be trying something.",
        link: "Every burst",
    },
    Alarming {
        kind: Kind::LoginFailMax,
        title: "Logins came too fast and were refused",
        meaning: "Somebody may be guessing passwords. It is noted once a minute at most.",
        link: "Every refusal",
    },
];

/// Something to look at.
pub struct Concern {
    /// Somebody may be where they should not be; else something does not work as it should.
    is_alarm: bool,
    /// What it is.
    title: String,
    /// What it means.
    meaning: String,
    /// The latest events of it.
    latest: Vec<Alarm>,
    /// Where there is more, and what the link says.
    more: Option<(String, &'static str)>,
}

/// All there is, most urgent first.
#[must_use]
pub fn concerns(seen: &Seen) -> Vec<Concern> {
    let alarms = ALARMING.into_iter().filter_map(|of| alarm(&of, seen));
    let troubles = [
        memory(seen.doubt),
        failed_clean_up(seen),
        late_clean_up(seen.figures.overdue),
        given_up(seen.figures.given_up),
        late_webhooks(seen.figures.late),
        no_superuser(seen.figures.has_superuser),
    ];
    alarms.chain(troubles.into_iter().flatten()).collect()
}

fn alarm(of: &Alarming, seen: &Seen) -> Option<Concern> {
    let Alarming {
        kind,
        title,
        meaning,
        link,
    } = *of;
    let of_kind: Vec<_> = seen
        .alarms
        .iter()
        .filter(|alarm| alarm.kind == kind.as_str())
        .collect();
    if of_kind.is_empty() {
        return None;
    }
    let query = [("kind", kind.as_str())];
    Some(Concern {
        is_alarm: true,
        title: format!(
            "{title}, {} in the last {} hours",
            times(of_kind.len(), MOST_ALARMS),
            LATELY / 3600
        ),
        meaning: meaning.to_owned(),
        latest: of_kind.into_iter().take(SHOWN).cloned().collect(),
        more: Some((address(Section::Events.path(), &query), link)),
    })
}

/// Something that does not work as it should.
fn trouble(title: impl Into<String>, meaning: impl Into<String>) -> Concern {
    Concern {
        is_alarm: false,
        title: title.into(),
        meaning: meaning.into(),
        latest: Vec::new(),
        more: None,
    }
}

fn memory(doubt: Option<Doubt>) -> Option<Concern> {
    let (title, until) = match doubt? {
        Doubt::Stale => ("This node has not heard of revocations lately", "it has"),
        Doubt::Incomplete => (
            "There are more revocations than this node can remember",
            "it is restarted",
        ),
    };
    let meaning = format!("It asks the database about every access token until {until}.");
    Some(trouble(title, meaning))
}

fn failed_clean_up(seen: &Seen) -> Option<Concern> {
    let last = seen.notes.clean_up.as_ref()?;
    let error = last.outcome.as_ref().err()?;
    Some(Concern {
        more: Some(to_clean_up()),
        ..trouble(
            "The last clean-up failed",
            format!("What is over stays on record: {error}."),
        )
    })
}

fn late_clean_up(count: i64) -> Option<Concern> {
    (count > WAITING).then(|| Concern {
        more: Some(to_clean_up()),
        ..trouble(
            "Clean-up falls behind",
            format!("It should have removed {} by now.", overdue(count)),
        )
    })
}

fn to_clean_up() -> (String, &'static str) {
    ("#clean-up".to_owned(), "The state of clean-up")
}

fn given_up(count: i64) -> Option<Concern> {
    let title = match count {
        0 => return None,
        n if n > EXACT => "More than 1,000 webhooks were given up".to_owned(),
        1 => "1 webhook was given up".to_owned(),
        n => format!("{} were given up", several(n, "webhook", "webhooks")),
    };
    let meaning = "They were tried for about a day. The commands \u{201c}jotward webhook list\u{201d} and \u{201c}jotward webhook \
                   retry\u{201d} show them and try them anew.";
    Some(trouble(title, meaning))
}

fn late_webhooks(count: i64) -> Option<Concern> {
    let title = match count {
        0 => return None,
        n if n > EXACT => "More than 1,000 webhooks are late".to_owned(),
        1 => "1 webhook is late".to_owned(),
        n => format!("{} are late", several(n, "webhook", "webhooks")),
    };
    let meaning = "They are not taken where they are sent, or no node sends them. The command \u{201c}jotward webhook \
                   list\u{201d} says what went wrong.";
    Some(trouble(title, meaning))
}

fn no_superuser(has_one: bool) -> Option<Concern> {
    (!has_one).then(|| Concern {
        more: Some((Section::Users.path().to_owned(), "Users")),
        ..trouble(
            "Nobody who may log in is a superuser",
            "Only superusers manage users here. The command \u{201c}jotward user add NAME --superuser\u{201d} makes one.",
        )
    })
}

/// The list on the page, or that there is nothing.
pub fn section(concerns: &[Concern], now: UnixSeconds) -> impl IntoView + use<> {
    let body = if concerns.is_empty() {
        view! { <p class="notice notice--ok concern">{sign(true)} "Nothing needs attention."</p> }
            .into_any()
    } else {
        let all = concerns
            .iter()
            .map(|concern| item(concern, now))
            .collect_view();
        view! { <ul class="stack concerns">{all}</ul> }.into_any()
    };
    view! {
        <section class="stack" aria-labelledby="attention">
            <h2 id="attention">"What needs attention"</h2>
            {body}
        </section>
    }
}

fn item(concern: &Concern, now: UnixSeconds) -> impl IntoView + use<> {
    let class = if concern.is_alarm {
        "notice notice--error concern"
    } else {
        "notice notice--warn concern"
    };
    let latest = (!concern.latest.is_empty()).then(|| {
        let lines = concern
            .latest
            .iter()
            .map(|alarm| line(alarm, now))
            .collect_view();
        view! { <ul>{lines}</ul> }
    });
    let more = concern.more.clone().map(|(href, text)| {
        view! {
            <p>
                <a href=href>{text}</a>
            </p>
        }
    });
    view! {
        <li class=class>
            {sign(false)}
            <div>
                <h3>{concern.title.clone()}</h3>
                <p>{concern.meaning.clone()}</p>
                {latest}
                {more}
            </div>
        </li>
    }
}

/// Who, when, which session and from where.
fn line(alarm: &Alarm, now: UnixSeconds) -> impl IntoView + use<> {
    let user = alarm.user_id.zip(alarm.username.clone()).map(|(id, name)| {
        view! { <a href=format!("/admin/users/{id}/")>{name}</a> " · " }
    });
    let session = alarm.session_id.as_deref().map(|id| {
        let state = if alarm.goes_on { "still live" } else { "over" };
        let text = format!("session {}", last_part(id));
        view! { " · " <a href=format!("/admin/sessions/{id}/")>{text}</a> {format!(", {state}")} }
    });
    let from = (!alarm.ip.is_empty()).then(|| format!(" · from {}", alarm.ip));
    let detail = alarm.detail.clone().map(|detail| format!(" · {detail}"));
    view! { <li>{user} {moment(alarm.at, now)} {session} {from} {detail}</li> }
}

/// A tick, or a triangle with a mark in it; the words beside say what it means.
fn sign(is_well: bool) -> impl IntoView {
    let path = if is_well {
        "M3 9l4 4 8-9"
    } else {
        "M9 2L1 16h16zM9 7v4m0 2v1"
    };
    view! {
        <svg class="concern__sign" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_alarming_has_words_here() {
        for kind in Kind::ALL {
            let told = ALARMING.iter().filter(|of| of.kind == kind).count();
            assert_eq!(told, usize::from(kind.is_alarming()), "{kind:?}");
        }
    }
}
