//! What was counted, cut into the hours of a day or the days of a fortnight, UTC. Pure.

use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use super::words::{number, several};
use crate::activity::{Counted, HOUR, Tally, hour_of};
use crate::clock::UnixSeconds;

/// Which stretch of time is drawn.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Span {
    /// The last 24 hours, by the hour. The last of them is not over.
    Day,
    /// The last 14 days, by the day, today included.
    Fortnight,
}

impl Span {
    /// From how many hours ago on everything is told, with a day to spare to see since when it is counted.
    pub const LONGEST_HOURS: i64 = 15 * 24;

    /// Its words at the end of a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Day => "in the last 24 hours",
            Self::Fortnight => "in the last 14 days",
        }
    }

    /// Its name in ids.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Fortnight => "fortnight",
        }
    }

    /// How many hours a part of it has.
    fn step(self) -> i64 {
        match self {
            Self::Day => 1,
            Self::Fortnight => 24,
        }
    }

    fn parts(self) -> i64 {
        match self {
            Self::Day => 24,
            Self::Fortnight => 14,
        }
    }

    /// The name of the part that begins then.
    #[must_use]
    pub fn label(self, begins: UnixSeconds) -> String {
        let clock = format_description!("[hour]:[minute]");
        let date = format_description!("[day padding:none] [month repr:short]");
        match self {
            Self::Day => written(begins, clock),
            Self::Fortnight => written(begins, date),
        }
    }
}

/// A time as the page writes it where it is not relative.
#[must_use]
pub fn exactly(at: UnixSeconds) -> String {
    let format =
        format_description!("[day padding:none] [month repr:short] [year], [hour]:[minute] UTC");
    written(at, format)
}

fn written(at: UnixSeconds, format: StaticFormatDescription) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.format(format).unwrap_or_default()
}

/// How often something happened in a part of a span.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bucket {
    /// When it begins.
    pub begins: UnixSeconds,
    /// How often; `None` where nobody counted yet.
    pub count: Option<i64>,
}

/// How often something happened in a span.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Series {
    /// What.
    pub what: Counted,
    /// When.
    pub span: Span,
    /// By its parts, earliest first.
    pub buckets: Vec<Bucket>,
}

impl Series {
    /// Cuts what was counted, earliest first.
    #[must_use]
    pub fn of(tallies: &[Tally], what: Counted, span: Span, now: UnixSeconds) -> Self {
        let step = span.step();
        let this = hour_of(now).div_euclid(step);
        let since = tallies.first().map(|tally| tally.hour.div_euclid(step));
        let of_part = |part: i64| {
            let within = |tally: &&Tally| tally.what == what && tally.hour.div_euclid(step) == part;
            let counts = tallies.iter().filter(within).map(|tally| tally.count);
            Bucket {
                begins: part * step * HOUR,
                count: since
                    .is_some_and(|since| since <= part)
                    .then(|| counts.sum()),
            }
        };
        Self {
            what,
            span,
            buckets: (this + 1 - span.parts()..=this).map(of_part).collect(),
        }
    }

    /// How often in all.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.buckets.iter().filter_map(|bucket| bucket.count).sum()
    }

    /// The part in which it happened most, the latest of them; `None` where it did not happen.
    #[must_use]
    pub fn most(&self) -> Option<(UnixSeconds, i64)> {
        let counted = |bucket: &Bucket| Some((bucket.begins, bucket.count?));
        let counted = self.buckets.iter().filter_map(counted);
        counted
            .max_by_key(|(_, count)| *count)
            .filter(|(_, count)| *count > 0)
    }

    /// How high the bar of a count is where the highest is `full`. What happened at all is seen.
    #[must_use]
    pub fn height(&self, count: i64, full: i64) -> i64 {
        match self.most() {
            Some((_, most)) if count > 0 => ((count * full + most / 2) / most).max(1),
            _ => 0,
        }
    }

    /// All of it in a sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let [one, many] = words(self.what);
        let first = self.buckets.iter().find(|bucket| bucket.count.is_some());
        let Some(first) = first else {
            return "Not counted yet.".to_owned();
        };
        let when = if first.begins == self.buckets[0].begins {
            self.span.words().to_owned()
        } else {
            format!("since {}, when counting began", exactly(first.begins))
        };
        let Some((begins, most)) = self.most() else {
            return format!("No {many} {when}.");
        };
        let peak = match self.span {
            Span::Day => format!("from {} UTC", self.span.label(begins)),
            Span::Fortnight => format!("on {}", self.span.label(begins)),
        };
        let all = several(self.total(), one, many);
        format!("{all} {when}, most {peak}: {}.", number(most))
    }
}

/// One of them, and several.
fn words(what: Counted) -> [&'static str; 2] {
    match what {
        Counted::Logins => ["login", "logins"],
        Counted::FailedLogins => ["failed login", "failed logins"],
        Counted::Refreshes => ["refresh", "refreshes"],
        Counted::Reuse => ["reuse of a spent token", "reuses of a spent token"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2027-01-15T08:00:00Z.
    const NOW: UnixSeconds = 1_800_000_000;
    const THIS: i64 = NOW / HOUR;

    fn tallies(some: &[(i64, Counted, i64)]) -> Vec<Tally> {
        let tally = |&(ago, what, count): &(i64, Counted, i64)| Tally {
            hour: THIS - ago,
            what,
            count,
        };
        some.iter().map(tally).collect()
    }

    fn logins(some: &[(i64, i64)], span: Span) -> Series {
        let some: Vec<_> = some
            .iter()
            .map(|&(ago, count)| (ago, Counted::Logins, count))
            .collect();
        Series::of(&tallies(&some), Counted::Logins, span, NOW)
    }

    fn counts(series: &Series) -> Vec<Option<i64>> {
        series.buckets.iter().map(|bucket| bucket.count).collect()
    }

    #[test]
    fn a_day_has_the_present_hour_and_the_23_before() {
        let series = logins(&[(24, 100), (23, 7), (1, 5), (0, 3)], Span::Day);
        let counts = counts(&series);
        assert_eq!(counts.len(), 24);
        assert_eq!(counts[..2], [Some(7), Some(0)]);
        assert_eq!(counts[22..], [Some(5), Some(3)]);
        assert_eq!(series.total(), 15);
        assert_eq!(series.most(), Some((NOW - 23 * HOUR, 7)));
        let first = series.span.label(series.buckets[0].begins);
        assert_eq!(first, "09:00");
    }

    #[test]
    fn a_fortnight_has_whole_days_of_utc() {
        // It is eight o'clock: nine hours ago was yesterday.
        let series = logins(
            &[(340, 1000), (9 + 12 * 24, 4), (9, 2), (8, 1), (0, 1)],
            Span::Fortnight,
        );
        let counts = counts(&series);
        assert_eq!(counts.len(), 14);
        assert_eq!(
            (counts[0], counts[12], counts[13]),
            (Some(4), Some(2), Some(2))
        );
        assert_eq!(series.span.label(series.buckets[13].begins), "15 Jan");
    }

    #[test]
    fn what_nobody_counted_is_not_nought() {
        let series = logins(&[(2, 0)], Span::Day);
        assert_eq!(counts(&series)[20..], [None, Some(0), Some(0), Some(0)]);
        assert_eq!(
            series.summary(),
            "No logins since 15 Jan 2027, 06:00 UTC, when counting began."
        );
        assert_eq!(logins(&[], Span::Day).summary(), "Not counted yet.");
        let others = tallies(&[(340, Counted::Logins, 5)]);
        let reuse = Series::of(&others, Counted::Reuse, Span::Fortnight, NOW);
        assert_eq!(
            reuse.summary(),
            "No reuses of a spent token in the last 14 days."
        );
    }

    #[test]
    fn a_sentence_says_how_many_and_when_most() {
        let day = logins(&[(30, 0), (18, 1100), (1, 103)], Span::Day);
        assert_eq!(
            day.summary(),
            "1,203 logins in the last 24 hours, most from 14:00 UTC: 1,100."
        );
        let fortnight = logins(&[(340, 0), (0, 1)], Span::Fortnight);
        assert_eq!(
            fortnight.summary(),
            "1 login in the last 14 days, most on 15 Jan: 1."
        );
    }

    #[test]
    fn bars_are_as_high_as_they_should_be_and_never_invisible() {
        let series = logins(&[(3, 1_000_000), (2, 500_000), (1, 1), (0, 0)], Span::Day);
        let heights = [1_000_000, 500_000, 1, 0].map(|count| series.height(count, 40));
        assert_eq!(heights, [40, 20, 1, 0]);
        assert_eq!(logins(&[(0, 0)], Span::Day).height(0, 40), 0);
    }
}
