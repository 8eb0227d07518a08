//! The session as it is on record, as the admin sees it: its generations, and what became of their tokens.

use leptos::prelude::*;

use super::bench::{Bench, stage};
use super::words::duration;
use crate::api::{Family, FamilyToken};
use crate::lab::standing::{Standing, standing};

/// The tree.
#[component]
pub fn Tree(
    /// The state of the page.
    bench: Bench,
) -> impl IntoView {
    let tree = move || {
        bench.mark.track();
        bench.now.track();
        stage()
            .family()
            .map(|family| family_view(&family, stage().server_time()))
    };
    let is_empty = move || {
        bench.mark.track();
        stage().family().is_none()
    };
    view! {
        <section class="card stack" aria-labelledby="tree-title">
            <h2 id="tree-title">"On record"</h2>
            <p class="muted" hidden=move || !is_empty()>
                "The session of the scene, as the database has it, appears here with its first token."
            </p>
            {tree}
        </section>
    }
}

fn family_view(family: &Family, now: i64) -> impl IntoView + use<> {
    let is_over = family.ended_at.is_some();
    let standing = if is_over {
        ["ended: ", &family.end_reason].concat()
    } else {
        family.state.clone()
    };
    let badge = if is_over {
        "badge badge--blacklisted"
    } else {
        "badge badge--live"
    };
    let admin = ["/admin/sessions/", &family.id, "/"].concat();
    let newest = family
        .tokens
        .iter()
        .map(|token| token.generation)
        .max()
        .unwrap_or(0);
    let generations = (0..=newest)
        .filter_map(|number| generation(family, number, now))
        .collect_view();
    let replays = (family.replays > 0).then(|| {
        [
            "The same successor was handed out again: ",
            &family.replays.to_string(),
            "×.",
        ]
        .concat()
    });
    view! {
        <p class="row">
            <span>"Session"</span>
            <span class=badge data-testid="standing">{standing}</span>
        </p>
        <p class="muted" hidden=is_over>
            "In any case over in " {duration(u64::try_from(family.ends_at - now).unwrap_or(0))} "."
        </p>
        <ol class="family" data-over=is_over.to_string() data-testid="tree">{generations}</ol>
        <p class="muted lab__legend">
            "Spent: exchanged for its successor. Ended: its session is over. Both stand on the blacklist."
        </p>
        {replays.map(|text| view! { <p class="muted">{text}</p> })}
        <p>
            <a href=admin target="_blank">
                "This session in the admin"
            </a>
            " (for staff)"
        </p>
    }
}

/// A generation: its refresh token, and the access tokens that came with it.
fn generation(family: &Family, number: i64, now: i64) -> Option<impl IntoView + use<>> {
    let of = |token_type: &str| {
        let is_one =
            |token: &&FamilyToken| token.generation == number && token.token_type == token_type;
        family.tokens.iter().filter(is_one).collect::<Vec<_>>()
    };
    let refresh = *of("refresh").first()?;
    let status = standing(refresh, now);
    let accesses = of("access")
        .into_iter()
        .enumerate()
        .map(|(place, token)| {
            let name = if place == 0 {
                "access"
            } else {
                "another access"
            };
            pill(name, standing(token, now))
        })
        .collect_view();
    Some(view! {
        <li data-status=status.word()>
            <strong>"Generation " {number.to_string()}</strong>
            <ul class="family__tokens">{pill("refresh", status)} {accesses}</ul>
        </li>
    })
}

/// A token, and what became of it.
fn pill(name: &'static str, standing: Standing) -> impl IntoView {
    view! {
        <li>
            <span>{name}</span>
            <span class=standing.badge()>{standing.word()}</span>
        </li>
    }
}
