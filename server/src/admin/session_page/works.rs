//! The tokens of a session that may still be used, with how long.

use leptos::prelude::*;

use super::sentence::{Holding, left};
use super::standing::Standing;
use super::window::TOKENS;
use super::{Seen, section};
use crate::admin::show::shortened;
use crate::clock::UnixSeconds;
use crate::store::SessionToken;

/// The table, or that there is nothing to put in it.
pub fn view(seen: &Seen, holding: &[Holding<'_>]) -> AnyView {
    let spent = again(seen);
    let capped = (seen.tokens.len() >= TOKENS).then(|| {
        view! { <p class="muted">{format!("The newest {TOKENS} tokens were looked at.")}</p> }
    });
    let rows: Vec<_> = holding
        .iter()
        .rev()
        .map(|(token, until)| line(token, *until, seen.now))
        .collect();
    let table = if rows.is_empty() {
        view! { <p class="muted">"No token of this session works."</p> }.into_any()
    } else {
        table(rows).into_any()
    };
    section(
        "works",
        "What works now",
        view! { {table} {spent} {capped} },
    )
}

fn table(rows: Vec<impl IntoView + 'static>) -> impl IntoView {
    view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="visually-hidden">"Tokens that can be used now, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Token"</th>
                        <th scope="col">"jti"</th>
                        <th scope="col">"Generation"</th>
                        <th scope="col">"Dies in"</th>
                        <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn line(token: &SessionToken, until: UnixSeconds, now: UnixSeconds) -> impl IntoView + use<> {
    let href = format!("/admin/outstanding/{}/blacklist/", token.id);
    let label = format!("Blacklist token {}", token.jti);
    view! {
        <tr>
            <th scope="row" data-label="Token">{token.token_type.clone()}</th>
            <td data-label="jti">{shortened(&token.jti)}</td>
            <td data-label="Generation">{token.generation}</td>
            <td data-label="Dies in">{left(until, now)}</td>
            <td>
                <div class="actions">
                    <a class="btn btn--quiet btn--small" href=href aria-label=label>"Blacklist"</a>
                </div>
            </td>
        </tr>
    }
}

/// A spent token that an honest client could still present.
fn again(seen: &Seen) -> Option<impl IntoView + use<>> {
    let until = seen
        .standings
        .values()
        .find_map(|standing| match standing {
            Standing::Repeats { until } => Some(*until),
            _ => None,
        })?;
    let text = format!(
        "For {} more, the refresh token before the current one is answered with the same tokens again, if the device \
         that spent it asks.",
        left(until, seen.now)
    );
    Some(view! { <p class="muted">{text}</p> })
}
