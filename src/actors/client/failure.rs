//! A device that fails and returns.
//!
//! A failing device loses what it computes and what waits for it, its local round, and the requests
//! that it has not answered: they end failed, at once. What it had sent stays on its way; the
//! answers that come back for failed requests are discarded. Requests that arrive while it is down
//! fail as they arrive. The server learns of a failure and of a return in no time, as of a transfer
//! that was given up: a client that fails is left out of its round, and takes part again in the
//! first round that starts after its return.

use super::Client;
use crate::actors::message::Message;
use crate::actors::watch::Moment;
use crate::kernel::{EventId, Rank, SimContext};
use crate::workload::Availability;

/// How a device stands that can fail.
pub(super) struct Mortality {
    availability: Availability,
    up: bool,
    /// How often it has failed.
    incarnation: u32,
    /// The end of the service under way, if any.
    service_end: Option<EventId>,
}

impl Mortality {
    /// A device that is up.
    pub(super) fn new(availability: Availability) -> Self {
        Self { availability, up: true, incarnation: 0, service_end: None }
    }
}

impl Client {
    /// Whether the device is up.
    pub(super) fn is_up(&self) -> bool {
        self.mortality.as_ref().is_none_or(|mortality| mortality.up)
    }

    /// How often the device has failed.
    pub(super) fn incarnation(&self) -> u32 {
        self.mortality.as_ref().map_or(0, |mortality| mortality.incarnation)
    }

    /// Keeps the end of the service that has just started, which a failure cancels.
    pub(super) fn note_service_end(&mut self, end: EventId) {
        if let Some(mortality) = &mut self.mortality {
            mortality.service_end = Some(end);
        }
    }

    /// Schedules the next failure of a device that is up from now on.
    pub(super) fn schedule_failure(&mut self, context: &mut SimContext<Self, Message>) {
        let Some(mortality) = &mut self.mortality else { return };
        // A time up that ends past the clock is one without a failure.
        if let Some(time) = context.now().checked_add(mortality.availability.time_up()) {
            context.send_at(time, Rank::Completion, context.id(), Message::DeviceFails);
        }
    }

    /// The device fails.
    ///
    /// # Panics
    /// If it cannot fail.
    pub(super) fn fail(&mut self, context: &mut SimContext<Self, Message>) {
        let mortality = self.mortality.as_mut().expect("only a mortal device fails");
        mortality.up = false;
        mortality.incarnation += 1;
        let time_down = mortality.availability.time_down();
        if let Some(end) = mortality.service_end.take() {
            // `None` if that service has ended: nothing started after it.
            context.cancel(end);
        }
        self.station.lose_all(context.now(), self.world.window());
        self.world.tell_queue(context, 0);
        self.world.tell_moment(context, Moment::DeviceFailed);
        context.send_in(time_down, Rank::Completion, context.id(), Message::DeviceReturns);
        if self.setup.training.is_some() {
            self.abandon_round();
            if !self.trains_alone() {
                self.tell_server(Message::ClientLost { client: self.setup.index }, context);
            }
        }
        if self.setup.inference.is_some() {
            self.lose_requests(context);
        }
    }

    /// The device returns.
    ///
    /// # Panics
    /// If it cannot fail.
    pub(super) fn come_back(&mut self, context: &mut SimContext<Self, Message>) {
        self.mortality.as_mut().expect("only a mortal device returns").up = true;
        self.world.tell_moment(context, Moment::DeviceReturned);
        if self.trains_alone() {
            self.begin_again_alone(context);
        } else if self.setup.training.is_some() {
            self.tell_server(Message::ClientBack { client: self.setup.index }, context);
        }
        self.schedule_failure(context);
    }

    fn lose_requests(&mut self, context: &mut SimContext<Self, Message>) {
        let lost = std::mem::take(&mut self.inference_mut().outstanding);
        for (request, _) in lost {
            self.request_failed(request, context);
        }
    }
}
