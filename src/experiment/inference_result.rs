//! From the journal's requests to the inference result.

use super::error::ExperimentError;
use super::figures::Figures;
use super::groups::{ClientTallies, Summary, class_results, latency_of};
use super::replications::latency;
use super::result::{ClassResult, ClientResult, InferenceResult, LatencyResult};
use super::timeliness::Timeliness;
use crate::actors::{RequestOutcome, RequestRecord};
use crate::scenario::{InferenceSpec, Scenario, WarmupSpec};
use crate::stats::{Window, mser5};
use crate::time::SimTime;

/// Statistics over the arrivals in `window`; counts over the whole run. A warm-up that the rule
/// MSER-5 finds narrows the window.
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

    let (window, removed) = match spec.warmup {
        WarmupSpec::Stated(_) => (window, None),
        WarmupSpec::Mser5 => without_warmup(window, &records),
    };
    let classes: Vec<usize> = super::fleet::members(scenario).map(|member| member.class).collect();
    let mut total = Summary::default();
    let in_window = |record: &RequestRecord| window.contains(record.arrival);
    records.iter().filter(|record| in_window(record)).for_each(|record| total.record(record));
    Ok(InferenceResult {
        origin,
        warmup: window.from.since(origin),
        removed,
        duration: spec.duration,
        requests: created,
        completed,
        dropped,
        failed,
        in_flight: open_requests,
        offloaded_fraction: total.offloaded.mean(),
        accuracy: total.correct.mean(),
        timeliness: spec.deadline.map(|deadline| Timeliness::of(deadline, window, &records)),
        latency: LatencyResult::of(&total.latencies),
        breakdown: total.breakdown.mean(),
        half_widths: None,
        by_class: class_results(&records, &classes, scenario.fleet.len(), in_window),
        records,
    })
}

/// The part of `window` after the warm-up that MSER-5 finds in the latencies of the requests that
/// arrived in it, and how many answered requests that leaves out.
fn without_warmup(window: Window, records: &[RequestRecord]) -> (Window, Option<u64>) {
    let (arrivals, latencies): (Vec<SimTime>, Vec<f64>) = records
        .iter()
        .filter(|record| window.contains(record.arrival))
        .filter_map(|record| Some((record.arrival, latency_of(record)?.as_secs_f64())))
        .unzip();
    match arrivals.get(mser5(&latencies)).filter(|&from| arrivals.first() != Some(from)) {
        // Those that arrived in the same instant are kept with the first one kept.
        Some(&from) => {
            let removed = arrivals.partition_point(|&arrival| arrival < from);
            (Window { from, ..window }, Some(removed as u64))
        }
        None => (window, Some(0)),
    }
}

impl InferenceResult {
    /// What all requests came to.
    pub(super) fn figures(&self) -> Figures {
        Figures {
            offloaded_fraction: self.offloaded_fraction,
            accuracy: self.accuracy,
            miss_ratio: self.timeliness.and_then(|timeliness| timeliness.miss_ratio),
            goodput: self.timeliness.map(|timeliness| timeliness.goodput),
            latency: self.latency.map(|latency| latency.as_array()),
            breakdown: self.breakdown,
        }
    }

    /// Fills in each client's own figures.
    pub(super) fn describe_clients(&self, clients: &mut [ClientResult]) {
        let mut tallies = vec![ClientTallies::default(); clients.len()];
        for record in &self.records {
            let client = record.client as usize;
            clients[client].requests += 1;
            clients[client].completed += u64::from(record.outcome == RequestOutcome::Completed);
            if self.in_window(record.arrival) {
                tallies[client].record(record);
            }
        }
        for (client, tallies) in clients.iter_mut().zip(tallies) {
            client.offloaded_fraction = tallies.offloaded.mean();
            client.mean_latency_s = tallies.latency.mean();
            client.accuracy = tallies.correct.mean();
        }
    }
}

impl ClassResult {
    /// What its requests came to.
    pub(super) fn figures(&self) -> Figures {
        Figures {
            offloaded_fraction: self.offloaded_fraction,
            accuracy: self.accuracy,
            latency: self.latency.map(|latency| latency.as_array()),
            breakdown: self.breakdown,
            ..Figures::default()
        }
    }

    /// Replaces its figures by the means over replications and their half-widths.
    pub(super) fn set_figures(&mut self, means: &Figures, half_widths: Figures) {
        self.offloaded_fraction = means.offloaded_fraction;
        self.accuracy = means.accuracy;
        self.latency = latency(means, &half_widths);
        self.breakdown = means.breakdown;
        self.half_widths = Some(half_widths);
    }

    /// Adds another replication's counts.
    pub(super) fn add_counts(&mut self, other: &Self) {
        self.requests += other.requests;
        self.completed += other.completed;
        for (exit, other) in self.exits.iter_mut().zip(&other.exits) {
            exit.answered += other.answered;
        }
    }
}
