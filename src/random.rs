//! Named random streams.
//!
//! A stream's seed is a hash of (master seed, replication, path, purpose), so that adding a
//! client or a purpose never shifts another's draws and two scenarios compare under common
//! random numbers. The generator (PCG64-MCG) and the hash (XXH3-128) have published, fixed
//! outputs; a test pins the first draws by value.

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use xxhash_rust::xxh3::Xxh3;

/// A generator with a guaranteed output sequence.
pub type Stream = Pcg64Mcg;

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
        let mut hash = Xxh3::new();
        hash.update(&self.seed.to_le_bytes());
        hash.update(&self.replication.to_le_bytes());
        // Lengths keep ("ab", "c") apart from ("a", "bc").
        hash.update(&(path.len() as u64).to_le_bytes());
        hash.update(path.as_bytes());
        hash.update(purpose.as_bytes());
        Stream::from_seed(hash.digest128().to_le_bytes())
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
}
