//! A run as a trace that [Perfetto](https://ui.perfetto.dev) opens: one file in the Trace Event
//! Format of Chrome (N. Clinton and others, "Trace Event Format"), written while the run goes on.
//!
//! ```text
//! process   a device with its own links │ the server │ a link between nodes
//! thread    what a station serves, what waits for it, what travels on from a link; as many lanes
//!           of each as there are at once, so that no slices of a thread overlap
//! X         waiting, computing, transmitting, travelling, in microseconds with all nanoseconds
//! s t f     arrows that follow a request, a mini-batch or a model from station to station
//! C         how many wait at a station
//! i         drops, failures, deadlines, aggregations
//! ```
//!
//! What is not over when the run ends, and what a failing device loses, is not drawn.

mod counters;
mod event;
mod file;
mod flows;
mod lanes;
mod limits;
mod recorder;

pub use limits::{LimitError, TraceLimits};

use super::ReportError;
use crate::actors::{Moment, Sojourn, StationId, Stations, Watcher};
use crate::time::SimTime;
use file::TraceFile;
use recorder::Recorder;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A trace that is being written.
pub struct Trace {
    recorder: Rc<RefCell<Recorder>>,
}

/// What a trace holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TraceCounts {
    /// Slices.
    pub slices: u64,
    /// Flows: each is drawn as one arrow or several.
    pub flows: u64,
    /// All events of the format, those that name tracks included.
    pub events: u64,
}

impl Trace {
    /// Begins a trace at `path`, within `limits`; it is compressed if the name ends with `.gz`. The
    /// file appears under its name when it is complete; an older one stays until then.
    ///
    /// # Errors
    /// If the file cannot be created.
    pub fn create(path: impl AsRef<Path>, limits: TraceLimits) -> Result<Self, ReportError> {
        let file = TraceFile::create(path.as_ref())?;
        Ok(Self { recorder: Rc::new(RefCell::new(Recorder::new(file, limits))) })
    }

    /// Who writes what a run shows.
    pub fn watcher(&self) -> Box<dyn Watcher> {
        Box::new(Shared(Rc::clone(&self.recorder)))
    }

    /// Completes the file; returns its path and what it holds.
    ///
    /// # Errors
    /// If it could not be written, now or earlier.
    pub fn finish(self) -> Result<(PathBuf, TraceCounts), ReportError> {
        self.recorder.borrow_mut().finish()
    }
}

/// A watcher that is also in other hands.
struct Shared(Rc<RefCell<Recorder>>);

impl Watcher for Shared {
    fn begins(&mut self, stations: &Stations) {
        self.0.borrow_mut().begins(stations);
    }

    fn sojourn(&mut self, now: SimTime, sojourn: &Sojourn) {
        self.0.borrow_mut().sojourn(now, sojourn);
    }

    fn queue(&mut self, now: SimTime, station: StationId, waiting: u64) {
        self.0.borrow_mut().queue(now, station, waiting);
    }

    fn moment(&mut self, now: SimTime, station: StationId, moment: Moment) {
        self.0.borrow_mut().moment(now, station, moment);
    }
}
