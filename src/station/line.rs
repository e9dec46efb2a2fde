//! Jobs that wait.

use std::collections::VecDeque;

/// A line that is nowhere before somebody waits: at most stations of a large fleet nobody ever
/// does, and a pointer is all that they keep of it.
#[derive(Debug, Clone)]
#[expect(clippy::box_collection, reason = "most stations keep a null pointer, not a queue")]
pub(super) struct Line<T>(Option<Box<VecDeque<T>>>);

impl<T> Line<T> {
    /// Nobody waits.
    pub(super) const fn new() -> Self {
        Self(None)
    }

    /// Joins at the end.
    pub(super) fn push(&mut self, job: T) {
        self.0.get_or_insert_default().push_back(job);
    }

    /// Takes the first.
    pub(super) fn pop(&mut self) -> Option<T> {
        self.0.as_mut()?.pop_front()
    }

    /// The last to have joined.
    pub(super) fn last(&self) -> Option<&T> {
        self.0.as_ref()?.back()
    }

    /// Those who wait, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flat_map(|line| line.iter())
    }

    /// Lets all go; returns how many there were.
    pub(super) fn clear(&mut self) -> usize {
        self.0.as_mut().map_or(0, |line| line.drain(..).count())
    }
}
