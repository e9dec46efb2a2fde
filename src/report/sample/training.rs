//! Training whose accuracy rises with rounds and falls with ρ, and one round's timeline.

use super::Shape;
use crate::actors::{Activity, RoundRecord, Span};
use crate::experiment::{
    Accuracy, AccuracyPoint, DeviceCosts, Evaluation, LearnedBy, RoundResult, SeedResult,
    SelectiveAccuracy, TrainingResult,
};
use crate::learning::{ClientExit, Outcome, OutcomeTable};
use crate::quantity::Bytes;
use crate::time::{SimDuration, SimTime};

const ROUND: u64 = 600_000_000;
/// Bytes of one client's round.
const UP: u64 = 317_497;
const DOWN: u64 = 317_491;
const THRESHOLDS: [f64; 4] = [0.4, 0.8, 1.2, 1.6];

pub(super) fn training(shape: &Shape) -> TrainingResult {
    TrainingResult {
        method: "splitgp",
        time: SimDuration::from_nanos(ROUND * u64::from(shape.rounds) + 1_234_567),
        bytes_up: u64::from(shape.rounds * clients(shape)) * UP,
        bytes_down: u64::from(shape.rounds * clients(shape)) * DOWN + 39_720,
        rounds: (0..shape.rounds).map(|round| round_result(shape, round)).collect(),
        evaluations: (1..=shape.rounds)
            .filter(|done| done % 2 == 0 || *done == shape.rounds)
            .map(evaluation)
            .collect(),
        seeds: Vec::new(),
        timeline_round: 0,
        timeline: timeline(shape),
        device: DeviceCosts { flops: 78_900_000_000, memory: Bytes(17_000_000) },
        learned_by: LearnedBy::Training,
        outcomes: None,
    }
}

/// Two more seeds, intervals and a gradient that falls with each evaluation.
pub(super) fn add_seeds(training: &mut TrainingResult) {
    let seed = |seed: u64| SeedResult { seed, fingerprint: u128::from(seed), time: training.time };
    training.seeds = [1, 2, 3].map(seed).to_vec();
    let half = |accuracy: &Accuracy| Accuracy {
        mean: 0.02,
        worst_decile: 0.05,
        main: 0.02,
        ood: accuracy.ood.map(|_| 0.03),
    };
    for evaluation in &mut training.evaluations {
        let half_width = |point: &AccuracyPoint| AccuracyPoint {
            ood: point.ood,
            client_exit: point.client_exit.as_ref().map(half),
            server_exit: point.server_exit.as_ref().map(half),
            full: None,
            selective: point
                .selective
                .iter()
                .map(|selective| SelectiveAccuracy {
                    threshold: selective.threshold,
                    accuracy: half(&selective.accuracy),
                    offloaded: 0.1,
                })
                .collect(),
        };
        evaluation.half_widths = evaluation.points.iter().map(half_width).collect();
        let norm = 2.0 / f64::from(evaluation.rounds_done);
        evaluation.gradient_norm = Some(norm);
        training.rounds[evaluation.rounds_done as usize - 1].gradient_norm = Some(norm);
    }
}

/// What the final models of `clients` clients answer to forty main samples, of which the client exit
/// knows fewer the later the client, and to forty others, of which it is less sure.
pub(super) fn outcomes(clients: usize) -> OutcomeTable {
    let outcome = |client: usize, index: u32| {
        let main = index < 40;
        let number = index % 40;
        let right = number as usize >= client + if main { 1 } else { 14 };
        let exit = ClientExit {
            entropy: f64::from(number) / 40.0 + if main { 0.0 } else { 0.6 },
            top1: 0.5,
            top2: 0.25,
            class: u8::from(right),
        };
        Outcome {
            sample: index,
            truth: 1,
            main,
            client: Some(exit),
            server: Some(u8::from(!number.is_multiple_of(9))),
            full: None,
        }
    };
    let client = |client| (0..80).map(|index| outcome(client, index)).collect::<Vec<_>>();
    OutcomeTable {
        classes: 10,
        source: Vec::new(),
        clients: (0..clients).map(client).collect(),
        validation: vec![vec![false; 80]; clients],
    }
}

fn clients(shape: &Shape) -> u32 {
    shape.classes.iter().map(|(_, count)| count).sum()
}

fn round_result(shape: &Shape, round: u32) -> RoundResult {
    let clients = clients(shape);
    RoundResult {
        record: RoundRecord {
            round,
            start: SimTime::from_nanos(ROUND * u64::from(round)),
            aggregated: SimTime::from_nanos(ROUND * u64::from(round + 1) - 1_000),
            participants: clients,
            arrived: clients,
            bytes_up: UP * u64::from(clients),
            bytes_down: DOWN * u64::from(clients),
        },
        gradient_norm: None,
        client_loss: Some(2.0 / f64::from(round + 1)),
        server_loss: Some(2.25 / f64::from(round + 1)),
        full_loss: None,
    }
}

fn evaluation(rounds_done: u32) -> Evaluation {
    let learned = 1.0 - 1.0 / f64::from(rounds_done + 1);
    let points = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0].map(|ood| {
        let client = accuracy(ood, 0.96 * learned, 0.7 * learned);
        let server = accuracy(ood, 0.97 * learned, 0.93 * learned);
        let selective = THRESHOLDS.map(|threshold| {
            let offloaded = 0.6 - 0.35 * threshold + 0.15 * ood;
            SelectiveAccuracy { threshold, accuracy: mixed(&client, &server, offloaded), offloaded }
        });
        AccuracyPoint {
            ood,
            client_exit: Some(client),
            server_exit: Some(server),
            selective: selective.to_vec(),
            full: None,
        }
    });
    Evaluation {
        rounds_done,
        time: SimTime::from_nanos(ROUND * u64::from(rounds_done) - 1_000),
        points: points.to_vec(),
        half_widths: Vec::new(),
        gradient_norm: None,
    }
}

/// A(ρ) = (A_main + ρ·A_ood)/(1 + ρ).
fn accuracy(ood: f64, main: f64, ood_only: f64) -> Accuracy {
    let mean = (main + ood * ood_only) / (1.0 + ood);
    Accuracy { mean, worst_decile: mean - 0.05, main, ood: (ood > 0.0).then_some(ood_only) }
}

/// The answers of an exit pair of which the server's replace the client's worst ones.
fn mixed(client: &Accuracy, server: &Accuracy, offloaded: f64) -> Accuracy {
    let weight = (2.5 * offloaded).min(1.0);
    let mix = |a: f64, b: f64| a + weight * (b - a);
    Accuracy {
        mean: mix(client.mean, server.mean),
        worst_decile: mix(client.worst_decile, server.worst_decile),
        main: mix(client.main, server.main),
        ood: client.ood.zip(server.ood).map(|(a, b)| mix(a, b)),
    }
}

/// Downloads one after the other, then the steps of each client, then the wait for the slowest.
fn timeline(shape: &Shape) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut uploaded = Vec::new();
    for (client, (class, _)) in (0_u32..).zip(shape.clients()) {
        let mut clock = u64::from(client) * 2_000_000;
        let mut span = |activity, micros: u64| {
            let start = SimTime::from_nanos(clock);
            clock += micros * 1_000;
            spans.push(Span { client, activity, start, end: SimTime::from_nanos(clock) });
        };
        let slow = class as u64 + 1;
        span(Activity::ModelDown, 9_000 * slow);
        for step in 0..u64::from(shape.steps) {
            span(Activity::DeviceCompute, 8_000 / slow);
            span(Activity::SmashedUp, 12_000 * slow);
            span(Activity::ServerWait, (step * 700 + u64::from(client) * 900) % 6_000);
            span(Activity::ServerCompute, 1_500);
            span(Activity::GradientDown, 9_000 * slow);
            span(Activity::DeviceCompute, 16_000 / slow);
        }
        span(Activity::ModelUp, 10_000 * slow);
        uploaded.push((client, clock));
    }
    let aggregated = uploaded.iter().map(|(_, clock)| *clock).max().unwrap_or(0) + 3_000_000;
    let waits = uploaded.into_iter().map(|(client, clock)| Span {
        client,
        activity: Activity::RoundWait,
        start: SimTime::from_nanos(clock),
        end: SimTime::from_nanos(aggregated),
    });
    spans.extend(waits);
    spans.sort_by_key(|span| (span.start, span.client));
    spans
}
