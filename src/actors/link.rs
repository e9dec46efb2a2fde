//! A link: one direction, first in first out.

use super::journal::StationReport;
use super::message::{Message, Payload};
use super::world::World;
use crate::distribution::DurationDistribution;
use crate::kernel::{Rank, SimContext};
use crate::network::Packet;
use crate::quantity::BitRate;
use crate::random::Stream;
use crate::station::{FifoStation, Slot};
use crate::time::{SimDuration, SimTime};
use actix::{Actor, Handler};
use rand::RngExt as _;
use std::num::NonZeroU32;
use std::rc::Rc;

/// How a link behaves.
#[derive(Debug, Clone)]
pub struct LinkSetup {
    /// Serialisation rate.
    pub rate: BitRate,
    /// Propagation delay.
    pub delay: SimDuration,
    /// Random addition to the propagation delay of each message.
    pub jitter: Option<DurationDistribution>,
    /// Probability that a transmission is lost.
    pub loss: f64,
    /// Retransmissions after which a message is dropped.
    pub retries: u32,
    /// Whether one end is a device: what it serialises costs that device its radio's energy.
    pub access: bool,
}

/// A packet and how often it was transmitted in vain.
#[derive(Debug, Clone, Copy)]
struct Transmission {
    packet: Packet<Payload>,
    lost: u32,
}

/// Serialises packets one after the other, loses some, and delivers them in order.
///
/// Delivery = max(previous delivery, departure + delay + jitter): jitter never reorders. Whether a
/// transmission is lost is drawn at the end of its serialisation; a lost packet is resent at once
/// at the head of the line, and dropped when its retransmissions are used up.
pub struct Link {
    world: Rc<World>,
    setup: Rc<LinkSetup>,
    station: FifoStation<Transmission>,
    jitter: Option<Stream>,
    loss: Option<Stream>,
    last_delivery: SimTime,
}

impl Link {
    /// An idle link.
    pub fn new(world: Rc<World>, setup: Rc<LinkSetup>) -> Self {
        Self {
            world,
            setup,
            station: FifoStation::new(NonZeroU32::MIN),
            jitter: None,
            loss: None,
            last_delivery: SimTime::ZERO,
        }
    }

    fn enqueue(&mut self, packet: Packet<Payload>, context: &mut SimContext<Self, Message>) {
        let transmission = Transmission { packet, lost: 0 };
        if let Some(slot) = self.station.arrive(context.now(), self.world.window(), transmission) {
            self.transmit(slot, context);
        }
    }

    fn transmit(&self, slot: Slot, context: &mut SimContext<Self, Message>) {
        let size = self.station.in_service(slot).packet.size;
        let serialisation = self.setup.rate.serialisation_time(size);
        let done = Message::ServiceDone(slot);
        context.send_in(serialisation, Rank::Completion, context.id(), done);
    }

    fn transmitted(&mut self, slot: Slot, context: &mut SimContext<Self, Message>) {
        let lost =
            self.loss.as_mut().is_some_and(|stream| stream.random::<f64>() < self.setup.loss);
        if lost {
            let transmission = self.station.in_service_mut(slot);
            if transmission.lost < self.setup.retries {
                transmission.lost += 1;
                self.transmit(slot, context);
                return;
            }
        }
        let now = context.now();
        let departure = self.station.complete(now, self.world.window(), slot);
        if departure.next_started {
            self.transmit(slot, context);
        }
        let packet = departure.job.packet;
        if self.setup.access {
            self.world.serialised(&packet, now.since(departure.started));
        }
        let delivery = if lost { Some(now) } else { self.delivery_time(context) };
        if let (Some(request), Some(delivery)) = (packet.payload.content.request(), delivery) {
            let mut journal = self.world.journal.borrow_mut();
            let stages = &mut journal.request_mut(request).stages;
            let [wait, service, propagation] = if packet.payload.content.is_uplink() {
                [
                    &mut stages.uplink_wait,
                    &mut stages.uplink_service,
                    &mut stages.uplink_propagation,
                ]
            } else {
                [
                    &mut stages.downlink_wait,
                    &mut stages.downlink_service,
                    &mut stages.downlink_propagation,
                ]
            };
            *wait = wait.saturating_add(departure.started.since(departure.arrived));
            *service = service.saturating_add(now.since(departure.started));
            *propagation = propagation.saturating_add(delivery.since(now));
        }
        if lost {
            let dropped = Message::Dropped(packet);
            context.send_in(SimDuration::ZERO, Rank::Completion, packet.sender, dropped);
        } else if let Some(delivery) = delivery {
            self.last_delivery = delivery;
            let packet = Packet { hop: packet.hop + 1, ..packet };
            let next = self.world.routes.hop(packet.route, packet.hop);
            context.send_at(delivery, Rank::Delivery, next, Message::Deliver(packet));
        }
    }

    /// When a packet that departs now is delivered; `None`, and the run fails, past the clock.
    fn delivery_time(&mut self, context: &mut SimContext<Self, Message>) -> Option<SimTime> {
        let jitter = match (&self.setup.jitter, &mut self.jitter) {
            (Some(jitter), Some(stream)) => jitter.sample(stream),
            _ => SimDuration::ZERO,
        };
        let delay = self.setup.delay.saturating_add(jitter);
        let Some(arrival) = context.now().checked_add(delay) else {
            context.fail(format_args!("a propagation delay of {delay} ends past the clock"));
            return None;
        };
        Some(arrival.max(self.last_delivery))
    }
}

impl Actor for Link {
    type Context = SimContext<Self, Message>;

    fn started(&mut self, context: &mut Self::Context) {
        self.jitter = self.setup.jitter.as_ref().map(|_| context.stream("jitter"));
        self.loss = (self.setup.loss > 0.0).then(|| context.stream("loss"));
    }

    fn stopped(&mut self, context: &mut Self::Context) {
        let window = self.world.closing_window(context.now());
        let stats = self.station.close(context.now(), window);
        let report = StationReport { name: context.path().to_owned(), stats };
        self.world.journal.borrow_mut().station_closed(report);
    }
}

impl Handler<Message> for Link {
    type Result = ();

    /// # Panics
    /// On a message that no link is ever sent.
    fn handle(&mut self, message: Message, context: &mut Self::Context) {
        match message {
            Message::Deliver(packet) => self.enqueue(packet, context),
            Message::ServiceDone(slot) => self.transmitted(slot, context),
            other => unreachable!("a link was sent {other:?}"),
        }
    }
}
