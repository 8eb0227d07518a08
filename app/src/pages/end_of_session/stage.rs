//! How near the end of a session is, and what to say of it.

/// How near the end is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stage {
    /// Nothing is to be said.
    Far,
    /// So many minutes are left, rounded up: said for whom it concerns.
    Near(u64),
    /// The last minute: it can not wait.
    Last,
    /// The time is over, or should be.
    Over,
}

const MINUTE: u64 = 60_000;

impl Stage {
    /// The stage of a session with so many milliseconds left.
    pub fn of(left: u64) -> Self {
        match left.div_ceil(MINUTE) {
            0 => Self::Over,
            1 => Self::Last,
            minutes @ 2..=5 => Self::Near(minutes),
            _ => Self::Far,
        }
    }
}

/// What is said of it. It changes once a minute, because a screen reader reads every change.
pub fn sentence(minutes: u64) -> String {
    match minutes {
        0 | 1 => "This session ends in less than a minute.".to_owned(),
        _ => ["This session ends in ", &minutes.to_string(), " minutes."].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_come_five_minutes_and_one_minute_before_the_end() {
        for (left, stage) in [
            (0, Stage::Over),
            (1, Stage::Last),
            (60_000, Stage::Last),
            (60_001, Stage::Near(2)),
            (240_000, Stage::Near(4)),
            (240_001, Stage::Near(5)),
            (300_000, Stage::Near(5)),
            (300_001, Stage::Far),
            (u64::MAX, Stage::Far),
        ] {
            assert_eq!(Stage::of(left), stage, "{left}");
        }
    }
}
