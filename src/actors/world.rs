//! What all actors of a simulation share.

use super::journal::{Journal, StationReport};
use super::link::{LinkCounts, LinkReport, Segments};
use super::message::{Message, Parcel, Payload};
use super::watch::{Moment, Sojourn, StationId, Watcher};
use crate::kernel::{Rank, SimActor, SimContext};
use crate::network::{Packet, Part, RouteId, Routes};
use crate::quantity::Bytes;
use crate::station::{AuditError, StationStats};
use crate::stats::Window;
use crate::time::{SimDuration, SimTime};
use std::cell::RefCell;

/// The network's routes and the run's journal.
pub struct World {
    /// All routes.
    pub routes: Routes,
    /// Bytes added to each message.
    pub header: Bytes,
    /// What is written down while the simulation runs.
    pub journal: RefCell<Journal>,
    /// Messages that travel in segments.
    pub segments: RefCell<Segments>,
    /// Who watches, if anybody does.
    pub watcher: Option<RefCell<Box<dyn Watcher>>>,
}

impl World {
    /// Sends `body` bytes with `payload` along `route`, now; the header is added.
    pub(super) fn send<A>(
        &self,
        context: &mut SimContext<A, Message>,
        route: RouteId,
        body: Bytes,
        payload: Payload,
    ) where
        A: SimActor<Message>,
    {
        let packet = Box::new(Packet {
            route,
            hop: 0,
            sender: context.id(),
            sent: context.now(),
            size: Bytes(body.0 + self.header.0),
            resent: 0,
            part: Part::Whole,
            payload,
        });
        self.dispatch(context, packet);
    }

    /// Sends a dropped `packet` once more, from its first hop.
    pub(super) fn resend<A>(&self, context: &mut SimContext<A, Message>, mut packet: Parcel)
    where
        A: SimActor<Message>,
    {
        packet.hop = 0;
        packet.resent += 1;
        self.dispatch(context, packet);
    }

    /// Hands `packet` on to its next hop, where it is delivered at `time`.
    pub(super) fn hand_on<A>(
        &self,
        mut packet: Parcel,
        time: SimTime,
        context: &mut SimContext<A, Message>,
    ) where
        A: SimActor<Message>,
    {
        packet.hop += 1;
        let next = self.routes.hop(packet.route, packet.hop);
        context.send_at(time, Rank::Delivery, next, Message::Deliver(packet));
    }

    /// Whether the present hop of `packet` is its device's access link: the first link up or the
    /// last one down. What that serialises costs the device its radio's energy.
    pub(super) fn is_at_device(&self, packet: &Packet<Payload>) -> bool {
        if packet.payload.content.is_uplink() {
            packet.hop == 0
        } else {
            self.routes.ends_at(packet.route, packet.hop + 1)
        }
    }

    /// The access link of `client`'s device has serialised a message for `time`, which serves
    /// `request` or else training: its radio was on.
    pub(super) fn serialised(&self, client: u32, request: Option<u32>, time: SimDuration) {
        if let Some(energy) = self.journal.borrow_mut().energy() {
            energy.serialised(client, request, time);
        }
    }

    /// Whether somebody watches: what only a watcher is told need not be gathered otherwise.
    pub(super) fn is_watched(&self) -> bool {
        self.watcher.is_some()
    }

    /// Tells the watcher of a sojourn, now that all its times are known.
    pub(super) fn tell_sojourn(&self, now: SimTime, sojourn: &Sojourn) {
        if let Some(watcher) = &self.watcher {
            watcher.borrow_mut().sojourn(now, sojourn);
        }
    }

    /// Tells the watcher that so many wait at the actor's station from now on.
    pub(super) fn tell_queue<A>(&self, context: &SimContext<A, Message>, waiting: u64)
    where
        A: SimActor<Message>,
    {
        if let Some(watcher) = &self.watcher {
            watcher.borrow_mut().queue(context.now(), StationId::of(context.id()), waiting);
        }
    }

    /// Tells the watcher of a moment at the actor's station.
    pub(super) fn tell_moment<A>(&self, context: &SimContext<A, Message>, moment: Moment)
    where
        A: SimActor<Message>,
    {
        if let Some(watcher) = &self.watcher {
            watcher.borrow_mut().moment(context.now(), StationId::of(context.id()), moment);
        }
    }

    /// The statistics' window, once inference has begun.
    pub(super) fn window(&self) -> Option<Window> {
        self.journal.borrow().window()
    }

    /// Closes the books of the actor's station, which `close` does given the end and the window.
    pub(super) fn close_station<A>(
        &self,
        context: &SimContext<A, Message>,
        close: impl FnOnce(SimTime, Option<Window>) -> Result<StationStats, AuditError>,
    ) where
        A: SimActor<Message>,
    {
        let end = context.now();
        let stats = close(end, self.closing_window(end)).map_err(Box::new);
        let report = StationReport { actor: context.id(), stats };
        self.journal.borrow_mut().station_closed(report);
    }

    /// Writes down what a link counted, if it counted anything.
    pub(super) fn close_link<A>(&self, context: &SimContext<A, Message>, counts: LinkCounts)
    where
        A: SimActor<Message>,
    {
        if counts.any() {
            let report = LinkReport { name: context.path().to_owned(), counts };
            self.journal.borrow_mut().link_closed(report);
        }
    }

    /// The window over which stations' books are closed at `end`: a run that answered everything
    /// early is idle for the rest of the window; one that was cut short was not observed after its
    /// end, and has no window if it did not come so far.
    fn closing_window(&self, end: SimTime) -> Option<Window> {
        let journal = self.journal.borrow();
        let window = journal.window()?;
        let to = if journal.traffic_is_over() { window.to } else { window.to.min(end) };
        (window.from < to).then_some(Window { from: window.from, to })
    }

    fn dispatch<A>(&self, context: &mut SimContext<A, Message>, packet: Parcel)
    where
        A: SimActor<Message>,
    {
        if packet.payload.content.request().is_none() {
            self.journal.borrow_mut().training_sent(packet.payload.content, packet.size);
        }
        let first = self.routes.hop(packet.route, 0);
        context.send_in(SimDuration::ZERO, Rank::Delivery, first, Message::Deliver(packet));
    }
}
