//! From one end of a wire to the other.

use super::channel::LinkSetup;
use crate::actors::message::Message;
use crate::kernel::SimContext;
use crate::random::Stream;
use crate::time::{SimDuration, SimTime};
use std::rc::Rc;

/// Propagation along one direction: delivery = max(previous delivery, departure + delay + jitter),
/// so that jitter never reorders.
pub(super) struct Propagation {
    setup: Rc<LinkSetup>,
    last_delivery: SimTime,
    jitter: Option<Box<Stream>>,
}

impl Propagation {
    /// A wire on which nothing is under way.
    pub(super) fn new(setup: Rc<LinkSetup>) -> Self {
        Self { setup, last_delivery: SimTime::ZERO, jitter: None }
    }

    /// Opens its random stream, which is named by the actor at `path`.
    pub(super) fn open<A>(&mut self, context: &SimContext<A, Message>, path: &str) {
        if self.setup.jitter.is_some() {
            self.jitter = Some(Box::new(context.streams().stream(path, "jitter")));
        }
    }

    /// The direction's figures.
    pub(super) fn setup(&self) -> &LinkSetup {
        &self.setup
    }

    /// When something was delivered last.
    pub(super) fn last_delivery(&self) -> SimTime {
        self.last_delivery
    }

    /// When what departs at `departure` is delivered, if all that departed before was asked for
    /// before.
    ///
    /// # Errors
    /// With the delay that ends past the clock.
    pub(super) fn deliver(&mut self, departure: SimTime) -> Result<SimTime, SimDuration> {
        let jitter = self.setup.jitter.as_ref().zip(self.jitter.as_deref_mut());
        let jitter = jitter.map_or(SimDuration::ZERO, |(jitter, stream)| jitter.sample(stream));
        let delay = self.setup.delay.saturating_add(jitter);
        let arrival = departure.checked_add(delay).ok_or(delay)?;
        self.last_delivery = arrival.max(self.last_delivery);
        Ok(self.last_delivery)
    }
}
