//! Where requests' answers come from: models that were trained, here or elsewhere, or stated
//! probabilities.

use super::training::FinalOutcomes;
use crate::actors::{Answer, AnswerSource};
use crate::learning::{Outcome, at_level};
use crate::offload::Confidence;
use crate::random::Stream;
use rand::RngExt as _;

/// Samples of each client's test set at ρ, with replacement, answered by its final models. The
/// server answers with φ_k and θ, whatever it was sent.
pub(super) struct LearnedAnswers {
    pub(super) outcomes: FinalOutcomes,
    pub(super) ood: f64,
    pub(super) of_device: DeviceAnswer,
}

/// What a device answers with.
#[derive(Debug, Clone, Copy)]
pub(super) enum DeviceAnswer {
    /// φ_k and κ_k.
    ClientExit,
    /// φ_k and θ.
    Whole,
}

impl AnswerSource for LearnedAnswers {
    /// # Panics
    /// Before training is over: inference begins after it.
    fn draw(&self, client: u32, stream: &mut Stream) -> Answer {
        let outcomes = self.outcomes.get().expect("inference begins after training");
        // A replayed fleet may be larger than the one that was trained.
        let (main, ood) = at_level(&outcomes[client as usize % outcomes.len()], self.ood);
        let outcome = match stream.random_range(0..main.len() + ood.len()) {
            index if index < main.len() => main[index],
            index => ood[index - main.len()],
        };
        let Outcome { sample, truth, main, client, .. } = outcome;
        let whole_correct = outcome.whole() == Some(truth);
        Answer {
            sample: Some(sample),
            ood: Some(!main),
            confidence: client.map(|exit| Confidence {
                entropy: exit.entropy,
                top1: exit.top1,
                top2: exit.top2,
            }),
            client_correct: match self.of_device {
                DeviceAnswer::ClientExit => client.is_some_and(|exit| exit.class == truth),
                DeviceAnswer::Whole => whole_correct,
            },
            server_correct: whole_correct,
        }
    }
}

/// Each exit is right with its own probability, independently.
pub(super) struct StatedAnswers {
    pub(super) client_accuracy: f64,
    pub(super) server_accuracy: f64,
}

impl AnswerSource for StatedAnswers {
    fn draw(&self, _client: u32, stream: &mut Stream) -> Answer {
        let mut right = |probability: f64| stream.random::<f64>() < probability;
        Answer {
            sample: None,
            ood: None,
            confidence: None,
            client_correct: right(self.client_accuracy),
            server_correct: right(self.server_accuracy),
        }
    }
}
