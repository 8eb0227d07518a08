//! `/admin/outstanding/`: every token that was issued, newest first.

mod filter;
mod table;

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use super::list::{Around, Asked, Form, Format, Frame, choice, day, text};
use super::listing::Parameters;
use super::page::Section;
use super::refusal::Refused;
use super::revoke::{By, end_all};
use super::show::words;
use super::{Admin, Confirmed};
use crate::session::EndReason;
use crate::state::AppState;
use crate::store::{ListedToken, TokenFilter, TokenStatus};
use crate::token::TokenType;

pub use filter::read;

/// The fields of its filter, beside the search.
pub const FIELDS: [&str; 9] = [
    "status", "type", "reason", "user", "session", "device", "address", "from", "until",
];

const LIST: Frame = Frame {
    section: Section::Outstanding,
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
    let read = read(&state.store, &mut asked).await?;
    if asked.is_wrong() {
        return Ok(LIST.unreadable(&admin, top(&asked).into_any()));
    }
    let (orders, now) = (read.filter.orders(), state.clock.now());
    let order = asked.order(orders);
    let list = state.store.token_list(&read.filter, order, now).await?;
    let around = Around {
        top: top(&asked).into_any(),
        said: read.more.map(|more| LIST.more_users(more)),
        tools: ending(&admin, &asked, &read.filter),
    };
    let table = |rows: &[ListedToken]| table::table(&asked, rows, (order, orders), now).into_any();
    let page = LIST.page(&admin, &state.store, &asked, &list, around, table);
    Ok(page.await?)
}

/// `GET /admin/outstanding/export.csv` and `.json`: all that match, without pages.
pub async fn export(
    _: Confirmed,
    State(state): State<AppState>,
    format: Format,
    parameters: Parameters,
) -> Result<Response, Refused> {
    let mut asked = LIST.asked(&parameters);
    let read = read(&state.store, &mut asked).await?;
    let filter = asked.whole(read.filter)?;
    let order = asked.order(filter.orders());
    let list = state
        .store
        .token_list(&filter, order, state.clock.now())
        .await?;
    LIST.file::<ListedToken>(format, &asked, state, list)
}

fn top(asked: &Asked<'_>) -> impl IntoView + use<> {
    let form = Form {
        path: LIST.section.path(),
        searched: "Username, e-mail, jti, session or address",
        asked,
        names: &FIELDS,
    };
    let statuses = TokenStatus::ALL.map(|(_, name)| (name, name));
    let types = TokenType::ALL.map(|kind| (kind.as_str(), kind.as_str()));
    let reasons = EndReason::ALL.map(|reason| (reason.as_str(), words(reason.as_str())));
    view! {
        <h1 class="page__title">{Section::Outstanding.title()}</h1>
        <p class="muted">"Every token that was issued or taken over. The tokens themselves are never stored."</p>
        {form
            .view(
                view! {
                    {choice(asked, "status", "Status", &statuses)}
                    {choice(asked, "type", "Type", &types)}
                    {choice(asked, "reason", "Session ended because", &reasons)}
                    {text(asked, "address", "Address or block")}
                    {day(asked, "from", "Issued from")}
                    {day(asked, "until", "Issued until")}
                    {text(asked, "user", "User number")}
                    {text(asked, "session", "Session id")}
                    {text(asked, "device", "Device id")}
                }
                    .into_any(),
            )}
    }
}

/// The way to ending the sessions of all live tokens that match, where there can be any; everyone's, for who may.
fn ending(admin: &Admin, asked: &Asked<'_>, filter: &TokenFilter) -> Option<AnyView> {
    let can_be_live = matches!(filter.status, None | Some(TokenStatus::Live));
    if !can_be_live || filter.reason.is_some() {
        return None;
    }
    end_all(admin, asked, By::Tokens, filter.is_everyone())
}
