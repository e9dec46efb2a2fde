//! The `inference` part of the summary.

use super::seconds::Seconds;
use crate::actors::STAGE_NAMES;
use crate::experiment::{ClassResult, Figures, InferenceResult, LatencyResult, RunResult};
use indexmap::IndexMap;
use serde::Serialize;

/// Mean seconds of each stage, in the order a request passes them.
type Breakdown = IndexMap<&'static str, f64>;

/// The names of [`Figures::latency`].
const LATENCY_NAMES: [&str; 5] = ["mean", "p50", "p90", "p99", "max"];

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
    /// Requests held against the deadline; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<DeadlineSummary>,
    /// What MSER-5 removed; absent if the warm-up was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    warmup: Option<WarmupSummary>,
    latency_s: Option<LatencySummary>,
    /// How p50, p90 and p99 were found.
    quantiles: &'static str,
    breakdown_s: Option<Breakdown>,
    /// Half-widths over replications; absent in a single run.
    #[serde(skip_serializing_if = "Option::is_none")]
    ci95: Option<FiguresSummary>,
    by_class: Vec<ClassSummary<'a>>,
}

#[derive(Debug, Serialize)]
struct DeadlineSummary {
    limit_s: Seconds,
    miss_ratio: Option<f64>,
    /// Requests answered in time, for each second.
    goodput_hz: f64,
}

#[derive(Debug, Serialize)]
struct WarmupSummary {
    rule: &'static str,
    until_s: Seconds,
    removed: u64,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    ci95: Option<FiguresSummary>,
}

/// Figures, or the half-widths of their 95 % confidence intervals, under the figures' own names.
#[derive(Debug, Serialize)]
pub(super) struct FiguresSummary {
    offloaded_fraction: Option<f64>,
    accuracy: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    miss_ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    goodput_hz: Option<f64>,
    latency_s: Option<IndexMap<&'static str, f64>>,
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
        let by_class = run.classes.iter().zip(&inference.by_class);
        Self {
            requests: inference.requests,
            completed: inference.completed,
            dropped: inference.dropped,
            failed: inference.failed,
            in_flight: inference.in_flight,
            offloaded_fraction: inference.offloaded_fraction,
            accuracy: inference.accuracy,
            deadline: inference.timeliness.map(|timeliness| DeadlineSummary {
                limit_s: Seconds(timeliness.deadline.as_nanos()),
                miss_ratio: timeliness.miss_ratio,
                goodput_hz: timeliness.goodput,
            }),
            warmup: inference.removed.map(|removed| WarmupSummary {
                rule: "mser-5",
                until_s: Seconds(inference.warmup.as_nanos()),
                removed,
            }),
            latency_s: inference.latency.as_ref().map(LatencySummary::of),
            quantiles: "exact",
            breakdown_s: inference.breakdown.map(by_stage),
            ci95: inference.half_widths.as_ref().map(FiguresSummary::of),
            by_class: by_class.map(|(name, class)| ClassSummary::of(name, class)).collect(),
        }
    }
}

impl<'a> ClassSummary<'a> {
    fn of(name: &'a str, class: &ClassResult) -> Self {
        Self {
            class: name,
            requests: class.requests,
            completed: class.completed,
            offloaded_fraction: class.offloaded_fraction,
            accuracy: class.accuracy,
            latency_s: class.latency.as_ref().map(LatencySummary::of),
            breakdown_s: class.breakdown.map(by_stage),
            ci95: class.half_widths.as_ref().map(FiguresSummary::of),
        }
    }
}

impl FiguresSummary {
    pub(super) fn of(figures: &Figures) -> Self {
        Self {
            offloaded_fraction: figures.offloaded_fraction,
            accuracy: figures.accuracy,
            miss_ratio: figures.miss_ratio,
            goodput_hz: figures.goodput,
            latency_s: figures
                .latency
                .map(|values| LATENCY_NAMES.into_iter().zip(values).collect()),
            breakdown_s: figures.breakdown.map(by_stage),
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
