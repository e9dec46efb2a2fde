//! Where requests' answers come from: the models that were trained, or stated probabilities.

use super::training::FinalOutcomes;
use crate::actors::{Answer, AnswerSource};
use crate::learning::{Outcome, ood_count};
use crate::random::Stream;
use rand::RngExt as _;

/// Samples of each client's test set at ρ, with replacement, answered by its final models.
pub(super) struct LearnedAnswers {
    pub(super) outcomes: FinalOutcomes,
    pub(super) ood: f64,
}

impl AnswerSource for LearnedAnswers {
    /// # Panics
    /// Before training is over: inference begins after it.
    fn draw(&self, client: u32, stream: &mut Stream) -> Answer {
        let outcomes = self.outcomes.get().expect("inference begins after training");
        let set = at_level(&outcomes[client as usize], self.ood);
        let Outcome { sample, truth, main, entropy, client_class, server_class, .. } =
            set[stream.random_range(0..set.len())];
        Answer {
            sample: Some(sample),
            ood: Some(!main),
            entropy: Some(entropy),
            client_correct: client_class == truth,
            server_correct: server_class == truth,
        }
    }
}

/// The outcomes that belong to ρ: all main samples, which come first, and the first ⌊ρ · n_main⌋
/// others.
fn at_level(outcomes: &[Outcome], rho: f64) -> &[Outcome] {
    let main = outcomes.partition_point(|outcome| outcome.main);
    &outcomes[..main + ood_count(rho, main)]
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
            entropy: None,
            client_correct: right(self.client_accuracy),
            server_correct: right(self.server_accuracy),
        }
    }
}
