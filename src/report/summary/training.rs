//! The `training` part of the summary.

use super::seconds::Seconds;
use crate::experiment::{
    Accuracy, AccuracyPoint, RunResult, SeedResult, SelectiveAccuracy, TrainingResult,
};
use crate::report::ood_detection::Detection;
use crate::report::threshold::selective_at;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(super) struct TrainingSummary<'a> {
    method: &'a str,
    rounds: usize,
    /// From the start to the delivery of the last final aggregate.
    time_s: Seconds,
    bytes: BytesSummary,
    /// Of a round of full mini-batches; with `local_epochs`, of the device that has most of them.
    device_flops_per_round: u64,
    device_memory_bytes: u64,
    /// Of the final models, one entry for each ρ; means over the seeds, if there are several.
    accuracy: Vec<AccuracySummary>,
    /// Absent unless a client exit was trained to the end and OOD samples were evaluated; with several
    /// training seeds of the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    ood_detection: Option<DetectionSummary>,
    /// Mean over clients of ‖∇F_k‖², absent unless it was measured.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gradient_norm: Vec<GradientSummary>,
    /// Absent with one seed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    seeds: Vec<SeedSummary>,
}

/// How well the final client exits' entropy tells OOD samples; means over clients.
#[derive(Debug, Serialize)]
struct DetectionSummary {
    /// ρ at which OOD samples were counted: the largest one evaluated.
    ood: f64,
    auroc: f64,
    /// `null` unless the policy is entropy offloading.
    offloaded: Option<OffloadedSummary>,
}

/// P(offload | main) and P(offload | OOD) at the scenario's E_th.
#[derive(Debug, Serialize)]
struct OffloadedSummary {
    threshold: f64,
    main: f64,
    ood: f64,
}

#[derive(Debug, Serialize)]
struct GradientSummary {
    rounds_done: u32,
    squared_norm: f64,
}

#[derive(Debug, Serialize)]
struct SeedSummary {
    seed: u64,
    fingerprint: String,
    time_s: Seconds,
}

/// Sums over all rounds, headers included, retransmissions not.
#[derive(Debug, Serialize)]
struct BytesSummary {
    up: u64,
    down: u64,
}

#[derive(Debug, Serialize)]
struct AccuracySummary {
    ood: f64,
    /// `null` if the method has no client exit.
    client_exit: Option<ExitSummary>,
    /// `null` if the method has no server exit.
    server_exit: Option<ExitSummary>,
    /// At the scenario's own E_th; `null` under another policy.
    selective: Option<SelectiveSummary>,
    /// Of methods that do not split the model; `null` for those that do.
    full: Option<ExitSummary>,
}

#[derive(Debug, Serialize)]
struct ExitSummary {
    mean: f64,
    worst_decile: f64,
    main: f64,
    ood: Option<f64>,
    /// Half-widths over the seeds; absent with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    ci95: Option<ExitIntervals>,
}

#[derive(Debug, Serialize)]
struct ExitIntervals {
    mean: f64,
    worst_decile: f64,
    main: f64,
    ood: Option<f64>,
}

#[derive(Debug, Serialize)]
struct SelectiveSummary {
    threshold: f64,
    offloaded_fraction: f64,
    /// Half-width over the seeds; absent with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    offloaded_fraction_ci95: Option<f64>,
    #[serde(flatten)]
    accuracy: ExitSummary,
}

impl<'a> TrainingSummary<'a> {
    pub(super) fn of(run: &RunResult, training: &'a TrainingResult) -> Self {
        let threshold = run.threshold;
        let accuracy = training.evaluations.last().map_or_else(Vec::new, |last| {
            let points = last.points.iter().enumerate();
            let summary =
                |(index, point)| AccuracySummary::of(point, last.half_widths.get(index), threshold);
            points.map(summary).collect()
        });
        let norms = training.evaluations.iter().filter_map(|evaluation| {
            let squared_norm = evaluation.gradient_norm?;
            Some(GradientSummary { rounds_done: evaluation.rounds_done, squared_norm })
        });
        Self {
            method: training.method,
            rounds: training.rounds.len(),
            time_s: Seconds(training.time.as_nanos()),
            bytes: BytesSummary { up: training.bytes_up, down: training.bytes_down },
            device_flops_per_round: training.device.flops,
            device_memory_bytes: training.device.memory.0,
            accuracy,
            ood_detection: Detection::of(run).map(|detection| DetectionSummary {
                ood: detection.ood,
                auroc: detection.entropies.auroc(),
                offloaded: threshold.map(|threshold| {
                    let [main, ood] = detection.entropies.offloaded(threshold);
                    OffloadedSummary { threshold, main, ood }
                }),
            }),
            gradient_norm: norms.collect(),
            seeds: training.seeds.iter().map(SeedSummary::of).collect(),
        }
    }
}

impl SeedSummary {
    fn of(result: &SeedResult) -> Self {
        let SeedResult { seed, fingerprint, time } = *result;
        let fingerprint = format!("{fingerprint:032x}");
        Self { seed, fingerprint, time_s: Seconds(time.as_nanos()) }
    }
}

impl AccuracySummary {
    fn of(
        point: &AccuracyPoint,
        half_widths: Option<&AccuracyPoint>,
        threshold: Option<f64>,
    ) -> Self {
        let exit = |exit: fn(&AccuracyPoint) -> Option<&Accuracy>| {
            exit(point).map(|accuracy| ExitSummary::of(accuracy, half_widths.and_then(exit)))
        };
        let selective = threshold.and_then(|threshold| {
            let half_widths = half_widths.and_then(|point| selective_at(point, threshold));
            Some(SelectiveSummary::of(selective_at(point, threshold)?, half_widths))
        });
        Self {
            ood: point.ood,
            client_exit: exit(|point| point.client_exit.as_ref()),
            server_exit: exit(|point| point.server_exit.as_ref()),
            selective,
            full: exit(|point| point.full.as_ref()),
        }
    }
}

impl ExitSummary {
    fn of(accuracy: &Accuracy, half_widths: Option<&Accuracy>) -> Self {
        let Accuracy { mean, worst_decile, main, ood } = *accuracy;
        let ci95 = half_widths.map(|half_widths| {
            let Accuracy { mean, worst_decile, main, ood } = *half_widths;
            ExitIntervals { mean, worst_decile, main, ood }
        });
        Self { mean, worst_decile, main, ood, ci95 }
    }
}

impl SelectiveSummary {
    fn of(selective: &SelectiveAccuracy, half_widths: Option<&SelectiveAccuracy>) -> Self {
        Self {
            threshold: selective.threshold,
            offloaded_fraction: selective.offloaded,
            offloaded_fraction_ci95: half_widths.map(|half_widths| half_widths.offloaded),
            accuracy: ExitSummary::of(
                &selective.accuracy,
                half_widths.map(|half_widths| &half_widths.accuracy),
            ),
        }
    }
}
