//! Inference statistics of one device class.

use crate::actors::{Exit, RequestOutcome, RequestRecord};
use crate::experiment::{InferenceResult, LatencyResult, RunResult};
use crate::time::SimDuration;

/// What the requests of one device class came to.
pub(super) struct ClassInference {
    /// Requests created in the whole run.
    pub(super) requests: u64,
    /// Requests answered in the whole run.
    pub(super) completed: u64,
    /// Share of decided requests in the window that were offloaded.
    pub(super) offloaded_fraction: Option<f64>,
    /// Share of right answers in the window.
    pub(super) accuracy: Option<f64>,
    /// Latency in the window.
    pub(super) latency: Option<LatencyResult>,
}

impl ClassInference {
    /// Of the class with this index.
    pub(super) fn of(run: &RunResult, inference: &InferenceResult, class: usize) -> Self {
        let ours = |record: &&RequestRecord| class_of(run, record) == class;
        let of_class = || inference.records.iter().filter(ours);
        let in_window = || of_class().filter(|record| inference.in_window(record.arrival));
        Self {
            requests: of_class().count() as u64,
            completed: of_class().filter(|r| r.outcome == RequestOutcome::Completed).count() as u64,
            offloaded_fraction: share(
                in_window().filter_map(|record| record.exit.map(|exit| exit == Exit::Server)),
            ),
            accuracy: share(in_window().filter_map(|record| record.correct)),
            latency: latency_of(inference, |record| class_of(run, record) == class),
        }
    }
}

/// The class index of the client that asked.
pub(super) fn class_of(run: &RunResult, record: &RequestRecord) -> usize {
    run.clients[record.client as usize].class
}

/// The latency of those answered requests of the window that `counts` accepts.
pub(super) fn latency_of(
    inference: &InferenceResult,
    counts: impl Fn(&RequestRecord) -> bool,
) -> Option<LatencyResult> {
    let answered = inference.answered_in_window().filter(|(record, _)| counts(record));
    LatencyResult::of(&answered.map(|(_, latency)| latency).collect::<Vec<SimDuration>>())
}

/// The share of true ones; `None` of none.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
fn share(flags: impl Iterator<Item = bool>) -> Option<f64> {
    let (all, set) =
        flags.fold((0_u64, 0_u64), |(all, set), flag| (all + 1, set + u64::from(flag)));
    (all > 0).then(|| set as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn classes_partition_the_run_s_requests() {
        let run = sample::small();
        let inference = run.inference.as_ref().unwrap();
        let classes: Vec<_> = (0..2).map(|c| ClassInference::of(&run, inference, c)).collect();
        assert_eq!(classes.iter().map(|c| c.requests).sum::<u64>(), inference.requests);
        assert_eq!(classes.iter().map(|c| c.completed).sum::<u64>(), inference.completed);
        assert_eq!(classes[0].requests, 6 * 30, "six clients of thirty requests");
    }

    #[test]
    fn a_share_of_nothing_does_not_exist() {
        assert_eq!(share([].into_iter()), None);
        assert_eq!(share([true, false, false, true].into_iter()), Some(0.5));
    }
}
