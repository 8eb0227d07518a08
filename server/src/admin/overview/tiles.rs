//! How much there is. Small numbers are exact; large ones are those of the last census, and say how old they are.

use leptos::prelude::*;

use super::super::page::Section;
use super::super::show::moment;
use super::Seen;
use super::words::{bytes, number};
use crate::clock::UnixSeconds;
use crate::store::{Census, EXACT};

/// How many there are, and how that is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Figure {
    /// Counted for this page.
    Exact(i64),
    /// Counted by the census of that time.
    Counted(i64, UnixSeconds),
    /// More than is counted for a page, and no census is there yet.
    AtLeast(i64),
}

impl Figure {
    /// `counted` of the `seen` rows are it; if there are more rows, the census knows.
    fn of(seen: i64, counted: i64, census: Option<(UnixSeconds, i64)>) -> Self {
        match census {
            _ if seen <= EXACT => Self::Exact(counted),
            Some((at, count)) => Self::Counted(count, at),
            None => Self::AtLeast(counted.min(EXACT)),
        }
    }

    fn text(self) -> String {
        match self {
            Self::Exact(n) | Self::Counted(n, _) => number(n),
            Self::AtLeast(n) => format!("{}+", number(n)),
        }
    }
}

/// The tiles; those of lists lead there.
pub fn section(seen: &Seen) -> impl IntoView + use<> {
    let figures = &seen.figures;
    let figure = |rows, counted, of: fn(&Census) -> i64| {
        let census = seen.notes.census.as_ref();
        Figure::of(rows, counted, census.map(|(at, census)| (*at, of(census))))
    };
    let sessions = figure(figures.sessions_seen, figures.sessions_live, |census| {
        census.live_sessions
    });
    let tokens = figure(figures.tokens_seen, figures.tokens_live, |census| {
        census.live_tokens
    });
    let blacklisted = figure(figures.blacklisted, figures.blacklisted, |census| {
        census.blacklisted
    });
    let revoked = figure(figures.blacklisted, figures.revoked, |census| {
        census.revoked
    });
    let users = figure(figures.users, figures.users, |census| census.users);
    let shut_out = figure(figures.users, figures.shut_out, |census| census.shut_out);
    let live = |section: Section| format!("{}?status=live", section.path());
    let path = |section: Section| section.path().to_owned();
    let tile = |name, href, figure, detail| tile(name, href, figure, detail, seen.now);
    view! {
        <section aria-labelledby="figures">
            <h2 class="visually-hidden" id="figures">"How much there is"</h2>
            <ul class="figures">
                {tile("Sessions live", live(Section::Sessions), sessions, "go on now".to_owned())}
                {tile("Tokens outstanding", live(Section::Outstanding), tokens, "could be used now".to_owned())}
                {tile("Tokens blacklisted", path(Section::Blacklisted), blacklisted, format!("{} revoked, not rotated", revoked.text()))}
                {tile("Users", path(Section::Users), users, format!("{} shut out", shut_out.text()))}
                <li class="card figure">
                    <span class="figure__name">"Database"</span>
                    <strong class="figure__number">{bytes(figures.database_bytes)}</strong>
                    <span class="muted">{seen.database}</span>
                </li>
            </ul>
        </section>
    }
}

fn tile(
    name: &'static str,
    href: String,
    figure: Figure,
    detail: String,
    now: UnixSeconds,
) -> impl IntoView + use<> {
    let counted = match figure {
        Figure::Counted(_, at) => {
            Some(view! { <span class="muted">"counted " {moment(at, now)}</span> })
        }
        Figure::Exact(_) | Figure::AtLeast(_) => None,
    };
    view! {
        <li class="card figure">
            <a class="figure__name" href=href>{name}</a>
            <strong class="figure__number">{figure.text()}</strong>
            <span class="muted">{detail}</span>
            {counted}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_are_exact_and_large_ones_are_the_census_s() {
        let census = Some((7, 2_000_000));
        assert_eq!(Figure::of(1000, 12, census), Figure::Exact(12));
        assert_eq!(Figure::of(1001, 12, census), Figure::Counted(2_000_000, 7));
        assert_eq!(Figure::of(1001, 12, None), Figure::AtLeast(12));
        assert_eq!(Figure::of(1001, 1001, None).text(), "1,000+");
        assert_eq!(Figure::Counted(2_000_000, 7).text(), "2,000,000");
    }
}
