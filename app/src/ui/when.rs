//! Times as people read them, relative to now; the exact one stands in the element's title and machine-readable form.

use leptos::prelude::*;

use crate::browser;

/// The distance between two times in unix seconds, rounded to the largest unit that fits.
#[must_use]
pub fn relative(at: i64, now: i64) -> String {
    let distance = at - now;
    let length = distance.unsigned_abs();
    let rounded = |unit: u64| (length + unit / 2) / unit;
    let text = match length {
        0 => return "now".to_owned(),
        1..60 => format!("{length} s"),
        60..3570 => format!("{} min", rounded(60)),
        3570..84_600 => format!("{} h", rounded(3600)),
        _ => format!("{} d", rounded(86_400)),
    };
    if distance > 0 {
        format!("in {text}")
    } else {
        format!("{text} ago")
    }
}

/// A time relative to `now`, both in unix seconds, that follows it. Only for pages that are alive.
pub(crate) fn when(at: i64, now: RwSignal<i64>) -> impl IntoView {
    let (machine, exact) = browser::date(at);
    view! {
        <time datetime=machine title=exact>
            {move || relative(at, now.get())}
        </time>
    }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn distances_in_words() {
        for (at, text) in [
            (1000, "now"),
            (1001, "in 1 s"),
            (941, "59 s ago"),
            (1060, "in 1 min"),
            (1000 + 299, "in 5 min"),
            (1000 + 3569, "in 59 min"),
            (1000 + 3570, "in 1 h"),
            (1000 + 7199, "in 2 h"),
            (1000 + 84_599, "in 23 h"),
            (1000 + 86_395, "in 1 d"),
            (1000 - 172_800, "2 d ago"),
        ] {
            assert_eq!(relative(at, 1000), text);
        }
    }
}
