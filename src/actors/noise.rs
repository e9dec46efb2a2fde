//! Random factors on service times.

use super::message::Message;
use crate::cost::Service;
use crate::distribution::FactorDistribution;
use crate::kernel::{SimActor, SimContext};
use crate::random::Stream;
use crate::time::SimDuration;

/// An actor's noise: one draw a service from the actor's own stream `noise`.
#[derive(Debug)]
pub(super) struct Noise {
    distribution: FactorDistribution,
    stream: Stream,
}

impl Noise {
    /// The noise of the actor of `context`.
    pub(super) fn new<A: SimActor<Message>>(
        distribution: FactorDistribution,
        context: &SimContext<A, Message>,
    ) -> Box<Self> {
        Box::new(Self { distribution, stream: context.stream("noise") })
    }
}

/// How long `service` takes this time.
pub(super) fn service_time(noise: &mut Option<Box<Noise>>, service: &Service) -> SimDuration {
    match noise {
        None => service.time(),
        Some(noise) => service.noisy_time(noise.distribution.sample(&mut noise.stream)),
    }
}
