//! A FIFO link on which nothing unforeseen happens.

use super::channel::LinkSetup;
use super::passage::Passage;
use super::propagation::Propagation;
use crate::actors::message::{Content, Message, Parcel};
use crate::actors::world::World;
use crate::kernel::{Rank, SimActor, SimContext};
use crate::station::{LindleyStation, Stay};
use crate::time::SimTime;
use actix::{Actor, Handler};
use std::hint::black_box;
use std::rc::Rc;

/// What is kept of a message until it has departed.
#[derive(Debug, Clone, Copy)]
struct Transmission {
    content: Content,
    client: u32,
    /// Whether it costs the client's device its radio's energy.
    at_device: bool,
    /// When its passage says that it is delivered; `None` if none is noted.
    delivered: Option<SimTime>,
}

/// Serialises whole messages one after the other at a constant rate and delivers all of them.
///
/// It does what a [`Link`](super::Link) does that loses, cuts and drops nothing and is never down.
/// When a message departs is known when it arrives, so its delivery is scheduled at once and its
/// departure is no event: the station's books, and the radio's meter, are brought up to date at the
/// next arrival and at the end. What has not departed by then is not counted; at the instant of the
/// end departures count, as completions come first.
pub struct PlainLink {
    world: Rc<World>,
    propagation: Propagation,
    station: LindleyStation<Transmission>,
}

impl PlainLink {
    /// An idle link of one direction.
    ///
    /// # Panics
    /// If the setup asks for what is [not foreseeable](LinkSetup::is_foreseeable).
    pub fn new(world: Rc<World>, setup: Rc<LinkSetup>) -> Self {
        assert!(setup.is_foreseeable(), "{setup:?} needs a link with events");
        Self { world, propagation: Propagation::new(setup), station: LindleyStation::new() }
    }

    fn receive(&mut self, packet: Parcel, context: &mut SimContext<Self, Message>) {
        let now = context.now();
        self.enter_departures(now);
        let started = self.station.start(now);
        let serialisation = self.propagation.setup().rate.serialisation_time(packet.size);
        let Some(departed) = started.checked_add(serialisation) else {
            return self.block(&packet, started, SimTime::MAX, context);
        };
        let Ok(delivered) = self.propagation.deliver(departed) else {
            return self.block(&packet, departed, departed, context);
        };
        let passage = Passage::new(now, started, departed, delivered);
        passage.note(&self.world, packet.payload.content);
        self.enter_arrival(&packet, now, departed, Some(delivered));
        self.world.hand_on(packet, delivered, context);
    }

    /// `packet` would depart, or else be delivered, past the end of the clock: a run that comes to
    /// `time`, when that begins, fails there.
    fn block(
        &mut self,
        packet: &Parcel,
        time: SimTime,
        departs: SimTime,
        context: &mut SimContext<Self, Message>,
    ) {
        self.enter_arrival(packet, context.now(), departs, None);
        context.send_at(time, Rank::Completion, context.id(), Message::PastClock);
    }

    fn enter_arrival(
        &mut self,
        packet: &Parcel,
        now: SimTime,
        departs: SimTime,
        delivered: Option<SimTime>,
    ) {
        let transmission = Transmission {
            content: packet.payload.content,
            client: packet.payload.client,
            at_device: self.world.is_at_device(packet),
            delivered,
        };
        self.station.arrive(now, self.world.window(), departs, transmission);
    }

    /// Enters what has departed up to `now`.
    fn enter_departures(&mut self, now: SimTime) {
        let window = self.world.window();
        while let Some(stay) = self.station.depart(now, window) {
            let Transmission { content, client, at_device, .. } = stay.job;
            if at_device {
                self.world.serialised(client, content, stay.departs.since(stay.started));
            }
        }
    }
}

impl SimActor<Message> for PlainLink {
    fn touch(&self) {
        black_box(self.propagation.last_delivery());
        self.station.touch();
    }
}

impl Actor for PlainLink {
    type Context = SimContext<Self, Message>;

    fn started(&mut self, context: &mut Self::Context) {
        let path = context.shared_path();
        self.propagation.open(context, &path);
    }

    fn stopped(&mut self, context: &mut Self::Context) {
        self.enter_departures(context.now());
        for &Stay { job, arrived, started, departs } in self.station.present() {
            if let Some(delivered) = job.delivered {
                let passage = Passage::new(arrived, started, departs, delivered);
                passage.take_back(&self.world, job.content);
            }
        }
        self.world.close_station(context, |end, window| self.station.close(end, window));
    }
}

impl Handler<Message> for PlainLink {
    type Result = ();

    /// # Panics
    /// On a message that no such link is ever sent.
    fn handle(&mut self, message: Message, context: &mut Self::Context) {
        match message {
            Message::Deliver(packet) => self.receive(packet, context),
            Message::PastClock => {
                context.fail("what it transmits now would be delivered past the end of the clock");
            }
            other => unreachable!("a plain link was sent {other:?}"),
        }
    }
}
