//! The places of a station's workers.

use std::num::NonZeroU32;

/// One place for each worker. Nearly all stations of a fleet have one worker, whose place lies in
/// the station itself: its job is found without a look elsewhere in memory.
#[derive(Debug, Clone)]
pub(super) enum Slots<V> {
    One(Option<V>),
    Many(Box<[Option<V>]>),
}

impl<V> Slots<V> {
    /// Free places for `workers` workers.
    pub(super) fn free(workers: NonZeroU32) -> Self {
        if workers == NonZeroU32::MIN {
            Self::One(None)
        } else {
            Self::Many((0..workers.get()).map(|_| None).collect())
        }
    }

    /// All places.
    pub(super) fn all(&self) -> &[Option<V>] {
        match self {
            Self::One(slot) => std::slice::from_ref(slot),
            Self::Many(slots) => slots,
        }
    }

    /// The same, to be filled and emptied.
    pub(super) fn all_mut(&mut self) -> &mut [Option<V>] {
        match self {
            Self::One(slot) => std::slice::from_mut(slot),
            Self::Many(slots) => slots,
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_place_for_each_worker() {
        for workers in [1, 2, 7] {
            let mut slots = Slots::free(NonZeroU32::new(workers).unwrap());
            assert_eq!(slots.len(), workers as usize);
            let last = slots.all_mut().last_mut().unwrap();
            assert_eq!(last.replace('a'), None, "all are free");
            assert_eq!(slots.all().last(), Some(&Some('a')));
        }
    }
}
