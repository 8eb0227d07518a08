//! `/admin/events/`: what happened, to whom, from where, and who did it. Nothing can be changed or removed here.

mod filter;
mod table;
pub mod words;

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use super::list::{Around, Asked, Form, Format, Frame, choice, day, more_match, text};
use super::listing::Parameters;
use super::page::Section;
use super::refusal::Refused;
use super::{Admin, Confirmed};
use crate::event::Kind;
use crate::state::AppState;
use crate::store::ListedEvent;

/// The fields of its filter, beside the search.
const FIELDS: [&str; 8] = [
    "kind", "status", "address", "from", "until", "actor", "user", "session",
];

const LIST: Frame = Frame {
    section: Section::Events,
    fields: &FIELDS,
    one: "event",
    many: "events",
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
    let list = state.store.trail_list(&read.filter, order).await?;
    let around = Around {
        top: top(&asked).into_any(),
        said: read.more.map(more_match),
        tools: None,
    };
    let table = |rows: &[ListedEvent]| table::table(&asked, rows, (order, orders), now).into_any();
    let page = LIST.page(&admin, &state.store, &asked, &list, around, table);
    Ok(page.await?)
}

/// `GET /admin/events/export.csv` and `.json`: all that match, without pages.
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
    let list = state.store.trail_list(&filter, order).await?;
    LIST.file::<ListedEvent>(format, &asked, state, list)
}

fn top(asked: &Asked<'_>) -> impl IntoView + use<> {
    let form = Form {
        path: LIST.section.path(),
        searched: "Username, e-mail, session, jti or address",
        asked,
        names: &FIELDS,
    };
    let kinds = Kind::ALL.map(|kind| (kind.as_str(), words::of(kind)));
    let statuses = [("alarming", "alarms"), ("told", "what users are told")];
    view! {
        <h1 class="page__title">{Section::Events.title()}</h1>
        {form
            .view(
                view! {
                    {choice(asked, "kind", "What happened", &kinds)}
                    {choice(asked, "status", "Only", &statuses)}
                    {text(asked, "address", "Address or block")}
                    {day(asked, "from", "From")}
                    {day(asked, "until", "Until")}
                    {text(asked, "actor", "Done by")}
                    {text(asked, "user", "User number")}
                    {text(asked, "session", "Session id")}
                }
                    .into_any(),
            )}
    }
}
