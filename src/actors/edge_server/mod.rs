//! The edge server: its workers train θ, aggregate rounds and answer offloaded requests.

mod bookkeeping;
mod rounds;
mod service;

pub use service::ServerDiscipline;

use super::client::end_if_over;
use super::journal::TrafficWindow;
use super::message::{Content, Message, Parcel, Payload};
use super::noise::Noise;
use super::record::{Activity, Span};
use super::training::SharedTraining;
use super::watch::{Moment, Sojourn, StationId, Subject, Task};
use super::world::World;
use crate::cost::{DeviceProfile, Service};
use crate::kernel::{ActorId, Rank, SimActor, SimContext};
use crate::network::RouteId;
use crate::quantity::Bytes;
use crate::station::{Completed, ServerStation};
use crate::time::SimDuration;
use actix::{Actor, Handler};
use rounds::Rounds;
use service::NextEvent;
use std::num::NonZeroU32;
use std::rc::Rc;

/// What the edge server is made of.
pub struct EdgeServerSetup {
    /// Compute of one worker.
    pub device: DeviceProfile,
    /// How many workers.
    pub workers: NonZeroU32,
    /// How they serve.
    pub discipline: ServerDiscipline,
    /// The most jobs that wait or are in service; packets that find no room are dropped. The
    /// aggregation, which no packet brings, always finds room.
    pub buffer: Option<NonZeroU32>,
    /// Each client's actor and the route to it, in client order.
    pub clients: Vec<(ActorId, RouteId)>,
    /// Training, if the scenario trains.
    pub training: Option<SharedTraining>,
    /// Inference, if the scenario has traffic.
    pub inference: Option<ServerInference>,
}

/// What a request costs at the server and on the way back.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerInference {
    /// What the server computes for 1, 2 … requests at once, as many as a batch may have.
    pub services: Vec<Service>,
    /// The answer.
    pub answer: Bytes,
    /// How long arrivals last and which of them count.
    pub traffic: TrafficWindow,
    /// Whether clients must learn of dropped answers: those that wait for one before they ask
    /// again, or that may have failed meanwhile.
    pub tells_drops: bool,
}

/// What a worker can be asked to compute.
#[derive(Debug, Clone, Copy)]
enum ServerJob {
    /// θ forward, backward and step for a client's mini-batch.
    Step { client: u32, round: u32 },
    /// Averaging the models of `arrived` clients and mixing everybody's.
    Aggregate { arrived: u64, mixed: u64 },
    /// Mixing a client's models into the global ones as they arrive, and its own with these.
    Merge { client: u32 },
    /// The server's part of a request.
    Request { client: u32, request: u32 },
}

/// The edge server.
pub struct EdgeServer {
    world: Rc<World>,
    setup: EdgeServerSetup,
    station: ServerStation<ServerJob>,
    next: Option<NextEvent>,
    /// Empty between events: it keeps its memory.
    done: Vec<Completed<ServerJob>>,
    noise: Option<Box<Noise>>,
    rounds: Option<Rounds>,
}

impl EdgeServer {
    /// An idle server.
    pub fn new(world: Rc<World>, mut setup: EdgeServerSetup) -> Self {
        let station = setup.discipline.station(setup.workers);
        let rounds = setup.training.take().map(Rounds::new);
        Self { world, setup, station, next: None, done: Vec::new(), noise: None, rounds }
    }

    /// A job is done: it has its effect.
    fn computed(&mut self, done: Completed<ServerJob>, context: &mut SimContext<Self, Message>) {
        if self.world.is_watched() {
            self.show(&done, context);
        }
        match done.job {
            ServerJob::Step { client, round } => {
                self.note_step(client, round, &done, context);
                if !self.rounds().expects(client, round) {
                    return;
                }
                let gradient = self.rounds().split_tasks(client).gradient;
                self.send(client, gradient, Content::GradientDown { round }, context);
            }
            ServerJob::Aggregate { .. } => self.finish_round(context),
            ServerJob::Merge { client } => self.merged(client, context),
            ServerJob::Request { client, request } => {
                {
                    let mut journal = self.world.journal.borrow_mut();
                    let stages = &mut journal.request_mut(request).stages;
                    stages.server_wait = done.started.since(done.arrived);
                    stages.server_service = context.now().since(done.started);
                }
                self.send(
                    client,
                    self.inference().answer,
                    Content::AnswerDown { request },
                    context,
                );
            }
        }
    }

    /// Tells the watcher of a service that has ended now.
    fn show(&self, done: &Completed<ServerJob>, context: &SimContext<Self, Message>) {
        let (task, subject) = match done.job {
            ServerJob::Step { client, round } => {
                (Task::ServerStep, Subject::Round { client, round })
            }
            ServerJob::Aggregate { .. } => {
                (Task::Aggregate, Subject::Aggregation { round: self.rounds().round })
            }
            ServerJob::Merge { client } => {
                let round = self.rounds().round_of(client);
                (Task::Merge, Subject::Round { client, round })
            }
            ServerJob::Request { client, request } => {
                (Task::ServerPart, Subject::Request { client, request })
            }
        };
        let sojourn = Sojourn {
            station: StationId::of(context.id()),
            subject,
            task,
            size: Bytes(0),
            arrives: false,
            arrived: done.arrived,
            started: done.started,
            ended: context.now(),
            delivered: context.now(),
        };
        self.world.tell_sojourn(context.now(), &sojourn);
    }

    fn receive(&mut self, packet: Parcel, context: &mut SimContext<Self, Message>) {
        let client = packet.payload.client;
        let note = |round, activity| {
            let span = Span { client, activity, start: packet.sent, end: context.now() };
            self.world.journal.borrow_mut().span(round, span);
        };
        match packet.payload.content {
            // What a client sent before it failed comes too late.
            Content::SmashedUp { round } | Content::ModelUp { round, .. }
                if !self.rounds().expects(client, round) => {}
            Content::SmashedUp { round } => {
                note(round, Activity::SmashedUp);
                self.admit(ServerJob::Step { client, round }, packet, context);
            }
            Content::ModelUp { round, computation } => {
                note(round, Activity::ModelUp);
                self.await_update(client, computation, context);
            }
            Content::RequestUp { request } => {
                self.admit(ServerJob::Request { client, request }, packet, context);
            }
            other => unreachable!("the server was sent {other:?}"),
        }
    }

    fn dropped(&mut self, packet: Parcel, context: &mut SimContext<Self, Message>) {
        self.world.tell_moment(context, Moment::MessageDropped);
        match packet.payload.content {
            Content::AnswerDown { request } if self.inference().tells_drops => {
                let (client, _) = self.setup.clients[packet.payload.client as usize];
                let dropped = Message::AnswerDropped { request };
                context.send_in(SimDuration::ZERO, Rank::Completion, client, dropped);
            }
            Content::AnswerDown { request } => {
                self.world.journal.borrow_mut().request_dropped(context.now(), request);
                self.world.tell_moment(context, Moment::RequestDropped { request });
                end_if_over(&self.world, context);
            }
            Content::ModelDown { round, .. } | Content::GradientDown { round } => {
                self.retry_or_fail(round, packet, context);
            }
            other => unreachable!("the server never sends {other:?}"),
        }
    }

    fn send(
        &self,
        client: u32,
        size: Bytes,
        content: Content,
        context: &mut SimContext<Self, Message>,
    ) {
        let (_, route) = self.setup.clients[client as usize];
        self.world.send(context, route, size, Payload { client, content });
    }

    /// Opens the statistics' window and lets requests arrive at every client, now.
    fn begin_inference(&self, context: &mut SimContext<Self, Message>) {
        let Some(inference) = &self.setup.inference else {
            // Background traffic, and devices that fail and return, would go on for ever.
            context.end_run();
            return;
        };
        let sources = u32::try_from(self.setup.clients.len()).expect("clients are u32");
        let begun = self.world.journal.borrow_mut().begin_inference(
            context.now(),
            inference.traffic,
            sources,
        );
        if begun.is_none() {
            context.fail("inference would end past the clock");
            return;
        }
        for &(client, _) in &self.setup.clients {
            let begin = Message::BeginInference;
            context.send_in(SimDuration::ZERO, Rank::Completion, client, begin);
        }
    }

    fn note_step(
        &self,
        client: u32,
        round: u32,
        step: &Completed<ServerJob>,
        context: &SimContext<Self, Message>,
    ) {
        let mut journal = self.world.journal.borrow_mut();
        for (activity, start, end) in [
            (Activity::ServerWait, step.arrived, step.started),
            (Activity::ServerCompute, step.started, context.now()),
        ] {
            journal.span(round, Span { client, activity, start, end });
        }
    }

    fn rounds(&self) -> &Rounds {
        self.rounds.as_ref().expect("only training asks for rounds")
    }

    fn inference(&self) -> &ServerInference {
        self.setup.inference.as_ref().expect("only inference brings requests")
    }
}

impl SimActor<Message> for EdgeServer {}

impl Actor for EdgeServer {
    type Context = SimContext<Self, Message>;

    fn started(&mut self, context: &mut Self::Context) {
        self.noise = self.setup.device.noise.map(|noise| Noise::new(noise, context));
        match &self.rounds {
            Some(rounds) if rounds.plan().averages => self.start_training(context),
            // The clients begin by themselves.
            Some(_) => {}
            None => self.begin_inference(context),
        }
    }

    fn stopped(&mut self, context: &mut Self::Context) {
        self.world.close_station(context, |end, window| self.station.close(end, window));
    }
}

impl Handler<Message> for EdgeServer {
    type Result = ();

    /// # Panics
    /// On a message that the server is never sent.
    fn handle(&mut self, message: Message, context: &mut Self::Context) {
        match message {
            Message::Deliver(packet) => self.receive(packet, context),
            Message::ServiceDone(slot) => self.service_done(slot, context),
            Message::SharedServiceDone => self.shared_service_done(context),
            Message::BatchWaitOver => self.batch_wait_over(context),
            Message::Dropped(packet) => self.dropped(packet, context),
            Message::Resend(packet) => self.resend(packet, context),
            Message::RoundComputed { client, computation } => {
                self.update_computed(client, computation, context);
            }
            Message::EvaluationComputed { computation, last } => {
                self.evaluation_computed(computation, last, context);
            }
            Message::RoundDeadline => self.deadline_over(context),
            Message::SharedRoundComputed(computation) => {
                self.shared_round_computed(computation, context);
            }
            Message::LocalRoundDone { client, round } => {
                self.local_round_done(client, round, context);
            }
            Message::RoundFailed { client, round } => self.round_failed(client, round, context),
            Message::FinalModelHeld { client } => self.final_model_held(client, context),
            Message::ClientLost { client } => self.client_lost(client, context),
            Message::ClientBack { client } => self.client_back(client, context),
            other => unreachable!("the server was sent {other:?}"),
        }
    }
}
