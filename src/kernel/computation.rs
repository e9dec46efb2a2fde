//! Real computations beside the simulated clock.
//!
//! A job starts on a pool of threads when it is submitted and the clock goes on. Only the clock
//! ever waits for it, at an event that was scheduled to need it, so the number of threads and
//! their speed never show in a run.

use super::error::panic_message;
use super::stop::StopFlag;
use actix::dev::Request;
use actix::{Actor, Addr, Handler, MailboxError, Message, SyncArbiter, SyncContext};
use std::collections::BTreeMap;
use std::num::{NonZeroU64, NonZeroUsize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;

/// One real computation of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComputationId(NonZeroU64);

/// Why a real computation has no output.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComputationError {
    /// The job panicked.
    #[error("the computation panicked: {message}")]
    Panicked {
        /// The panic's message.
        message: String,
    },
    /// The pool went away before the job was done.
    #[error("the computation was lost: {reason}")]
    Lost {
        /// What actix reported.
        reason: String,
    },
}

/// A job's outcome.
pub(super) type Output<T> = Result<T, ComputationError>;

/// A job on its way through the pool.
pub(super) type Pending<T> = Pin<Box<Request<Worker, Job<T>>>>;

/// The work itself, unless its run has ended.
pub(super) struct Job<T> {
    work: Box<dyn FnOnce() -> T + Send>,
    run_ended: StopFlag,
}

impl<T: Send + 'static> Message for Job<T> {
    type Result = Output<T>;
}

/// A thread of the pool.
pub(super) struct Worker;

impl Actor for Worker {
    type Context = SyncContext<Self>;
}

impl<T: Send + 'static> Handler<Job<T>> for Worker {
    type Result = Output<T>;

    /// Catches panics, since actix does not replace a thread that died.
    fn handle(&mut self, job: Job<T>, _: &mut Self::Context) -> Self::Result {
        if job.run_ended.is_raised() {
            return Err(ComputationError::Lost { reason: "its run has ended".to_owned() });
        }
        catch_unwind(AssertUnwindSafe(job.work)).map_err(|payload| ComputationError::Panicked {
            message: panic_message(payload.as_ref()),
        })
    }
}

enum State<T: Send + 'static> {
    Running(Pending<T>),
    /// The clock waits for it.
    Awaited,
    Done(Output<T>),
}

/// All computations of a run whose outputs were not taken yet.
pub(super) struct Computations<T: Send + 'static> {
    threads: NonZeroUsize,
    pool: Option<Addr<Worker>>,
    submitted: u64,
    states: BTreeMap<ComputationId, State<T>>,
    /// Tells jobs that nobody wants them any more.
    run_ended: StopFlag,
}

impl<T: Send + 'static> Drop for Computations<T> {
    fn drop(&mut self) {
        self.run_ended.raise();
    }
}

impl<T: Send + 'static> Computations<T> {
    pub(super) fn new() -> Self {
        let threads = NonZeroUsize::MIN;
        let run_ended = StopFlag::default();
        Self { threads, pool: None, submitted: 0, states: BTreeMap::new(), run_ended }
    }

    /// Sets the number of threads of the pool, which starts with the first job.
    pub(super) fn set_threads(&mut self, threads: NonZeroUsize) {
        self.threads = threads;
    }

    /// Starts a job. It reaches the pool when the actix system is polled next.
    pub(super) fn submit(&mut self, job: Box<dyn FnOnce() -> T + Send>) -> ComputationId {
        let threads = self.threads.get();
        let pool = self.pool.get_or_insert_with(|| SyncArbiter::start(threads, || Worker));
        self.submitted += 1;
        let id = NonZeroU64::new(self.submitted).expect("2⁶⁴ computations do not happen");
        let id = ComputationId(id);
        let job = Job { work: job, run_ended: self.run_ended.clone() };
        self.states.insert(id, State::Running(Box::pin(pool.send(job))));
        id
    }

    /// Whether the clock has to wait for it.
    pub(super) fn is_running(&self, id: ComputationId) -> bool {
        matches!(self.states.get(&id), Some(State::Running(_)))
    }

    /// What to wait for; its answer goes to [`Self::complete`].
    pub(super) fn await_output(&mut self, id: ComputationId) -> Option<Pending<T>> {
        let state = self.states.get_mut(&id)?;
        match std::mem::replace(state, State::Awaited) {
            State::Running(request) => Some(request),
            other => {
                *state = other;
                None
            }
        }
    }

    pub(super) fn complete(&mut self, id: ComputationId, answer: Result<Output<T>, MailboxError>) {
        let output = answer
            .unwrap_or_else(|error| Err(ComputationError::Lost { reason: error.to_string() }));
        self.states.insert(id, State::Done(output));
    }

    /// The output, once, after the clock waited for it. A job that merely happens to be done has
    /// none yet: that would depend on the speed of threads.
    pub(super) fn take(&mut self, id: ComputationId) -> Option<Output<T>> {
        match self.states.remove(&id)? {
            State::Done(output) => Some(output),
            unfinished => {
                self.states.insert(id, unfinished);
                None
            }
        }
    }
}
