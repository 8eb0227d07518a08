//! `/admin/sessions/`: who is logged in, who was, and how it ended.

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
use super::{Admin, Confirmed};
use crate::session::EndReason;
use crate::state::AppState;
use crate::store::{ListedSession, SessionFilter};

pub use filter::read;

/// The fields of its filter, beside the search.
const FIELDS: [&str; 10] = [
    "status",
    "user",
    "type",
    "device",
    "address",
    "reason",
    "revocation",
    "from",
    "until",
    "id",
];

/// The fields of an address that leads to ending sessions: they were chosen, or all that match are meant.
pub const TO_END: [&str; 11] = [
    "status",
    "user",
    "type",
    "device",
    "address",
    "reason",
    "revocation",
    "from",
    "until",
    "id",
    "chosen",
];

const LIST: Frame = Frame {
    section: Section::Sessions,
    fields: &FIELDS,
    one: "session",
    many: "sessions",
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
    let list = state.store.session_list(&read.filter, order, now).await?;
    let around = Around {
        top: top(&asked).into_any(),
        said: read.more.map(|more| LIST.more_users(more)),
        tools: Some(ending(&admin, &asked, &read.filter)),
    };
    let shown = table::Shown {
        asked: &asked,
        own: admin.session.to_string(),
        now,
        order,
        orders,
    };
    let table = |rows: &[ListedSession]| shown.table(rows).into_any();
    let page = LIST.page(&admin, &state.store, &asked, &list, around, table);
    Ok(page.await?)
}

/// `GET /admin/sessions/export.csv` and `.json`: all that match, without pages.
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
        .session_list(&filter, order, state.clock.now())
        .await?;
    LIST.file::<ListedSession>(format, &asked, state, list)
}

fn top(asked: &Asked<'_>) -> impl IntoView + use<> {
    let form = Form {
        path: LIST.section.path(),
        searched: "Username, e-mail, session, jti or address",
        asked,
        names: &FIELDS,
    };
    let reasons =
        EndReason::ALL.map(|reason| (reason.as_str(), super::show::words(reason.as_str())));
    let statuses = [("live", "live"), ("run-out", "run out"), ("ended", "ended")];
    let kinds = [("client", "client"), ("admin", "admin")];
    view! {
        <h1 class="page__title">{Section::Sessions.title()}</h1>
        {form
            .view(
                view! {
                    {choice(asked, "status", "Status", &statuses)}
                    {choice(asked, "reason", "Ended because", &reasons)}
                    {choice(asked, "type", "Opened in", &kinds)}
                    {text(asked, "address", "Address or block")}
                    {day(asked, "from", "Opened from")}
                    {day(asked, "until", "Opened until")}
                    {text(asked, "user", "User number")}
                    {text(asked, "device", "Device id")}
                    {text(asked, "revocation", "Revocation number")}
                }
                    .into_any(),
            )}
    }
}

/// The way to ending all that match, and to what was ended before.
fn ending(admin: &Admin, asked: &Asked<'_>, filter: &SessionFilter) -> AnyView {
    view! {
        <a href="/admin/sessions/?reason=reuse">"Reuse only"</a>
        {end_all(admin, asked, By::Sessions, filter.is_everyone())}
        <a href=super::revocations::PATH>"Revocations"</a>
    }
    .into_any()
}
