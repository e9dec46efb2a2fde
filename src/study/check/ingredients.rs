//! What a fingerprint is made of, hashed apart, so that a change can be told by its kind.

use crate::kernel::EventRecord;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// Hashes of the parts of a trajectory, each of 16 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ingredients {
    /// When events are handled.
    pub times: String,
    /// Who scheduled and who handles them.
    pub endpoints: String,
    /// Of which kind they are.
    pub kinds: String,
    /// The bytes that they stand for.
    pub sizes: String,
    /// Where the random streams stand at the end.
    pub draws: String,
}

impl Ingredients {
    /// The names of the ingredients in which `self` and `other` differ.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let pairs = [
            ("times", &self.times, &other.times),
            ("endpoints", &self.endpoints, &other.endpoints),
            ("kinds", &self.kinds, &other.kinds),
            ("sizes", &self.sizes, &other.sizes),
            ("draws", &self.draws, &other.draws),
        ];
        pairs.into_iter().filter(|(_, one, two)| one != two).map(|(name, ..)| name).collect()
    }
}

/// Hashes the ingredients of a run as it goes on.
#[derive(Default)]
pub(super) struct IngredientHashes {
    times: Xxh3,
    endpoints: Xxh3,
    kinds: Xxh3,
    sizes: Xxh3,
}

impl IngredientHashes {
    pub(super) fn add(&mut self, event: &EventRecord) {
        let [source, target] = [event.source, event.target].map(|actor| actor.index() as u64);
        self.times.update(&event.time.as_nanos().to_le_bytes());
        self.endpoints.update(&source.to_le_bytes());
        self.endpoints.update(&target.to_le_bytes());
        self.kinds.update(&event.kind.to_le_bytes());
        self.sizes.update(&event.size.to_le_bytes());
    }

    /// The hashes of a run that ended with its streams at `draws`.
    pub(super) fn finish(&self, draws: u64) -> Ingredients {
        let hex = |hash: &Xxh3| format!("{:016x}", hash.digest());
        Ingredients {
            times: hex(&self.times),
            endpoints: hex(&self.endpoints),
            kinds: hex(&self.kinds),
            sizes: hex(&self.sizes),
            draws: format!("{draws:016x}"),
        }
    }
}
