//! What every station writes down, whatever its discipline.

use super::audit::{Audit, AuditError};
use crate::stats::{RareLevel, TimeWeighted, Window};
use crate::time::SimTime;

/// What a station measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StationStats {
    /// Busy time over workers · observed time, in the window.
    pub utilisation: f64,
    /// Work offered in the window over workers · its length: busy time in it and, after it, until
    /// a worker is idle first, because till then what was left is dealt with. Pauses of a link that
    /// is down count. The utilisation if there is no window.
    pub offered_load: f64,
    /// Time-average number waiting (not in service), in the window.
    pub mean_queue: f64,
    /// Largest number waiting in the whole run.
    pub max_queue: u64,
    /// Services completed in the whole run.
    pub completed: u64,
}

/// A station's books: jobs waiting, workers busy, and the exact sums that an audit needs.
#[derive(Debug, Clone, Default)]
pub(super) struct Books {
    /// Jobs waiting.
    pub(super) queue: RareLevel,
    /// Workers busy.
    pub(super) busy: TimeWeighted,
    /// Jobs in service beyond one for each busy worker: those that are served together.
    pub(super) batched: RareLevel,
    /// Sums over visits.
    pub(super) audit: Audit,
}

impl Books {
    /// Closes the books of `workers` workers at `end`: what was measured in `window` (the whole
    /// run without one).
    ///
    /// # Errors
    /// If a conservation law does not hold.
    pub(super) fn close(
        &mut self,
        end: SimTime,
        window: Option<Window>,
        workers: u32,
    ) -> Result<StationStats, AuditError> {
        self.queue.advance(end, window);
        self.busy.advance(end, window);
        self.batched.advance(end, window);
        let number_integral =
            self.queue.integral() + self.busy.integral() + self.batched.integral();
        self.audit.check(end, number_integral, self.busy.integral(), workers)?;
        Ok(StationStats {
            utilisation: self.busy.mean(window) / f64::from(workers),
            offered_load: self.busy.offered(window) / f64::from(workers),
            mean_queue: self.queue.mean(window),
            max_queue: self.queue.max(),
            completed: self.audit.departed(),
        })
    }
}
