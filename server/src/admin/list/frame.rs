//! What stands around the rows of a list, but for its form: what can be done with all that match, and what is said where
//! there are none.

use leptos::prelude::*;

use super::Asked;
use crate::admin::listing::nothing;

/// How many match, and all of them as a file; `more` is what else can be done with them.
pub fn tools(
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
pub fn empty(asked: &Asked<'_>, fields: &[&str]) -> impl IntoView + use<> {
    if asked.any(fields) {
        let text = match asked.raw("q") {
            "" => "Nothing matches the filter.".to_owned(),
            search => format!("Nothing matches \u{201c}{search}\u{201d} and the filter."),
        };
        return view! { <p class="empty">{text}</p> }.into_any();
    }
    nothing(asked.raw("q")).into_any()
}

/// Says that a filter can not be read. What is wrong stands at its field.
pub fn unreadable() -> impl IntoView {
    view! { <p class="empty">"The filter can not be read, so nothing is shown."</p> }
}

/// Says that a search stands for more than is looked at: `many` such as `users`.
pub fn more_match(most: usize, many: &'static str) -> impl IntoView {
    let text = format!(
        "More than {most} {many} match; some of them are not shown. Type more of the name, or a smaller block."
    );
    view! { <p class="notice notice--info">{text}</p> }
}
