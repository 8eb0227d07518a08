//! A rate as Django REST framework writes it: `10/min`. Where its `parse_rate` looks at the first letter of the period
//! only, so that `10/month` is ten a minute, this refuses what it does not know.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

/// So many a period, at least one. Written as `5/s`, `60/min`, `100/hour` or `1000/day`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rate {
    count: NonZeroU32,
    period: Period,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Period {
    Second,
    Minute,
    Hour,
    Day,
}

impl Rate {
    /// The most a period may have; more is no limit.
    pub const MAX: u32 = 1_000_000;

    /// How many a period.
    #[must_use]
    pub fn count(self) -> NonZeroU32 {
        self.count
    }

    /// The time after which one more is allowed. Never zero: the shortest is a microsecond.
    #[must_use]
    pub fn interval(self) -> Duration {
        let seconds = match self.period {
            Period::Second => 1,
            Period::Minute => 60,
            Period::Hour => 3600,
            Period::Day => 86_400,
        };
        Duration::from_secs(seconds) / self.count.get()
    }
}

impl FromStr for Rate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const SHAPE: &str = "not a rate such as 10/min: a number, a slash, and s, min, hour or day";
        let (count, period) = text.split_once('/').ok_or(SHAPE)?;
        let count: u32 = count.trim().parse().map_err(|_| SHAPE)?;
        let period = match period.trim() {
            "s" | "sec" | "second" => Period::Second,
            "m" | "min" | "minute" => Period::Minute,
            "h" | "hour" => Period::Hour,
            "d" | "day" => Period::Day,
            _ => return Err(SHAPE),
        };
        match NonZeroU32::new(count) {
            Some(count) if count.get() <= Self::MAX => Ok(Self { count, period }),
            Some(_) => Err("more than 1000000 in a period is no limit"),
            None => Err("at least one in a period"),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let period = match self.period {
            Period::Second => "s",
            Period::Minute => "min",
            Period::Hour => "hour",
            Period::Day => "day",
        };
        write!(f, "{}/{period}", self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_as_people_write_them() {
        for (text, count, interval) in [
            ("5/s", 5, Duration::from_millis(200)),
            ("1/sec", 1, Duration::from_secs(1)),
            ("60/min", 60, Duration::from_secs(1)),
            (" 10 / minute ", 10, Duration::from_secs(6)),
            ("100/hour", 100, Duration::from_secs(36)),
            ("1/day", 1, Duration::from_hours(24)),
            ("1000000/s", 1_000_000, Duration::from_micros(1)),
        ] {
            let rate: Rate = text.parse().expect(text);
            assert_eq!((rate.count().get(), rate.interval()), (count, interval));
        }
    }

    #[test]
    fn a_rate_reads_back_as_it_is_shown() {
        for shown in ["5/s", "60/min", "100/hour", "1000/day"] {
            assert_eq!(
                shown.parse::<Rate>().map(|rate| rate.to_string()),
                Ok(shown.to_owned())
            );
        }
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in [
            "",
            "10",
            "/min",
            "10/",
            "0/s",
            "-1/s",
            "1.5/s",
            "10/month",
            "10/min/s",
            "1000001/s",
            "9999999999/s",
        ] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }
}
