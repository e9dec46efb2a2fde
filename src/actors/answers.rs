//! A trait behind which the exits' answers are known.

use crate::offload::{Confidence, Hindsight};
use crate::random::Stream;

/// What both exits would answer to one request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// The test sample; `None` with stated probabilities.
    pub sample: Option<u32>,
    /// Whether it is out of the client's distribution; `None` with stated probabilities.
    pub ood: Option<bool>,
    /// How sure the client exit is; `None` with stated probabilities.
    pub confidence: Option<Confidence>,
    /// Whether the client exit is right.
    pub client_correct: bool,
    /// Whether the server exit is right.
    pub server_correct: bool,
}

impl Answer {
    /// Who is right.
    pub(super) fn hindsight(&self) -> Hindsight {
        Hindsight { client_correct: self.client_correct, server_correct: self.server_correct }
    }
}

/// Where requests and the exits' answers come from.
pub trait AnswerSource {
    /// The next request of `client`, drawn from its own `stream`.
    fn draw(&self, client: u32, stream: &mut Stream) -> Answer;
}
