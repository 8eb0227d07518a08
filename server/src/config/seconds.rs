//! A length of time as people write it in a setting.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A whole number of seconds, zero or more. Written as `300`, `300s`, `5m`, `1h 30m` or `1d`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Seconds(i64);

impl Seconds {
    /// The longest: a hundred years, so that no sum of times overflows.
    pub const MAX: i64 = 100 * 366 * 86_400;

    /// The number of seconds.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let seconds = match text.parse::<u64>() {
            Ok(seconds) => seconds,
            Err(_) => whole_seconds(text)?,
        };
        match i64::try_from(seconds) {
            Ok(seconds) if seconds <= Self::MAX => Ok(Self(seconds)),
            _ => Err("longer than a hundred years".to_owned()),
        }
    }
}

fn whole_seconds(text: &str) -> Result<u64, String> {
    let duration = humantime::parse_duration(text)
        .map_err(|_| "not a length of time such as 30s, 5m or 1d")?;
    if duration.subsec_nanos() != 0 {
        return Err("times in tokens are whole seconds".to_owned());
    }
    Ok(duration.as_secs())
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DAY: i64 = 86_400;
        // Beyond a month there are words for lengths that nobody means to the second.
        if self.0 > 0 && self.0 % DAY == 0 {
            return write!(f, "{}d", self.0 / DAY);
        }
        let duration = Duration::from_secs(self.0.unsigned_abs());
        let words = humantime::format_duration(duration).to_string();
        f.write_str(&words.replace(' ', ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_as_people_write_them() {
        for (text, seconds) in [
            ("300", 300),
            ("5m", 300),
            ("1d", 86_400),
            (" 1h 30m ", 5400),
            ("0s", 0),
        ] {
            assert_eq!(text.parse(), Ok(Seconds(seconds)), "{text}");
        }
    }

    #[test]
    fn a_length_reads_back_as_it_is_shown() {
        for seconds in [0, 1, 90, 5400, 86_400, 90_061, 400 * 86_400, Seconds::MAX] {
            let shown = Seconds(seconds).to_string();
            assert_eq!(shown.parse(), Ok(Seconds(seconds)), "{shown}");
            assert!(!shown.contains(' '));
        }
    }

    #[test]
    fn what_is_no_length_is_refused() {
        for text in [
            "",
            "-1",
            "soon",
            "1.5s",
            "1500ms",
            "200y",
            "99999999999999999999",
        ] {
            assert!(text.parse::<Seconds>().is_err(), "{text}");
        }
    }
}
