//! Aggregation of each update as it arrives (Xie, Koyejo, Gupta, "Asynchronous Federated
//! Optimization", 2019).
//!
//! Every client goes through its rounds alone: it trains, uploads, one server job mixes its models
//! into the global ones, and it is sent its new personalised aggregate at once. The server's working
//! copy of θ for it is the θ at that sending. A round that a client loses counts among its rounds.
//! Among all clients, K updates that were merged or lost in a row are reported as one round, so that
//! there are as many rounds as each client has.

use super::Standing;
use crate::actors::edge_server::EdgeServer;
use crate::actors::message::Message;
use crate::actors::mixing::Mixing;
use crate::kernel::SimContext;
use crate::time::SimTime;

/// What the server knows of all clients' updates.
#[derive(Debug)]
pub(super) struct Updates {
    mixing: Mixing,
    progress: Vec<Progress>,
    /// Updates that were merged.
    merged: u64,
    /// Of the reported round under way: updates that were merged, and those that were lost.
    merged_now: usize,
    lost_now: usize,
}

/// How far a client has come.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    /// The round that it is in, or that comes next.
    round: u32,
    /// Updates that had been merged when it was sent its models.
    version: u64,
}

impl Updates {
    pub(super) fn new(mixing: Mixing, clients: usize) -> Self {
        let progress = vec![Progress::default(); clients];
        Self { mixing, progress, merged: 0, merged_now: 0, lost_now: 0 }
    }

    pub(super) fn round_of(&self, client: u32) -> u32 {
        self.progress[client as usize].round
    }

    /// An update is merged; returns its weight.
    fn merge(&mut self, client: u32) -> f64 {
        let staleness = self.merged - self.progress[client as usize].version;
        self.merged += 1;
        self.merged_now += 1;
        self.mixing.weight(staleness)
    }
}

impl EdgeServer {
    /// Training begins.
    pub(in crate::actors::edge_server) fn start_training(
        &mut self,
        context: &mut SimContext<Self, Message>,
    ) {
        if self.rounds().updates.is_none() {
            self.send_models(context);
            return;
        }
        for standing in &mut self.rounds_mut().standings {
            *standing = Standing::Absent;
        }
        for client in 0..u32::try_from(self.setup.clients.len()).expect("clients are u32") {
            self.start_client(client, context);
        }
    }

    /// Sends a client that is up and has nothing to do the models of its next round, if it has one.
    pub(super) fn start_client(&mut self, client: u32, context: &mut SimContext<Self, Message>) {
        let rounds = self.rounds_mut();
        let last = rounds.plan().rounds;
        let up = rounds.presences[client as usize].up;
        let standing = &mut rounds.standings[client as usize];
        let Some(updates) = rounds.updates.as_mut() else { return };
        let progress = &mut updates.progress[client as usize];
        if up && *standing == Standing::Absent && progress.round < last {
            *standing = Standing::Expected;
            progress.version = updates.merged;
            self.send_model(client, context);
        }
    }

    /// A client's update is mixed into the global models.
    pub(in crate::actors::edge_server) fn merged(
        &mut self,
        client: u32,
        context: &mut SimContext<Self, Message>,
    ) {
        if let Standing::Arrived(arrived) = self.rounds().standings[client as usize] {
            self.note_wait(client, arrived, context.now());
        }
        let rounds = self.rounds_mut();
        let updates = rounds.updates.as_mut().expect("only asynchronous updates are merged");
        let weight = updates.merge(client);
        rounds.training.backend.borrow_mut().merge(client, weight);
        self.update_over(client, context);
    }

    /// A client's update is lost.
    pub(super) fn update_lost(&mut self, client: u32, context: &mut SimContext<Self, Message>) {
        let updates = self.rounds_mut().updates.as_mut();
        updates.expect("only asynchronous updates are lost one by one").lost_now += 1;
        self.update_over(client, context);
    }

    /// A client's update was merged or lost: it begins its next round, or everybody gets the final
    /// models.
    fn update_over(&mut self, client: u32, context: &mut SimContext<Self, Message>) {
        let rounds = self.rounds_mut();
        rounds.standings[client as usize] = Standing::Absent;
        let clients = rounds.standings.len();
        let updates = rounds.updates.as_mut().expect("updates come one by one");
        updates.progress[client as usize].round += 1;
        if updates.merged_now + updates.lost_now == clients {
            updates.lost_now = 0;
            let arrived = std::mem::take(&mut updates.merged_now);
            rounds.training.backend.borrow_mut().merged_round();
            self.record_round(clients, arrived, context);
            self.next_round(context);
            self.begin_report(context.now());
        }
        if self.rounds().is_over() {
            self.send_models(context);
        } else {
            self.start_client(client, context);
        }
    }

    /// The next reported round begins.
    fn begin_report(&mut self, now: SimTime) {
        let bytes = self.world.journal.borrow().training_bytes();
        let rounds = self.rounds_mut();
        (rounds.started, rounds.bytes_before) = (now, bytes);
    }
}
