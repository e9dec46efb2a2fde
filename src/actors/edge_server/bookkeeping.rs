//! The books of clients that train alone: a round is over when its last client has walked through
//! it, while others may be rounds ahead.

use super::EdgeServer;
use super::rounds::await_evaluation;
use crate::actors::message::Message;
use crate::actors::record::RoundRecord;
use crate::kernel::SimContext;
use crate::time::SimTime;
use std::collections::VecDeque;

/// The rounds that somebody has finished and somebody has not, in order.
#[derive(Debug, Default)]
pub(super) struct LocalRounds(VecDeque<LocalRound>);

#[derive(Debug, Clone, Copy, Default)]
struct LocalRound {
    /// When the first client began it.
    started: SimTime,
    /// How many clients have finished it.
    finished: usize,
}

impl LocalRounds {
    /// At `now` a client has finished the round that lies `ahead` of the first one that is not over.
    /// Returns when that began if it is over now.
    fn finished(&mut self, ahead: usize, now: SimTime, clients: usize) -> Option<SimTime> {
        // A client begins a round when it has finished the one before: the first to do so now.
        while self.0.len() < ahead + 2 {
            let started = if self.0.is_empty() { SimTime::ZERO } else { now };
            self.0.push_back(LocalRound { started, finished: 0 });
        }
        self.0[ahead].finished += 1;
        let is_over = self.0[0].finished == clients;
        is_over.then(|| self.0.pop_front()).flatten().map(|round| round.started)
    }
}

impl EdgeServer {
    /// A client has finished a round alone: it is evaluated if that is asked for, and the round is
    /// over if it was the last one to.
    pub(super) fn local_round_done(
        &mut self,
        client: u32,
        round: u32,
        context: &mut SimContext<Self, Message>,
    ) {
        let clients = self.setup.clients.len();
        let now = context.now();
        let rounds = self.rounds_mut();
        let ahead = (round - rounds.round) as usize;
        let over = rounds.local.finished(ahead, now, clients);
        let is_evaluated = rounds.plan().evaluate_after.binary_search(&(round + 1)).is_ok();
        if let Some(started) = over {
            rounds.round += 1;
            self.record_local_round(round, started, now);
        }
        if is_evaluated {
            let computation = self.evaluation(client, round + 1, context);
            await_evaluation(computation, over.is_some(), context);
        }
    }

    fn record_local_round(&self, round: u32, start: SimTime, now: SimTime) {
        let clients = u32::try_from(self.setup.clients.len()).expect("clients are u32");
        self.world.journal.borrow_mut().round_done(RoundRecord {
            round,
            start,
            aggregated: now,
            participants: clients,
            arrived: clients,
            bytes_up: 0,
            bytes_down: 0,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_over_with_its_slowest_client_and_began_with_its_fastest() {
        let mut rounds = LocalRounds::default();
        let mut finished = |ahead, seconds: u64| {
            let now = SimTime::from_nanos(seconds);
            rounds.finished(ahead, now, 2).map(SimTime::as_nanos)
        };
        assert_eq!(finished(0, 10), None, "the fast client begins round 1");
        assert_eq!(finished(1, 20), None);
        assert_eq!(finished(0, 25), Some(0), "the slow one ends round 0");
        assert_eq!(finished(1, 30), None, "the fast one is in round 3 now");
        assert_eq!(finished(0, 50), Some(10), "round 1 began at 10");
        assert_eq!(finished(0, 75), Some(20), "round 2 began at 20");
    }
}
