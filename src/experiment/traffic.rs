//! The scenario's requests: arrivals, policies and answers.

use super::answers::{LearnedAnswers, StatedAnswers};
use super::costing::Costing;
use super::fleet::Member;
use super::replay::SimulatedTraining;
use crate::actors::{AnswerSource, ClientInference};
use crate::offload::{ClientExit, EntropyThreshold, Policy, RandomOffload, ServerExit};
use crate::random::Streams;
use crate::scenario::{ArrivalSpec, InferenceSpec, OffloadSpec, OutcomeSpec};
use crate::workload::{Arrivals, Periodic, Poisson};
use std::rc::Rc;

/// Where answers come from.
pub(super) fn answer_source(
    spec: &InferenceSpec,
    training: Option<&SimulatedTraining>,
) -> Rc<dyn AnswerSource> {
    match spec.outcomes {
        OutcomeSpec::Learned => {
            let training = training.expect("validated: learned outcomes need training");
            Rc::new(LearnedAnswers { outcomes: training.final_outcomes(), ood: spec.ood })
        }
        OutcomeSpec::Stated { client_accuracy, server_accuracy } => {
            Rc::new(StatedAnswers { client_accuracy, server_accuracy })
        }
    }
}

/// The requests of one client.
pub(super) fn client_inference(
    member: &Member<'_>,
    spec: &InferenceSpec,
    costing: &Costing,
    streams: Streams,
    answers: Rc<dyn AnswerSource>,
) -> ClientInference {
    let path = member.path();
    let stream = |purpose| streams.stream(&path, purpose);
    let arrivals: Box<dyn Arrivals> = match spec.arrivals {
        ArrivalSpec::Poisson { mean_gap } => Box::new(Poisson::new(mean_gap, stream("arrivals"))),
        ArrivalSpec::Periodic { period, phase } => Box::new(Periodic::new(period, phase)),
    };
    let policy: Box<dyn Policy> = match spec.offload {
        OffloadSpec::ClientExit => Box::new(ClientExit),
        OffloadSpec::ServerExit => Box::new(ServerExit),
        OffloadSpec::Entropy(threshold) => Box::new(EntropyThreshold { threshold }),
        OffloadSpec::Random(fraction) => Box::new(RandomOffload::new(fraction, stream("offload"))),
    };
    ClientInference {
        arrivals,
        policy,
        answers,
        samples: stream("samples"),
        services: costing.inference(&member.entry.device),
        drain_limit: spec.drain_limit,
        outstanding: Default::default(),
    }
}
