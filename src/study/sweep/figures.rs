//! What one cell came to.

use super::theory::mean_latency;
use super::trained::TrainedPoint;
use crate::experiment::{
    Accuracy, AccuracyPoint, InferenceResult, LatencyResult, RunResult, StationResult,
};
use crate::scenario::Scenario;
use crate::study::Estimate;
use serde::{Deserialize, Serialize};

/// The figures of one cell. What the cell's scenario does not determine is absent. Over several
/// replications values are means with Student's t intervals and counts are sums; in a single run
/// the mean latency alone has an interval, by batch means.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CellFigures {
    /// How often traffic and network were drawn.
    pub replications: u32,
    /// Requests created.
    pub requests: Option<u64>,
    /// … answered.
    pub completed: Option<u64>,
    /// … dropped by a link.
    pub dropped: Option<u64>,
    /// … lost by a failing device or server.
    pub failed: Option<u64>,
    /// … unanswered at the end.
    pub in_flight: Option<u64>,
    /// Share of decided requests that were offloaded.
    pub offloaded_fraction: Option<Estimate>,
    /// Share of right answers.
    pub accuracy: Option<Estimate>,
    /// Seconds of latency: mean, median, 90 % and 99 % quantile, maximum.
    pub latency: Option<[Estimate; 5]>,
    /// Seconds of mean latency by queueing theory, where the cell is a system with a closed form.
    #[serde(default)]
    pub theory_latency: Option<f64>,
    /// Joules of a request.
    pub request_energy: Option<f64>,
    /// The server's busy time over workers · observed time.
    pub server_utilisation: Option<Estimate>,
    /// The station with the largest utilisation.
    pub busiest_station: Option<String>,
    /// That utilisation.
    pub busiest_utilisation: Option<Estimate>,
    /// `stable`, `saturated` or `overloaded`.
    pub verdict: Option<String>,
    /// Seconds of training; of the first replication.
    pub training_time: Option<f64>,
    /// ρ of the trained accuracies: the one of inference, or the evaluated one next to it.
    pub trained_ood: Option<f64>,
    /// Mean accuracy over clients of the final client exit at that ρ.
    pub trained_client_exit: Option<f64>,
    /// … of the final server exit.
    pub trained_server_exit: Option<f64>,
    /// … of the final full model.
    pub trained_full: Option<f64>,
    /// The final models' accuracies at every evaluated ρ, ascending.
    #[serde(default)]
    pub trained: Vec<TrainedPoint>,
    /// Handled events.
    pub events: u64,
    /// Simulated seconds at the end.
    pub sim_time: f64,
    /// The hash of the trajectory.
    pub fingerprint: String,
}

/// The names of the latency's statistics.
const LATENCIES: [&str; 5] = ["mean", "p50", "p90", "p99", "max"];

impl CellFigures {
    /// What `run`, a run of `scenario`, came to.
    pub fn of(run: &RunResult, scenario: &Scenario) -> Self {
        let inference = run.inference.as_ref();
        let count = |count: fn(&InferenceResult) -> u64| inference.map(count);
        // The first of equally busy ones: `max_by` would take the last.
        let busiest =
            run.stations.iter().rev().max_by(|a, b| a.utilisation.total_cmp(&b.utilisation));
        let trained = trained_point(run, scenario);
        let mean = |of: fn(&AccuracyPoint) -> Option<Accuracy>| {
            trained.and_then(of).map(|accuracy| accuracy.mean)
        };
        Self {
            replications: scenario.replications,
            requests: count(|inference| inference.requests),
            completed: count(|inference| inference.completed),
            dropped: count(|inference| inference.dropped),
            failed: count(|inference| inference.failed),
            in_flight: count(|inference| inference.in_flight),
            offloaded_fraction: inference.and_then(offloaded),
            accuracy: inference.and_then(accuracy),
            latency: inference.and_then(latency),
            theory_latency: mean_latency(scenario),
            request_energy: run.energy.as_ref().and_then(|energy| energy.request),
            server_utilisation: run.stations.iter().find(|s| &*s.name == "server").map(utilisation),
            busiest_station: busiest.map(|station| station.name.to_string()),
            busiest_utilisation: busiest.map(utilisation),
            verdict: run.verdict.as_ref().map(|verdict| verdict.state.to_string()),
            training_time: run.training.as_ref().map(|training| training.time.as_secs_f64()),
            trained_ood: trained.map(|point| point.ood),
            trained_client_exit: mean(|point| point.client_exit),
            trained_server_exit: mean(|point| point.server_exit),
            trained_full: mean(|point| point.full),
            trained: TrainedPoint::all(run),
            events: run.events,
            sim_time: run.sim_time.as_secs_f64(),
            fingerprint: format!("{:032x}", run.fingerprint),
        }
    }

    /// The columns of a table of cells, in order: names and this cell's values. Empty values are
    /// what the scenario does not determine; `…_ci95` is a half-width.
    pub fn columns(&self) -> Vec<(String, String)> {
        let mut columns = Columns(Vec::new());
        columns.add("replications", Some(self.replications));
        columns.add("requests", self.requests);
        columns.add("completed", self.completed);
        columns.add("dropped", self.dropped);
        columns.add("failed", self.failed);
        columns.add("in_flight", self.in_flight);
        columns.estimate("offloaded_fraction", "", self.offloaded_fraction);
        columns.estimate("accuracy", "", self.accuracy);
        for (index, name) in LATENCIES.iter().enumerate() {
            let latency = self.latency.map(|latency| latency[index]);
            columns.estimate(&format!("latency_{name}"), "_s", latency);
        }
        columns.add("request_energy_j", self.request_energy);
        columns.estimate("server_utilisation", "", self.server_utilisation);
        columns.add("busiest_station", self.busiest_station.as_ref());
        columns.estimate("busiest_utilisation", "", self.busiest_utilisation);
        columns.add("verdict", self.verdict.as_ref());
        columns.add("training_time_s", self.training_time);
        columns.add("trained_ood", self.trained_ood);
        columns.add("trained_client_exit", self.trained_client_exit);
        columns.add("trained_server_exit", self.trained_server_exit);
        columns.add("trained_full", self.trained_full);
        columns.add("events", Some(self.events));
        columns.add("sim_time_s", Some(self.sim_time));
        columns.add("fingerprint", Some(&self.fingerprint));
        columns.0
    }
}

/// Names and values of columns.
struct Columns(Vec<(String, String)>);

impl Columns {
    fn add(&mut self, name: &str, value: Option<impl ToString>) {
        let value = value.map_or_else(String::new, |value| value.to_string());
        self.0.push((name.to_owned(), value));
    }

    fn estimate(&mut self, name: &str, unit: &str, estimate: Option<Estimate>) {
        self.add(&format!("{name}{unit}"), estimate.map(|estimate| estimate.value));
        let half_width = estimate.and_then(|estimate| estimate.ci95);
        self.add(&format!("{name}_ci95{unit}"), half_width);
    }
}

fn offloaded(inference: &InferenceResult) -> Option<Estimate> {
    let ci95 = inference.half_widths.as_ref().and_then(|widths| widths.offloaded_fraction);
    Some(Estimate { value: inference.offloaded_fraction?, ci95 })
}

fn accuracy(inference: &InferenceResult) -> Option<Estimate> {
    let ci95 = inference.half_widths.as_ref().and_then(|widths| widths.accuracy);
    Some(Estimate { value: inference.accuracy?, ci95 })
}

fn latency(inference: &InferenceResult) -> Option<[Estimate; 5]> {
    let LatencyResult { mean, p50, p90, p99, max, ci95 } = inference.latency?;
    let widths = inference.half_widths.as_ref().and_then(|widths| widths.latency);
    let mut estimates = [mean, p50, p90, p99, max].map(|value| Estimate { value, ci95: None });
    for (index, estimate) in estimates.iter_mut().enumerate() {
        estimate.ci95 = widths.map(|widths| widths[index]);
    }
    estimates[0].ci95 = ci95;
    Some(estimates)
}

fn utilisation(station: &StationResult) -> Estimate {
    let ci95 = station.half_widths.as_ref().map(|widths| widths.utilisation);
    Estimate { value: station.utilisation, ci95 }
}

/// The final evaluation at the ρ of inference, or at the evaluated one next to it; without
/// inference at the lowest.
fn trained_point<'a>(run: &'a RunResult, scenario: &Scenario) -> Option<&'a AccuracyPoint> {
    let points = &run.training.as_ref()?.evaluations.last()?.points;
    let asked = scenario.inference.as_ref().map_or(0.0, |inference| inference.ood);
    let distance = |point: &AccuracyPoint| (point.ood - asked).abs();
    points.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}
