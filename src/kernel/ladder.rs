//! A priority queue of entries after the ladder queue of Tang, Goh and Thng (2005).
//!
//! Far entries lie unsorted in the *top*. When their time comes they are spread over the buckets
//! of a *rung*; a crowded bucket is spread over a rung of its own below, a small one is sorted
//! into the *bottom*, from which entries are popped. Each entry moves a few times whatever the
//! queue's length, so both operations take constant time on average.
//!
//! What is inserted before the buckets that are left goes to a small heap of *late* entries, and
//! a crowded heap becomes a rung. The original sorts such entries into the bottom, which is
//! quadratic when many short timers run beside a few long ones.
//!
//! What each event passes is marked `#[inline]`: the crate is compiled in several units, and an event
//! is so little work that the calls between them would show.

use super::entry::Entry;
use super::event::EventKey;
use super::rung::{Rung, Spare};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A bucket of more entries is spread over a rung, not sorted.
const CROWDED_BUCKET: usize = 64;

/// A heap of more late entries is spread over a rung.
const CROWDED_HEAP: usize = 512;

/// Rungs narrow at least by [`CROWDED_BUCKET`] / 4 each, so that eight tell most times apart;
/// what is still crowded then is sorted, or stays in the heap.
const MAX_RUNGS: usize = 8;

/// Entries, smallest first.
pub(super) struct Ladder {
    /// Entries after `horizon`, unsorted.
    top: Vec<Entry>,
    horizon: u64,
    /// The first `depth` rungs are in use, each within one bucket of the rung before.
    rungs: [Rung; MAX_RUNGS],
    depth: usize,
    /// The bucket being popped, largest first.
    bottom: Vec<Entry>,
    /// Entries before all buckets.
    late: BinaryHeap<Reverse<Entry>>,
    spare: Spare,
    len: usize,
}

impl Ladder {
    pub(super) fn new() -> Self {
        Self {
            top: Vec::new(),
            horizon: 0,
            rungs: [const { Rung::new() }; MAX_RUNGS],
            depth: 0,
            bottom: Vec::new(),
            late: BinaryHeap::new(),
            spare: Vec::new(),
            len: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds an entry, wherever its key lies.
    #[inline]
    pub(super) fn insert(&mut self, entry: Entry) {
        self.len += 1;
        if entry.key.time > self.horizon {
            self.top.push(entry);
            return;
        }
        for rung in &mut self.rungs[..self.depth] {
            if rung.accepts(entry.key.time) {
                return rung.insert(entry, &mut self.spare);
            }
        }
        self.late.push(Reverse(entry));
    }

    /// Takes the smallest entry if its key is below `key`.
    #[inline]
    pub(super) fn pop_before(&mut self, key: EventKey) -> Option<Entry> {
        if self.bottom.is_empty() {
            self.fill_bottom();
        }
        let next = self.bottom.last().filter(|next| next.key < key);
        let bound = next.map_or(key, |next| next.key);
        let entry = match self.late.peek() {
            Some(Reverse(late)) if late.key < bound => self.pop_late(),
            _ if next.is_some() => self.bottom.pop(),
            _ => None,
        }?;
        self.len -= 1;
        Some(entry)
    }

    /// The entries to be popped next, up to late ones between them, if they were sorted just now
    /// because none were left.
    #[inline]
    pub(super) fn fresh_bucket(&mut self) -> &[Entry] {
        if !self.bottom.is_empty() {
            return &[];
        }
        self.fill_bottom();
        &self.bottom
    }

    /// Drops the entries that `keep` refuses.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(Entry) -> bool) {
        self.top.retain(|entry| keep(*entry));
        self.bottom.retain(|entry| keep(*entry));
        self.late.retain(|Reverse(entry)| keep(*entry));
        self.len = self.top.len() + self.bottom.len() + self.late.len();
        for rung in &mut self.rungs[..self.depth] {
            rung.retain(&mut keep);
            self.len += rung.len();
        }
    }

    fn pop_late(&mut self) -> Option<Entry> {
        self.late.pop().map(|Reverse(entry)| entry)
    }

    /// Sorts the next entries into the empty bottom, unless a few late ones come first.
    fn fill_bottom(&mut self) {
        if self.late.len() > CROWDED_HEAP && self.depth < MAX_RUNGS {
            self.bottom.extend(self.late.drain().map(|Reverse(entry)| entry));
            self.spread_bottom();
        } else if !self.late.is_empty() {
            return;
        }
        while self.take_bucket() {
            if self.bottom.len() <= CROWDED_BUCKET
                || self.depth == MAX_RUNGS
                || self.is_one_instant()
            {
                self.bottom.sort_unstable_by_key(|entry| Reverse(entry.key.packed()));
                return;
            }
            self.spread_bottom();
        }
    }

    /// Moves the next bucket into the empty bottom; `false` if no entry is left.
    fn take_bucket(&mut self) -> bool {
        while self.depth > 0 {
            if let Some(bucket) = self.rungs[self.depth - 1].take_bucket() {
                self.spare.push(std::mem::replace(&mut self.bottom, bucket));
                return true;
            }
            self.depth -= 1;
        }
        if self.top.is_empty() {
            return false;
        }
        self.horizon = self.rungs[0].refill(&mut self.top, &mut self.spare);
        self.depth = 1;
        self.take_bucket()
    }

    /// Spreads the bottom, which lies before all buckets, over a new lowest rung.
    fn spread_bottom(&mut self) {
        self.rungs[self.depth].refill(&mut self.bottom, &mut self.spare);
        self.depth += 1;
    }

    fn is_one_instant(&self) -> bool {
        let mut times = self.bottom.iter().map(|entry| entry.key.time);
        let first = times.next();
        times.all(|time| Some(time) == first)
    }
}
