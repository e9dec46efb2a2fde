//! How a run can fail.

use crate::time::{SimDuration, SimTime};
use std::any::Any;

/// Why a run ended without a result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SimError {
    /// An event was scheduled past the end of the clock.
    #[error(
        "actor {actor} at {time}: a delay of {delay} ends after the simulated clock (584 years)"
    )]
    TimeOverflow {
        /// The path of the actor that scheduled it.
        actor: String,
        /// When it did.
        time: SimTime,
        /// The delay that was asked for; [`SimDuration::BEYOND_CLOCK`] if it saturated.
        delay: SimDuration,
    },
    /// An actor scheduled more events than a key can number.
    #[error("actor {actor} at {time}: more than 4294967295 events scheduled by one actor")]
    SequenceOverflow {
        /// The path of the actor.
        actor: String,
        /// When it scheduled one too many.
        time: SimTime,
    },
    /// There are more actors than a key can number.
    #[error("{count} actors: at most 1073741824 are possible")]
    TooManyActors {
        /// How many were added.
        count: usize,
    },
    /// An actor reported a failure.
    #[error("actor {actor} at {time}: {reason}")]
    Actor {
        /// The actor's path.
        actor: String,
        /// When it reported.
        time: SimTime,
        /// What it reported.
        reason: String,
    },
    /// An actor's code panicked: a bug.
    #[error("actor {actor} at {time} panicked while handling {event}: {message}")]
    Panicked {
        /// The actor's path.
        actor: String,
        /// The simulated time.
        time: SimTime,
        /// The kind of the event it handled, or `started` or `stopped`.
        event: &'static str,
        /// The panic's message.
        message: String,
    },
    /// An observer or the progress callback panicked: a bug.
    #[error("the {role} panicked at {time}: {message}")]
    CallbackPanicked {
        /// Which callback it was.
        role: &'static str,
        /// The simulated time.
        time: SimTime,
        /// The panic's message.
        message: String,
    },
    /// The actix system that runs the clock failed or was stopped from outside.
    #[error("the run was interrupted: {reason}")]
    Interrupted {
        /// What stopped it.
        reason: String,
    },
}

/// What a panic said.
pub(super) fn panic_message(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic without a text".to_owned()
    }
}
