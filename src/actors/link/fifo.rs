//! A link that serves first in, first out.

use super::background::Background;
use super::buffer::Buffer;
use super::channel::{Channel, Visit};
use crate::actors::message::{Message, Payload};
use crate::kernel::{Rank, SimContext};
use crate::network::{Direction, Packet, Part};
use crate::quantity::Bytes;
use crate::station::{FifoStation, Slot};
use actix::{Actor, Handler};
use std::num::NonZeroU32;

/// What is transmitted.
#[derive(Debug, Clone, Copy)]
enum Load {
    /// A message, or a segment of one.
    Packet(Packet<Payload>),
    /// Somebody else's message.
    Background,
}

/// A load and how far its transmission has come.
#[derive(Debug, Clone, Copy)]
struct Transmission {
    load: Load,
    /// Transmissions of the present segment that were lost.
    lost: u32,
    /// Bytes of segments that were transmitted, and the transfer's number if it is cut here.
    sent: u64,
    transfer: Option<u32>,
}

/// What plain links do without.
struct Options {
    /// The other direction of a half-duplex pair.
    down: Option<Channel>,
    buffer: Option<Buffer>,
    background: Option<Background>,
}

/// Serialises packets one after the other, loses some, and delivers them in order.
///
/// A lost packet is resent at once at the head of the line, and dropped when its retransmissions
/// are used up. A packet longer than the mtu is one job of the station that is sent segment by
/// segment: each is lost and delivered on its own, so that the next hop can begin.
pub struct Link {
    up: Channel,
    station: FifoStation<Transmission>,
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
        let buffer = up.setup.buffer.map(Buffer::new);
        let plain = down.is_none() && buffer.is_none() && background.is_none();
        let options = (!plain).then(|| Box::new(Options { down, buffer, background }));
        Self { up, station: FifoStation::new(NonZeroU32::MIN), options }
    }

    fn receive(&mut self, packet: Packet<Payload>, context: &mut SimContext<Self, Message>) {
        if self.admits(packet.part) {
            self.enqueue(Load::Packet(packet), context);
        } else {
            self.channel(&packet).overflow(packet, context);
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
        let transmission = Transmission { load, lost: 0, sent: 0, transfer: None };
        let window = self.up.world.window();
        if let Some(slot) = self.station.arrive(context.now(), window, transmission) {
            self.transmit(slot, context);
        }
    }

    /// Puts the next part of the transmission at `slot` on the wire.
    fn transmit(&mut self, slot: Slot, context: &mut SimContext<Self, Message>) {
        let transmission = *self.station.in_service(slot);
        let now = context.now();
        let serialisation = match transmission.load {
            Load::Packet(packet) => {
                let channel = self.channel(&packet);
                let rest = packet.part_size().0 - transmission.sent;
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
        let Load::Packet(packet) = self.station.in_service(slot).load else {
            self.up.counts_mut().background += 1;
            self.leave(slot, context);
            return;
        };
        if self.channel(&packet).loses() {
            self.lost(slot, packet, context);
        } else {
            self.sent(slot, packet, context);
        }
    }

    fn lost(
        &mut self,
        slot: Slot,
        packet: Packet<Payload>,
        context: &mut SimContext<Self, Message>,
    ) {
        let retries = self.channel(&packet).setup.retries;
        let transmission = self.station.in_service_mut(slot);
        if transmission.lost < retries {
            transmission.lost += 1;
            self.transmit(slot, context);
            return;
        }
        let part = match transmission.transfer {
            Some(transfer) => Part::Segment { transfer, bytes: 0, last: true },
            None => packet.part,
        };
        let visit = self.leave(slot, context);
        self.channel(&packet).give_up(Packet { part, ..packet }, visit, context);
    }

    /// A part of `packet` is on its way; the packet leaves with its last one.
    fn sent(
        &mut self,
        slot: Slot,
        packet: Packet<Payload>,
        context: &mut SimContext<Self, Message>,
    ) {
        let Some(mtu) = self.channel(&packet).setup.mtu else {
            let visit = self.leave(slot, context);
            self.channel(&packet).deliver(packet, visit, context);
            return;
        };
        let size = packet.part_size().0;
        let transmission = self.station.in_service(slot);
        let rest = size - transmission.sent;
        let (bytes, complete) = match u16::try_from(rest) {
            Ok(rest) if rest <= mtu.get() => (rest, true),
            _ => (mtu.get(), false),
        };
        let is_cut = !complete || transmission.sent > 0;
        let part = if is_cut {
            let transfer = self.transfer(slot, packet.part);
            Part::Segment { transfer, bytes, last: complete && packet.is_last() }
        } else {
            packet.part
        };
        let segment = Packet { part, ..packet };
        if complete {
            let visit = self.leave(slot, context);
            self.channel(&packet).deliver(segment, visit, context);
        } else {
            let transmission = self.station.in_service_mut(slot);
            transmission.sent += u64::from(bytes);
            transmission.lost = 0;
            self.transmit(slot, context);
            // It is not the last one: the message's time here counts later.
            let now = context.now();
            let visit = Visit { arrived: now, started: now };
            self.channel(&packet).deliver(segment, visit, context);
        }
    }

    /// The number of the transfer at `slot`, whose packet has come as `part` and is cut here.
    fn transfer(&mut self, slot: Slot, part: Part) -> u32 {
        let world = &self.up.world;
        let transmission = self.station.in_service_mut(slot);
        *transmission.transfer.get_or_insert_with(|| match part {
            Part::Segment { transfer, .. } => transfer,
            Part::Whole => world.segments.borrow_mut().number(),
        })
    }

    /// The transmission at `slot` ends, and the next one begins.
    fn leave(&mut self, slot: Slot, context: &mut SimContext<Self, Message>) -> Visit {
        let departure = self.station.complete(context.now(), self.up.world.window(), slot);
        if let Some(buffer) = self.options.as_mut().and_then(|options| options.buffer.as_mut()) {
            buffer.release(match departure.job.load {
                Load::Packet(packet) => packet.part,
                Load::Background => Part::Whole,
            });
        }
        if departure.next_started {
            self.transmit(slot, context);
        }
        Visit { arrived: departure.arrived, started: departure.started }
    }

    /// The direction in which `packet` passes.
    fn channel(&mut self, packet: &Packet<Payload>) -> &mut Channel {
        let down = self.options.as_mut().and_then(|options| options.down.as_mut());
        match down {
            Some(down)
                if down.world.routes.direction(packet.route, packet.hop) == Direction::Down =>
            {
                down
            }
            _ => &mut self.up,
        }
    }

    fn background(&mut self) -> &mut Background {
        let background = self.options.as_mut().and_then(|options| options.background.as_mut());
        background.expect("only background traffic brings its messages")
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
