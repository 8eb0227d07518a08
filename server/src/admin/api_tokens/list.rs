//! The list itself, a page at a time or as a file.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use super::{filter, table};
use crate::admin::list::{Around, Asked, Form, Format, Frame, choice, day, more_match, text};
use crate::admin::listing::Parameters;
use crate::admin::page::Section;
use crate::admin::refusal::Refused;
use crate::admin::{Admin, Confirmed};
use crate::state::AppState;
use crate::store::{ListedApiToken, Store};
use crate::token::UserId;

/// The fields of its filter, beside the search.
const FIELDS: [&str; 4] = ["status", "user", "from", "until"];

const LIST: Frame = Frame {
    section: Section::ApiTokens,
    fields: &FIELDS,
    one: "API token",
    many: "API tokens",
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
    let notice = notice(&state.store, &asked).await?;
    let around = Around {
        top: top(&asked).into_any(),
        said: Some(view! { {notice} {read.more.map(more_match)} }.into_any()),
        tools: None,
    };
    let table =
        |rows: &[ListedApiToken]| table::table(&asked, rows, (order, orders), now).into_any();
    let page = LIST.page(&admin, &state.store, &asked, &list, around, table);
    Ok(page.await?)
}

/// `GET /admin/api-tokens/export.csv` and `.json`: all that match, without pages.
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
    LIST.file::<ListedApiToken>(format, &asked, state, list)
}

fn top(asked: &Asked<'_>) -> impl IntoView + use<> {
    let form = Form {
        path: LIST.section.path(),
        searched: "Username, e-mail or number",
        asked,
        names: &FIELDS,
    };
    let statuses = [("used", "used"), ("unused", "never used")];
    view! {
        <h1 class="page__title">{Section::ApiTokens.title()}</h1>
        <p class="muted">
            "One a user, for programs; good until it is reset, or the user's password changes. The tokens themselves are never stored."
        </p>
        {form
            .view(
                view! {
                    {choice(asked, "status", "Status", &statuses)}
                    {text(asked, "user", "User number")}
                    {day(asked, "from", "Made from")}
                    {day(asked, "until", "Made until")}
                }
                    .into_any(),
            )}
    }
}

/// Says that a token is gone, if the record says so, too: anybody can make a link.
async fn notice(store: &Store, asked: &Asked<'_>) -> Result<Option<AnyView>, Refused> {
    let (done, whose) = (asked.raw("done"), asked.raw("whose").parse());
    let ("reset", Ok(whose)) = (done, whose) else {
        return Ok(None);
    };
    let is_gone = store.api_token_of(UserId(whose)).await?.is_none();
    Ok(is_gone.then(|| {
        view! { <p class="notice notice--ok" role="status">"The API token is reset. It is not accepted any more."</p> }
            .into_any()
    }))
}
