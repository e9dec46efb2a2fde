//! The scenario's policy, built for each client.

use super::costing::Costing;
use super::files::Files;
use super::fleet::Member;
use super::lone_times::round_trips;
use super::replay::SimulatedTraining;
use super::training::FinalOutcomes;
use crate::learning::{Outcome, at_level};
use crate::offload::{
    Adaptive, AnyPolicy, ClientExit, ClientOnly, Deadline, DevicePart, EntropyThreshold, GainCurve,
    Judged, LazyGain, Margin, Oracle, RandomOffload, RoundTrips, ServerExit, ServerOnly,
};
use crate::random::Streams;
use crate::scenario::{InferenceSpec, OffloadSpec, OutcomeSpec, Scenario};
use crate::time::SimDuration;
use std::cell::{LazyCell, OnceCell};
use std::rc::Rc;
use std::sync::Arc;

/// What devices compute before the server may be asked.
pub(super) fn device_part(policy: OffloadSpec) -> DevicePart {
    match policy {
        OffloadSpec::ServerOnly => DevicePart::Nothing,
        OffloadSpec::ServerExit => DevicePart::Phi,
        OffloadSpec::ClientOnly => DevicePart::PhiAndTheta,
        OffloadSpec::ClientExit
        | OffloadSpec::Entropy(_)
        | OffloadSpec::Margin(_)
        | OffloadSpec::Random(_)
        | OffloadSpec::Deadline(_)
        | OffloadSpec::Adaptive(_)
        | OffloadSpec::Oracle => DevicePart::PhiAndKappa,
    }
}

/// What the policies of all clients are built of.
pub(super) struct Policies<'s> {
    spec: &'s InferenceSpec,
    /// A lone offload of each device class, if the policy measures its own.
    round_trips: Vec<SimDuration>,
    /// What the server is worth, if the policy weighs it.
    gain: Option<Rc<LazyGain>>,
}

impl<'s> Policies<'s> {
    /// For the traffic `spec` of `scenario`, with its `training`, if it trains, and what its `files`
    /// say.
    pub(super) fn of(
        scenario: &Scenario,
        spec: &'s InferenceSpec,
        costing: &Costing,
        training: Option<&SimulatedTraining>,
        files: &Files,
    ) -> Self {
        let measures = matches!(spec.offload, OffloadSpec::Deadline(_) | OffloadSpec::Adaptive(_));
        let weighs = matches!(spec.offload, OffloadSpec::Adaptive(_));
        Self {
            spec,
            round_trips: if measures { round_trips(scenario, costing) } else { Vec::new() },
            gain: weighs.then(|| gain(spec, training, files)),
        }
    }

    /// The policy of one client.
    pub(super) fn of_client(&self, member: &Member<'_>, streams: Streams) -> AnyPolicy {
        let trips = |half_life| RoundTrips::new(self.round_trips[member.class], half_life);
        match self.spec.offload {
            OffloadSpec::ClientExit => AnyPolicy::Other(Box::new(ClientExit)),
            OffloadSpec::ClientOnly => AnyPolicy::Other(Box::new(ClientOnly)),
            OffloadSpec::ServerOnly => AnyPolicy::Other(Box::new(ServerOnly)),
            OffloadSpec::ServerExit => AnyPolicy::Other(Box::new(ServerExit)),
            OffloadSpec::Entropy(threshold) => AnyPolicy::Entropy(EntropyThreshold { threshold }),
            OffloadSpec::Margin(margin) => AnyPolicy::Other(Box::new(Margin { margin })),
            OffloadSpec::Random(fraction) => {
                let stream = streams.stream(&member.path(), "offload");
                AnyPolicy::Random(RandomOffload::new(fraction, stream))
            }
            OffloadSpec::Deadline(spec) => AnyPolicy::Other(Box::new(Deadline::new(
                spec.limit,
                spec.entropy,
                trips(spec.half_life),
            ))),
            OffloadSpec::Adaptive(spec) => {
                let gain = self.gain.as_ref().expect("the gain is there where it is weighed");
                let policy = Adaptive::new(spec.price, Rc::clone(gain), trips(spec.half_life));
                AnyPolicy::Other(Box::new(policy))
            }
            OffloadSpec::Oracle => AnyPolicy::Oracle(Oracle),
        }
    }
}

/// What the server is worth, fitted on all clients' validation samples at ρ together once their
/// models are trained: a client's own are too few.
fn gain(spec: &InferenceSpec, training: Option<&SimulatedTraining>, files: &Files) -> Rc<LazyGain> {
    let (outcomes, validation): (FinalOutcomes, Arc<Vec<Vec<bool>>>) = match spec.outcomes {
        OutcomeSpec::Learned => {
            let training = training.expect("validated: learned outcomes need training");
            (training.final_outcomes(), training.validation())
        }
        OutcomeSpec::Replayed(_) => {
            let replayed = files.outcomes.as_ref().expect("files are read before a simulation");
            let outcomes = Rc::new(OnceCell::from(Arc::clone(&replayed.clients)));
            (outcomes, Arc::clone(&replayed.validation))
        }
        OutcomeSpec::Stated { .. } => unreachable!("stated outcomes have no entropy to weigh"),
    };
    let rho = spec.ood;
    Rc::new(LazyCell::new(Box::new(move || {
        let outcomes = outcomes.get().expect("inference begins after training");
        let clients = outcomes.iter().zip(validation.iter());
        GainCurve::fit(clients.flat_map(|(own, flags)| judged(own, flags, rho)).collect())
    })))
}

/// The client's validation samples at ρ that both exits answered.
fn judged(outcomes: &[Outcome], validation: &[bool], rho: f64) -> Vec<Judged> {
    let (main, ood) = at_level(outcomes, rho);
    let at_rho = outcomes.iter().zip(validation).take(main.len() + ood.len());
    let chosen = at_rho.filter(|(_, is_validation)| **is_validation);
    let judge = |outcome: &Outcome| {
        let (client, server) = (outcome.client?, outcome.server?);
        Some(Judged {
            entropy: client.entropy,
            client_correct: client.class == outcome.truth,
            server_correct: server == outcome.truth,
        })
    };
    chosen.filter_map(|(outcome, _)| judge(outcome)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::ClientExit as ExitAnswer;

    fn outcome(main: bool, entropy: f64) -> Outcome {
        let client = Some(ExitAnswer { entropy, top1: 0.6, top2: 0.2, class: 1 });
        Outcome { sample: 0, truth: 1, main, client, server: Some(2), full: None }
    }

    #[test]
    fn the_gain_is_fitted_on_validation_samples_of_this_ood_level_alone() {
        // two main samples, so that ρ = ½ takes in one of the others
        let outcomes = [(true, 0.1), (true, 0.2), (false, 0.3), (false, 0.4)]
            .map(|(main, entropy)| outcome(main, entropy));
        let entropies = |flags: &[bool]| -> Vec<f64> {
            judged(&outcomes, flags, 0.5).iter().map(|sample| sample.entropy).collect()
        };
        assert_eq!(entropies(&[true, false, true, true]), [0.1, 0.3]);
        assert!(entropies(&[false; 4]).is_empty());
    }
}
