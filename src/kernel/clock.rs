//! The simulated clock: an actix actor that lets the engine run slice by slice.

use super::computation::ComputationId;
use super::engine::{Ended, Engine, Pause};
use super::error::{SimError, panic_message};
use super::message::SimMessage;
use super::simulation::Simulation;
use super::stop::StopFlag;
use crate::random::positions_after;
use crate::time::SimTime;
use actix::clock::interval;
use actix::fut::wrap_future;
use actix::{Actor, ActorFutureExt as _, AsyncContext as _, Context, Handler, Message, System};
use std::cell::RefCell;
use std::future::{Future as _, poll_fn};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

/// Events between two breaths of the actix system: enough to make its cost vanish, few enough
/// that progress is live.
const DEFAULT_SLICE: u32 = 4096;

/// How often a clock that waits for a real computation looks whether it is to stop.
const STOP_WATCH: Duration = Duration::from_millis(50);

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The present simulation time.
    pub time: SimTime,
    /// Events handled so far.
    pub events: u64,
}

/// How to run a simulation. None of it changes the result.
pub struct RunOptions {
    /// Threads for real computations; they start with the first one.
    pub threads: NonZeroUsize,
    /// Events between two calls of `progress`; 0 counts as 1.
    pub slice: u32,
    /// Called after every slice.
    pub progress: Option<Box<dyn FnMut(Progress)>>,
    /// Ends the run early when it is raised.
    pub stop: Option<StopFlag>,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self { threads: NonZeroUsize::MIN, slice: DEFAULT_SLICE, progress: None, stop: None }
    }
}

/// Runs a simulation to its end in an actix system of its own on this thread. Several threads
/// can do so at the same time.
///
/// # Errors
/// See [`SimError`]; whatever an actor does, a run never hangs. It is
/// [`Interrupted`](SimError::Interrupted) if the actix system is stopped, as a progress callback
/// may do by `System::current().stop()`.
///
/// # Panics
/// If it is called from within an actix or tokio runtime.
pub fn run<M: SimMessage>(
    simulation: Simulation<M>,
    options: RunOptions,
) -> Result<Ended, SimError> {
    let (ended, draws) = positions_after(|| run_to_end(simulation, options));
    Ok(Ended { draws, ..ended? })
}

/// [`run`], with all actors gone at its end.
fn run_to_end<M: SimMessage>(
    simulation: Simulation<M>,
    options: RunOptions,
) -> Result<Ended, SimError> {
    let engine = Engine::new(simulation, options.threads)?;
    let outcome = Rc::new(RefCell::new(None));
    let clock = Clock {
        engine: Box::new(engine),
        slice: options.slice.max(1),
        progress: options.progress,
        stop: options.stop.unwrap_or_default(),
        outcome: Rc::clone(&outcome),
    };
    let system = System::new();
    system.block_on(async { clock.start() });
    let stopped = system.run();
    let ended = outcome.borrow_mut().take();
    ended.unwrap_or_else(|| {
        let reason =
            stopped.err().map_or("its actix system was stopped".to_owned(), |e| e.to_string());
        Err(SimError::Interrupted { reason })
    })
}

/// Tells the clock to run its next slice.
struct Tick;

impl Message for Tick {
    type Result = ();
}

struct Clock<M: SimMessage> {
    engine: Box<Engine<M>>,
    slice: u32,
    progress: Option<Box<dyn FnMut(Progress)>>,
    stop: StopFlag,
    outcome: Rc<RefCell<Option<Result<Ended, SimError>>>>,
}

impl<M: SimMessage> Actor for Clock<M> {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        context.notify(Tick);
    }
}

impl<M: SimMessage> Handler<Tick> for Clock<M> {
    type Result = ();

    fn handle(&mut self, _: Tick, context: &mut Self::Context) {
        if self.stop.is_raised() {
            return self.stop();
        }
        match self.advance() {
            Ok(Pause::Breath) => self.breathe(context),
            Ok(Pause::Waiting(computation)) => self.wait_for(computation, context),
            Ok(Pause::Finished) => {
                let result = self.finish();
                self.conclude(result);
            }
            Err(error) => self.conclude(Err(error)),
        }
    }
}

impl<M: SimMessage> Clock<M> {
    fn advance(&mut self) -> Result<Pause, SimError> {
        let (engine, slice) = (&mut self.engine, self.slice);
        let pause = catch_unwind(AssertUnwindSafe(|| engine.run_slice(slice)))
            .map_err(|payload| engine.panicked(payload.as_ref()))?;
        self.report()?;
        Ok(pause)
    }

    fn report(&mut self) -> Result<(), SimError> {
        let Some(progress) = &mut self.progress else {
            return Ok(());
        };
        let (time, events) = (self.engine.now(), self.engine.events());
        catch_unwind(AssertUnwindSafe(|| progress(Progress { time, events }))).map_err(|payload| {
            let message = panic_message(payload.as_ref());
            SimError::CallbackPanicked { role: "progress callback", time, message }
        })
    }

    fn finish(&mut self) -> Result<Ended, SimError> {
        let engine = &mut self.engine;
        catch_unwind(AssertUnwindSafe(|| engine.finish()))
            .unwrap_or_else(|payload| Err(engine.panicked(payload.as_ref())))
    }

    /// Ends the run before all is done.
    fn stop(&mut self) {
        let ended = self.finish().map(|ended| Ended { interrupted: true, ..ended });
        self.conclude(ended);
    }

    fn conclude(&self, result: Result<Ended, SimError>) {
        *self.outcome.borrow_mut() = Some(result);
        System::current().stop();
    }

    /// Lets everything else in the actix system run before the next slice. A bare `notify` would
    /// be answered within the same poll of this actor, and the pool would never get its jobs.
    fn breathe(&self, context: &mut Context<Self>) {
        let mut polled = false;
        let yielded = poll_fn(move |task| {
            if polled {
                return Poll::Ready(());
            }
            polled = true;
            task.waker().wake_by_ref();
            Poll::Pending
        });
        context.wait(wrap_future::<_, Self>(yielded).map(|(), _, context| context.notify(Tick)));
    }

    fn wait_for(&mut self, computation: ComputationId, context: &mut Context<Self>) {
        let Some(mut request) = self.engine.core().computations.await_output(computation) else {
            return context.notify(Tick);
        };
        let (stop, mut watch) = (self.stop.clone(), interval(STOP_WATCH));
        let answered = poll_fn(move |task| {
            if let Poll::Ready(answer) = request.as_mut().poll(task) {
                return Poll::Ready(Some(answer));
            }
            while watch.poll_tick(task).is_ready() {
                if stop.is_raised() {
                    return Poll::Ready(None);
                }
            }
            Poll::Pending
        });
        context.wait(wrap_future::<_, Self>(answered).map(
            move |answer, clock: &mut Self, context: &mut Context<Self>| {
                if let Some(answer) = answer {
                    clock.engine.core().computations.complete(computation, answer);
                }
                context.notify(Tick);
            },
        ));
    }
}
