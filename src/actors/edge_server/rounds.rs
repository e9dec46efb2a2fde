//! The server's part of training: it sends models, waits for updates, and aggregates.

use super::bookkeeping::LocalRounds;
use super::{EdgeServer, ServerJob};
use crate::actors::message::{Content, Message, Parcel, Payload};
use crate::actors::record::{Activity, RoundRecord, Span};
use crate::actors::training::{RoundTasks, SharedTraining, SplitTasks, TrainingPlan, take_success};
use crate::kernel::{ComputationId, Rank, SimContext};
use crate::network::Packet;
use crate::time::SimTime;

/// How a client stands in the present round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is expected to upload its update.
    Expected,
    /// Its update arrived then.
    Arrived(SimTime),
    /// A transfer was given up, or it failed: it is left out of this round.
    Failed,
    /// It was down when this round started.
    Absent,
}

/// What the server knows of a client's device.
#[derive(Debug, Clone, Copy)]
struct Presence {
    up: bool,
    /// How often it has failed.
    incarnation: u32,
    /// How often it has failed while its final models were on their way.
    final_models_lost: u32,
}

impl Presence {
    /// A device that has not failed yet.
    const NEW: Self = Self { up: true, incarnation: 0, final_models_lost: 0 };
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
}

impl Rounds {
    pub(super) fn new(training: SharedTraining) -> Self {
        let clients = training.plan.tasks.len();
        let standings = vec![Standing::Expected; clients];
        Self {
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
        round == self.round && self.standings[client as usize] == Standing::Expected
    }

    /// Begins a round: the clients that are up take part. After the last round everybody is to
    /// hold the final models, the absent ones when they return.
    fn begin(&mut self, now: SimTime, bytes: (u64, u64)) {
        self.started = now;
        self.bytes_before = bytes;
        for (standing, presence) in self.standings.iter_mut().zip(&self.presences) {
            *standing = if presence.up { Standing::Expected } else { Standing::Absent };
        }
        self.outstanding = if self.is_over() { self.standings.len() } else { self.participants() };
    }

    /// Clients that were up when the round began.
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
    /// Starts a round: sends every client that is up its part of the model, in client order. If
    /// nobody is, the round starts when somebody returns.
    pub(super) fn send_models(&mut self, context: &mut SimContext<Self, Message>) {
        let now = context.now();
        let bytes = self.world.journal.borrow().training_bytes();
        let rounds = self.rounds_mut();
        rounds.deserted = !rounds.is_over() && rounds.presences.iter().all(|client| !client.up);
        if rounds.deserted {
            return;
        }
        rounds.begin(now, bytes);
        for client in 0..u32::try_from(self.setup.clients.len()).expect("clients are u32") {
            self.send_model(client, context);
        }
    }

    /// Sends a client its part of the model, if it is up.
    fn send_model(&self, client: u32, context: &mut SimContext<Self, Message>) {
        let rounds = self.rounds();
        let Presence { up, incarnation, .. } = rounds.presences[client as usize];
        if up {
            let content = Content::ModelDown { round: rounds.round, incarnation };
            let plan = rounds.plan();
            let size = if rounds.is_over() { plan.final_model } else { plan.device_model };
            self.send(client, size, content, context);
        }
    }

    /// A client's device has failed: it is left out of the round. Final models on their way to it
    /// are sent again when it returns, as often as any transfer is.
    pub(super) fn client_lost(&mut self, client: u32, context: &mut SimContext<Self, Message>) {
        let rounds = self.rounds_mut();
        let (round, is_over) = (rounds.round, rounds.is_over());
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
    pub(super) fn client_back(&mut self, client: u32, context: &mut SimContext<Self, Message>) {
        let rounds = self.rounds_mut();
        rounds.presences[client as usize].up = true;
        if rounds.deserted {
            self.send_models(context);
        } else if rounds.is_over() && rounds.standings[client as usize] == Standing::Absent {
            rounds.standings[client as usize] = Standing::Expected;
            self.send_model(client, context);
        }
    }

    /// Sends a dropped transfer once more, unless its client has failed since.
    pub(super) fn resend(&mut self, packet: Parcel, context: &mut SimContext<Self, Message>) {
        let Payload { client, content } = packet.payload;
        let expected = content.round().is_some_and(|round| self.rounds().expects(client, round));
        if expected && !self.is_void(&packet) {
            self.world.resend(context, packet);
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
        if take_success(computation, context) {
            self.settle(client, Standing::Arrived(context.now()), context);
        }
    }

    /// A client's round is lost; nothing is left to lose of a round that it has finished or failed
    /// before. Without its final models it could not answer requests: then the run has failed.
    pub(super) fn round_failed(
        &mut self,
        client: u32,
        round: u32,
        context: &mut SimContext<Self, Message>,
    ) {
        if !self.rounds().expects(client, round) {
            return;
        }
        if self.rounds().is_over() {
            let (client, _) = self.setup.clients[client as usize];
            let client = context.path_of(client).to_owned();
            let attempts = self.rounds().plan().retries + 1;
            context.fail(format_args!(
                "the final models could not be delivered to {client} in {attempts} attempts"
            ));
        } else {
            self.settle(client, Standing::Failed, context);
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

    /// A transfer of `round` was dropped: it is sent again after a while, or the round is lost.
    pub(super) fn retry_or_fail(
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

    /// The aggregation is computed: models are averaged and mixed, and go out again.
    pub(super) fn aggregated(&mut self, context: &mut SimContext<Self, Message>) {
        let arrived = self.rounds().arrived();
        self.rounds().training.backend.borrow_mut().aggregate(&arrived);
        self.record_round(context.now());
        let rounds = self.rounds_mut();
        rounds.round += 1;
        if rounds.plan().evaluate_after.binary_search(&rounds.round).is_ok() {
            self.evaluate(context);
        }
        self.send_models(context);
    }

    /// All clients' evaluations are awaited one by one; the last one hands them over.
    pub(super) fn evaluation_computed(
        &mut self,
        computation: ComputationId,
        last: bool,
        context: &mut SimContext<Self, Message>,
    ) {
        if take_success(computation, context) && last {
            let rounds = self.rounds();
            rounds.training.backend.borrow_mut().evaluated(rounds.round, context.now());
            if !rounds.plan().averages && rounds.is_over() {
                self.end_training(context);
            }
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
        let arrived = rounds.arrived().len() as u64;
        let mixed = rounds.standings.len() as u64;
        if arrived == 0 {
            self.aggregated(context);
        } else {
            self.compute(ServerJob::Aggregate { arrived, mixed }, context);
        }
    }

    /// Everybody holds its final models.
    fn end_training(&self, context: &mut SimContext<Self, Message>) {
        self.world.journal.borrow_mut().training_done(context.now());
        self.begin_inference(context);
    }

    /// Evaluates all clients' models; this takes no simulated time.
    fn evaluate(&mut self, context: &mut SimContext<Self, Message>) {
        let rounds_done = self.rounds().round;
        let clients = u32::try_from(self.setup.clients.len()).expect("clients are u32");
        let computations: Vec<ComputationId> =
            (0..clients).map(|client| self.evaluation(client, rounds_done, context)).collect();
        for (client, computation) in (1..).zip(computations) {
            await_evaluation(computation, client == clients, context);
        }
    }

    /// The evaluation of a client's present models begins.
    pub(super) fn evaluation(
        &self,
        client: u32,
        rounds_done: u32,
        context: &mut SimContext<Self, Message>,
    ) -> ComputationId {
        let backend = &self.rounds().training.backend;
        context.compute(backend.borrow_mut().evaluation(client, rounds_done))
    }

    fn record_round(&self, now: SimTime) {
        let rounds = self.rounds();
        let mut journal = self.world.journal.borrow_mut();
        let (up, down) = journal.training_bytes();
        let count = |n: usize| u32::try_from(n).expect("clients are u32");
        journal.round_done(RoundRecord {
            round: rounds.round,
            start: rounds.started,
            aggregated: now,
            participants: count(rounds.participants()),
            arrived: count(rounds.arrived().len()),
            bytes_up: up - rounds.bytes_before.0,
            bytes_down: down - rounds.bytes_before.1,
        });
        for (client, standing) in (0..).zip(&rounds.standings) {
            if let Standing::Arrived(arrived) = *standing {
                let activity = Activity::RoundWait;
                let span = Span { client, activity, start: arrived, end: now };
                journal.span(rounds.round, span);
            }
        }
    }

    pub(super) fn rounds_mut(&mut self) -> &mut Rounds {
        self.rounds.as_mut().expect("only training asks for rounds")
    }
}

/// Has the server told when an evaluation is done, `last` being the one that completes it.
pub(super) fn await_evaluation(
    computation: ComputationId,
    last: bool,
    context: &mut SimContext<EdgeServer, Message>,
) {
    let (server, computed) = (context.id(), Message::EvaluationComputed { computation, last });
    context.send_when_computed(computation, Rank::Completion, server, computed);
}
