//! Training methods beside one another.

use super::costing::Costing;
use super::error::Rejection;
use super::result::RunResult;
use crate::actors::RoundTasks;
use crate::quantity::Bytes;
use crate::scenario::Scenario;

/// What one of several compared methods came to.
#[derive(Debug, Clone)]
pub struct MethodResult {
    /// Its run.
    pub run: RunResult,
    /// FLOPs of a device's round of full mini-batches.
    pub device_flops: u64,
    /// Memory that training takes on a device.
    pub device_memory: Bytes,
}

impl MethodResult {
    /// The result of `run`, which was one of `scenario`.
    ///
    /// # Errors
    /// If the model has no such cut: then there can be no run.
    pub fn of(scenario: &Scenario, run: RunResult) -> Result<Self, Rejection> {
        let costing = Costing::of(scenario)?;
        let (batch, updates) = scenario.training.as_ref().map_or((0, 0), |training| {
            (u64::from(training.batch_size), u64::from(training.local_updates))
        });
        let step = match costing.round_tasks(batch) {
            RoundTasks::Split(tasks) => tasks.forward.flops + tasks.backward.flops,
            RoundTasks::Full(work) => work.flops,
        };
        Ok(Self {
            run,
            device_flops: updates * step,
            device_memory: costing.device_part().training_memory(batch),
        })
    }
}
