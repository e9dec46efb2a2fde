//! The requests.

use super::phrases::{random_span, share, span};
use super::training::model;
use crate::scenario::{
    ArrivalSpec, InferenceSpec, OffloadSpec, OutcomeSpec, PhaseSpec, Scenario, WarmupSpec,
};
use crate::time::SimDuration;

/// When requests arrive, who answers them, and what is counted.
pub(super) fn paragraph(scenario: &Scenario, inference: &InferenceSpec) -> String {
    let network = if scenario.training.is_none() {
        format!("{} ", model(&scenario.model))
    } else {
        String::new()
    };
    let deadline = inference.deadline.map_or_else(String::new, |deadline| {
        format!(" Answers are held against a deadline of {}.", span(deadline))
    });
    format!(
        "**Requests.** {network}{} Arrivals stop after {}, and the run ends when every request has \
         ended, at most {} later. {} {}{deadline} {}",
        arrivals(&inference.arrivals),
        span(inference.duration),
        span(inference.drain_limit),
        policy(inference.offload),
        outcomes(&inference.outcomes, inference.ood),
        statistics(inference, scenario.replications)
    )
}

fn arrivals(arrivals: &ArrivalSpec) -> String {
    match arrivals {
        ArrivalSpec::Poisson { mean_gap } => format!(
            "At each client requests arrive as a Poisson process, every {} in the mean.",
            span(*mean_gap)
        ),
        ArrivalSpec::Periodic { period, phase } => {
            let first = match phase {
                PhaseSpec::At(phase) => format!("the first after {}", span(*phase)),
                PhaseSpec::Random => "the first at a random time in the first period".to_owned(),
            };
            format!("At each client a request arrives every {}, {first}.", span(*period))
        }
        ArrivalSpec::Bursty { .. } => format!(
            "At each client requests arrive as a Markov-modulated Poisson process of two states{}.",
            arrivals
                .mean_gap()
                .map_or_else(String::new, |gap| { format!(", every {} in the mean", span(gap)) })
        ),
        ArrivalSpec::Closed { think } => format!(
            "Each client has one request at a time and thinks before each, for a time that is {}.",
            random_span(think)
        ),
        ArrivalSpec::Trace(_) => "Requests arrive at the times of a recorded trace.".to_owned(),
    }
}

fn policy(policy: OffloadSpec) -> String {
    match policy {
        OffloadSpec::ClientExit => "The client exit answers all of them.".to_owned(),
        OffloadSpec::ClientOnly => "The full model on the device answers all of them.".to_owned(),
        OffloadSpec::ServerOnly => {
            "The full model on the server answers all of them from the raw input.".to_owned()
        }
        OffloadSpec::ServerExit => {
            "The server exit answers all of them from the smashed data.".to_owned()
        }
        OffloadSpec::Entropy(threshold) => format!(
            "The server exit is asked if the client exit's entropy exceeds {threshold} nats."
        ),
        OffloadSpec::Margin(margin) => format!(
            "The server exit is asked if the client exit's two largest probabilities differ by less \
             than {margin}."
        ),
        OffloadSpec::Random(probability) => {
            format!("The server exit is asked with probability {}.", share(probability))
        }
        OffloadSpec::Deadline(deadline) => format!(
            "The server exit is asked while its answer is predicted to come within {}.",
            span(deadline.limit)
        ),
        OffloadSpec::Adaptive(adaptive) => format!(
            "The server exit is asked where the errors that it spares are worth its delay, an error \
             counting as much as {}.",
            span(adaptive.price)
        ),
        OffloadSpec::Oracle => {
            "The server exit is asked if it alone is right, which no real device can know."
                .to_owned()
        }
    }
}

fn outcomes(outcomes: &OutcomeSpec, ood: f64) -> String {
    match outcomes {
        OutcomeSpec::Learned => format!(
            "A request is a test sample of its client, drawn at OOD level ρ = {ood}, and is answered \
             as the client's own trained models answer it."
        ),
        OutcomeSpec::Replayed(_) => format!(
            "A request is a recorded test sample at OOD level ρ = {ood}, and is answered as models \
             that were trained elsewhere have answered it."
        ),
        OutcomeSpec::Stated { client_accuracy, server_accuracy } => format!(
            "Nothing is computed on real samples: the client exit is right with the stated \
             probability {}, the server exit with {}, independently of one another and of what is \
             offloaded.",
            share(*client_accuracy),
            share(*server_accuracy)
        ),
    }
}

fn statistics(inference: &InferenceSpec, replications: u32) -> String {
    let warmup = match inference.warmup {
        WarmupSpec::Stated(warmup) if warmup == SimDuration::ZERO => {
            "Statistics are over all arrivals".to_owned()
        }
        WarmupSpec::Stated(warmup) => {
            format!("Statistics leave out arrivals of the first {}", span(warmup))
        }
        WarmupSpec::Mser5 => "Statistics leave out the warm-up that MSER-5 finds".to_owned(),
    };
    let intervals = if replications > 1 {
        format!("Student's t over {replications} replications")
    } else {
        "batch means over 20 batches".to_owned()
    };
    format!("{warmup}; 95 % intervals are by {intervals}.")
}
