//! `/admin/`: how things are. What needs attention comes first, then how much there is, how much happened, and whether
//! clean-up keeps up. It counts nothing that takes long: large numbers come from the last census.

mod attention;
mod chart;
mod clean_up;
mod series;
mod tiles;
mod words;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::page::Section;
use super::{Admin, page, refusal};
use crate::activity::{Tally, hour_of};
use crate::clock::UnixSeconds;
use crate::config::Seconds;
use crate::registry::Doubt;
use crate::state::{AppState, Server};
use crate::store::{self, Alarm, Db, Figures};
use crate::upkeep::Notes;
use series::Span;

/// For how many seconds an alarming event is shown: a day.
const LATELY: i64 = 86_400;

/// For how many seconds clean-up may be late: several rounds of it.
const PATIENCE: i64 = 3600;

/// What the page tells of.
struct Seen {
    now: UnixSeconds,
    figures: Figures,
    /// Alarming events of the last day, latest first.
    alarms: Vec<Alarm>,
    /// What was counted, earliest first.
    tallies: Vec<Tally>,
    /// What the chores did.
    notes: Notes,
    /// Why memory is not trusted.
    doubt: Option<Doubt>,
    /// `KEEP_EXPIRED`.
    keep_expired: Seconds,
    /// The database's name.
    database: &'static str,
}

/// `GET /admin/`.
pub async fn show(admin: Admin, State(state): State<AppState>) -> Response {
    match look(&state).await {
        Ok(seen) => draw(&admin, &seen).into_response(),
        Err(error) => refusal::page(&error.into()),
    }
}

/// Three statements, each of a bounded number of rows.
async fn look(state: &Server) -> store::Result<Seen> {
    let now = state.clock.now();
    let keep_expired = state.settings.keep_expired;
    let kept_since = now - keep_expired.get() - PATIENCE;
    let store = &state.store;
    Ok(Seen {
        now,
        figures: store.figures(now, kept_since).await?,
        alarms: store.alarms(now - LATELY, now).await?,
        tallies: store
            .activity_since(hour_of(now) - Span::LONGEST_HOURS)
            .await?,
        notes: state.upkeep.notes(),
        doubt: state.registry.doubt(),
        keep_expired,
        database: match store.db() {
            Db::Sqlite { .. } => "SQLite",
            Db::Postgres(_) => "PostgreSQL",
        },
    })
}

fn draw(admin: &Admin, seen: &Seen) -> impl IntoResponse {
    let content = view! {
        <h1 class="page__title">{Section::Overview.title()}</h1>
        {attention::section(&attention::concerns(seen), seen.now)}
        {tiles::section(seen)}
        {chart::section(Span::Day, seen)}
        {chart::section(Span::Fortnight, seen)}
        {clean_up::section(seen)}
    };
    page::document(
        Section::Overview.title(),
        Some(admin),
        Some(Section::Overview),
        content,
    )
}
