//! From the journal's requests to the inference result.

use super::error::ExperimentError;
use super::result::{ClientResult, InferenceResult, LatencyResult};
use crate::actors::{Exit, RequestOutcome, RequestRecord};
use crate::scenario::{InferenceSpec, Scenario};
use crate::stats::{Tally, Window};
use crate::time::{SimDuration, SimTime};

/// Statistics over the arrivals in `window`; counts over the whole run.
///
/// # Errors
/// If requests are lost or counted twice: created = completed + dropped + failed + in flight, where
/// `open_requests` were still in flight by the actors' own count.
pub(super) fn inference_result(
    scenario: &Scenario,
    spec: &InferenceSpec,
    origin: SimTime,
    window: Window,
    open_requests: u64,
    records: Vec<RequestRecord>,
) -> Result<InferenceResult, ExperimentError> {
    let count = |outcome: RequestOutcome| {
        records.iter().filter(|record| record.outcome == outcome).count() as u64
    };
    let created = records.len() as u64;
    let [completed, dropped, failed] =
        [RequestOutcome::Completed, RequestOutcome::Dropped, RequestOutcome::Failed].map(count);
    let accounted = completed + dropped + failed + open_requests;
    if created != accounted {
        return Err(ExperimentError::Requests { created, accounted });
    }

    let classes: Vec<usize> = super::fleet::members(scenario).map(|member| member.class).collect();
    let mut total = Summary::default();
    let mut by_class = vec![Breakdown::default(); scenario.fleet.len()];
    for record in records.iter().filter(|record| window.contains(record.arrival)) {
        total.record(record);
        if record.outcome == RequestOutcome::Completed {
            by_class[classes[record.client as usize]].record(record);
        }
    }
    Ok(InferenceResult {
        origin,
        warmup: spec.warmup,
        duration: spec.duration,
        threshold: spec.offload.threshold(),
        requests: created,
        completed,
        dropped,
        failed,
        in_flight: open_requests,
        offloaded_fraction: total.offloaded.mean(),
        accuracy: total.correct.mean(),
        latency: LatencyResult::of(&total.latencies),
        breakdown_by_class: by_class.iter().map(Breakdown::mean).collect(),
        breakdown: total.breakdown.mean(),
        records,
    })
}

impl InferenceResult {
    /// Fills in each client's own figures.
    pub(super) fn describe_clients(&self, window: Window, clients: &mut [ClientResult]) {
        let mut summaries = vec![Summary::default(); clients.len()];
        for record in &self.records {
            let client = record.client as usize;
            clients[client].requests += 1;
            clients[client].completed += u64::from(record.outcome == RequestOutcome::Completed);
            if window.contains(record.arrival) {
                summaries[client].record(record);
            }
        }
        for (client, summary) in clients.iter_mut().zip(summaries) {
            client.offloaded_fraction = summary.offloaded.mean();
            client.mean_latency_s = summary
                .latencies
                .iter()
                .map(|latency| latency.as_secs_f64())
                .collect::<Tally>()
                .mean();
            client.accuracy = summary.correct.mean();
        }
    }
}

/// What requests of a group have in common.
#[derive(Debug, Clone, Default)]
struct Summary {
    offloaded: Tally,
    correct: Tally,
    /// In order of arrival.
    latencies: Vec<SimDuration>,
    breakdown: Breakdown,
}

impl Summary {
    fn record(&mut self, record: &RequestRecord) {
        if let Some(exit) = record.exit {
            self.offloaded.record(share(exit == Exit::Server));
        }
        if let Some(correct) = record.correct {
            self.correct.record(share(correct));
        }
        if let (RequestOutcome::Completed, Some(done)) = (record.outcome, record.done) {
            self.latencies.push(done.since(record.arrival));
            self.breakdown.record(record);
        }
    }
}

/// Mean time of each stage.
#[derive(Debug, Clone, Default)]
struct Breakdown([Tally; 10]);

impl Breakdown {
    fn record(&mut self, record: &RequestRecord) {
        for (tally, stage) in self.0.iter_mut().zip(record.stages.as_array()) {
            tally.record(stage.as_secs_f64());
        }
    }

    fn mean(&self) -> Option<[f64; 10]> {
        self.0[0].mean()?;
        Some(self.0.each_ref().map(|tally| tally.mean().expect("all stages are recorded together")))
    }
}

fn share(is: bool) -> f64 {
    if is { 1.0 } else { 0.0 }
}
