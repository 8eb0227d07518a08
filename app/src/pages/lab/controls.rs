//! Play, pause, step and stop; how long access tokens live; the way out. What is going on is said in words beside them.

use leptos::prelude::*;

use super::bench::{Act, Bench, CONTROLS, LIFETIME, stage};
use super::words::duration;
use crate::lab::gate::Pace;

/// How long access tokens may be asked to live, in seconds; zero leaves it to the server, which never gives more.
const LIFETIMES: [(u32, &str); 4] = [
    (5, "5 seconds"),
    (15, "15 seconds"),
    (60, "a minute"),
    (0, "as long as the server says"),
];

/// The controls.
#[component]
pub fn Controls(
    /// The state of the page.
    bench: Bench,
) -> impl IntoView {
    let is_closed = move || !bench.is_open.get();
    let is_idle = move || !bench.is_playing();
    let is_running = move || bench.is_playing() && bench.pace.get() == Pace::Play;
    let is_waiting = move || {
        bench.mark.track();
        bench.is_playing() && stage().waits_for().is_some()
    };
    let play_or_pause = move |_| {
        bench.play(
            if bench.act.get_untracked() == Act::Playing && bench.pace.get_untracked() == Pace::Play
            {
                Pace::Step
            } else {
                Pace::Play
            },
        );
    };
    let label = move || match (bench.act.get(), bench.pace.get()) {
        (Act::Ready | Act::Stopped | Act::Over, _) => "Play the scene",
        (Act::Playing, Pace::Play) => "Pause",
        (Act::Playing, Pace::Step) => "Play on",
    };
    let choose_lifetime = move |event| {
        stage().set_lifetime(event_target_value(&event).parse().unwrap_or(0));
    };
    view! {
        <div class="lab__options lab__live" role="group" aria-label="Options">
            <label for="lifetime">
                "Access tokens live "
                <select
                    id=LIFETIME
                    disabled=is_closed
                    on:change=choose_lifetime
                >
                    {LIFETIMES
                        .map(|(seconds, said)| {
                            let is_too_long = move || u64::from(seconds) > bench.longest.get();
                            view! {
                                <option value=seconds.to_string() disabled=is_too_long>
                                    {said}
                                </option>
                            }
                        })
                        .to_vec()}
                </select>
            </label>
            <button class="btn btn--quiet" type="button" disabled=is_closed on:click=move |_| bench.leave()>
                "Leave the lab"
            </button>
        </div>
        <div class="lab__controls lab__live" id=CONTROLS role="group" aria-label="Controls" data-open=move || bench.is_open.get().to_string()>
            <button class="btn btn--primary" type="button" disabled=is_closed on:click=play_or_pause>
                {label}
            </button>
            <button class="btn" type="button" disabled=move || is_closed() || is_running() || is_waiting() on:click=move |_| bench.step()>
                {move || if is_idle() { "Step by step" } else { "Next step" }}
            </button>
            <button class="btn" type="button" disabled=is_idle on:click=move |_| bench.stop()>
                "Stop"
            </button>
            <p class="lab__status" role="status" data-testid="status">
                {move || status(bench)}
            </p>
        </div>
    }
}

/// What is going on, in a sentence. It says nothing that changes by the second.
fn status(bench: Bench) -> String {
    bench.mark.track();
    if !bench.is_alive.get() || !bench.is_open.get() {
        return "Sign in above to play a scene.".to_owned();
    }
    let is_stepping = bench.pace.get() == Pace::Step;
    match bench.act.get() {
        Act::Ready => "Ready. Nothing is asked of the server until you play.",
        Act::Stopped => "Stopped. What was done until then stands below.",
        Act::Over => "The scene is over. Compare what happened with what to expect.",
        Act::Playing => {
            let next = stage().next();
            if is_stepping && !next.is_empty() {
                return ["Next: ", &next].concat();
            }
            if let Some(seconds) = stage().waits_for() {
                let seconds = duration(seconds);
                return ["Time goes by for the access token, ", &seconds, "."].concat();
            }
            if is_stepping {
                "Stops before the next request."
            } else {
                "Playing."
            }
        }
    }
    .to_owned()
}
