//! One station under any of the disciplines that a server may have.

use super::audit::AuditError;
use super::batching::BatchStation;
use super::books::StationStats;
use super::fifo::FifoStation;
use super::processor_sharing::ProcessorSharing;
use crate::stats::Window;
use crate::time::SimTime;

/// A server's workers and queue.
#[derive(Debug, Clone)]
pub enum ServerStation<J> {
    /// One queue in order of arrival.
    Fifo(FifoStation<J>),
    /// All jobs share the workers; a job's work is its lone service in nanoseconds.
    Shared(ProcessorSharing<J>),
    /// Two queues: batches, priority or both.
    Batched(BatchStation<J>),
}

impl<J> ServerStation<J> {
    /// Jobs waiting; of workers that are shared, jobs beyond one for each.
    pub fn waiting(&self) -> u64 {
        match self {
            Self::Fifo(station) => station.waiting(),
            Self::Shared(station) => station.waiting(),
            Self::Batched(station) => station.waiting(),
        }
    }

    /// Jobs waiting or in service.
    pub fn present(&self) -> u64 {
        match self {
            Self::Fifo(station) => station.present(),
            Self::Shared(station) => station.present(),
            Self::Batched(station) => station.present(),
        }
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
        match self {
            Self::Fifo(station) => station.close(end, window),
            Self::Shared(station) => station.close(end, window),
            Self::Batched(station) => station.close(end, window),
        }
    }
}
