//! Hashes along a run's events: where two trails part, the runs differ.

use super::log::LoggedEvent;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// Events from one hash to the next, in a short run.
const FIRST_STRIDE: u64 = 256;

/// Hashes that a trail keeps at most, a power of two.
const MAX_HASHES: usize = 1024;

/// The hash of all events up to each multiple of a stride. The stride is a power of two times 256,
/// and grows with the run, so that a trail has at most 1,024 hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    /// Events from one hash to the next.
    pub(super) stride: u64,
    /// The hash after `stride` events, after twice as many, and so on.
    pub(super) hashes: Vec<u64>,
}

impl Default for Trail {
    fn default() -> Self {
        Self { stride: FIRST_STRIDE, hashes: Vec::new() }
    }
}

impl Trail {
    /// The first events among which two runs differ, from and to these numbers of events, if their
    /// trails part.
    pub fn parts_from(&self, other: &Self) -> Option<(u64, u64)> {
        let stride = self.stride.max(other.stride);
        let (own, others) = (self.thinned(stride), other.thinned(stride));
        let equal = own.zip(others).take_while(|(own, other)| own == other).count() as u64;
        let from = equal * stride;
        (from < self.common(other)).then_some((from, from + stride))
    }

    /// How far the runs are known to be equal, if their trails do not part.
    pub(super) fn common(&self, other: &Self) -> u64 {
        let stride = self.stride.max(other.stride);
        let known =
            |trail: &Self| (trail.hashes.len() as u64).saturating_mul(trail.stride) / stride;
        known(self).min(known(other)) * stride
    }

    /// Whether its stride and number of hashes are those of a trail.
    pub(super) fn is_sound(&self) -> bool {
        self.stride >= FIRST_STRIDE
            && self.stride.is_power_of_two()
            && self.stride <= 1 << 60
            && self.hashes.len() < MAX_HASHES
    }

    fn thinned(&self, stride: u64) -> impl Iterator<Item = u64> {
        let every = usize::try_from(stride / self.stride.max(1)).unwrap_or(usize::MAX).max(1);
        self.hashes.iter().copied().skip(every - 1).step_by(every)
    }
}

/// Makes a trail as a run goes on.
#[derive(Default)]
pub(super) struct Trailing {
    hash: Xxh3,
    count: u64,
    trail: Trail,
}

impl Trailing {
    pub(super) fn add(&mut self, event: &LoggedEvent) {
        self.hash.update(&event.time.as_nanos().to_le_bytes());
        self.hash.update(&event.source.to_le_bytes());
        self.hash.update(&event.target.to_le_bytes());
        self.hash.update(&event.kind.to_le_bytes());
        self.hash.update(&event.size.to_le_bytes());
        self.count += 1;
        if self.count.is_multiple_of(self.trail.stride) {
            self.trail.hashes.push(self.hash.digest());
        }
        if self.trail.hashes.len() == MAX_HASHES {
            self.trail.stride *= 2;
            self.trail.hashes = self.trail.hashes.iter().copied().skip(1).step_by(2).collect();
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn finish(&mut self) -> Trail {
        std::mem::take(&mut self.trail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SimTime;

    fn event(time: u64) -> LoggedEvent {
        LoggedEvent { time: SimTime::from_nanos(time), source: 0, target: 1, kind: 2, size: 3 }
    }

    fn trail(count: u64, changed: Option<u64>) -> Trail {
        let mut trailing = Trailing::default();
        for index in 0..count {
            let time = if changed == Some(index) { u64::MAX } else { index };
            trailing.add(&event(time));
        }
        trailing.finish()
    }

    #[test]
    fn trails_part_in_the_stride_of_the_first_event_that_differs() {
        let same = trail(10_000, None);
        for changed in [0, 255, 256, 5_000, 9_900] {
            let (from, to) = trail(10_000, Some(changed)).parts_from(&same).unwrap();
            assert!((from..to).contains(&changed) && to - from == 256, "{changed}: {from}, {to}");
        }
        assert_eq!(trail(10_000, None).parts_from(&same), None);
        // 39 strides of 256 are 9,984 events: the last ones have no hash.
        assert_eq!(trail(10_000, Some(9_990)).parts_from(&same), None);
    }

    #[test]
    fn a_long_runs_trail_stays_short_and_compares_with_a_short_ones() {
        let long = trail(600_000, None);
        assert!(long.hashes.len() < MAX_HASHES && long.stride == 1024, "{}", long.stride);
        assert_eq!(long.parts_from(&trail(100_000, None)), None);
        let (from, to) = trail(100_000, Some(70_000)).parts_from(&long).unwrap();
        assert!((from..to).contains(&70_000) && to - from == 1024, "{from}, {to}");
    }
}
