//! A link that serves first in, first out.

use super::background::Background;
use super::buffer::Buffer;
use super::channel::{Channel, Visit};
use crate::actors::message::{Message, Parcel, Payload};
use crate::kernel::{Rank, SimActor, SimContext};
use crate::network::{Direction, Packet, Part};
use crate::quantity::Bytes;
use crate::station::{FifoStation, Slot};
use actix::{Actor, Handler};
use std::hint::black_box;
use std::num::{NonZeroU16, NonZeroU32};
use std::rc::Rc;

/// What is transmitted.
#[derive(Debug)]
enum Load {
    /// A message, or a segment of one.
    Packet(Parcel),
    /// Somebody else's message.
    Background,
}

/// How far the packet in transmission has been cut into segments.
#[derive(Debug, Clone, Copy, Default)]
struct Cut {
    /// Bytes of segments that were transmitted.
    sent: u64,
    /// The transfer's number, if it is cut here.
    transfer: Option<u32>,
}

/// What plain links do without.
#[derive(Default)]
struct Options {
    /// The other direction of a half-duplex pair.
    down: Option<Channel>,
    buffer: Option<Buffer>,
    background: Option<Background>,
    /// Of the packet in transmission.
    cut: Cut,
}

/// Serialises packets one after the other, loses some, and delivers them in order.
///
/// A lost packet is resent at once at the head of the line, and dropped when its retransmissions
/// are used up. A packet longer than the mtu is one job of the station that is sent segment by
/// segment: each is lost and delivered on its own, so that the next hop can begin.
pub struct Link {
    up: Channel,
    station: FifoStation<Load>,
    /// Transmissions of the present packet, or of its present segment, that were lost.
    lost: u32,
    options: Option<Box<Options>>,
}

impl Link {
    /// An idle link of one direction, with the messages of others that it carries.
    pub fn new(channel: Channel, background: Option<Background>) -> Self {
        Self::with(channel, None, background)
    }

    /// An idle link whose two directions share one station: while one transmits, the other waits.
    pub fn half_duplex(up: Channel, down: Channel, background: Option<Background>) -> Self {
        Self::with(up, Some(down), background)
    }

    fn with(up: Channel, down: Option<Channel>, background: Option<Background>) -> Self {
        let cuts = |channel: &Channel| channel.setup.mtu.is_some();
        let cuts = cuts(&up) || down.as_ref().is_some_and(cuts);
        let buffer = up.setup.buffer.map(Buffer::new);
        let plain = down.is_none() && buffer.is_none() && background.is_none() && !cuts;
        let options = Options { down, buffer, background, cut: Cut::default() };
        let options = (!plain).then(|| Box::new(options));
        Self { up, station: FifoStation::new(NonZeroU32::MIN), lost: 0, options }
    }

    fn receive(&mut self, packet: Parcel, context: &mut SimContext<Self, Message>) {
        if self.admits(packet.part) {
            self.enqueue(Load::Packet(packet), context);
        } else {
            let way = self.way(&packet);
            self.channel(way).overflow(packet, context);
        }
    }

    fn background_arrives(&mut self, context: &mut SimContext<Self, Message>) {
        if self.admits(Part::Whole) {
            self.enqueue(Load::Background, context);
        } else {
            self.up.counts_mut().background_overflowed += 1;
        }
        self.background().schedule(context);
    }

    fn admits(&mut self, part: Part) -> bool {
        let buffer = self.options.as_mut().and_then(|options| options.buffer.as_mut());
        buffer.is_none_or(|buffer| buffer.admit(part))
    }

    fn enqueue(&mut self, load: Load, context: &mut SimContext<Self, Message>) {
        let window = self.up.world.window();
        match self.station.arrive(context.now(), window, load) {
            Some(slot) => self.transmit(slot, context),
            None => self.up.world.tell_queue(context, self.station.waiting()),
        }
    }

    /// Puts the next part of what is in service at `slot` on the wire.
    fn transmit(&mut self, slot: Slot, context: &mut SimContext<Self, Message>) {
        let now = context.now();
        let serialisation = match self.station.in_service(slot) {
            Load::Packet(packet) => {
                let (way, rest) = (self.way(packet), packet.part_size().0 - self.cut().sent);
                let channel = self.channel(way);
                let mtu = channel.setup.mtu.map_or(rest, |mtu| u64::from(mtu.get()));
                channel.serialisation(now, Bytes(rest.min(mtu)))
            }
            Load::Background => {
                let size = self.background().size;
                self.up.serialisation(now, size)
            }
        };
        let done = Message::ServiceDone(slot);
        context.send_in(serialisation, Rank::Completion, context.id(), done);
    }

    fn transmitted(&mut self, slot: Slot, context: &mut SimContext<Self, Message>) {
        let Load::Packet(packet) = self.station.in_service(slot) else {
            self.up.counts_mut().background += 1;
            let (_, visit) = self.leave(slot, context);
            let size = self.background().size;
            self.up.show_background(visit, size, context);
            return;
        };
        let way = self.way(packet);
        if self.channel(way).loses() {
            self.repeat(slot, way, context);
        } else {
            self.sent(slot, way, context);
        }
    }

    /// The transmission was lost: there is another one, or the packet is given up.
    fn repeat(&mut self, slot: Slot, way: Direction, context: &mut SimContext<Self, Message>) {
        if self.lost < self.channel(way).setup.retries {
            self.lost += 1;
            self.transmit(slot, context);
            return;
        }
        let transfer = self.cut().transfer;
        let (mut packet, visit) = self.packet_leaves(slot, context);
        if let Some(transfer) = transfer {
            packet.part = Part::Segment { transfer, bytes: 0, last: true };
        }
        self.channel(way).give_up(packet, visit, context);
    }

    /// A part of the packet at `slot` is on its way; the packet leaves with its last one.
    fn sent(&mut self, slot: Slot, way: Direction, context: &mut SimContext<Self, Message>) {
        match self.channel(way).setup.mtu {
            Some(mtu) => self.segment_sent(slot, way, mtu, context),
            None => {
                let (packet, visit) = self.packet_leaves(slot, context);
                self.channel(way).deliver(packet, visit, context);
            }
        }
    }

    fn segment_sent(
        &mut self,
        slot: Slot,
        way: Direction,
        mtu: NonZeroU16,
        context: &mut SimContext<Self, Message>,
    ) {
        let Load::Packet(packet) = self.station.in_service(slot) else {
            unreachable!("only packets are cut")
        };
        let (part, is_last) = (packet.part, packet.is_last());
        let Cut { sent, .. } = self.cut();
        let rest = packet.part_size().0 - sent;
        let (bytes, complete) = match u16::try_from(rest) {
            Ok(rest) if rest <= mtu.get() => (rest, true),
            _ => (mtu.get(), false),
        };
        let is_cut = !complete || sent > 0;
        let part = if is_cut {
            let last = complete && is_last;
            Part::Segment { transfer: self.transfer(part), bytes, last }
        } else {
            part
        };
        if complete {
            let (mut packet, visit) = self.packet_leaves(slot, context);
            packet.part = part;
            self.channel(way).deliver(packet, visit, context);
        } else {
            let segment = self.segment(slot, part);
            self.options().cut.sent += u64::from(bytes);
            self.lost = 0;
            self.transmit(slot, context);
            // It is not the last one: the message's time here counts later.
            let now = context.now();
            let visit = Visit { arrived: now, started: now };
            self.channel(way).deliver(segment, visit, context);
        }
    }

    /// A copy of the packet at `slot` of which only `part` travels.
    fn segment(&self, slot: Slot, part: Part) -> Parcel {
        let Load::Packet(packet) = self.station.in_service(slot) else {
            unreachable!("only packets are cut")
        };
        Box::new(Packet { part, ..**packet })
    }

    /// The number of the transfer in service, which has come as `part` and is cut here.
    fn transfer(&mut self, part: Part) -> u32 {
        let world = Rc::clone(&self.up.world);
        *self.options().cut.transfer.get_or_insert_with(|| match part {
            Part::Segment { transfer, .. } => transfer,
            Part::Whole => world.segments.borrow_mut().number(),
        })
    }

    fn packet_leaves(
        &mut self,
        slot: Slot,
        context: &mut SimContext<Self, Message>,
    ) -> (Parcel, Visit) {
        match self.leave(slot, context) {
            (Load::Packet(packet), visit) => (packet, visit),
            (Load::Background, _) => unreachable!("background traffic is never cut or lost"),
        }
    }

    /// The transmission at `slot` ends, and the next one begins.
    fn leave(&mut self, slot: Slot, context: &mut SimContext<Self, Message>) -> (Load, Visit) {
        let departure = self.station.complete(context.now(), self.up.world.window(), slot);
        self.lost = 0;
        if let Some(options) = &mut self.options {
            options.cut = Cut::default();
            if let Some(buffer) = &mut options.buffer {
                buffer.release(match &departure.job {
                    Load::Packet(packet) => packet.part,
                    Load::Background => Part::Whole,
                });
            }
        }
        if departure.next_started {
            self.transmit(slot, context);
            self.up.world.tell_queue(context, self.station.waiting());
        }
        (departure.job, Visit { arrived: departure.arrived, started: departure.started })
    }

    /// The direction in which `packet` passes.
    fn way(&self, packet: &Packet<Payload>) -> Direction {
        match &self.options {
            Some(options) if options.down.is_some() => {
                self.up.world.routes.direction(packet.route, packet.hop)
            }
            _ => Direction::Up,
        }
    }

    fn channel(&mut self, way: Direction) -> &mut Channel {
        let down = self.options.as_mut().and_then(|options| options.down.as_mut());
        match (way, down) {
            (Direction::Down, Some(down)) => down,
            _ => &mut self.up,
        }
    }

    fn cut(&self) -> Cut {
        self.options.as_ref().map_or(Cut::default(), |options| options.cut)
    }

    fn options(&mut self) -> &mut Options {
        self.options.as_mut().expect("only links with options cut packets")
    }

    fn background(&mut self) -> &mut Background {
        let background = self.options.as_mut().and_then(|options| options.background.as_mut());
        background.expect("only background traffic brings its messages")
    }
}

impl SimActor<Message> for Link {
    fn touch(&self) {
        black_box((self.lost, self.options.is_some()));
        self.up.touch();
        self.station.touch();
    }
}

impl Actor for Link {
    type Context = SimContext<Self, Message>;

    fn started(&mut self, context: &mut Self::Context) {
        let path = context.path().to_owned();
        self.up.open(context, &path);
        let Some(options) = &mut self.options else { return };
        if let Some(down) = &mut options.down {
            down.open(context, &format!("{path}/down"));
        }
        if let Some(background) = &mut options.background {
            background.schedule(context);
        }
    }

    fn stopped(&mut self, context: &mut Self::Context) {
        let down = self.options.as_ref().and_then(|options| options.down.as_ref());
        let counts = down.map_or(self.up.counts(), |down| self.up.counts() + down.counts());
        self.up.world.close_link(context, counts);
        self.up.world.close_station(context, |end, window| self.station.close(end, window));
    }
}

impl Handler<Message> for Link {
    type Result = ();

    /// # Panics
    /// On a message that no link is ever sent.
    fn handle(&mut self, message: Message, context: &mut Self::Context) {
        match message {
            Message::Deliver(packet) => self.receive(packet, context),
            Message::ServiceDone(slot) => self.transmitted(slot, context),
            Message::BackgroundArrival => self.background_arrives(context),
            other => unreachable!("a link was sent {other:?}"),
        }
    }
}
