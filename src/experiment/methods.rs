//! Training methods beside one another.

use super::costing::Costing;
use super::error::Rejection;
use super::result::{Evaluation, RunResult, TrainingResult};
use crate::actors::RoundTasks;
use crate::quantity::Bytes;
use crate::scenario::{Scenario, TrainingSpec};

/// What one of several compared methods came to.
#[derive(Debug, Clone)]
pub struct MethodResult {
    /// Its run.
    pub run: RunResult,
    /// FLOPs of a device's round of full mini-batches; with `local_epochs`, of the device that has
    /// most of them.
    pub device_flops: u64,
    /// Memory that training takes on a device.
    pub device_memory: Bytes,
}

/// What a training round takes on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeviceCosts {
    /// FLOPs of a round of full mini-batches; with `local_epochs`, of the device that has most of
    /// them.
    pub flops: u64,
    /// Memory of the models, their gradients and a mini-batch's activations.
    pub memory: Bytes,
}

impl DeviceCosts {
    /// Of a `scenario` that trains, whose clients hold `samples` each.
    ///
    /// # Errors
    /// If the model has no such cut: then there can be no run.
    pub(super) fn of(
        scenario: &Scenario,
        samples: impl Iterator<Item = u64>,
    ) -> Result<Self, Rejection> {
        let costing = Costing::of(scenario)?;
        let training = scenario.training.as_ref();
        let batch = training.map_or(0, |training| u64::from(training.batch_size));
        let steps = |training: &TrainingSpec| {
            samples.map(|held| training.local_work.steps(held, training.batch_size)).max()
        };
        let steps = u64::from(training.and_then(steps).unwrap_or(0));
        let step = match costing.round_tasks(batch) {
            RoundTasks::Split(tasks) => {
                let overlapped = tasks.overlapped.map_or(0, |work| work.flops);
                tasks.forward.flops + overlapped + tasks.backward.flops
            }
            RoundTasks::Full(work) => work.flops,
        };
        Ok(Self { flops: steps * step, memory: costing.training_memory(batch) })
    }
}

impl MethodResult {
    /// The result of `run`, which was one of `scenario`.
    ///
    /// # Errors
    /// If the model has no such cut: then there can be no run.
    pub fn of(scenario: &Scenario, run: RunResult) -> Result<Self, Rejection> {
        let samples = run.clients.iter().filter_map(|client| client.samples);
        let DeviceCosts { flops, memory } = DeviceCosts::of(scenario, samples)?;
        Ok(Self { run, device_flops: flops, device_memory: memory })
    }

    /// Its evaluation after `rounds` rounds, if it came so far.
    pub fn evaluation_after(&self, rounds: u32) -> Option<(&TrainingResult, &Evaluation)> {
        let training = self.run.training.as_ref()?;
        let evaluation = training.evaluations.iter().find(|e| e.rounds_done == rounds)?;
        Some((training, evaluation))
    }
}

/// After how many rounds `methods` are compared: the last ones after which all were evaluated, but for
/// those that ended before their first evaluation. `None` if there is nothing to compare.
pub fn compared_rounds(methods: &[MethodResult]) -> Option<u32> {
    // All methods are evaluated after the same rounds, as far as they come.
    let last =
        |method: &MethodResult| Some(method.run.training.as_ref()?.evaluations.last()?.rounds_done);
    methods.iter().filter_map(last).min()
}
