//! The head of a table. What an index sorts by is a link; nothing else can be sorted by.

use leptos::prelude::*;

use super::Asked;
use crate::store::Order;

/// A column's head.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    /// What it says.
    Plain(&'static str),
    /// What it says, and the name of its order.
    Sorted(&'static str, &'static str),
    /// What only those hear who do not see the table.
    Hidden(&'static str),
}

/// The row of heads, in a list that is shown in `order`, out of these.
pub fn head(
    path: &'static str,
    asked: &Asked<'_>,
    columns: &[Column],
    order: Order,
    orders: &[Order],
) -> impl IntoView + use<> {
    let cells = columns.iter().map(|column| match *column {
        Column::Plain(label) => view! { <th scope="col">{label}</th> }.into_any(),
        Column::Hidden(label) => {
            view! { <th scope="col"><span class="visually-hidden">{label}</span></th> }.into_any()
        }
        Column::Sorted(label, name) => match orders.iter().find(|order| order.name == name) {
            None => view! { <th scope="col">{label}</th> }.into_any(),
            Some(this) => sorted(path, asked, label, this, order).into_any(),
        },
    });
    view! {
        <thead>
            <tr>{cells.collect_view()}</tr>
        </thead>
    }
}

fn sorted(
    path: &'static str,
    asked: &Asked<'_>,
    label: &'static str,
    this: &Order,
    shown: Order,
) -> impl IntoView + use<> {
    let is_shown = this.name == shown.name;
    // Once more turns it round.
    let descending = if is_shown {
        !shown.is_descending
    } else {
        this.is_descending
    };
    let dir = if descending { "desc" } else { "asc" };
    let href = asked.address(path, &[("sort", this.name), ("dir", dir)]);
    let sort = match (is_shown, shown.is_descending) {
        (true, true) => Some("descending"),
        (true, false) => Some("ascending"),
        (false, _) => None,
    };
    view! {
        <th scope="col" aria-sort=sort>
            <a href=href>{label}</a>
        </th>
    }
}
