//! What stands around the rows of a list: its search and filter above, what can be done with all that match, the way to
//! other parts below, and what is said where there are none.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::*;

use super::export::{Format, file};
use super::pager::{counted, pager, stopped};
use super::{Asked, More};
use crate::admin::Admin;
use crate::admin::listing::{Parameters, nothing};
use crate::admin::page::{self, Section};
use crate::admin::refusal::Refused;
use crate::state::AppState;
use crate::store::{List, PAGE_SIZE, Result, Shown, Store};

/// A list of the admin.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Where it stands in the bar.
    pub section: Section,
    /// The fields of its filter, beside the search.
    pub fields: &'static [&'static str],
    /// What one row is called.
    pub one: &'static str,
    /// And several.
    pub many: &'static str,
}

/// What a list has around its rows that others have not.
pub struct Around {
    /// The heading, the search and the filter.
    pub top: AnyView,
    /// What is to be said before the rows.
    pub said: Option<AnyView>,
    /// What else can be done with all that match.
    pub tools: Option<AnyView>,
}

impl Frame {
    /// Begins to read what the list was asked for.
    #[must_use]
    pub fn asked<'p>(&self, parameters: &'p Parameters) -> Asked<'p> {
        Asked::new(parameters, self.fields)
    }

    /// A page of the list. At most three statements.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn page<T: Shown>(
        &self,
        admin: &Admin,
        store: &Store,
        asked: &Asked<'_>,
        list: &List,
        around: Around,
        table: impl FnOnce(&[T]) -> AnyView,
    ) -> Result<Response> {
        let Some(part) = asked.part(&list.order()) else {
            return Ok(self.unreadable(admin, around.top));
        };
        let found = list.page(store, &part, PAGE_SIZE).await?;
        let count = counted(list.count(store).await?, self.one, self.many);
        let rows = if found.rows.is_empty() && !found.gave_up {
            empty(asked, self.fields).into_any()
        } else if found.rows.is_empty() {
            ().into_any()
        } else {
            table(&found.rows)
        };
        let path = self.section.path();
        let content = view! {
            {around.top}
            {around.said}
            {tools(path, asked, count, around.tools)}
            {rows}
            {stopped(path, asked, &found, list.looks_at())}
            {pager(path, asked, &found)}
        };
        Ok(self.document(admin, content).into_response())
    }

    /// The page of a filter that can not be read. What is wrong stands at its field.
    pub fn unreadable(&self, admin: &Admin, top: AnyView) -> Response {
        let content = view! {
            {top}
            <p class="empty">"The filter can not be read, so nothing is shown."</p>
        };
        (StatusCode::BAD_REQUEST, self.document(admin, content)).into_response()
    }

    /// Says that a name stands for more users than are looked at.
    pub fn more_users(&self, More(most, users): More) -> AnyView {
        let rows = self.many;
        let text = format!(
            "More than {most} {users} match; these are the {rows} of {most} of them. Type more of the name."
        );
        view! { <p class="notice notice--info">{text}</p> }.into_any()
    }

    /// All rows `T` as a file, which is called as the list is in addresses.
    ///
    /// # Errors
    /// [`Refused::Filter`] when the address names a place in the list that is none.
    pub fn file<T: Shown + serde::Serialize>(
        &self,
        format: Format,
        asked: &Asked<'_>,
        state: AppState,
        list: List,
    ) -> std::result::Result<Response, Refused> {
        if asked.part(&list.order()).is_none() {
            return Err(Refused::Filter);
        }
        let name = self.section.path().trim_start_matches("/admin/");
        Ok(file::<T>(format, name.trim_end_matches('/'), state, list))
    }

    fn document(&self, admin: &Admin, content: impl IntoView + 'static) -> Html<String> {
        page::document(
            self.section.title(),
            Some(admin),
            Some(self.section),
            content,
        )
    }
}

/// How many match, and all of them as a file; `more` is what else can be done with them.
fn tools(
    path: &'static str,
    asked: &Asked<'_>,
    count: String,
    more: Option<AnyView>,
) -> impl IntoView + use<> {
    let csv = asked.address(&format!("{path}export.csv"), &[]);
    let json = asked.address(&format!("{path}export.json"), &[]);
    view! {
        <div class="tools">
            <p>{count}</p>
            <a href=csv>"CSV"</a>
            <a href=json>"JSON"</a>
            {more}
        </div>
    }
}

/// Says that nothing is on record, or that nothing of it matches the search or one of the `fields`.
fn empty(asked: &Asked<'_>, fields: &[&str]) -> impl IntoView + use<> {
    if asked.any(fields) {
        let text = match asked.raw("q") {
            "" => "Nothing matches the filter.".to_owned(),
            search => format!("Nothing matches \u{201c}{search}\u{201d} and the filter."),
        };
        return view! { <p class="empty">{text}</p> }.into_any();
    }
    nothing(asked.raw("q")).into_any()
}

/// Says that a search stands for more than is looked at.
pub fn more_match(More(most, many): More) -> AnyView {
    let text = format!(
        "More than {most} {many} match; some of them are not shown. Type more of the name, or a smaller block."
    );
    view! { <p class="notice notice--info">{text}</p> }.into_any()
}
