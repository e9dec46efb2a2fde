//! What a request's record keeps of a link.

use crate::actors::record::Stages;
use crate::actors::world::World;
use crate::time::{SimDuration, SimTime};

/// How long a message waited for a link, was transmitted and propagated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Passage {
    wait: SimDuration,
    service: SimDuration,
    propagation: SimDuration,
}

impl Passage {
    /// That of a message that came at `arrived`, was transmitted from `started` to `departed`, and
    /// is delivered at `delivered`.
    pub(super) fn new(
        arrived: SimTime,
        started: SimTime,
        departed: SimTime,
        delivered: SimTime,
    ) -> Self {
        Self {
            wait: started.since(arrived),
            service: departed.since(started),
            propagation: delivered.since(departed),
        }
    }

    /// Adds it to the stages up or down of `request`, if the message serves one.
    pub(super) fn note(self, world: &World, request: Option<u32>, is_uplink: bool) {
        self.change(world, request, is_uplink, SimDuration::saturating_add);
    }

    /// Takes back what was noted before it had come to pass.
    pub(super) fn take_back(self, world: &World, request: Option<u32>, is_uplink: bool) {
        self.change(world, request, is_uplink, |noted, part| {
            SimDuration::from_nanos(noted.as_nanos() - part.as_nanos())
        });
    }

    fn change(
        self,
        world: &World,
        request: Option<u32>,
        is_uplink: bool,
        by: impl Fn(SimDuration, SimDuration) -> SimDuration,
    ) {
        let Some(request) = request else { return };
        let mut journal = world.journal.borrow_mut();
        let parts = [self.wait, self.service, self.propagation];
        let stages = of_way(&mut journal.request_mut(request).stages, is_uplink);
        for (stage, part) in stages.into_iter().zip(parts) {
            *stage = by(*stage, part);
        }
    }
}

/// The stages of the ways up or down.
fn of_way(stages: &mut Stages, is_uplink: bool) -> [&mut SimDuration; 3] {
    if is_uplink {
        [&mut stages.uplink_wait, &mut stages.uplink_service, &mut stages.uplink_propagation]
    } else {
        [&mut stages.downlink_wait, &mut stages.downlink_service, &mut stages.downlink_propagation]
    }
}
