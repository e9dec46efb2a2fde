//! The `inference` part of the summary.

use crate::actors::STAGE_NAMES;
use crate::experiment::{InferenceResult, LatencyResult, RunResult};
use crate::report::classes::ClassInference;
use indexmap::IndexMap;
use serde::Serialize;

/// Mean seconds of each stage, in the order a request passes them.
type Breakdown = IndexMap<&'static str, f64>;

/// Counts are over the whole run, everything else over the statistics' window.
#[derive(Debug, Serialize)]
pub(super) struct InferenceSummary<'a> {
    requests: u64,
    completed: u64,
    dropped: u64,
    failed: u64,
    in_flight: u64,
    offloaded_fraction: Option<f64>,
    accuracy: Option<f64>,
    latency_s: Option<LatencySummary>,
    breakdown_s: Option<Breakdown>,
    by_class: Vec<ClassSummary<'a>>,
}

#[derive(Debug, Serialize)]
struct ClassSummary<'a> {
    class: &'a str,
    requests: u64,
    completed: u64,
    offloaded_fraction: Option<f64>,
    accuracy: Option<f64>,
    latency_s: Option<LatencySummary>,
    breakdown_s: Option<Breakdown>,
}

#[derive(Debug, Serialize)]
struct LatencySummary {
    mean: f64,
    p50: f64,
    p90: f64,
    p99: f64,
    max: f64,
    /// Half-width of the mean's 95 % confidence interval.
    ci95: Option<f64>,
}

impl<'a> InferenceSummary<'a> {
    pub(super) fn of(run: &'a RunResult, inference: &InferenceResult) -> Self {
        let by_class = run.classes.iter().enumerate().map(|(class, name)| {
            let breakdown = inference.breakdown_by_class.get(class).copied().flatten();
            ClassSummary::of(name, &ClassInference::of(run, inference, class), breakdown)
        });
        Self {
            requests: inference.requests,
            completed: inference.completed,
            dropped: inference.dropped,
            failed: inference.failed,
            in_flight: inference.in_flight,
            offloaded_fraction: inference.offloaded_fraction,
            accuracy: inference.accuracy,
            latency_s: inference.latency.as_ref().map(LatencySummary::of),
            breakdown_s: inference.breakdown.map(by_stage),
            by_class: by_class.collect(),
        }
    }
}

impl<'a> ClassSummary<'a> {
    fn of(name: &'a str, class: &ClassInference, breakdown: Option<[f64; 10]>) -> Self {
        Self {
            class: name,
            requests: class.requests,
            completed: class.completed,
            offloaded_fraction: class.offloaded_fraction,
            accuracy: class.accuracy,
            latency_s: class.latency.as_ref().map(LatencySummary::of),
            breakdown_s: breakdown.map(by_stage),
        }
    }
}

impl LatencySummary {
    fn of(latency: &LatencyResult) -> Self {
        Self {
            mean: latency.mean,
            p50: latency.p50,
            p90: latency.p90,
            p99: latency.p99,
            max: latency.max,
            ci95: latency.ci95,
        }
    }
}

fn by_stage(means: [f64; 10]) -> Breakdown {
    STAGE_NAMES.into_iter().zip(means).collect()
}
