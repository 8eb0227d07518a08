//! The memory of one hashing thread. A hash fills megabytes; taken from the system and given back for every hash, they
//! cost as many page faults as blocks. They are kept from one hash to the next, and given back at rest.

use argon2::Block;

use super::Busy;

/// The least that is reserved, in blocks of 1 KiB. glibc keeps what is freed for later unless it was mapped by
/// itself, which it decides by a threshold that moves up to 32 MiB (mallopt(3), `M_MMAP_THRESHOLD`): what is larger is
/// given back for certain. What is reserved and never written to costs nothing.
const MAPPED: usize = 33 << 10;

/// Blocks for one hash at a time.
#[derive(Default)]
pub struct Memory(Vec<Block>);

impl Memory {
    /// So many blocks, with anything in them: Argon2 writes each before it reads it (RFC 9106, section 3.2).
    ///
    /// # Errors
    /// [`Busy`] when there is not so much memory.
    pub fn blocks(&mut self, count: usize) -> Result<&mut [Block], Busy> {
        if self.0.len() != count {
            // Given back first, so that one thread never has two.
            self.give_back();
            self.0
                .try_reserve_exact(count.max(MAPPED))
                .map_err(|_| Busy)?;
            self.0.resize(count, Block::new());
        }
        Ok(&mut self.0)
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives everything back to the system.
    pub fn give_back(&mut self) {
        self.0 = Vec::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_used_again() {
        let mut memory = Memory::default();
        let first = memory.blocks(64).map(|blocks| blocks.as_ptr());
        let again = memory.blocks(64).map(|blocks| blocks.as_ptr());
        assert_eq!(first, again);
        assert!(!memory.is_empty());
    }

    #[test]
    fn a_larger_hash_leaves_nothing_behind() {
        let mut memory = Memory::default();
        assert_eq!(
            memory.blocks(50 << 10).map(|blocks| blocks.len()),
            Ok(50 << 10)
        );
        assert_eq!(memory.blocks(64).map(|blocks| blocks.len()), Ok(64));
        assert_eq!(memory.0.capacity(), MAPPED);
    }

    #[test]
    fn what_can_not_be_had_is_not_waited_for() {
        assert_eq!(Memory::default().blocks(usize::MAX).map(drop), Err(Busy));
    }
}
