//! `/admin/devices/`: what people open sessions on, and the way to ending those of one.

mod filter;
mod table;

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use super::list::{Around, Asked, Form, Format, Frame, choice, day, more_match, text};
use super::listing::Parameters;
use super::page::Section;
use super::refusal::Refused;
use super::{Admin, Confirmed};
use crate::device::Kind;
use crate::state::AppState;
use crate::store::ListedDevice;

/// The fields of its filter, beside the search.
const FIELDS: [&str; 6] = ["type", "user", "device", "address", "from", "until"];

const LIST: Frame = Frame {
    section: Section::Devices,
    fields: &FIELDS,
    one: "device",
    many: "devices",
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
    let list = read.filter.list_with_sessions(order, now);
    let around = Around {
        top: top(&asked).into_any(),
        said: read.more.map(more_match),
        tools: None,
    };
    let table = |rows: &[ListedDevice]| table::table(&asked, rows, (order, orders), now).into_any();
    let page = LIST.page(&admin, &state.store, &asked, &list, around, table);
    Ok(page.await?)
}

/// `GET /admin/devices/export.csv` and `.json`: all that match, without pages.
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
    LIST.file::<ListedDevice>(format, &asked, state, list)
}

fn top(asked: &Asked<'_>) -> impl IntoView + use<> {
    let form = Form {
        path: LIST.section.path(),
        searched: "Username, e-mail, device, session, jti or address",
        asked,
        names: &FIELDS,
    };
    let kinds = Kind::ALL.map(|kind| (kind.as_str(), kind.as_str()));
    view! {
        <h1 class="page__title">{Section::Devices.title()}</h1>
        {form
            .view(
                view! {
                    {choice(asked, "type", "Kind", &kinds)}
                    {text(asked, "address", "Address or block")}
                    {day(asked, "from", "First seen from")}
                    {day(asked, "until", "First seen until")}
                    {text(asked, "user", "User number")}
                    {text(asked, "device", "Device id")}
                }
                    .into_any(),
            )}
    }
}
