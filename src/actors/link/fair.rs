//! A link that shares its rate equally among the messages in transmission.

use super::background::Background;
use super::buffer::Buffer;
use super::channel::{Channel, Visit, work};
use crate::actors::message::{Message, Parcel, Payload};
use crate::kernel::{EventId, Rank, SimActor, SimContext};
use crate::network::{Direction, Packet, Part};
use crate::quantity::Bytes;
use crate::station::{Completed, ProcessorSharing};
use crate::time::SimTime;
use actix::{Actor, Handler};
use std::num::NonZeroU32;

/// One message in transmission; `None` is somebody else's.
#[derive(Debug)]
struct Flow {
    packet: Option<Parcel>,
    /// Transmissions that were lost.
    lost: u32,
    /// When it came; its transmission began then.
    arrived: SimTime,
}

/// Processor sharing: n messages in transmission get 1/n of the rate each.
///
/// A flow is one message: a message that comes in segments is gathered first. A lost message starts
/// anew at once, and is dropped when its retransmissions are used up.
pub struct FairLink {
    up: Channel,
    /// The other direction of a half-duplex pair, of the same rate.
    down: Option<Box<Channel>>,
    station: ProcessorSharing<Flow>,
    buffer: Option<Buffer>,
    background: Option<Background>,
    /// The event of the next completion or change of rate.
    next: Option<EventId>,
    /// Empty between events: it keeps its memory.
    done: Vec<Completed<Flow>>,
}

impl FairLink {
    /// An idle link, with the messages of others that it carries.
    pub fn new(channel: Channel, background: Option<Background>) -> Self {
        Self::with(channel, None, background)
    }

    /// An idle link whose two directions, of equal rates, share it.
    pub fn half_duplex(up: Channel, down: Channel, background: Option<Background>) -> Self {
        Self::with(up, Some(Box::new(down)), background)
    }

    fn with(up: Channel, down: Option<Box<Channel>>, background: Option<Background>) -> Self {
        let rate = up.setup.rate.0.get();
        Self {
            buffer: up.setup.buffer.map(Buffer::new),
            station: ProcessorSharing::new(NonZeroU32::MIN, rate),
            up,
            down,
            background,
            next: None,
            done: Vec::new(),
        }
    }

    fn receive(&mut self, mut packet: Parcel, context: &mut SimContext<Self, Message>) {
        if let Part::Segment { transfer, last, .. } = packet.part
            && (!last || self.up.world.segments.borrow().is_dropped(transfer))
        {
            return;
        }
        packet.part = Part::Whole;
        if self.admits() {
            let arrived = context.now();
            self.begin(Flow { packet: Some(packet), lost: 0, arrived }, context);
            self.schedule(context);
        } else {
            self.channel(&packet).overflow(packet, context);
        }
    }

    fn background_arrives(&mut self, context: &mut SimContext<Self, Message>) {
        if self.admits() {
            self.begin(Flow { packet: None, lost: 0, arrived: context.now() }, context);
            self.schedule(context);
        } else {
            self.up.counts_mut().background_overflowed += 1;
        }
        let background = self.background.as_mut();
        background.expect("only background traffic brings its messages").schedule(context);
    }

    fn admits(&mut self) -> bool {
        self.buffer.as_mut().is_none_or(|buffer| buffer.admit(Part::Whole))
    }

    fn begin(&mut self, flow: Flow, context: &SimContext<Self, Message>) {
        let others = || self.background.as_ref().map_or(Bytes(0), |background| background.size);
        let size = flow.packet.as_ref().map_or_else(others, |packet| packet.size);
        self.station.arrive(context.now(), self.up.world.window(), work(size), flow);
        self.up.world.tell_queue(context, self.station.waiting());
    }

    /// Ends what is complete, and goes on with the others at the present rate.
    fn progress(&mut self, context: &mut SimContext<Self, Message>) {
        self.next = None;
        let mut done = std::mem::take(&mut self.done);
        self.station.complete(context.now(), self.up.world.window(), &mut done);
        self.up.world.tell_queue(context, self.station.waiting());
        for completed in done.drain(..) {
            self.transmitted(completed.job, context);
        }
        self.done = done;
        self.schedule(context);
    }

    fn transmitted(&mut self, flow: Flow, context: &mut SimContext<Self, Message>) {
        let visit = Visit { arrived: flow.arrived, started: flow.arrived };
        let Some(packet) = flow.packet else {
            self.up.counts_mut().background += 1;
            self.release();
            let size = self.background.as_ref().map_or(Bytes(0), |others| others.size);
            self.up.show_background(visit, size, context);
            return;
        };
        if !self.channel(&packet).loses() {
            self.release();
            self.channel(&packet).deliver(packet, visit, context);
        } else if flow.lost < self.channel(&packet).setup.retries {
            self.begin(Flow { packet: Some(packet), lost: flow.lost + 1, ..flow }, context);
        } else {
            self.release();
            self.channel(&packet).give_up(packet, visit, context);
        }
    }

    /// The direction in which `packet` passes.
    fn channel(&mut self, packet: &Packet<Payload>) -> &mut Channel {
        match &mut self.down {
            Some(down)
                if down.world.routes.direction(packet.route, packet.hop) == Direction::Down =>
            {
                down
            }
            _ => &mut self.up,
        }
    }

    fn release(&mut self) {
        if let Some(buffer) = &mut self.buffer {
            buffer.release(Part::Whole);
        }
    }

    /// Schedules the next completion, or the change of rate that comes before it.
    fn schedule(&mut self, context: &mut SimContext<Self, Message>) {
        if let Some(event) = self.next.take() {
            context.cancel(event);
        }
        if self.station.present() == 0 {
            return;
        }
        let now = context.now();
        let change = self.up.capacity().and_then(|capacity| {
            let (rate, change) = capacity.at(now);
            self.station.set_rate(now, rate);
            change.map(|change| change.since(now))
        });
        let wait = match (self.station.until_completion(), change) {
            (Some(wait), Some(change)) => wait.min(change),
            (wait, change) => wait.or(change).expect("a link that is down comes up again"),
        };
        let progress = Message::SharingProgress;
        self.next = Some(context.send_in(wait, Rank::Completion, context.id(), progress));
    }
}

impl SimActor<Message> for FairLink {}

impl Actor for FairLink {
    type Context = SimContext<Self, Message>;

    fn started(&mut self, context: &mut Self::Context) {
        let path = context.path().to_owned();
        self.up.open(context, &path);
        if let Some(down) = &mut self.down {
            down.open(context, &format!("{path}/down"));
        }
        if let Some(background) = &mut self.background {
            background.schedule(context);
        }
    }

    fn stopped(&mut self, context: &mut Self::Context) {
        let counts =
            self.down.as_ref().map_or(self.up.counts(), |down| self.up.counts() + down.counts());
        self.up.world.close_link(context, counts);
        self.up.world.close_station(context, |end, window| self.station.close(end, window));
    }
}

impl Handler<Message> for FairLink {
    type Result = ();

    /// # Panics
    /// On a message that no link is ever sent.
    fn handle(&mut self, message: Message, context: &mut Self::Context) {
        match message {
            Message::Deliver(packet) => self.receive(packet, context),
            Message::SharingProgress => self.progress(context),
            Message::BackgroundArrival => self.background_arrives(context),
            other => unreachable!("a link was sent {other:?}"),
        }
    }
}
