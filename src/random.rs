//! Named random streams.
//!
//! A stream's seed is a hash of (master seed, replication, path, purpose), so that adding a
//! client or a purpose never shifts another's draws and two scenarios compare under common
//! random numbers. The generator (PCG64-MCG) and the hash (XXH3-128) have published, fixed
//! outputs; a test pins the first draws by value.

use rand::{Rng as _, SeedableRng as _, TryRng};
use rand_pcg::Pcg64Mcg;
use std::cell::Cell;
use std::convert::Infallible;
use xxhash_rust::xxh3::Xxh3;

thread_local! {
    /// The sum of the positions that this thread's streams were dropped at.
    static POSITIONS: Cell<u64> = const { Cell::new(0) };
}

/// A generator with a guaranteed output sequence. Where it stands when it is dropped is counted by
/// [`positions_after`].
#[derive(Debug, Clone)]
pub struct Stream(Pcg64Mcg);

impl Stream {
    /// The stream of this number, apart from all that have a name.
    pub fn new(number: u128) -> Self {
        Self(Pcg64Mcg::new(number))
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0.next_u32())
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

impl Drop for Stream {
    /// Its next draw tells where a stream stands; a sum does not depend on the order of dropping.
    fn drop(&mut self) {
        let position = self.0.next_u64();
        // A thread that ends has nobody left to ask.
        let _ = POSITIONS.try_with(|sum| sum.set(sum.get().wrapping_add(position)));
    }
}

/// Does `work`, and returns its result with a sum over the positions at which streams were dropped
/// on this thread meanwhile: if one of them was drawn from once more or once less, the sum differs.
pub fn positions_after<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = POSITIONS.get();
    let result = work();
    (result, POSITIONS.get().wrapping_sub(before))
}

/// The source of all random streams of one replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streams {
    seed: u64,
    replication: u32,
}

impl Streams {
    /// The streams of replication `replication` under the scenario's `seed`.
    pub const fn new(seed: u64, replication: u32) -> Self {
        Self { seed, replication }
    }

    /// The stream of the actor (or thing) at `path` for one `purpose`, from its beginning.
    pub fn stream(self, path: &str, purpose: &str) -> Stream {
        Stream(self.generator(path, purpose))
    }

    /// The same draws from a generator whose position nobody counts: for work that is done once and
    /// may be looked up later instead of being done again, as training is.
    pub fn generator(self, path: &str, purpose: &str) -> Pcg64Mcg {
        let mut hash = Xxh3::new();
        hash.update(&self.seed.to_le_bytes());
        hash.update(&self.replication.to_le_bytes());
        // Lengths keep ("ab", "c") apart from ("a", "bc").
        hash.update(&(path.len() as u64).to_le_bytes());
        hash.update(path.as_bytes());
        hash.update(purpose.as_bytes());
        Pcg64Mcg::from_seed(hash.digest128().to_le_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt as _;

    #[test]
    fn streams_differ_by_each_part_of_their_name() {
        let first = |s: Streams, path, purpose| s.stream(path, purpose).random::<u64>();
        let one = first(Streams::new(1, 0), "ab", "c");
        assert_ne!(one, first(Streams::new(2, 0), "ab", "c"));
        assert_ne!(one, first(Streams::new(1, 1), "ab", "c"));
        assert_ne!(one, first(Streams::new(1, 0), "a", "bc"));
        assert_ne!(one, first(Streams::new(1, 0), "ab", "d"));
        assert_eq!(one, first(Streams::new(1, 0), "ab", "c"));
    }

    #[test]
    fn first_draws_are_pinned_by_value() {
        let mut stream = Streams::new(1, 0).stream("pin", "draws");
        let draws = [(); 3].map(|()| stream.random::<u64>());
        insta::assert_debug_snapshot!(draws);
        assert_eq!(Stream::new(0).random::<u64>(), Pcg64Mcg::new(0).random::<u64>());
    }

    #[test]
    fn the_sum_of_positions_counts_every_draw_and_no_order() {
        let drawn = |counts: [u32; 2], swapped: bool| {
            let ((), sum) = positions_after(|| {
                let mut streams = ["a", "b"].map(|path| Streams::new(1, 0).stream(path, "draws"));
                for (stream, count) in streams.iter_mut().zip(counts) {
                    for _ in 0..count {
                        stream.random::<u64>();
                    }
                }
                let [a, b] = streams;
                let (first, second) = if swapped { (b, a) } else { (a, b) };
                drop(first);
                drop(second);
            });
            sum
        };
        assert_eq!(drawn([3, 5], false), drawn([3, 5], true));
        assert_ne!(drawn([3, 5], false), drawn([3, 4], false));
        assert_ne!(drawn([3, 5], false), drawn([5, 3], false));
    }
}
