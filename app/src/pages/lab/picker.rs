//! Which scene to play.

use leptos::prelude::*;

use super::bench::Bench;
use super::words::title;
use crate::lab::scenes::Scene;

/// The list of scenes.
#[component]
pub fn Picker(
    /// The state of the page.
    bench: Bench,
) -> impl IntoView {
    let is_asleep = move || !bench.is_alive.get();
    let entry = move |scene: Scene| {
        let (number, name) = title(scene);
        let is_chosen = move || (bench.scene.get() == scene).then_some("true");
        view! {
            <li>
                <button
                    class="btn btn--small lab__scene"
                    type="button"
                    disabled=is_asleep
                    aria-current=is_chosen
                    on:click=move |_| bench.choose(scene)
                >
                    <span class="lab__number">{number}</span>
                    {name}
                </button>
            </li>
        }
    };
    view! {
        <nav aria-label="Scenes">
            <ol class="lab__scenes">{Scene::ALL.map(entry).to_vec()}</ol>
        </nav>
    }
}
