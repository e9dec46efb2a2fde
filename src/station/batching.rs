//! Batches and priority: two classes of jobs before equal workers.
//!
//! Inference jobs are served together: a batch starts when a worker is free and either `max` of
//! them wait or the oldest has waited long enough. Training jobs are served one by one. Which class
//! a free worker turns to first is the priority; it is non-preemptive. Batches of one that wait for
//! nobody are a plain queue with priority.

use super::audit::AuditError;
use super::books::{Books, StationStats};
use super::departure::Completed;
use super::fifo::Slot;
use crate::stats::Window;
use crate::time::{SimDuration, SimTime};
use std::collections::VecDeque;
use std::num::NonZeroU32;

/// What a job serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobClass {
    /// Training: served one by one.
    Training,
    /// Inference: served in batches.
    Inference,
}

/// When a batch starts, and who comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchRule {
    /// The most jobs of a batch.
    pub max: NonZeroU32,
    /// How long the oldest job waits for others. What arrives when it ends still joins.
    pub wait: SimDuration,
    /// Whom a free worker serves first; `None`: the class whose oldest job came first.
    pub first: Option<JobClass>,
}

/// A job in the queue.
#[derive(Debug, Clone)]
struct Waiting<J> {
    /// How many jobs of both classes came before it.
    number: u64,
    arrived: SimTime,
    job: J,
}

/// What a worker serves; it is free without jobs.
#[derive(Debug, Clone)]
struct Service<J> {
    started: SimTime,
    jobs: Vec<(SimTime, J)>,
}

/// Workers before a queue of training jobs and one of inference jobs.
///
/// After an arrival, a completion and the end of a wait the caller starts services until
/// [`Self::start`] returns `None`, schedules their ends, and then a timer at
/// [`Self::until_wait_ends`].
#[derive(Debug, Clone)]
pub struct BatchStation<J> {
    rule: BatchRule,
    slots: Box<[Service<J>]>,
    training: VecDeque<Waiting<J>>,
    inference: VecDeque<Waiting<J>>,
    arrivals: u64,
    /// When the job of each class arrived that was started last.
    last_starts: [SimTime; 2],
    books: Books,
}

impl<J> BatchStation<J> {
    /// An idle station.
    pub fn new(workers: NonZeroU32, rule: BatchRule) -> Self {
        let free = || Service { started: SimTime::ZERO, jobs: Vec::new() };
        Self {
            rule,
            slots: (0..workers.get()).map(|_| free()).collect(),
            training: VecDeque::new(),
            inference: VecDeque::new(),
            arrivals: 0,
            last_starts: [SimTime::ZERO; 2],
            books: Books::default(),
        }
    }

    /// `job` of `class` arrives and waits.
    pub fn arrive(&mut self, now: SimTime, window: Option<Window>, class: JobClass, job: J) {
        self.books.audit.arrive(now);
        self.books.queue.set(now, window, self.books.queue.level() + 1);
        let waiting = Waiting { number: self.arrivals, arrived: now, job };
        self.arrivals += 1;
        match class {
            JobClass::Training => self.training.push_back(waiting),
            JobClass::Inference => self.inference.push_back(waiting),
        }
    }

    /// Starts the next service, if a worker is free and a training job or a whole batch is ready:
    /// the caller schedules its end. `wait_ended` says that everything which happens at `now` has
    /// happened, so that a wait that ends at `now` is over.
    pub fn start(
        &mut self,
        now: SimTime,
        window: Option<Window>,
        wait_ended: bool,
    ) -> Option<Slot> {
        let free = self.free_slot()?;
        let class = self.next_class(now, wait_ended)?;
        let (queue, count) = match class {
            JobClass::Training => (&mut self.training, 1),
            JobClass::Inference => {
                let count = self.inference.len().min(self.rule.max.get() as usize);
                (&mut self.inference, count)
            }
        };
        let service = &mut self.slots[free];
        service.started = now;
        for waiting in queue.drain(..count) {
            let last = &mut self.last_starts[class as usize];
            self.books.audit.start_after(*last, waiting.arrived);
            *last = waiting.arrived;
            service.jobs.push((waiting.arrived, waiting.job));
        }
        let (count, books) = (count as u64, &mut self.books);
        books.queue.set(now, window, books.queue.level() - count);
        books.busy.set(now, window, books.busy.level() + 1);
        books.batched.set(now, window, books.batched.level() + count - 1);
        Some(Slot(u32::try_from(free).expect("workers are counted in u32")))
    }

    /// How long from `now` a timer is to be set for, at which the oldest inference job has waited
    /// long enough; `None` if nobody waits or no worker is free to start then.
    pub fn until_wait_ends(&self, now: SimTime) -> Option<SimDuration> {
        self.free_slot()?;
        let waited = now.since(self.inference.front()?.arrived).as_nanos();
        Some(SimDuration::from_nanos(self.rule.wait.as_nanos().saturating_sub(waited)))
    }

    /// The jobs in service at `slot`.
    pub fn in_service(&self, slot: Slot) -> impl ExactSizeIterator<Item = &J> {
        self.slots[slot.0 as usize].jobs.iter().map(|(_, job)| job)
    }

    /// The service at `slot` ends: its jobs move to the end of `done`, in order of arrival.
    ///
    /// # Panics
    /// If nothing is in service there.
    pub fn complete(
        &mut self,
        now: SimTime,
        window: Option<Window>,
        slot: Slot,
        done: &mut Vec<Completed<J>>,
    ) {
        let service = &mut self.slots[slot.0 as usize];
        let count = service.jobs.len() as u64;
        assert!(count > 0, "a job is in service at this slot");
        let started = service.started;
        for (arrived, job) in service.jobs.drain(..) {
            self.books.audit.depart(now);
            done.push(Completed { job, arrived, started });
        }
        let books = &mut self.books;
        books.busy.set(now, window, books.busy.level() - 1);
        books.batched.set(now, window, books.batched.level() + 1 - count);
    }

    /// Jobs waiting, those in service not counted.
    pub fn waiting(&self) -> u64 {
        self.books.queue.level()
    }

    /// Jobs waiting or in service.
    pub fn present(&self) -> u64 {
        self.books.audit.present()
    }

    /// Closes the books at `end`: what was measured in `window` (the whole run without one).
    ///
    /// # Errors
    /// If a conservation law does not hold.
    pub fn close(
        &mut self,
        end: SimTime,
        window: Option<Window>,
    ) -> Result<StationStats, AuditError> {
        let workers = u32::try_from(self.slots.len()).expect("workers are counted in u32");
        self.books.close(end, window, workers)
    }

    fn free_slot(&self) -> Option<usize> {
        if self.books.busy.level() == self.slots.len() as u64 {
            return None;
        }
        self.slots.iter().position(|service| service.jobs.is_empty())
    }

    /// The class that a free worker serves now.
    fn next_class(&self, now: SimTime, wait_ended: bool) -> Option<JobClass> {
        let batch = self.inference.front().filter(|oldest| {
            let waited = now.since(oldest.arrived);
            self.inference.len() >= self.rule.max.get() as usize
                || waited > self.rule.wait
                || (wait_ended && waited == self.rule.wait)
        });
        match (self.training.front(), batch) {
            (None, None) => None,
            (Some(_), None) => Some(JobClass::Training),
            (None, Some(_)) => Some(JobClass::Inference),
            (Some(step), Some(oldest)) => Some(self.rule.first.unwrap_or({
                if step.number < oldest.number { JobClass::Training } else { JobClass::Inference }
            })),
        }
    }
}

#[cfg(test)]
mod tests;
