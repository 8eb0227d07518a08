//! `/admin/users/`: who may log in. Shows neither passwords nor what is made of them.

mod filter;
mod table;

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use super::list::{Around, Asked, Form, Format, Frame, choice, day, more_match};
use super::listing::Parameters;
use super::page::Section;
use super::refusal::Refused;
use super::{Admin, Confirmed};
use crate::state::AppState;
use crate::store::{ListedUser, Store};
use crate::token::UserId;

/// The fields of its filter, beside the search.
const FIELDS: [&str; 4] = ["status", "type", "from", "until"];

const LIST: Frame = Frame {
    section: Section::Users,
    fields: &FIELDS,
    one: "user",
    many: "users",
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
    let new = admin
        .user
        .is_superuser
        .then(|| view! { <a href="/admin/users/new/">"New user"</a> }.into_any());
    let notice = notice(&state.store, &asked).await?;
    let around = Around {
        top: top(&asked).into_any(),
        said: Some(view! { {notice} {read.more.map(more_match)} }.into_any()),
        tools: new,
    };
    let table = |rows: &[ListedUser]| table::table(&asked, rows, (order, orders), now).into_any();
    let page = LIST.page(&admin, &state.store, &asked, &list, around, table);
    Ok(page.await?)
}

/// `GET /admin/users/export.csv` and `.json`: all that match, without pages.
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
    LIST.file::<ListedUser>(format, &asked, state, list)
}

/// Says that a user was deleted, if there is none of that number: anybody can make a link.
async fn notice(store: &Store, asked: &Asked<'_>) -> Result<Option<AnyView>, Refused> {
    let (done, whose) = (asked.raw("done"), asked.raw("whose").parse());
    let ("deleted", Ok(whose)) = (done, whose) else {
        return Ok(None);
    };
    let is_gone = store.user(UserId(whose)).await?.is_none();
    Ok(is_gone.then(|| {
        view! { <p class="notice notice--ok" role="status">"The user is deleted, and every session of theirs has ended. What happened stays on record."</p> }
            .into_any()
    }))
}

fn top(asked: &Asked<'_>) -> impl IntoView + use<> {
    let form = Form {
        path: LIST.section.path(),
        searched: "Username, e-mail, number, session, jti or address",
        asked,
        names: &FIELDS,
    };
    let statuses = [("active", "active"), ("shut-out", "shut out")];
    let roles = [
        ("staff", "staff and superusers"),
        ("superuser", "superusers"),
    ];
    view! {
        <h1 class="page__title">{Section::Users.title()}</h1>
        {form
            .view(
                view! {
                    {choice(asked, "status", "Status", &statuses)}
                    {choice(asked, "type", "Role", &roles)}
                    {day(asked, "from", "Joined from")}
                    {day(asked, "until", "Joined until")}
                }
                    .into_any(),
            )}
    }
}
