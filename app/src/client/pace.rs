//! How long to wait before trying again: longer each time, never all at the same moment, and never shorter than the
//! server asked for.

/// The first pause is about this long, in milliseconds.
const FIRST: u64 = 1_000;
/// No pause is longer, unless the server asks for it; in milliseconds.
const LONGEST: u64 = 30_000;
/// What the server may ask for at most, in seconds; nobody watches a page for longer.
const LONGEST_ASKED: u64 = 3_600;

/// The pause before attempt number `attempt + 2`, in milliseconds. `after` is the server's `Retry-After` in seconds,
/// `chance` any random number.
#[must_use]
pub fn pause(attempt: u32, after: Option<u64>, chance: u32) -> u64 {
    let chance = u64::from(chance);
    if let Some(seconds) = after {
        // A second of spread, so that not everybody who was told the same comes back together.
        return seconds.min(LONGEST_ASKED) * 1_000 + chance % 1_000;
    }
    let full = (FIRST << attempt.min(5)).min(LONGEST);
    full / 2 + chance % (full / 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_up_to_a_limit_and_keeps_a_spread() {
        assert_eq!((pause(0, None, 0), pause(0, None, 500)), (500, 1_000));
        assert_eq!((pause(2, None, 0), pause(2, None, 2_000)), (2_000, 4_000));
        assert_eq!(
            (pause(99, None, 0), pause(99, None, 15_000)),
            (15_000, 30_000)
        );
    }

    #[test]
    fn honours_what_the_server_asked_for() {
        assert_eq!(pause(0, Some(7), 0), 7_000);
        assert_eq!(pause(0, Some(u64::MAX), 0), 3_600_000);
        assert_eq!(
            pause(9, Some(7), u32::MAX),
            7_000 + u64::from(u32::MAX) % 1_000
        );
    }
}
