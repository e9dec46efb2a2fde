//! A run of a scenario that did nothing, and has every figure that a real one may have.

use crate::actors::{LinkCounts, LinkReport, STAGE_NAMES};
use crate::experiment::{
    Accuracy, AccuracyPoint, ClassEnergy, ClassResult, ClientResult, DeviceCosts, EnergyResult,
    Evaluation, Figures, InferenceResult, LatencyResult, LearnedBy, LoadState, ReplicationResult,
    RunResult, SeedResult, SelectiveAccuracy, StationHalfWidths, StationResult, Timeliness,
    TrainingResult, Verdict, station_names,
};
use crate::learning::{ClientExit, Layout, Outcome, OutcomeTable};
use crate::scenario::{Expectation, InferenceSpec, Scenario, TrainingSpec, WarmupSpec};
use crate::time::{SimDuration, SimTime};
use std::sync::Arc;

/// Names that a list has beside those that expectations mention: enough to suggest the right one.
const MAX_OTHERS: usize = 200;

/// The blank run of `scenario`, with the clients, stations and links that `expectations` may mean.
pub(super) fn run(scenario: &Scenario, expectations: &[Expectation]) -> RunResult {
    let stations = mentioned(station_names(scenario), expectations);
    let several = scenario.replications > 1;
    let stated_power = scenario.fleet.iter().any(|entry| entry.device.power.is_some());
    let result = RunResult {
        scenario: scenario.name.clone(),
        seed: scenario.seed,
        fingerprint: 0,
        draws: 0,
        events: 0,
        interrupted: false,
        threshold: scenario.inference.as_ref().and_then(|spec| spec.offload.threshold()),
        sim_time: SimTime::ZERO,
        classes: scenario.fleet.iter().map(|entry| entry.name.clone()).collect(),
        clients: clients(scenario, expectations),
        links: stations.iter().filter(|name| is_link(name)).map(|name| link(name)).collect(),
        stations: stations.iter().map(|name| station(name, several)).collect(),
        training: scenario.training.as_ref().map(|spec| training(scenario, spec)),
        inference: scenario.inference.as_ref().map(|spec| inference(scenario, spec)),
        energy: stated_power.then(|| energy(scenario)),
        verdict: scenario.inference.as_ref().map(|_| Verdict {
            state: LoadState::Stable,
            station: String::new(),
            utilisation: 0.0,
            offered_load: 0.0,
            reason: String::new(),
        }),
        replications: Vec::new(),
    };
    let replications = if several { scenario.replications } else { 0 };
    RunResult {
        replications: (0..replications).map(|number| replication(number, &result)).collect(),
        ..result
    }
}

/// Those of `names` that an expectation's path holds, and some of the others.
fn mentioned(names: Vec<String>, expectations: &[Expectation]) -> Vec<String> {
    let mut others = 0;
    let mut is_kept = |name: &String| {
        let is_mentioned = expectations.iter().any(|expectation| expectation.path.contains(name));
        others += usize::from(!is_mentioned);
        is_mentioned || others <= MAX_OTHERS
    };
    names.into_iter().filter(|name| is_kept(name)).collect()
}

/// Whether a station is a link: its name has a direction.
fn is_link(name: &str) -> bool {
    ["/up", "/down", "/air"].iter().any(|direction| name.ends_with(direction))
}

fn link(name: &str) -> LinkReport {
    LinkReport { name: name.to_owned(), counts: LinkCounts::default() }
}

fn station(name: &str, several: bool) -> StationResult {
    StationResult {
        name: Arc::from(name),
        utilisation: 0.0,
        offered_load: 0.0,
        mean_queue: 0.0,
        max_queue: 0,
        completed: 0,
        half_widths: several
            .then(|| Box::new(StationHalfWidths { utilisation: 0.0, mean_queue: 0.0 })),
    }
}

fn clients(scenario: &Scenario, expectations: &[Expectation]) -> Vec<ClientResult> {
    let names = scenario.fleet.iter().enumerate().flat_map(|(class, entry)| {
        let names = (0..entry.count).map(|number| format!("{}/{number}", entry.name)).collect();
        mentioned(names, expectations).into_iter().map(move |name| (class, name))
    });
    names
        .map(|(class, name)| ClientResult {
            name: Arc::from(name),
            class,
            samples: Some(0),
            requests: 0,
            completed: 0,
            offloaded_fraction: Some(0.0),
            mean_latency_s: Some(0.0),
            accuracy: Some(0.0),
        })
        .collect()
}

fn training(scenario: &Scenario, spec: &TrainingSpec) -> TrainingResult {
    let several = spec.seeds.as_ref().is_some_and(|seeds| seeds.len() > 1);
    let points: Vec<AccuracyPoint> =
        scenario.evaluate.ood.iter().map(|&ood| point(scenario, spec, ood)).collect();
    let every = scenario.evaluate.every.unwrap_or(spec.rounds);
    let evaluated = (1..=spec.rounds)
        .filter(|round| round.is_multiple_of(every) || *round == spec.rounds)
        .filter(|_| scenario.evaluate.gradient_norm);
    let evaluation = |rounds_done| Evaluation {
        rounds_done,
        time: SimTime::ZERO,
        points: Vec::new(),
        half_widths: Vec::new(),
        gradient_norm: Some(0.0),
    };
    let last = Evaluation {
        points: points.clone(),
        half_widths: if several { points } else { Vec::new() },
        gradient_norm: scenario.evaluate.gradient_norm.then_some(0.0),
        ..evaluation(spec.rounds)
    };
    let seeds = spec.seeds.iter().flatten().filter(|_| several);
    TrainingResult {
        method: spec.method.name(),
        time: SimDuration::ZERO,
        bytes_up: 0,
        bytes_down: 0,
        rounds: Vec::new(),
        seeds: seeds
            .map(|&seed| SeedResult { seed, fingerprint: 0, time: SimDuration::ZERO })
            .collect(),
        evaluations: evaluated
            .filter(|round| *round != spec.rounds)
            .map(evaluation)
            .chain([last])
            .collect(),
        timeline_round: 0,
        timeline: Vec::new(),
        learned_by: LearnedBy::Training,
        device: DeviceCosts::default(),
        outcomes: spec.method.layout().has_client_exit().then(outcomes),
    }
}

/// Answers to as many main as other samples, so that what is made of them at any ρ is there.
fn outcomes() -> OutcomeTable {
    let outcome = |main| Outcome {
        sample: 0,
        truth: 0,
        main,
        client: Some(ClientExit { entropy: 0.0, top1: 1.0, top2: 0.0, class: 0 }),
        server: Some(0),
        full: None,
    };
    let samples: Vec<Outcome> = [true, false].map(|main| vec![outcome(main); 100]).concat();
    OutcomeTable {
        classes: 2,
        source: Vec::new(),
        validation: vec![vec![false; samples.len()]],
        clients: vec![samples],
    }
}

fn point(scenario: &Scenario, spec: &TrainingSpec, ood: f64) -> AccuracyPoint {
    let layout = spec.method.layout();
    let accuracy = Accuracy { mean: 0.0, worst_decile: 0.0, main: 0.0, ood: Some(0.0) };
    let threshold = scenario.inference.as_ref().and_then(|spec| spec.offload.threshold());
    let selective = threshold
        .filter(|_| layout.has_client_exit())
        .map(|threshold| SelectiveAccuracy { threshold, accuracy, offloaded: 0.0 });
    AccuracyPoint {
        ood,
        client_exit: layout.has_client_exit().then_some(accuracy),
        server_exit: layout.is_split().then_some(accuracy),
        selective: selective.into_iter().collect(),
        full: (layout == Layout::Full).then_some(accuracy),
    }
}

fn inference(scenario: &Scenario, spec: &InferenceSpec) -> InferenceResult {
    let half_widths = (scenario.replications > 1).then(|| figures(spec));
    let class = ClassResult {
        offloaded_fraction: Some(0.0),
        accuracy: Some(0.0),
        latency: Some(latency()),
        breakdown: Some([0.0; STAGE_NAMES.len()]),
        half_widths,
        ..ClassResult::default()
    };
    InferenceResult {
        origin: SimTime::ZERO,
        warmup: SimDuration::ZERO,
        removed: (spec.warmup == WarmupSpec::Mser5).then_some(0),
        duration: spec.duration,
        requests: 0,
        completed: 0,
        dropped: 0,
        failed: 0,
        in_flight: 0,
        offloaded_fraction: Some(0.0),
        accuracy: Some(0.0),
        timeliness: spec.deadline.map(|deadline| Timeliness {
            deadline,
            miss_ratio: Some(0.0),
            goodput: 0.0,
        }),
        latency: Some(latency()),
        breakdown: Some([0.0; STAGE_NAMES.len()]),
        half_widths,
        by_class: vec![class; scenario.fleet.len()],
        records: Vec::new(),
    }
}

fn latency() -> LatencyResult {
    LatencyResult { mean: 0.0, p50: 0.0, p90: 0.0, p99: 0.0, max: 0.0, ci95: Some(0.0) }
}

fn figures(spec: &InferenceSpec) -> Figures {
    Figures {
        offloaded_fraction: Some(0.0),
        accuracy: Some(0.0),
        miss_ratio: spec.deadline.map(|_| 0.0),
        goodput: spec.deadline.map(|_| 0.0),
        latency: Some([0.0; 5]),
        breakdown: Some([0.0; STAGE_NAMES.len()]),
    }
}

fn energy(scenario: &Scenario) -> EnergyResult {
    let rounds = scenario.training.as_ref().map_or(0, |spec| spec.rounds as usize);
    let clients = scenario.fleet.iter().map(|entry| entry.count as usize).sum();
    let class = ClassEnergy {
        device: Some(0.0),
        request: Some(0.0),
        device_parts: Some([0.0; 3]),
        request_parts: Some([0.0; 2]),
        round_parts: Some([0.0; 2]),
    };
    EnergyResult {
        busy: 0.0,
        idle: 0.0,
        radio: 0.0,
        request: Some(0.0),
        rounds: vec![0.0; rounds],
        by_class: vec![class; scenario.fleet.len()],
        clients: vec![Some(0.0); clients],
    }
}

fn replication(number: u32, run: &RunResult) -> ReplicationResult {
    let inference = run.inference.as_ref();
    ReplicationResult {
        replication: number,
        fingerprint: 0,
        events: 0,
        sim_time: SimTime::ZERO,
        training_time: run.training.as_ref().map(|_| SimDuration::ZERO),
        requests: 0,
        completed: 0,
        dropped: 0,
        failed: 0,
        in_flight: 0,
        server_utilisation: 0.0,
        request_energy: None,
        figures: inference.and_then(|inference| inference.half_widths).unwrap_or_default(),
    }
}
