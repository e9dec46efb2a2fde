//! The server's part of training: it sends models, waits for updates, and aggregates.

mod asynchronous;
mod deadline;
mod evaluation;
mod presence;
mod shared;
mod transfers;

pub(super) use evaluation::await_evaluation;

use super::bookkeeping::LocalRounds;
use super::{EdgeServer, ServerJob};
use crate::actors::message::{Content, Message};
use crate::actors::participation::Participation;
use crate::actors::record::{Activity, RoundRecord, Span};
use crate::actors::training::{
    Aggregation, RoundTasks, SharedTraining, SplitTasks, TrainingPlan, take_success,
};
use crate::actors::watch::Moment;
use crate::kernel::{ComputationId, Rank, SimContext};
use crate::time::SimTime;
use asynchronous::Updates;
use deadline::Deadline;
use presence::Presence;
use shared::SharedTheta;

/// How a client stands in the present round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is expected to upload its update.
    Expected,
    /// Its update arrived then.
    Arrived(SimTime),
    /// A transfer was given up, or it failed: it is left out of this round.
    Failed,
    /// It was still expected when the round's time was over: its update is ignored.
    Late,
    /// It was down when this round started, or not drawn for it.
    Absent,
}

/// The state of training at the server.
pub(super) struct Rounds {
    training: SharedTraining,
    pub(super) round: u32,
    started: SimTime,
    bytes_before: (u64, u64),
    standings: Vec<Standing>,
    presences: Vec<Presence>,
    /// How far clients that train alone have come.
    pub(super) local: LocalRounds,
    /// Whether the next round waits for somebody to return.
    deserted: bool,
    /// Clients expected to upload, or after the last round to receive their final models.
    outstanding: usize,
    /// Who takes part in each round, if not everybody.
    participation: Option<Participation>,
    deadline: Option<Deadline>,
    /// Under asynchronous aggregation.
    updates: Option<Updates>,
    /// If the server trains one θ for all.
    shared: Option<SharedTheta>,
}

impl Rounds {
    pub(super) fn new(training: SharedTraining) -> Self {
        let clients = training.plan.tasks.len();
        let standings = vec![Standing::Expected; clients];
        let (mut participation, mut deadline, mut updates) = (None, None, None);
        match &training.plan.aggregation {
            Aggregation::Synchronous { participation: drawn, deadline: time } => {
                participation = drawn.clone();
                deadline = time.map(Deadline::new);
            }
            Aggregation::Asynchronous(mixing) => updates = Some(Updates::new(*mixing, clients)),
        }
        Self {
            participation,
            deadline,
            updates,
            shared: training.plan.shared_theta.then(SharedTheta::default),
            presences: vec![Presence::NEW; clients],
            local: LocalRounds::default(),
            deserted: false,
            training,
            round: 0,
            started: SimTime::ZERO,
            bytes_before: (0, 0),
            outstanding: standings.len(),
            standings,
        }
    }

    pub(super) fn plan(&self) -> &TrainingPlan {
        &self.training.plan
    }

    /// What a mini-batch of a client costs, of a model that is split.
    pub(super) fn split_tasks(&self, client: u32) -> &SplitTasks {
        match &self.plan().tasks[client as usize] {
            RoundTasks::Split(tasks) => tasks,
            RoundTasks::Full(_) => unreachable!("a full model is not trained on the server"),
        }
    }

    /// Whether something of `round` is still to come from `client`, or to reach it.
    pub(super) fn expects(&self, client: u32, round: u32) -> bool {
        round == self.round_of(client) && self.standings[client as usize] == Standing::Expected
    }

    /// The round that `client` is in, or that its next models are for.
    pub(super) fn round_of(&self, client: u32) -> u32 {
        match &self.updates {
            Some(updates) if !self.is_over() => updates.round_of(client),
            _ => self.round,
        }
    }

    /// Begins a round: the clients that are up take part, or those of them that are drawn. After the
    /// last round everybody is to hold the final models, the absent ones when they return.
    fn begin(&mut self, now: SimTime, bytes: (u64, u64)) {
        self.started = now;
        self.bytes_before = bytes;
        let is_over = self.is_over();
        let presences = &self.presences;
        let drawn = self
            .participation
            .as_mut()
            .filter(|_| !is_over)
            .map(|draws| draws.draw(presences.len(), |client| presences[client].up));
        for (client, standing) in self.standings.iter_mut().enumerate() {
            let takes_part = drawn.as_ref().map_or(presences[client].up, |drawn| drawn[client]);
            *standing = if takes_part { Standing::Expected } else { Standing::Absent };
        }
        self.outstanding = if is_over { self.standings.len() } else { self.participants() };
    }

    /// Clients whose models are mixed at the end of this round: those that are to take part in the
    /// next one, or everybody after the last one.
    fn mixed(&self) -> u64 {
        let everybody = self.standings.len();
        let is_last = self.round + 1 == self.plan().rounds;
        let drawn = self.participation.as_ref().filter(|_| !is_last);
        drawn.map_or(everybody, Participation::count) as u64
    }

    /// Clients that took part when the round began.
    fn participants(&self) -> usize {
        self.standings.iter().filter(|standing| **standing != Standing::Absent).count()
    }

    fn arrived(&self) -> Vec<u32> {
        (0..)
            .zip(&self.standings)
            .filter(|(_, standing)| matches!(standing, Standing::Arrived(_)))
            .map(|(client, _)| client)
            .collect()
    }

    pub(super) fn is_over(&self) -> bool {
        self.round == self.plan().rounds
    }
}

impl EdgeServer {
    /// Starts a round: sends every client that takes part its part of the model, in client order. If
    /// nobody is up, the round starts when somebody returns.
    pub(super) fn send_models(&mut self, context: &mut SimContext<Self, Message>) {
        let now = context.now();
        let bytes = self.world.journal.borrow().training_bytes();
        let rounds = self.rounds_mut();
        rounds.deserted = !rounds.is_over() && rounds.presences.iter().all(|client| !client.up);
        if rounds.deserted {
            return;
        }
        rounds.begin(now, bytes);
        self.start_deadline(context);
        for client in 0..u32::try_from(self.setup.clients.len()).expect("clients are u32") {
            self.send_model(client, context);
        }
    }

    /// Sends a client its part of the model, if it takes part.
    fn send_model(&self, client: u32, context: &mut SimContext<Self, Message>) {
        let rounds = self.rounds();
        let round = rounds.round_of(client);
        if rounds.expects(client, round) {
            let incarnation = rounds.presences[client as usize].incarnation;
            rounds.training.backend.borrow_mut().models_sent(client, round);
            let content = Content::ModelDown { round, incarnation };
            let plan = rounds.plan();
            let size = if rounds.is_over() { plan.final_model } else { plan.device_model };
            self.send(client, size, content, context);
        }
    }

    /// A client's models have arrived; they count once the real training behind them is done.
    pub(super) fn await_update(
        &mut self,
        client: u32,
        computation: ComputationId,
        context: &mut SimContext<Self, Message>,
    ) {
        let computed = Message::RoundComputed { client, computation };
        let server = context.id();
        context.send_when_computed(computation, Rank::Completion, server, computed);
    }

    /// A client's update is there, in simulated time and in earnest.
    pub(super) fn update_computed(
        &mut self,
        client: u32,
        computation: ComputationId,
        context: &mut SimContext<Self, Message>,
    ) {
        if !take_success(computation, context) {
            return;
        }
        let arrived = Standing::Arrived(context.now());
        if self.rounds().updates.is_some() {
            self.rounds_mut().standings[client as usize] = arrived;
            self.compute(ServerJob::Merge { client }, context);
        } else {
            self.settle(client, arrived, context);
        }
    }

    /// A client holds its final models.
    pub(super) fn final_model_held(
        &mut self,
        client: u32,
        context: &mut SimContext<Self, Message>,
    ) {
        self.settle(client, Standing::Arrived(context.now()), context);
    }

    /// The aggregation is computed, in simulated time and in earnest: models are averaged and mixed,
    /// and go out again.
    pub(super) fn aggregated(&mut self, context: &mut SimContext<Self, Message>) {
        let arrived = self.rounds().arrived();
        self.rounds().training.backend.borrow_mut().aggregate(&arrived);
        self.record_round(self.rounds().participants(), arrived.len(), context);
        for (client, standing) in (0..).zip(&self.rounds().standings) {
            if let Standing::Arrived(arrived) = *standing {
                self.note_wait(client, arrived, context.now());
            }
        }
        self.next_round(context);
        self.send_models(context);
    }

    /// A round is over; accuracy is evaluated if that is asked for after this one.
    fn next_round(&mut self, context: &mut SimContext<Self, Message>) {
        let rounds = self.rounds_mut();
        rounds.round += 1;
        if rounds.plan().evaluate_after.binary_search(&rounds.round).is_ok() {
            self.evaluate(context);
        }
    }

    /// Notes how a client's round ended, or its last download. After everybody's the round is
    /// aggregated, or training is over and inference begins.
    fn settle(&mut self, client: u32, standing: Standing, context: &mut SimContext<Self, Message>) {
        let rounds = self.rounds_mut();
        rounds.standings[client as usize] = standing;
        rounds.outstanding -= 1;
        if rounds.outstanding > 0 {
            return;
        }
        if rounds.is_over() {
            self.end_training(context);
            return;
        }
        self.end_round(context);
    }

    /// Nobody is expected any more: the updates that arrived are aggregated. If there are none,
    /// that takes no time.
    fn end_round(&mut self, context: &mut SimContext<Self, Message>) {
        self.stop_deadline(context);
        self.compute_shared_round(context);
        let rounds = self.rounds();
        let (arrived, mixed) = (rounds.arrived().len() as u64, rounds.mixed());
        if arrived == 0 {
            self.finish_round(context);
        } else {
            self.compute(ServerJob::Aggregate { arrived, mixed }, context);
        }
    }

    /// Everybody holds its final models.
    fn end_training(&self, context: &mut SimContext<Self, Message>) {
        self.world.journal.borrow_mut().training_done(context.now());
        self.begin_inference(context);
    }

    fn record_round(
        &self,
        participants: usize,
        arrived: usize,
        context: &SimContext<Self, Message>,
    ) {
        let rounds = self.rounds();
        self.world.tell_moment(context, Moment::Aggregated { round: rounds.round });
        let mut journal = self.world.journal.borrow_mut();
        let (up, down) = journal.training_bytes();
        let count = |n: usize| u32::try_from(n).expect("clients are u32");
        journal.round_done(RoundRecord {
            round: rounds.round,
            start: rounds.started,
            aggregated: context.now(),
            participants: count(participants),
            arrived: count(arrived),
            bytes_up: up - rounds.bytes_before.0,
            bytes_down: down - rounds.bytes_before.1,
        });
    }

    /// A client waited from its update's arrival until it was aggregated.
    fn note_wait(&self, client: u32, arrived: SimTime, now: SimTime) {
        let span = Span { client, activity: Activity::RoundWait, start: arrived, end: now };
        self.world.journal.borrow_mut().span(self.rounds().round_of(client), span);
    }

    pub(super) fn rounds_mut(&mut self) -> &mut Rounds {
        self.rounds.as_mut().expect("only training asks for rounds")
    }
}
