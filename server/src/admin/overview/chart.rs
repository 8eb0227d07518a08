//! The charts: bars drawn as SVG here, each with its sentence, and one table for those that stand together. No script, no
//! style attribute: colours come from the stylesheet by class.

use leptos::prelude::*;

use super::Seen;
use super::series::{Bucket, Series, Span, exactly};
use super::words::number;
use crate::activity::{Counted, HOUR};

/// How high a chart is, and the highest bar in it, in the units of the drawing.
const HEIGHT: i64 = 48;
const FULL: i64 = 46;

/// How wide a bar is with its gap.
const STEP: i64 = 10;

/// What happened in a span: a chart each, and a table of all.
pub fn section(span: Span, seen: &Seen) -> impl IntoView + use<> {
    let all = Counted::ALL.map(|what| Series::of(&seen.tallies, what, span, seen.now));
    let title = match span {
        Span::Day => "The last 24 hours",
        Span::Fortnight => "The last 14 days",
    };
    let charts = all.iter().map(figure).collect_view();
    view! {
        <section class="stack" aria-labelledby=span.name()>
            <h2 id=span.name()>{title}</h2>
            <p class="muted">{explained(span, seen)}</p>
            <div class="charts">{charts}</div>
            <details>
                <summary>{format!("{title} as a table")}</summary>
                {table(span, &all)}
            </details>
        </section>
    }
}

/// What is counted, and since when.
fn explained(span: Span, seen: &Seen) -> String {
    let step = match span {
        Span::Day => "By the hour, UTC; the last one is not over.",
        Span::Fortnight => "By the day, UTC; today is not over.",
    };
    let begins = Series::of(&seen.tallies, Counted::Logins, span, seen.now).buckets[0].begins;
    let first = seen.tallies.first().map(|tally| tally.hour * HOUR);
    match first {
        Some(first) if first > begins => format!("{step} Counted since {}.", exactly(first)),
        Some(_) => step.to_owned(),
        None => format!("{step} Nothing is counted yet."),
    }
}

fn figure(series: &Series) -> impl IntoView + use<> {
    let id = format!("{}-{}", series.what.as_str(), series.span.name());
    let width = STEP * i64::try_from(series.buckets.len()).unwrap_or(0);
    let class = format!("chart chart--{}", tone(series.what));
    let first = series.buckets[0].begins;
    let last = match series.span {
        Span::Day => "now",
        Span::Fortnight => "today",
    };
    view! {
        <figure class="card">
            <figcaption class="row">
                <h3>{name(series.what)}</h3>
                <strong class="chart__total">{number(series.total())}</strong>
            </figcaption>
            <svg
                class=class
                viewBox=format!("0 0 {width} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-labelledby=id.clone()
            >
                {bars(series)}
                <rect class="chart__base" x="0" y=HEIGHT - 1 width=width height="1"></rect>
            </svg>
            <p class="row muted chart__axis" aria-hidden="true">
                <span>{series.span.label(first)}</span>
                <span>{last}</span>
            </p>
            <p class="muted" id=id>{series.summary()}</p>
        </figure>
    }
}

fn bars(series: &Series) -> impl IntoView + use<> {
    let bar = |(place, bucket): (i64, &Bucket)| {
        let count = bucket.count.filter(|count| *count > 0)?;
        let height = series.height(count, FULL);
        let title = format!("{}: {}", series.span.label(bucket.begins), number(count));
        Some(view! {
            <rect x=place * STEP + 1 y=HEIGHT - 1 - height width=STEP - 2 height=height>
                <title>{title}</title>
            </rect>
        })
    };
    (0..).zip(&series.buckets).filter_map(bar).collect_view()
}

fn table(span: Span, all: &[Series; 4]) -> impl IntoView + use<> {
    let (caption, first) = match span {
        Span::Day => ("How often, by the hour (UTC), latest first", "Hour"),
        Span::Fortnight => ("How often, by the day (UTC), latest first", "Day"),
    };
    let heads = all
        .iter()
        .map(|series| view! { <th scope="col">{name(series.what)}</th> });
    let row = |place: usize| {
        let begins = all[0].buckets[place].begins;
        let cells = all.iter().map(|series| cell(series.buckets[place].count));
        view! {
            <tr>
                <th scope="row">{span.label(begins)}</th>
                {cells.collect_view()}
            </tr>
        }
    };
    view! {
        <table class="numbers">
            <caption class="muted">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">{first}</th>
                    {heads.collect_view()}
                </tr>
            </thead>
            <tbody>{(0..all[0].buckets.len()).rev().map(row).collect_view()}</tbody>
        </table>
    }
}

fn cell(count: Option<i64>) -> AnyView {
    match count {
        Some(count) => view! { <td>{number(count)}</td> }.into_any(),
        None => {
            view! { <td class="muted">"–" <span class="visually-hidden">"not counted"</span></td> }
                .into_any()
        }
    }
}

/// Its heading.
fn name(what: Counted) -> &'static str {
    match what {
        Counted::Logins => "Logins",
        Counted::FailedLogins => "Failed logins",
        Counted::Refreshes => "Refreshes",
        Counted::Reuse => "Reuse",
    }
}

/// What its colour says; its heading says the same.
fn tone(what: Counted) -> &'static str {
    match what {
        Counted::Logins | Counted::Refreshes => "good",
        Counted::FailedLogins => "warn",
        Counted::Reuse => "bad",
    }
}
