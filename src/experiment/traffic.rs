//! The scenario's requests: arrivals, policies and answers.

use super::answers::{DeviceAnswer, LearnedAnswers, StatedAnswers};
use super::error::Rejection;
use super::files::Files;
use super::fleet::{Member, members, size};
use super::policies::Policies;
use super::replay::SimulatedTraining;
use super::training::FinalOutcomes;
use crate::actors::{AnswerSource, ClientInference, InferenceServices};
use crate::random::Streams;
use crate::scenario::{
    ArrivalSpec, InferenceSpec, MAX_REQUESTS, OffloadSpec, OutcomeSpec, PhaseSpec, Scenario,
};
use crate::workload::{
    ArrivalProcess, ArrivalTrace, Arrivals, Bursty, Closed, Periodic, Poisson, Replay,
};
use indexmap::IndexSet;
use std::cell::OnceCell;
use std::fs::File;
use std::io::BufReader;
use std::rc::Rc;
use std::sync::Arc;

/// Where answers come from: the clients of `training`, or those of the files.
pub(super) fn answer_source(
    spec: &InferenceSpec,
    training: Option<&SimulatedTraining>,
    files: &Files,
) -> Rc<dyn AnswerSource> {
    let learned = |outcomes: FinalOutcomes| {
        let of_device = match spec.offload {
            OffloadSpec::ClientOnly => DeviceAnswer::Whole,
            _ => DeviceAnswer::ClientExit,
        };
        Rc::new(LearnedAnswers { outcomes, ood: spec.ood, of_device })
    };
    match spec.outcomes {
        OutcomeSpec::Learned => {
            let training = training.expect("validated: learned outcomes need training");
            learned(training.final_outcomes())
        }
        OutcomeSpec::Replayed(_) => {
            let replayed = files.outcomes.as_ref().expect("files are read before a simulation");
            learned(Rc::new(OnceCell::from(Arc::clone(&replayed.clients))))
        }
        OutcomeSpec::Stated { client_accuracy, server_accuracy } => {
            // The full model answers as the server exit does, wherever it is.
            let of_device = match spec.offload {
                OffloadSpec::ClientOnly => server_accuracy,
                _ => client_accuracy,
            };
            Rc::new(StatedAnswers { client_accuracy: of_device, server_accuracy })
        }
    }
}

/// Reads the trace that requests arrive by, if the scenario names one.
///
/// # Errors
/// If it cannot be read, or asks for more requests than a run can hold.
pub(super) fn arrival_trace(scenario: &Scenario) -> Result<Option<ArrivalTrace>, Rejection> {
    let Some(ArrivalSpec::Trace(path)) = scenario.inference.as_ref().map(|spec| &spec.arrivals)
    else {
        return Ok(None);
    };
    let reject = |message: String| Rejection {
        key: "inference.arrivals.trace".to_owned(),
        message: format!("{}: {message}", path.display()),
    };
    let file = File::open(path).map_err(|error| reject(format!("cannot be read: {error}")))?;
    let names: IndexSet<String> = members(scenario).map(|member| member.path()).collect();
    let trace = ArrivalTrace::read(BufReader::new(file), |client| names.contains(client))
        .map_err(|error| reject(error.to_string()))?;
    let requests = trace.requests(u64::from(size(scenario)));
    if requests > MAX_REQUESTS {
        let message = format!(
            "{requests} requests in a fleet of {}; at most {MAX_REQUESTS} are simulated",
            size(scenario)
        );
        return Err(reject(message));
    }
    Ok(Some(trace))
}

/// Whether clients must learn of dropped answers: see [`ServerInference::tells_drops`].
///
/// [`ServerInference::tells_drops`]: crate::actors::ServerInference::tells_drops
pub(super) fn tells_drops(scenario: &Scenario, spec: &InferenceSpec) -> bool {
    matches!(spec.arrivals, ArrivalSpec::Closed { .. })
        || scenario.fleet.iter().any(|entry| entry.availability.is_some())
}

/// The requests of one client.
pub(super) fn client_inference(
    member: &Member<'_>,
    spec: &InferenceSpec,
    files: &Files,
    services: Rc<InferenceServices>,
    streams: Streams,
    (answers, policies): (Rc<dyn AnswerSource>, &Policies<'_>),
) -> ClientInference {
    let path = member.path();
    ClientInference {
        arrivals: arrivals(&path, spec, files.trace.as_ref(), streams),
        policy: policies.of_client(member, streams),
        answers,
        samples: streams.stream(&path, "samples"),
        services,
        drain_limit: spec.drain_limit,
        asks: false,
        outstanding: Default::default(),
    }
}

/// When requests arrive at the client at `path`.
fn arrivals(
    path: &str,
    spec: &InferenceSpec,
    trace: Option<&ArrivalTrace>,
    streams: Streams,
) -> ArrivalProcess {
    let mut stream = streams.stream(path, "arrivals");
    let process: Box<dyn Arrivals> = match &spec.arrivals {
        ArrivalSpec::Poisson { mean_gap } => {
            return ArrivalProcess::Poisson(Poisson::new(*mean_gap, stream));
        }
        ArrivalSpec::Periodic { period, phase: PhaseSpec::At(phase) } => {
            Box::new(Periodic::new(*period, *phase))
        }
        ArrivalSpec::Periodic { period, phase: PhaseSpec::Random } => {
            Box::new(Periodic::with_random_phase(*period, &mut stream))
        }
        ArrivalSpec::Bursty { quiet, burst } => {
            Box::new(Bursty::new([*quiet, *burst], spec.duration, stream))
        }
        ArrivalSpec::Closed { think } => Box::new(Closed::new(think.clone(), stream)),
        ArrivalSpec::Trace(_) => {
            let trace = trace.expect("a trace is read before the simulation is built");
            Box::new(Replay::new(trace.of(path)))
        }
    };
    ArrivalProcess::Other(process)
}
