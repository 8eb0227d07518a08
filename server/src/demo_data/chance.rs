//! Numbers that look like chance and come again for the same seed: `SplitMix64` (Steele, Lea and Flood, 2014). Everything that
//! is made up has a stream of its own, so that no part has to be made in the order of another. Not for secrets.

use crate::token::hex;

/// A stream of numbers.
#[derive(Clone, Debug)]
pub struct Chance(u64);

/// What a stream is for.
#[derive(Clone, Copy, Debug)]
pub enum Stream {
    /// A user.
    Person,
    /// The rows of a user.
    Rows,
    /// The id of a device.
    Device,
    /// Where and when a login happens.
    Login,
    /// How long after the one before it comes.
    Time,
    /// What becomes of the session it opens.
    Session,
}

impl Chance {
    /// The stream of the thing of this number.
    #[must_use]
    pub fn of(seed: u64, stream: Stream, number: usize) -> Self {
        let mut chance = Self(seed);
        for word in [stream as u64, number as u64] {
            chance.0 = chance.next() ^ word;
        }
        chance
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; nought where there is none.
    pub fn below(&mut self, n: usize) -> usize {
        let product = u128::from(self.next()) * (n as u128);
        usize::try_from(product >> 64).unwrap_or_default()
    }

    /// A number from `first` up to, but without, `end`; `first` where there is none.
    pub fn within(&mut self, first: i64, end: i64) -> i64 {
        let span = usize::try_from(end - first).unwrap_or_default();
        first + i64::try_from(self.below(span)).unwrap_or_default()
    }

    /// True so often in a thousand times.
    pub fn is(&mut self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }

    /// One of them.
    pub fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// Bits for an id.
    pub fn bits(&mut self) -> [u8; 10] {
        let mut bits = [0; 10];
        bits[..8].copy_from_slice(&self.next().to_be_bytes());
        bits[8..].copy_from_slice(&self.next().to_be_bytes()[..2]);
        bits
    }

    /// So many times sixteen hexadecimal digits.
    pub fn digits(&mut self, times: usize) -> String {
        let words = (0..times).flat_map(|_| self.next().to_be_bytes());
        hex(&words.collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_comes_again_and_no_other_is_like_it() {
        let first = |seed, stream, number| Chance::of(seed, stream, number).next();
        let known = first(1, Stream::Login, 7);
        assert_eq!(first(1, Stream::Login, 7), known);
        for other in [
            first(2, Stream::Login, 7),
            first(1, Stream::Session, 7),
            first(1, Stream::Login, 8),
        ] {
            assert_ne!(other, known);
        }
    }

    #[test]
    fn numbers_stay_where_they_belong_and_reach_all_of_it() {
        let mut chance = Chance::of(1, Stream::Person, 0);
        let mut seen = [0; 6];
        for _ in 0..6000 {
            seen[chance.below(6)] += 1;
        }
        assert!(
            seen.iter().all(|times| (800..1200).contains(times)),
            "{seen:?}"
        );
        assert!((0..100).all(|_| (-5..-2).contains(&chance.within(-5, -2))));
        assert_eq!((chance.below(0), chance.within(3, 3)), (0, 3));
        let heads = (0..10_000).filter(|_| chance.is(250)).count();
        assert!((2300..2700).contains(&heads), "{heads}");
    }
}
