//! Processor sharing: all jobs present share the workers equally, exact event by event.
//!
//! A job needs `work` units, and a worker does `rate` of them a nanosecond. While n jobs are
//! present at c workers each advances at `rate · min(1, c/n)`. Instead of each job's remaining work
//! the station keeps one virtual time V, the work that a job present since V = 0 would have
//! received (Parekh and Gallager, 1993), with 32 fractional bits: at each event
//! V += ⌊rate · Δt · 2³² · min(1, c/n)⌋. A job that arrives at V is done when V has reached its tag
//! V + work · 2³². So an event costs O(log n), and nothing depends on the platform's floats.

use super::audit::AuditError;
use super::books::{Books, StationStats};
use super::departure::Completed;
use crate::stats::Window;
use crate::time::{SimDuration, SimTime};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::num::NonZeroU32;

/// Fractional bits of virtual time.
const FRACTION_BITS: u32 = 32;

/// A job in service.
#[derive(Debug, Clone)]
struct Flow<J> {
    /// The virtual time at which it is done.
    tag: u128,
    /// How many jobs arrived before it.
    number: u64,
    arrived: SimTime,
    job: J,
}

/// Workers that all jobs present share equally.
///
/// The caller keeps one event for the next completion, and after every call that changes the
/// station schedules it anew at [`Self::until_completion`] from now:
///
/// ```
/// use splitgp_sim::station::ProcessorSharing;
/// use splitgp_sim::time::SimTime;
/// use std::num::NonZeroU32;
///
/// let at = SimTime::from_nanos;
/// let mut link = ProcessorSharing::new(NonZeroU32::MIN, 2);
/// link.arrive(at(0), None, 100, "a");
/// link.arrive(at(10), None, 20, "b"); // a has 80 left
/// // Each gets 1 unit a nanosecond: b is done after 20 ns, a has 60 left and is alone.
/// assert_eq!(link.until_completion().map(|wait| wait.as_nanos()), Some(20));
/// let mut done = Vec::new();
/// link.complete(at(30), None, &mut done);
/// assert_eq!(done[0].job, "b");
/// assert_eq!(link.until_completion().map(|wait| wait.as_nanos()), Some(30));
/// ```
#[derive(Debug, Clone)]
pub struct ProcessorSharing<J> {
    workers: NonZeroU32,
    /// Work units a worker does in a nanosecond; 0 while it pauses.
    rate: u64,
    /// V in units of 2⁻³² work units; it restarts at 0 when the station empties.
    virtual_time: u128,
    /// The last event, up to which virtual time is counted.
    now: SimTime,
    flows: BinaryHeap<Reverse<Flow<J>>>,
    /// Empty between calls: it keeps its memory.
    due: Vec<Flow<J>>,
    arrivals: u64,
    books: Books,
}

impl<J> ProcessorSharing<J> {
    /// An idle station of `workers` workers, each of which does `rate` units of work a nanosecond.
    pub fn new(workers: NonZeroU32, rate: u64) -> Self {
        Self {
            workers,
            rate,
            virtual_time: 0,
            now: SimTime::ZERO,
            flows: BinaryHeap::new(),
            due: Vec::new(),
            arrivals: 0,
            books: Books::default(),
        }
    }

    /// `job` arrives with `work` units, and its service starts at once.
    ///
    /// # Panics
    /// If more than 2⁹⁶ units have been asked for since the station was last empty.
    pub fn arrive(&mut self, now: SimTime, window: Option<Window>, work: u128, job: J) {
        self.advance(now);
        let tag = work
            .checked_mul(1 << FRACTION_BITS)
            .and_then(|work| self.virtual_time.checked_add(work))
            .expect("the work of a busy period is counted in 96 bits");
        self.flows.push(Reverse(Flow { tag, number: self.arrivals, arrived: now, job }));
        self.arrivals += 1;
        self.books.audit.arrive(now);
        self.books.audit.start(now);
        self.count(now, window);
    }

    /// Moves all jobs that are done at `now` to the end of `done`, in order of arrival.
    pub fn complete(&mut self, now: SimTime, window: Option<Window>, done: &mut Vec<Completed<J>>) {
        self.advance(now);
        while self.flows.peek().is_some_and(|Reverse(flow)| flow.tag <= self.virtual_time) {
            self.due.extend(self.flows.pop().map(|Reverse(flow)| flow));
        }
        self.due.sort_unstable_by_key(|flow| flow.number);
        for flow in self.due.drain(..) {
            self.books.audit.depart(now);
            done.push(Completed { job: flow.job, arrived: flow.arrived, started: flow.arrived });
        }
        if self.flows.is_empty() {
            self.virtual_time = 0;
        }
        self.count(now, window);
    }

    /// From the last event to the next completion; `None` if the station is empty or pauses.
    /// Saturates to [`SimDuration::BEYOND_CLOCK`].
    ///
    /// This is the least Δt with ⌊rate · Δt · 2³² · m/n⌋ ≥ tag − V where m = min(n, c), hence
    /// ⌈(tag − V) · n / (rate · m · 2³²)⌉.
    pub fn until_completion(&self) -> Option<SimDuration> {
        let Reverse(next) = self.flows.peek()?;
        if self.rate == 0 {
            return None;
        }
        let (jobs, busy) = (self.jobs(), self.busy());
        let left = next.tag.saturating_sub(self.virtual_time);
        let (whole, fraction) = (left >> FRACTION_BITS, left & u128::from(u32::MAX));
        let wait = whole
            .checked_mul(jobs)
            .and_then(|whole| whole.checked_add((fraction * jobs).div_ceil(1 << FRACTION_BITS)))
            .map(|left| left.div_ceil(u128::from(self.rate) * busy))
            .and_then(|wait| u64::try_from(wait).ok());
        Some(wait.map_or(SimDuration::BEYOND_CLOCK, SimDuration::from_nanos))
    }

    /// From `now` on a worker does `rate` units a nanosecond, none if 0. Work done so far is kept.
    pub fn set_rate(&mut self, now: SimTime, rate: u64) {
        self.advance(now);
        self.rate = rate;
    }

    /// Jobs beyond one for each worker.
    pub fn waiting(&self) -> u64 {
        self.books.queue.level()
    }

    /// Jobs present.
    pub fn present(&self) -> u64 {
        self.books.audit.present()
    }

    /// Closes the books at `end`: what was measured in `window` (the whole run without one). Of n
    /// jobs min(n, workers) count as in service and the rest as waiting.
    ///
    /// # Errors
    /// If a conservation law does not hold.
    pub fn close(
        &mut self,
        end: SimTime,
        window: Option<Window>,
    ) -> Result<StationStats, AuditError> {
        self.books.close(end, window, self.workers.get())
    }

    /// Brings virtual time up to `now`.
    fn advance(&mut self, now: SimTime) {
        let elapsed = now.since(self.now).as_nanos();
        self.now = now;
        if self.flows.is_empty() || elapsed == 0 {
            return;
        }
        let (jobs, busy) = (self.jobs(), self.busy());
        // All arithmetic fits: between two events a job receives no more work than it asked for.
        let done = u128::from(self.rate) * u128::from(elapsed) * busy;
        let (whole, rest) = (done / jobs, done % jobs);
        self.virtual_time += (whole << FRACTION_BITS) + (rest << FRACTION_BITS) / jobs;
    }

    fn count(&mut self, now: SimTime, window: Option<Window>) {
        let jobs = self.flows.len() as u64;
        let busy = jobs.min(u64::from(self.workers.get()));
        self.books.busy.set(now, window, busy);
        self.books.queue.set(now, window, jobs - busy);
    }

    fn jobs(&self) -> u128 {
        self.flows.len() as u128
    }

    /// Workers busy.
    fn busy(&self) -> u128 {
        self.jobs().min(u128::from(self.workers.get()))
    }
}

impl<J> Flow<J> {
    fn key(&self) -> (u128, u64) {
        (self.tag, self.number)
    }
}

impl<J> PartialEq for Flow<J> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<J> Eq for Flow<J> {}

impl<J> PartialOrd for Flow<J> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<J> Ord for Flow<J> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

#[cfg(test)]
mod tests;
