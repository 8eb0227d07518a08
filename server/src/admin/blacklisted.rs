//! `/admin/blacklisted/`: tokens that must not be used again, latest first.

mod filter;
mod table;

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use super::list::{Around, Asked, Form, Format, Frame, choice, day, text};
use super::listing::Parameters;
use super::page::Section;
use super::refusal::Refused;
use super::show::words;
use super::{Admin, Confirmed};
use crate::session::EndReason;
use crate::state::AppState;
use crate::store::ListedBlacklisted;
use crate::token::TokenType;

/// The fields of its filter, beside the search.
const FIELDS: [&str; 9] = [
    "status", "type", "reason", "actor", "user", "session", "address", "from", "until",
];

const LIST: Frame = Frame {
    section: Section::Blacklisted,
    fields: &FIELDS,
    one: "token",
    many: "tokens",
};

/// `GET`: one page of the list.
pub async fn list(
    admin: Admin,
    State(state): State<AppState>,
    parameters: Parameters,
) -> Result<Response, Refused> {
    let mut asked = LIST.asked(&parameters);
    let read = filter::read(&state.store, &mut asked).await?;
    if asked.is_wrong() {
        return Ok(LIST.unreadable(&admin, top(&asked).into_any()));
    }
    let (orders, now) = (read.filter.orders(), state.clock.now());
    let order = asked.order(orders);
    let list = read.filter.list(order);
    let around = Around {
        top: top(&asked).into_any(),
        said: read.more.map(|more| LIST.more_users(more)),
        tools: None,
    };
    let table =
        |rows: &[ListedBlacklisted]| table::table(&asked, rows, (order, orders), now).into_any();
    let page = LIST.page(&admin, &state.store, &asked, &list, around, table);
    Ok(page.await?)
}

/// `GET /admin/blacklisted/export.csv` and `.json`: all that match, without pages.
pub async fn export(
    _: Confirmed,
    State(state): State<AppState>,
    format: Format,
    parameters: Parameters,
) -> Result<Response, Refused> {
    let mut asked = LIST.asked(&parameters);
    let read = filter::read(&state.store, &mut asked).await?;
    let filter = asked.whole(read.filter)?;
    let order = asked.order(filter.orders());
    let list = filter.list(order);
    LIST.file::<ListedBlacklisted>(format, &asked, state, list)
}

fn top(asked: &Asked<'_>) -> impl IntoView + use<> {
    let form = Form {
        path: LIST.section.path(),
        searched: "Username, e-mail, jti, session or address",
        asked,
        names: &FIELDS,
    };
    let statuses = [
        ("revoked", "revoked"),
        ("rotated", "rotated: spent by a refresh"),
    ];
    let types = TokenType::ALL.map(|kind| (kind.as_str(), kind.as_str()));
    let reasons = EndReason::ALL.map(|reason| (reason.as_str(), words(reason.as_str())));
    view! {
        <h1 class="page__title">{Section::Blacklisted.title()}</h1>
        <p class="muted">"Tokens that are refused before their time. There is no way back from this list: nobody can take a token off it."</p>
        {form
            .view(
                view! {
                    {choice(asked, "status", "Status", &statuses)}
                    {choice(asked, "type", "Type", &types)}
                    {choice(asked, "reason", "Reason", &reasons)}
                    {text(asked, "actor", "By whom")}
                    {text(asked, "address", "Address or block")}
                    {day(asked, "from", "Blacklisted from")}
                    {day(asked, "until", "Blacklisted until")}
                    {text(asked, "user", "User number")}
                    {text(asked, "session", "Session id")}
                }
                    .into_any(),
            )}
    }
}
