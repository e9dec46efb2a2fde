//! Transfers of training that links drop.

use super::Standing;
use crate::actors::edge_server::EdgeServer;
use crate::actors::message::{Content, Message, Parcel, Payload};
use crate::actors::watch::Moment;
use crate::kernel::{Rank, SimContext};
use crate::network::Packet;

impl EdgeServer {
    /// Sends a dropped transfer once more, unless its client has failed since.
    pub(in crate::actors::edge_server) fn resend(
        &mut self,
        packet: Parcel,
        context: &mut SimContext<Self, Message>,
    ) {
        let Payload { client, content } = packet.payload;
        let expected = content.round().is_some_and(|round| self.rounds().expects(client, round));
        if expected && !self.is_void(&packet) {
            self.world.resend(context, packet);
        }
    }

    /// A transfer of `round` was dropped: it is sent again after a while, or the round is lost.
    pub(in crate::actors::edge_server) fn retry_or_fail(
        &mut self,
        round: u32,
        packet: Parcel,
        context: &mut SimContext<Self, Message>,
    ) {
        if !self.rounds().expects(packet.payload.client, round) || self.is_void(&packet) {
            return;
        }
        let plan = self.rounds().plan();
        if packet.resent < plan.retries {
            let resend = Message::Resend(packet);
            context.send_in(plan.retry_after, Rank::Timer, context.id(), resend);
        } else {
            self.round_failed(packet.payload.client, round, context);
        }
    }

    /// Whether `packet` carries models that were meant for a device before it failed: newer ones
    /// are on their way.
    fn is_void(&self, packet: &Packet<Payload>) -> bool {
        let Payload { client, content } = packet.payload;
        let present = self.rounds().presences[client as usize].incarnation;
        matches!(content, Content::ModelDown { incarnation, .. } if incarnation != present)
    }

    /// A client's round is lost; nothing is left to lose of a round that it has finished or failed
    /// before. Without its final models it could not answer requests: then the run has failed.
    pub(in crate::actors::edge_server) fn round_failed(
        &mut self,
        client: u32,
        round: u32,
        context: &mut SimContext<Self, Message>,
    ) {
        if !self.rounds().expects(client, round) {
            return;
        }
        self.world.tell_moment(context, Moment::RoundLost { client });
        if self.rounds().is_over() {
            let (client, _) = self.setup.clients[client as usize];
            let client = context.path_of(client).to_owned();
            let attempts = self.rounds().plan().retries + 1;
            context.fail(format_args!(
                "the final models could not be delivered to {client} in {attempts} attempts"
            ));
        } else if self.rounds().updates.is_some() {
            self.update_lost(client, context);
        } else {
            self.settle(client, Standing::Failed, context);
        }
    }
}
