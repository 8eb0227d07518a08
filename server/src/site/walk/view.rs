//! The walk as people see it: one step at a time, what went over the wire, the tokens taken apart, and what changed on
//! record.

mod entrance;
mod outcome;

use app::Head;
use leptos::prelude::*;
use serde_json::Value;

use super::PATH;
use super::carried::Carried;
use super::exchange::Exchange;
use super::step::Step;
use super::{Taken, change};
use crate::explanation::claims::{cut, meaning, value};
use crate::state::Server;
use crate::token::Expect;
pub use entrance::{Entrance, begin};
use outcome::outcome;

/// What the document says about itself.
pub const HEAD: Head = Head {
    title: "A session, step by step",
    description: "Walk through the life of a session: each step is a real request, shown as it goes over the wire.",
    path: "/lab",
    module: None,
};

/// How many characters of a message are shown.
const MOST_WIRE: usize = 6000;

/// How many tokens of the session are shown, the newest.
const MOST_TOKENS: usize = 40;

/// Where no refresh token is in any body, there is nothing to show.
pub fn closed() -> AnyView {
    view! {
        <h1 class="page__title">{HEAD.title}</h1>
        <p class="notice notice--info" role="status">
            "This server hands refresh tokens out in a cookie only, where nobody can look at them. The walk needs one that \
             hands them out in bodies, too (JOTWARD_REFRESH_TRANSPORT)."
        </p>
    }
    .into_any()
}

/// A form of another site came here.
pub fn cross_site() -> AnyView {
    view! {
        <h1 class="page__title">{HEAD.title}</h1>
        <p class="notice notice--error" role="alert">
            "Another site asked for this. Nothing was done."
        </p>
        <p><a href=PATH>"Begin here"</a></p>
    }
    .into_any()
}

/// A step that was taken, and the way on.
pub fn taken(server: &Server, taken: &Taken) -> AnyView {
    let step = taken.step;
    let (class, outcome) = outcome(&server.settings, taken);
    let number = format!("Step {} of {}", step.number(), Step::ALL.len());
    view! {
        <h1 class="page__title">{step.title()}</h1>
        <p class="lede"><span class="muted">{number} ". "</span> {step.about()}</p>
        <p class=class role="status">{outcome}</p>
        {way_on(taken)}
        {over_the_wire(&taken.exchange)}
        {tokens(server, taken)}
        {on_record(server, taken)}
    }
    .into_any()
}

fn way_on(taken: &Taken) -> AnyView {
    let has_tokens = !taken.has.access.is_empty();
    let next = taken.next().filter(|_| has_tokens).map(|next| {
        view! {
            <form method="post" action=PATH>
                {hidden(&taken.has)}
                <button class="btn btn--primary" name="step" value=next.as_str()>
                    {format!("Next: {}", next.title())}
                </button>
            </form>
        }
    });
    view! {
        <div class="actions">
            {next} <a class="btn" href=PATH>"Begin again"</a>
        </div>
    }
    .into_any()
}

fn hidden(carried: &Carried) -> impl IntoView + use<> {
    let fields = carried.fields().map(|(name, token)| {
        view! { <input type="hidden" name=name value=token.to_owned() /> }
    });
    fields.into_iter().collect_view()
}

fn over_the_wire(exchange: &Exchange) -> impl IntoView + use<> {
    let [request, response] =
        [&exchange.request, &exchange.response].map(|text| cut(text, MOST_WIRE));
    view! {
        <section class="stack" aria-labelledby="wire">
            <h2 id="wire">"Over the wire"</h2>
            <h3>"Request"</h3>
            <pre class="card json">{request}</pre>
            <h3>"Response"</h3>
            <pre class="card json">{response}</pre>
        </section>
    }
}

/// The tokens in the answer, taken apart.
fn tokens(server: &Server, taken: &Taken) -> Option<impl IntoView + use<>> {
    let names = ["access", "refresh"];
    let found: Vec<_> = names
        .into_iter()
        .filter_map(|name| {
            let compact = taken.exchange.body.get(name)?.as_str()?;
            Some(apart(server, name, compact))
        })
        .collect();
    (!found.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="tokens">
                <h2 id="tokens">"The tokens in it"</h2>
                {found}
            </section>
        }
    })
}

fn apart(server: &Server, name: &'static str, token: &str) -> AnyView {
    let (now, names) = (server.clock.now(), server.keys.names());
    let said = server.keys.explain(token, Expect::Any, now, 0);
    let header = said.header.map(|header| header.to_string());
    let claims = said.payload.as_ref().and_then(Value::as_object);
    let rows = claims.into_iter().flatten().map(|(claim, said)| {
        view! {
            <tr>
                <th scope="row" data-label="Claim" class="mono">{claim.clone()}</th>
                <td data-label="Value" class="said">{value(claim, said, names, now)}</td>
                <td data-label="Meaning">{meaning(claim, names)}</td>
            </tr>
        }
    });
    view! {
        <h3>{format!("The {name} token")}</h3>
        <p>"Header: " <code>{header.unwrap_or_default()}</code></p>
        <div class="table-wrap">
            <table class="table">
                <caption class="visually-hidden">{format!("Claims of the {name} token")}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Claim"</th>
                        <th scope="col">"Value"</th>
                        <th scope="col">"Meaning"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn on_record(server: &Server, taken: &Taken) -> Option<impl IntoView + use<>> {
    let after = taken.after.as_ref()?;
    let before = taken.before.as_ref();
    let now = server.clock.now();
    let facts = change::session(before, after)
        .into_iter()
        .map(|(name, said)| {
            view! {
                <dt>{name}</dt>
                <dd>{said}</dd>
            }
        });
    let changes = change::tokens(before, after);
    let skipped = changes.len().saturating_sub(MOST_TOKENS);
    let rows = changes
        .into_iter()
        .skip(skipped)
        .map(|change| row(change, now));
    Some(view! {
        <section class="stack" aria-labelledby="record">
            <h2 id="record">"On record"</h2>
            <dl class="facts card">{facts.collect_view()}</dl>
            <div class="table-wrap">
                <table class="table">
                    <caption class="visually-hidden">"The tokens of the session, in the order of their issue"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Token"</th>
                            <th scope="col">"Generation"</th>
                            <th scope="col">"Name ends in"</th>
                            <th scope="col">"Expires"</th>
                            <th scope="col">"Status"</th>
                            <th scope="col">"By this step"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    })
}

fn row(change: change::Change, now: i64) -> impl IntoView {
    let token = change.token;
    let class = match token.status.as_str() {
        "live" => "badge badge--live",
        "rotated" => "badge badge--rotated",
        "blacklisted" => "badge badge--blacklisted",
        "expired" => "badge badge--expired",
        _ => "badge badge--ended",
    };
    let status = change::word(&token.status).to_owned();
    let chars = token.jti.chars().count();
    let end: String = token.jti.chars().skip(chars.saturating_sub(8)).collect();
    let expires = app::ui::when::relative(token.expires_at, now);
    view! {
        <tr>
            <th scope="row" data-label="Token">{token.token_type}</th>
            <td data-label="Generation">{token.generation}</td>
            <td data-label="Name ends in" class="mono">{end}</td>
            <td data-label="Expires">{expires}</td>
            <td data-label="Status"><span class=class>{status}</span></td>
            <td data-label="By this step">{change.how}</td>
        </tr>
    }
}
