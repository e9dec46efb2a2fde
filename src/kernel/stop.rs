//! A way to end a run from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that anyone may raise, on any thread, to end runs early: after the slice of events under
/// way, or at once if the clock waits for a real computation. All clones are the same flag.
#[derive(Debug, Clone, Default)]
pub struct StopFlag {
    raised: Arc<AtomicBool>,
    parent: Option<Arc<StopFlag>>,
}

impl StopFlag {
    /// A flag of its own that counts as raised once this one is, too.
    pub fn child(&self) -> Self {
        Self { raised: Arc::default(), parent: Some(Arc::new(self.clone())) }
    }

    /// Ends all runs that were given this flag.
    pub fn raise(&self) {
        self.raised.store(true, Ordering::Relaxed);
    }

    /// Whether it, or the one that it is a child of, was raised.
    pub fn is_raised(&self) -> bool {
        self.raised.load(Ordering::Relaxed)
            || self.parent.as_ref().is_some_and(|parent| parent.is_raised())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_raised_with_its_parent_and_not_the_other_way_round() {
        let parent = StopFlag::default();
        let (one, other) = (parent.child(), parent.child());
        one.raise();
        assert_eq!([&one, &other, &parent].map(StopFlag::is_raised), [true, false, false]);
        parent.clone().raise();
        assert!(other.is_raised());
    }
}
