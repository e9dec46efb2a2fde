//! One rung of the ladder: a stretch of time cut into equal buckets.

use super::entry::Entry;

/// Memory of emptied buckets, the warmest last.
pub(super) type Spare = Vec<Vec<Entry>>;

/// How many entries a bucket should hold on average when its rung is filled: enough that to fetch
/// their actors together hides most of the wait for memory. Buckets fill up further until their
/// turn comes.
const ENTRIES_PER_BUCKET: usize = 8;

/// Entries by time, in buckets of 2^`shift` nanoseconds from `start` on. The last bucket has no
/// end: whatever the rung above lets through belongs to it.
pub(super) struct Rung {
    start: u64,
    shift: u32,
    buckets: Vec<Vec<Entry>>,
    /// The first bucket that was not taken.
    current: usize,
    len: usize,
}

impl Rung {
    /// A rung without buckets, to be filled by [`Self::refill`].
    pub(super) const fn new() -> Self {
        Self { start: 0, shift: 0, buckets: Vec::new(), current: 0, len: 0 }
    }

    /// Cuts the stretch of `entries`, which must not be empty, into buckets and moves them in.
    /// Gives the latest time among them.
    pub(super) fn refill(&mut self, entries: &mut Vec<Entry>, spare: &mut Spare) -> u64 {
        debug_assert!(self.len == 0 && !entries.is_empty());
        let times = entries.iter().map(|entry| entry.key.time);
        let (start, end) =
            times.fold((u64::MAX, 0), |(low, high), time| (low.min(time), high.max(time)));
        let span = end - start;
        let wanted = (entries.len() / ENTRIES_PER_BUCKET).max(2) as u64;
        // The narrowest power of two that needs no more buckets than wanted.
        self.shift = (span / wanted).checked_ilog2().map_or(0, |log| log + 1);
        self.start = start;
        self.current = 0;
        self.len = entries.len();
        let count = usize::try_from(span >> self.shift).expect("at most as many as wanted") + 1;
        self.buckets.resize_with(count, Vec::new);
        for entry in entries.drain(..) {
            let index = self.index(entry.key.time);
            self.push(index, entry, spare);
        }
        end
    }

    /// Whether an entry at `time` does not lie before the buckets that are left.
    #[inline]
    pub(super) fn accepts(&self, time: u64) -> bool {
        time >= self.start && self.index(time) >= self.current
    }

    /// Adds an entry at a time that it [`accepts`](Self::accepts).
    #[inline]
    pub(super) fn insert(&mut self, entry: Entry, spare: &mut Spare) {
        let index = self.index(entry.key.time);
        self.push(index, entry, spare);
        self.len += 1;
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Takes the first bucket that holds entries; `None` if the rung is empty.
    pub(super) fn take_bucket(&mut self) -> Option<Vec<Entry>> {
        if self.len == 0 {
            return None;
        }
        while self.buckets[self.current].is_empty() {
            self.current += 1;
        }
        let bucket = std::mem::take(&mut self.buckets[self.current]);
        self.len -= bucket.len();
        self.current += 1;
        Some(bucket)
    }

    pub(super) fn retain(&mut self, keep: &mut impl FnMut(Entry) -> bool) {
        for bucket in &mut self.buckets[self.current..] {
            bucket.retain(|entry| keep(*entry));
        }
        self.len = self.buckets[self.current..].iter().map(Vec::len).sum();
    }

    #[inline]
    fn push(&mut self, index: usize, entry: Entry, spare: &mut Spare) {
        let bucket = &mut self.buckets[index];
        if bucket.capacity() == 0 {
            *bucket = spare.pop().unwrap_or_default();
        }
        bucket.push(entry);
    }

    #[inline]
    fn index(&self, time: u64) -> usize {
        let index = (time - self.start) >> self.shift;
        usize::try_from(index).unwrap_or(usize::MAX).min(self.buckets.len() - 1)
    }
}
