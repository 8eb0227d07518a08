//! Around a table: how many rows there are, and the way to those before and after.

use leptos::prelude::*;

use super::Asked;
use crate::store::{Count, Found};

/// Links to the rows before and after these.
pub fn pager<T>(path: &'static str, asked: &Asked<'_>, found: &Found<T>) -> impl IntoView + use<T> {
    let link = |label: &'static str, name: &'static str, place: Option<String>| {
        place.map(|place| {
            let href = asked.address(path, &[(name, &place)]);
            view! { <a class="btn btn--quiet" rel=name href=href>{label}</a> }
        })
    };
    let place = |place: &Option<crate::store::Cursor>| place.as_ref().map(ToString::to_string);
    view! {
        <nav class="pager" aria-label="Pages">
            {link("← Previous", "prev", place(&found.prev))} {link("Next →", "next", place(&found.next))}
        </nav>
    }
}

/// Says that the search was given up before the page was full, and how it goes on.
pub fn stopped<T>(
    path: &'static str,
    asked: &Asked<'_>,
    found: &Found<T>,
    looked_at: i64,
) -> impl IntoView + use<T> {
    let on = match (&found.next, &found.prev) {
        (Some(next), _) if asked.raw("prev").is_empty() => Some(("next", next)),
        (_, Some(prev)) => Some(("prev", prev)),
        (Some(next), None) => Some(("next", next)),
        (None, None) => None,
    };
    let on = on.filter(|_| found.gave_up);
    let said = if found.rows.is_empty() {
        format!("None among the {} looked at. ", grouped(looked_at))
    } else {
        "Few rows match, so the search stopped here to stay quick. ".to_owned()
    };
    on.map(|(name, place)| {
        let href = asked.address(path, &[(name, &place.to_string())]);
        view! {
            <p class="notice notice--info" role="status">
                {said} <a href=href>"Search further"</a>
            </p>
        }
    })
}

/// How many there are, such as `1,234 sessions` or `10,000+ sessions`.
#[must_use]
pub fn counted(count: Count, one: &str, many: &str) -> String {
    match count {
        Count::Exactly(1) => format!("1 {one}"),
        Count::Exactly(n) => format!("{} {many}", grouped(n)),
        Count::AtLeast(0) => format!("No {many} found so far"),
        Count::AtLeast(n) => format!("{}+ {many}", grouped(n)),
    }
}

/// A number with its thousands apart.
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(|group| String::from_utf8_lossy(group)).collect();
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", groups.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_counted_is_said() {
        assert_eq!(
            counted(Count::Exactly(1), "session", "sessions"),
            "1 session"
        );
        assert_eq!(
            counted(Count::Exactly(1_234_567), "session", "sessions"),
            "1,234,567 sessions"
        );
        assert_eq!(
            counted(Count::AtLeast(10_000), "session", "sessions"),
            "10,000+ sessions"
        );
        assert_eq!(
            counted(Count::AtLeast(0), "token", "tokens"),
            "No tokens found so far"
        );
        assert_eq!(
            (grouped(0), grouped(999), grouped(-1000)),
            ("0".into(), "999".into(), "-1,000".into())
        );
    }
}
