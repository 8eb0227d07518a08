//! A sentence that stands out from the page: a remark, a warning, an error.
//! It is announced by its role, so it must be in the page before its text is.

use leptos::prelude::*;

/// How a notice is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// It is done.
    Done,
    /// It works, but look here.
    Warn,
    /// It did not work.
    Error,
}

impl Tone {
    /// The classes of a notice of this tone.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Tone::Info => "notice notice--info",
            Tone::Done => "notice notice--ok",
            Tone::Warn => "notice notice--warn",
            Tone::Error => "notice notice--error",
        }
    }

    /// Errors interrupt a screen reader, everything else waits its turn.
    fn role(self) -> &'static str {
        match self {
            Tone::Error => "alert",
            Tone::Info | Tone::Done | Tone::Warn => "status",
        }
    }
}

/// A live region that shows `text` as a notice while there is some.
#[component]
pub fn Notice(
    /// How it is meant.
    tone: Tone,
    /// What it says; nothing is shown while it is empty.
    text: RwSignal<String>,
) -> impl IntoView {
    let is_empty = move || text.with(String::is_empty);
    view! {
        <div role=tone.role()>
            <p class=tone.class() hidden=is_empty>
                {text}
            </p>
        </div>
    }
}

/// Says that the page does not come alive. The stylesheet shows it after a while, because no script can do it then;
/// an island that wakes up takes it away.
#[component]
pub fn Asleep(
    /// Whether the island is alive.
    alive: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <p class="notice notice--warn late" hidden=move || alive.get()>
            "This page has not come alive. " <a href="">"Reload it"</a>
            "; if that does not help, something keeps its program from loading."
        </p>
    }
}
