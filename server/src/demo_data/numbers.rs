//! Numbers of tokens and events. As the server's they begin with their time; what follows is counted, so that no two are alike.

use crate::clock::UnixSeconds;
use crate::store::TokenId;

/// Microseconds of a second.
const MICROS: i64 = 1_000_000;

/// How many marks of processes there are.
const MARKS: i64 = 1 << 12;

/// Hands out numbers.
#[derive(Debug, Default)]
pub struct Numbers {
    handed_out: i64,
}

impl Numbers {
    /// So many numbers of rows that were written at `at`, in their order.
    pub fn at(&mut self, at: UnixSeconds, count: i64) -> impl Iterator<Item = i64> + use<> {
        let micros = self.handed_out % MICROS;
        if micros + count > MICROS {
            // They would begin the second anew, and come before those that were handed out with them.
            self.handed_out += MICROS - micros;
        }
        let (micros, mark) = (self.handed_out % MICROS, self.handed_out / MICROS % MARKS);
        self.handed_out += count;
        let second = TokenId::since(at).0;
        (micros..micros + count).map(move |micro| second + (micro << 12 | mark))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn numbers_are_in_order_and_of_their_second() {
        let mut numbers = Numbers {
            handed_out: MICROS - 2,
        };
        let mut all = HashSet::new();
        for _ in 0..5 {
            let some: Vec<_> = numbers.at(1_800_000_000, 3).collect();
            assert!(some.is_sorted());
            let (first, end) = (
                TokenId::since(1_800_000_000).0,
                TokenId::since(1_800_000_001).0,
            );
            assert!(some.iter().all(|number| (first..end).contains(number)));
            all.extend(some);
        }
        assert_eq!(all.len(), 15);
        let mut later = Numbers {
            handed_out: 7 * MICROS,
        };
        let mut sooner = Numbers::default();
        assert_ne!(
            later.at(0, 1).next(),
            sooner.at(0, 1).next(),
            "another mark"
        );
    }
}
