//! Which devices are up, as far as the server knows.

use super::Standing;
use crate::actors::edge_server::EdgeServer;
use crate::actors::message::Message;
use crate::kernel::SimContext;

/// What the server knows of a client's device.
#[derive(Debug, Clone, Copy)]
pub(super) struct Presence {
    pub(super) up: bool,
    /// How often it has failed.
    pub(super) incarnation: u32,
    /// How often it has failed while its final models were on their way.
    final_models_lost: u32,
}

impl Presence {
    /// A device that has not failed yet.
    pub(super) const NEW: Self = Self { up: true, incarnation: 0, final_models_lost: 0 };
}

impl EdgeServer {
    /// A client's device has failed: it is left out of the round. Final models on their way to it
    /// are sent again when it returns, as often as any transfer is.
    pub(in crate::actors::edge_server) fn client_lost(
        &mut self,
        client: u32,
        context: &mut SimContext<Self, Message>,
    ) {
        let rounds = self.rounds_mut();
        let (round, is_over) = (rounds.round_of(client), rounds.is_over());
        let (expected, retries) = (rounds.expects(client, round), rounds.plan().retries);
        let presence = &mut rounds.presences[client as usize];
        presence.up = false;
        presence.incarnation += 1;
        if expected && is_over && presence.final_models_lost < retries {
            presence.final_models_lost += 1;
            rounds.standings[client as usize] = Standing::Absent;
        } else {
            self.round_failed(client, round, context);
        }
    }

    /// A client's device has returned: it joins the next round, which may have waited for it, or
    /// gets the final models.
    pub(in crate::actors::edge_server) fn client_back(
        &mut self,
        client: u32,
        context: &mut SimContext<Self, Message>,
    ) {
        let rounds = self.rounds_mut();
        rounds.presences[client as usize].up = true;
        if rounds.deserted {
            self.send_models(context);
        } else if rounds.is_over() && rounds.standings[client as usize] == Standing::Absent {
            rounds.standings[client as usize] = Standing::Expected;
            self.send_model(client, context);
        } else if rounds.updates.is_some() {
            self.start_client(client, context);
        }
    }
}
