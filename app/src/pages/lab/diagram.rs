//! The sequence diagram: an ordered list, each line an arrow that opens what was sent and what came back. What the drawing
//! says by places is said in words, too, for who does not see it and for narrow screens.

use leptos::either::Either;
use leptos::html::{Div, Ol};
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::bench::{Bench, stage};
use super::detail::{Detail, RowDetail};
use super::words;
use crate::lab::cast::Actor;
use crate::lab::diff::Kind;
use crate::lab::record::{Event, Row};

/// How far from its end, in pixels, the drawing still follows it.
const NEAR: i32 = 60;

/// The drawing.
#[component]
pub fn Diagram(
    /// The state of the page.
    bench: Bench,
) -> impl IntoView {
    let lanes = move || {
        let mut names = bench.cast().names().to_vec();
        names.extend(["API", "Database"]);
        names
    };
    let is_empty = move || {
        bench.mark.track();
        stage().record.borrow().rows.is_empty()
    };
    let (list, scroll) = (NodeRef::<Ol>::new(), NodeRef::<Div>::new());
    let owner = Owner::current().unwrap_or_default();
    // Lines are only added, or all of them go. What compares lists in general weighs more than a scene.
    Effect::new(move |shown: Option<Vec<_>>| {
        bench.mark.track();
        let mut shown = shown.unwrap_or_default();
        let (Some(list), Some(scroll)) = (list.get(), scroll.get()) else {
            return shown;
        };
        // Who reads further up is not taken away from there.
        let is_at_end =
            scroll.scroll_top() + scroll.client_height() + NEAR >= scroll.scroll_height();
        let rows = stage().record.borrow().rows.clone();
        if rows.first().map(|row| row.id) != shown.first().map(|(id, _)| *id) {
            shown.clear();
        }
        for row in rows.into_iter().skip(shown.len()) {
            let (id, place) = (row.id, list.clone().unchecked_into());
            let mount = move || mount_to(place, move || line(bench, &row));
            shown.push((id, owner.with(mount)));
        }
        if is_at_end {
            scroll.set_scroll_top(scroll.scroll_height());
        }
        shown
    });
    view! {
        <section class="card stack" aria-labelledby="drawing-title">
            <h2 id="drawing-title">"What goes over the wire"</h2>
            <div class="wires" data-lanes=move || lanes().len().to_string()>
                <div class="wires__lanes" aria-hidden="true">
                    {move || lanes().into_iter().map(|name| view! { <span>{name}</span> }).collect_view()}
                </div>
                <p class="muted wires__empty" hidden=move || !is_empty()>
                    "Every request of the scene appears here as it is made, and every row it changes. Open an arrow to see all of it."
                </p>
                <div class="wires__scroll" node_ref=scroll>
                    <ol class="wires__list" data-testid="wires" node_ref=list></ol>
                </div>
            </div>
        </section>
    }
}

/// A line of the drawing.
fn line(bench: Bench, row: &Row) -> impl IntoView + use<> {
    let side = match row.actor {
        Actor::First => "first",
        Actor::Second => "second",
    };
    let stage = stage();
    let name = stage.cast().name(row.actor);
    let record = stage.record.borrow();
    let told = match &row.event {
        Event::Remark(text) => {
            return Either::Left(view! {
                <li class="wire wire--remark" data-side=side>
                    <p><strong>{name} ":"</strong> " " {text.clone()}</p>
                </li>
            });
        }
        Event::Asked(number) => Told {
            class: "wire wire--asked",
            way: [name, " → API: "].concat(),
            said: words::asked(&record, *number),
            behind: Behind::Exchange(*number),
        },
        Event::Answered(number) => {
            let (class, said) = words::answered(&record, *number);
            let way = ["API → ", name, ": "].concat();
            Told {
                class,
                way,
                said,
                behind: Behind::Exchange(*number),
            }
        }
        Event::Changed(change) => Told {
            class: match change.kind {
                Kind::Added => "wire wire--changed",
                Kind::Spent => "wire wire--changed wire--spent",
                Kind::Ended => "wire wire--changed wire--bad",
                Kind::Replayed => "wire wire--changed wire--again",
            },
            way: "API → database: ".to_owned(),
            said: (change.text.clone(), String::new()),
            behind: Behind::Row(words::statement(change.kind), change.row.clone()),
        },
    };
    Either::Right(arrow(bench, side, told))
}

/// What an arrow says.
struct Told {
    class: &'static str,
    /// From where to where.
    way: String,
    /// In large and in small.
    said: (String, String),
    behind: Behind,
}

/// What an arrow opens.
#[derive(Clone)]
enum Behind {
    /// A request and its answer, by the number of the exchange.
    Exchange(usize),
    /// What the database does, and the row it wrote.
    Row(&'static str, String),
}

/// An arrow, and what is behind it.
fn arrow(bench: Bench, side: &'static str, told: Told) -> impl IntoView + use<> {
    let Told {
        class,
        way,
        said: (said, more),
        behind,
    } = told;
    let is_open = RwSignal::new(false);
    let toggle = move |event: web_sys::Event| {
        is_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    };
    view! {
        <li class=class data-side=side>
            <details on:toggle=toggle>
                <summary>
                    <span class="wire__arrow">
                        <span class="wire__way">{way}</span>
                        <span class="wire__said">{said}</span>
                        " "
                        <small>{more}</small>
                    </span>
                </summary>
                {move || {
                    is_open
                        .get()
                        .then(|| match behind.clone() {
                            Behind::Exchange(number) => Either::Left(view! { <Detail bench number /> }),
                            Behind::Row(remark, row) => Either::Right(view! { <RowDetail remark row /> }),
                        })
                }}
            </details>
        </li>
    }
}
