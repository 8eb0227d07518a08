//! The sequence diagram: an ordered list, each line an arrow that opens what was sent and what came back. What the drawing
//! says by places is said in words, too, for who does not see it and for narrow screens.

use leptos::either::Either;
use leptos::prelude::*;

use super::bench::{Bench, stage};
use super::detail::Detail;
use super::words;
use crate::lab::cast::Actor;
use crate::lab::diff::Kind;
use crate::lab::record::{Event, Row};

/// The drawing.
#[component]
pub fn Diagram(
    /// The state of the page.
    bench: Bench,
) -> impl IntoView {
    let rows = move || {
        bench.mark.track();
        stage().record.borrow().rows.clone()
    };
    let lanes = move || {
        let mut names = bench.cast().names().to_vec();
        names.extend(["API", "Database"]);
        names
    };
    let is_empty = move || rows().is_empty();
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
                <div class="wires__scroll">
                    <ol class="wires__list" data-testid="wires">
                        <For each=rows key=|row| row.id children=move |row| line(bench, &row) />
                    </ol>
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
                    <p><strong>{name}</strong> " " {text.clone()}</p>
                </li>
            });
        }
        Event::Asked(number) => Told {
            number: *number,
            class: "wire wire--asked",
            way: [name, " → API: "].concat(),
            said: words::asked(&record, *number),
            remark: "",
        },
        Event::Answered(number) => {
            let (class, said) = words::answered(&record, *number);
            let way = ["API → ", name, ": "].concat();
            Told {
                number: *number,
                class,
                way,
                said,
                remark: "",
            }
        }
        Event::Changed(number, change) => Told {
            number: *number,
            class: match change.kind {
                Kind::Added => "wire wire--changed",
                Kind::Spent => "wire wire--changed wire--spent",
                Kind::Ended => "wire wire--changed wire--bad",
                Kind::Replayed => "wire wire--changed wire--again",
            },
            way: "API → database: ".to_owned(),
            said: (change.text.clone(), String::new()),
            remark: words::statement(change.kind),
        },
    };
    Either::Right(arrow(bench, side, told))
}

/// What an arrow says.
struct Told {
    /// The exchange it belongs to.
    number: usize,
    class: &'static str,
    /// From where to where.
    way: String,
    /// In large and in small.
    said: (String, String),
    /// What to say of it once it is open.
    remark: &'static str,
}

/// An arrow, and behind it the exchange it belongs to.
fn arrow(bench: Bench, side: &'static str, told: Told) -> impl IntoView + use<> {
    let Told {
        number,
        class,
        way,
        said: (said, more),
        remark,
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
                {move || is_open.get().then(|| view! { <Detail bench number remark /> })}
            </details>
        </li>
    }
}
