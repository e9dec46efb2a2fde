//! One direction of a link: rate, loss, delay, jitter and the order of deliveries.

use super::counts::LinkCounts;
use super::passage::Passage;
use super::propagation::Propagation;
use crate::actors::message::{Message, Parcel, Payload};
use crate::actors::watch::{Sojourn, StationId, Subject, Task};
use crate::actors::world::World;
use crate::distribution::DurationDistribution;
use crate::kernel::{Rank, SimActor, SimContext};
use crate::network::{Packet, Part};
use crate::quantity::{BitRate, Bytes};
use crate::random::Stream;
use crate::time::{SimDuration, SimTime};
use crate::workload::Capacity;
use rand::RngExt as _;
use std::hint::black_box;
use std::num::{NonZeroU16, NonZeroU32};
use std::rc::Rc;

/// How a direction of a link behaves.
#[derive(Debug, Clone)]
pub struct LinkSetup {
    /// Serialisation rate.
    pub rate: BitRate,
    /// Propagation delay.
    pub delay: SimDuration,
    /// Random addition to the propagation delay of each transmission.
    pub jitter: Option<DurationDistribution>,
    /// Probability that a transmission is lost.
    pub loss: f64,
    /// Retransmissions after which a message is dropped.
    pub retries: u32,
    /// Messages that may be at the link, the one in service included; all others are dropped.
    pub buffer: Option<NonZeroU32>,
    /// Bytes of a segment; longer messages are cut.
    pub mtu: Option<NonZeroU16>,
}

impl LinkSetup {
    /// Whether it can be known of each message on arrival when it will depart: all find room, and
    /// none is cut.
    pub fn is_foreseeable(&self) -> bool {
        self.buffer.is_none() && self.mtu.is_none()
    }
}

/// One direction of a link. Whether a transmission is lost is drawn at the end of its serialisation.
pub struct Channel {
    pub(super) world: Rc<World>,
    pub(super) setup: Rc<LinkSetup>,
    propagation: Propagation,
    rarities: Option<Box<Rarities>>,
    /// Drawn from if the setup loses anything.
    loss: Stream,
}

/// What most directions of a large fleet do without.
#[derive(Default)]
struct Rarities {
    /// The rate over time, if it is not always the setup's.
    capacity: Option<Capacity>,
    counts: LinkCounts,
}

/// When a message was at a link.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visit {
    pub(super) arrived: SimTime,
    pub(super) started: SimTime,
}

impl Channel {
    /// An idle direction with its rate over time, if it varies.
    pub fn new(world: Rc<World>, setup: Rc<LinkSetup>, capacity: Option<Capacity>) -> Self {
        let rarities = capacity
            .map(|capacity| Box::new(Rarities { capacity: Some(capacity), ..Rarities::default() }));
        let loss = Stream::new(0);
        let propagation = Propagation::new(Rc::clone(&setup));
        Self { world, setup, propagation, rarities, loss }
    }

    /// Reads a little of it; see [`SimActor::touch`].
    pub(super) fn touch(&self) {
        black_box((self.propagation.last_delivery(), self.rarities.is_some()));
    }

    /// What it has counted; most links never count anything.
    pub(super) fn counts(&self) -> LinkCounts {
        self.rarities.as_ref().map_or(LinkCounts::default(), |rarities| rarities.counts)
    }

    /// The same, to be counted on.
    pub(super) fn counts_mut(&mut self) -> &mut LinkCounts {
        &mut self.rarities.get_or_insert_default().counts
    }

    /// The rate over time, if it varies.
    pub(super) fn capacity(&mut self) -> Option<&mut Capacity> {
        self.rarities.as_mut()?.capacity.as_mut()
    }

    /// Opens its random streams, which are named by the actor at `path`.
    pub(super) fn open<A>(&mut self, context: &SimContext<A, Message>, path: &str) {
        if self.setup.loss > 0.0 {
            self.loss = context.streams().stream(path, "loss");
        }
        self.propagation.open(context, path);
    }

    /// The time to put `size` on the wire from `now` on without sharing; saturates past the clock.
    pub(super) fn serialisation(&mut self, now: SimTime, size: Bytes) -> SimDuration {
        match self.capacity() {
            None => self.setup.rate.serialisation_time(size),
            Some(capacity) => capacity
                .finish(now, work(size))
                .map_or(SimDuration::BEYOND_CLOCK, |end| end.since(now)),
        }
    }

    /// Draws whether the transmission that ends now is lost.
    pub(super) fn loses(&mut self) -> bool {
        let lost = self.setup.loss > 0.0 && self.loss.random::<f64>() < self.setup.loss;
        if lost {
            self.counts_mut().lost += 1;
        }
        lost
    }

    /// Delivers `packet`, whose part has just been transmitted, at its next hop. The last link of a
    /// route hands a message on when it is complete. The time that the message spent here counts
    /// with its last part.
    pub(super) fn deliver<A: SimActor<Message>>(
        &mut self,
        mut packet: Parcel,
        visit: Visit,
        context: &mut SimContext<A, Message>,
    ) {
        self.spend(&packet, context.now().since(visit.started));
        let delivery = match self.propagation.deliver(context.now()) {
            Ok(delivery) => delivery,
            Err(delay) => {
                context.fail(format_args!("a propagation delay of {delay} ends past the clock"));
                return;
            }
        };
        let arrives = self.world.routes.ends_at(packet.route, packet.hop + 1);
        if self.world.is_watched() {
            self.show(&packet, visit, (delivery, arrives), context);
        }
        if let Part::Segment { transfer, last, .. } = packet.part {
            let dropped = self.world.segments.borrow().is_dropped(transfer);
            if arrives {
                if !last || dropped {
                    return;
                }
                packet.part = Part::Whole;
            }
            if last && !dropped {
                self.note(&packet, visit, delivery, context.now());
            }
        } else {
            self.note(&packet, visit, delivery, context.now());
        }
        self.world.hand_on(packet, delivery, context);
    }

    /// Gives `packet` up after all its retransmissions: its sender learns of it now.
    pub(super) fn give_up<A: SimActor<Message>>(
        &mut self,
        packet: Parcel,
        visit: Visit,
        context: &mut SimContext<A, Message>,
    ) {
        let now = context.now();
        self.spend(&packet, now.since(visit.started));
        if self.world.is_watched() {
            self.show(&packet, visit, (now, false), context);
        }
        if is_first_drop(&self.world, &packet) {
            self.counts_mut().given_up += 1;
            self.note(&packet, visit, now, now);
            tell_sender(packet, context);
        }
    }

    /// Drops `packet`, for which the buffer has no room: its sender learns of it now.
    pub(super) fn overflow<A: SimActor<Message>>(
        &mut self,
        packet: Parcel,
        context: &mut SimContext<A, Message>,
    ) {
        if is_first_drop(&self.world, &packet) {
            self.counts_mut().overflowed += 1;
            tell_sender(packet, context);
        }
    }

    /// What the present hop serialised of `packet` may have cost a device its radio's energy.
    fn spend(&self, packet: &Packet<Payload>, time: SimDuration) {
        if self.world.is_at_device(packet) {
            let Payload { client, content } = packet.payload;
            self.world.serialised(client, content.request(), time);
        }
    }

    /// Tells the watcher of a part that departs now. A message that is cut here is one job, which
    /// is told with its last part.
    fn show<A>(
        &self,
        packet: &Packet<Payload>,
        visit: Visit,
        (delivered, arrives): (SimTime, bool),
        context: &SimContext<A, Message>,
    ) where
        A: SimActor<Message>,
    {
        let now = context.now();
        if !packet.is_last() && visit.started == now {
            return;
        }
        let times = [visit.arrived, visit.started, now, delivered];
        let sojourn = Sojourn::of_message(context.id(), packet, times, arrives);
        self.world.tell_sojourn(now, &sojourn);
    }

    /// Tells the watcher of somebody else's message of `size`, which departs now.
    pub(super) fn show_background<A>(
        &self,
        visit: Visit,
        size: Bytes,
        context: &SimContext<A, Message>,
    ) where
        A: SimActor<Message>,
    {
        let now = context.now();
        let sojourn = Sojourn {
            station: StationId::of(context.id()),
            subject: Subject::Background,
            task: Task::Background,
            size,
            arrives: false,
            arrived: visit.arrived,
            started: visit.started,
            ended: now,
            delivered: now,
        };
        self.world.tell_sojourn(now, &sojourn);
    }

    /// Adds a request's time at this link to its stages.
    fn note(&self, packet: &Packet<Payload>, visit: Visit, delivery: SimTime, now: SimTime) {
        let passage = Passage::new(visit.arrived, visit.started, now, delivery);
        let content = packet.payload.content;
        passage.note(&self.world, content.request(), content.is_uplink());
    }
}

/// The work of transmitting `size`, in bits · 10⁹.
pub(super) fn work(size: Bytes) -> u128 {
    8 * u128::from(size.0) * u128::from(crate::time::NANOS_PER_SECOND)
}

/// Whether `packet`, which is to be dropped, is the first part of its message that is.
fn is_first_drop(world: &World, packet: &Packet<Payload>) -> bool {
    match packet.part {
        Part::Segment { transfer, .. } => world.segments.borrow_mut().drop(transfer),
        Part::Whole => true,
    }
}

/// Tells the sender of `packet` that it is dropped.
fn tell_sender<A: SimActor<Message>>(mut packet: Parcel, context: &mut SimContext<A, Message>) {
    packet.part = Part::Whole;
    let (sender, dropped) = (packet.sender, Message::Dropped(packet));
    context.send_in(SimDuration::ZERO, Rank::Completion, sender, dropped);
}
