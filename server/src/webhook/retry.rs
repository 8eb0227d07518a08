//! When to try again what was not taken: soon, then ever later, for about a day. Pure.

/// After how many attempts it is given up.
pub const ATTEMPTS: i64 = 20;

/// The longest pause, in seconds.
const LONGEST: i64 = 4 * 3600;

/// Seconds until the next attempt, when `attempts` have failed; `None` when that were enough. The pauses double from a
/// second to four hours, each up to a quarter shorter or longer by chance (`random`), so that what failed together does
/// not come together again.
#[must_use]
pub fn pause(attempts: i64, random: u8) -> Option<i64> {
    if attempts >= ATTEMPTS {
        return None;
    }
    let doublings = u32::try_from(attempts - 1).unwrap_or(0);
    let pause = 1_i64
        .checked_shl(doublings)
        .map_or(LONGEST, |pause| pause.min(LONGEST));
    let spread = pause / 2;
    Some(pause - spread / 2 + spread * i64::from(random) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_for_about_a_day() {
        let total = |random| (1..ATTEMPTS).filter_map(|n| pause(n, random)).sum::<i64>() / 3600;
        assert_eq!((total(0), total(128), total(255)), (18, 24, 30));
        assert_eq!(pause(ATTEMPTS, 0), None);
    }

    #[test]
    fn pauses_grow_and_vary() {
        assert_eq!([1, 2, 3, 4].map(|n| pause(n, 128)), [1, 2, 4, 8].map(Some));
        assert_eq!((pause(11, 0), pause(11, 255)), (Some(768), Some(1280)));
        assert_eq!(pause(19, 128), Some(14_414));
        for attempts in 1..ATTEMPTS {
            assert!(pause(attempts, 0).is_some_and(|pause| pause >= 1));
        }
    }
}
