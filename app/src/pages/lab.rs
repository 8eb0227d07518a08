//! `/lab`: refresh tokens tried out against this very server. What a scene is about stands in the page as text, which reads
//! without script; the island plays the scenes.
//!
//! The lab does not touch the session of this tab: everything it opens is in memory, and ended when it is left.

mod bench;
mod cards;
mod controls;
mod detail;
mod diagram;
mod entrance;
mod findings;
mod picker;
#[cfg(feature = "ssr")]
mod texts;
mod tree;
mod words;

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::ui::document::{Head, Module};
use crate::ui::notice::Asleep;
use bench::Bench;

#[cfg(feature = "ssr")]
pub const HEAD: Head = Head {
    title: "The lab",
    description: "Refresh tokens, rotation, reuse and theft, tried out against a real server.",
    path: "/lab",
    module: Some(Module::Lab),
};

/// The page.
#[cfg(feature = "ssr")]
#[component]
pub fn Lab(
    /// How long the server lets access tokens live, in seconds.
    longest: i64,
) -> impl IntoView {
    view! {
        <texts::Introduction />
        <div id=bench::LAB data-longest=longest.to_string()>
            <Laboratory>
                <texts::Scenes />
            </Laboratory>
        </div>
        <texts::Code />
        <texts::Limits />
    }
}

/// The living part of the page, around the texts of its scenes.
#[island]
fn Laboratory(children: Children) -> impl IntoView {
    let bench = Bench::new();
    Effect::new(move || bench.wake());
    let number = move || bench.number().to_string();
    view! {
        <Asleep alive=bench.is_alive />
        <entrance::Entrance bench />
        <section class="lab stack" id=bench::SCENES tabindex="-1" aria-labelledby="scenes-title">
            <h2 id="scenes-title">"Scenes"</h2>
            <picker::Picker bench />
            <div class="lab__texts card" data-scene=number>
                {children()}
            </div>
        </section>
        <section class="stack lab__play" aria-label="The stage">
            <controls::Controls bench />
            <div node_ref=bench.stage hidden=move || !bench.is_open.get()></div>
        </section>
    }
}

/// What there is to see once somebody is in. It is never rendered by the server, and so never hydrated, which would take
/// the code for both ways into the module.
fn stage(bench: Bench) -> impl IntoView {
    view! {
        <div class="split lab__stage">
            <diagram::Diagram bench />
            <div class="stack lab__side">
                <tree::Tree bench />
                <findings::Findings bench />
                <cards::Cards bench />
            </div>
        </div>
    }
}
