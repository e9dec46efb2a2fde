//! A FIFO link that knows of each message on arrival when it will depart.

use super::channel::LinkSetup;
use super::counts::LinkCounts;
use super::passage::Passage;
use super::propagation::Propagation;
use crate::actors::message::{Message, Parcel};
use crate::actors::watch::Sojourn;
use crate::actors::world::World;
use crate::kernel::{Rank, SimActor, SimContext};
use crate::random::Stream;
use crate::station::{LindleyStation, Stay};
use crate::time::SimTime;
use actix::{Actor, Handler};
use rand::RngExt as _;
use std::hint::black_box;
use std::rc::Rc;

/// What is kept of a message until it has departed. Every link has room for one: keep it small.
#[derive(Debug, Clone, Copy)]
struct Transmission {
    delivered: SimTime,
    request: Option<u32>,
    client: u32,
    /// Transmissions that are lost; more than there are retransmissions if it is dropped.
    lost: u32,
    is_uplink: bool,
    /// Whether it costs the client's device its radio's energy.
    at_device: bool,
    /// Whether its passage is noted although it may still be under way.
    is_noted: bool,
}

/// Serialises whole messages one after the other at a constant rate.
///
/// It does what a [`Link`](super::Link) does that has no buffer to overflow, cuts nothing and is
/// never down. How often a message must be sent is drawn when it arrives, in the same order, and so
/// it is known then when it departs: its delivery, or the news of its drop, is scheduled at once and
/// its departure is no event. The station's books, the counts and the radio's meter are brought up
/// to date at the next arrival and at the end. What has not come to pass by then is not counted; at
/// the instant of the end departures count, as completions come first.
pub struct PlainLink {
    world: Rc<World>,
    propagation: Propagation,
    station: LindleyStation<Transmission>,
    /// Drawn from if the setup loses anything.
    loss: Stream,
    /// Most links never count anything.
    counts: Option<Box<LinkCounts>>,
}

impl PlainLink {
    /// An idle link of one direction.
    ///
    /// # Panics
    /// If the setup asks for what is [not foreseeable](LinkSetup::is_foreseeable).
    pub fn new(world: Rc<World>, setup: Rc<LinkSetup>) -> Self {
        assert!(setup.is_foreseeable(), "{setup:?} needs a link with events");
        let (propagation, station) = (Propagation::new(setup), LindleyStation::new());
        Self { world, propagation, station, loss: Stream::new(0), counts: None }
    }

    fn receive(&mut self, packet: Parcel, context: &mut SimContext<Self, Message>) {
        let now = context.now();
        self.enter_departures(now);
        let started = self.station.start(now);
        let LinkSetup { rate, retries, .. } = *self.propagation.setup();
        let lost = self.draw_losses();
        let transmissions = u64::from(lost.min(retries)) + 1;
        let service = rate.serialisation_time(packet.size).saturating_mul(transmissions);
        let Some(departed) = started.checked_add(service) else {
            self.enter_arrival(&packet, now, SimTime::MAX, lost, None);
            return Self::block(started, context);
        };
        let is_dropped = lost > retries;
        let delivered = if is_dropped { Ok(departed) } else { self.propagation.deliver(departed) };
        self.enter_arrival(&packet, now, departed, lost, delivered.ok());
        let Ok(delivered) = delivered else { return Self::block(departed, context) };
        let content = packet.payload.content;
        let passage = Passage::new(now, started, departed, delivered);
        passage.note(&self.world, content.request(), content.is_uplink());
        if self.world.is_watched() {
            let arrives = !is_dropped && self.world.routes.ends_at(packet.route, packet.hop + 1);
            let times = [now, started, departed, delivered];
            let sojourn = Sojourn::of_message(context.id(), &packet, times, arrives);
            self.world.tell_sojourn(now, &sojourn);
        }
        if is_dropped {
            let (sender, dropped) = (packet.sender, Message::Dropped(packet));
            context.send_at(departed, Rank::Completion, sender, dropped);
        } else {
            self.world.hand_on(packet, delivered, context);
        }
    }

    /// How many transmissions of the next message are lost, if it is sent again until one is not or
    /// the retransmissions are used up.
    fn draw_losses(&mut self) -> u32 {
        let LinkSetup { loss, retries, .. } = *self.propagation.setup();
        let mut lost = 0;
        while loss > 0.0 && lost <= retries && self.loss.random::<f64>() < loss {
            lost += 1;
        }
        lost
    }

    /// A message would depart, or else be delivered, past the end of the clock: a run that comes to
    /// `time`, when that begins, fails there.
    fn block(time: SimTime, context: &mut SimContext<Self, Message>) {
        context.send_at(time, Rank::Completion, context.id(), Message::PastClock);
    }

    fn enter_arrival(
        &mut self,
        packet: &Parcel,
        now: SimTime,
        departs: SimTime,
        lost: u32,
        delivered: Option<SimTime>,
    ) {
        let content = packet.payload.content;
        let transmission = Transmission {
            delivered: delivered.unwrap_or(SimTime::MAX),
            request: content.request(),
            client: packet.payload.client,
            lost,
            is_uplink: content.is_uplink(),
            at_device: self.world.is_at_device(packet),
            is_noted: delivered.is_some(),
        };
        self.station.arrive(now, self.world.window(), departs, transmission);
    }

    /// Enters what has departed up to `now`.
    fn enter_departures(&mut self, now: SimTime) {
        let window = self.world.window();
        while let Some(Stay { job, started, departs, .. }) = self.station.depart(now, window) {
            if job.at_device {
                self.world.serialised(job.client, job.request, departs.since(started));
            }
            if job.lost > 0 {
                let is_dropped = job.lost > self.propagation.setup().retries;
                let counts = self.counts.get_or_insert_default();
                counts.lost += u64::from(job.lost);
                counts.given_up += u64::from(is_dropped);
            }
        }
    }

    /// The run ends at `end`: of what is still here only what has come to pass counts.
    fn take_back_the_future(&mut self, end: SimTime) {
        let retries = self.propagation.setup().retries;
        for &Stay { job, arrived, started, departs } in self.station.present() {
            if started < end && job.lost > 0 {
                let transmissions = u64::from(job.lost.min(retries)) + 1;
                let serialisation = departs.since(started).as_nanos() / transmissions;
                let ended = end.since(started).as_nanos() / serialisation;
                self.counts.get_or_insert_default().lost += ended.min(u64::from(job.lost));
            }
            if job.is_noted {
                let passage = Passage::new(arrived, started, departs, job.delivered);
                passage.take_back(&self.world, job.request, job.is_uplink);
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
        if self.propagation.setup().loss > 0.0 {
            self.loss = context.stream("loss");
        }
        self.propagation.open(context, context.path());
    }

    fn stopped(&mut self, context: &mut Self::Context) {
        self.enter_departures(context.now());
        self.take_back_the_future(context.now());
        let counts = self.counts.as_deref().copied().unwrap_or_default();
        self.world.close_link(context, counts);
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
