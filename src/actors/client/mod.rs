//! A client: one device, its FIFO worker, its part of training and its requests.

mod alone;
mod failure;
mod inference;
mod outstanding;
mod source;
mod training;

pub use inference::{ClientInference, InferenceServices};
pub use outstanding::Outstanding;

use super::message::{Content, Message, Parcel, Payload};
use super::noise::{self, Noise};
use super::training::SharedTraining;
use super::watch::{Moment, Sojourn, StationId, Subject, Task};
use super::world::World;
use crate::cost::{DeviceProfile, Service};
use crate::kernel::{ActorId, Rank, SimActor, SimContext};
use crate::network::RouteId;
use crate::quantity::Bytes;
use crate::station::{Departure, FifoStation, Slot};
use crate::time::{SimDuration, SimTime};
use crate::workload::Availability;
use actix::{Actor, Handler};
use failure::Mortality;
use std::hint::black_box;
use std::num::NonZeroU32;
use std::rc::Rc;
use training::LocalRound;

/// What a client is made of.
pub struct ClientSetup {
    /// Its index among all clients.
    pub index: u32,
    /// Its compute, shared by devices that are alike.
    pub device: Rc<DeviceProfile>,
    /// The most jobs that wait or are in service; requests that find no room are dropped.
    pub buffer: Option<NonZeroU32>,
    /// The edge server.
    pub server: ActorId,
    /// Its route to the edge server.
    pub uplink: RouteId,
    /// When it is up, if it can fail.
    pub availability: Option<Box<Availability>>,
    /// Training, if the scenario trains.
    pub training: Option<SharedTraining>,
    /// Its requests, if the scenario has traffic.
    pub inference: Option<ClientInference>,
}

/// What the device can be asked to compute.
#[derive(Debug, Clone, Copy)]
enum DeviceJob {
    /// φ forward of a mini-batch of this round.
    Forward(u32),
    /// κ forward, backward and step while the gradient is awaited.
    Overlapped(u32),
    /// κ forward and backward, unless that was overlapped, φ backward and step.
    Backward(u32),
    /// Forward, backward and step of the full model.
    Step(u32),
    /// The device's part of a request.
    Request(u32),
}

/// A client device.
pub struct Client {
    world: Rc<World>,
    setup: ClientSetup,
    station: FifoStation<DeviceJob>,
    noise: Option<Box<Noise>>,
    round: Option<Box<LocalRound>>,
    mortality: Option<Box<Mortality>>,
}

impl Client {
    /// An idle client.
    pub fn new(world: Rc<World>, mut setup: ClientSetup) -> Self {
        let mortality = setup.availability.take().map(|process| Box::new(Mortality::new(*process)));
        Self {
            world,
            setup,
            station: FifoStation::new(NonZeroU32::MIN),
            noise: None,
            round: None,
            mortality,
        }
    }

    fn compute(&mut self, job: DeviceJob, context: &mut SimContext<Self, Message>) {
        match self.station.arrive(context.now(), self.world.window(), job) {
            Some(slot) => self.serve(slot, context),
            None => self.world.tell_queue(context, self.station.waiting()),
        }
    }

    fn serve(&mut self, slot: Slot, context: &mut SimContext<Self, Message>) {
        let service = match *self.station.in_service(slot) {
            DeviceJob::Request(_) => self.request_service(),
            step => Service::new(self.step_work(step), &self.setup.device),
        };
        let time = noise::service_time(&mut self.noise, &service);
        let done = Message::ServiceDone(slot);
        let end = context.send_in(time, Rank::Completion, context.id(), done);
        context.foresee(self.world.routes.hop(self.setup.uplink, 0));
        self.note_service_end(end);
    }

    fn computed(&mut self, slot: Slot, context: &mut SimContext<Self, Message>) {
        let departure = self.station.complete(context.now(), self.world.window(), slot);
        if departure.next_started {
            self.serve(slot, context);
            self.world.tell_queue(context, self.station.waiting());
        }
        if self.world.is_watched() {
            self.show(&departure, context);
        }
        if !matches!(departure.job, DeviceJob::Request(_))
            && let Some(energy) = self.world.journal.borrow_mut().energy()
        {
            energy.trained(self.setup.index, context.now().since(departure.started));
        }
        match departure.job {
            DeviceJob::Request(request) => {
                let waited = departure.started.since(departure.arrived);
                self.decide(request, waited, departure.started, context);
            }
            step => self.step_computed(step, departure.started, context),
        }
    }

    /// Tells the watcher of a service that has ended now.
    fn show(&self, departure: &Departure<DeviceJob>, context: &SimContext<Self, Message>) {
        let (client, now) = (self.setup.index, context.now());
        let of_round = |task, round| (task, Subject::Round { client, round });
        let (task, subject) = match departure.job {
            DeviceJob::Forward(round) => of_round(Task::Forward, round),
            DeviceJob::Overlapped(round) => of_round(Task::Overlapped, round),
            DeviceJob::Backward(round) => of_round(Task::Backward, round),
            DeviceJob::Step(round) => of_round(Task::FullStep, round),
            DeviceJob::Request(request) => (Task::DevicePart, Subject::Request { client, request }),
        };
        let sojourn = Sojourn {
            station: StationId::of(context.id()),
            subject,
            task,
            size: Bytes(0),
            arrives: false,
            arrived: departure.arrived,
            started: departure.started,
            ended: now,
            delivered: now,
        };
        self.world.tell_sojourn(now, &sojourn);
    }

    #[expect(clippy::boxed_local, reason = "packets travel by address")]
    fn receive(&mut self, packet: Parcel, context: &mut SimContext<Self, Message>) {
        match packet.payload.content {
            Content::ModelDown { round, incarnation } => {
                if incarnation == self.incarnation() {
                    self.begin_round(round, packet.sent, context);
                }
            }
            Content::GradientDown { round } => {
                self.receive_gradient(round, packet.sent, context);
            }
            Content::AnswerDown { request } => self.receive_answer(request, context),
            other => unreachable!("a client was sent {other:?}"),
        }
    }

    fn dropped(&mut self, packet: Parcel, context: &mut SimContext<Self, Message>) {
        self.world.tell_moment(context, Moment::MessageDropped);
        match packet.payload.content {
            Content::RequestUp { request } => self.request_dropped(request, context),
            Content::SmashedUp { round } | Content::ModelUp { round, .. } => {
                self.retry_or_fail(round, packet, context);
            }
            other => unreachable!("a client never sends {other:?}"),
        }
    }

    fn payload(&self, content: Content) -> Payload {
        Payload { client: self.setup.index, content }
    }

    /// Tells the server, in no time, what a real system would learn by a time-out of its own.
    fn tell_server(&self, message: Message, context: &mut SimContext<Self, Message>) {
        context.send_in(SimDuration::ZERO, Rank::Completion, self.setup.server, message);
    }
}

/// Ends the run when nothing more will arrive and nothing is outstanding.
pub(super) fn end_if_over<A>(world: &World, context: &mut SimContext<A, Message>)
where
    A: crate::kernel::SimActor<Message>,
{
    if world.journal.borrow().traffic_is_over() {
        context.end_run();
    }
}

impl SimActor<Message> for Client {
    fn touch(&self) {
        black_box((self.setup.uplink, self.mortality.is_some()));
        self.station.touch();
        if let Some(inference) = &self.setup.inference {
            inference.touch();
        }
    }
}

impl Actor for Client {
    type Context = SimContext<Self, Message>;

    fn started(&mut self, context: &mut Self::Context) {
        self.noise = self.setup.device.noise.map(|noise| Noise::new(noise, context));
        self.schedule_failure(context);
        if self.trains_alone() {
            self.begin_alone(0, context);
        }
    }

    fn stopped(&mut self, context: &mut Self::Context) {
        self.world.close_station(context, |end, window| self.station.close(end, window));
        let mut journal = self.world.journal.borrow_mut();
        if let Some(energy) = journal.energy() {
            let busy = u64::try_from(self.station.busy_nanos()).expect("one worker");
            let elapsed = context.now().since(SimTime::ZERO);
            energy.device_closed(self.setup.index, SimDuration::from_nanos(busy), elapsed);
        }
    }
}

impl Handler<Message> for Client {
    type Result = ();

    /// # Panics
    /// On a message that no client is ever sent.
    fn handle(&mut self, message: Message, context: &mut Self::Context) {
        match message {
            Message::Deliver(packet) => self.receive(packet, context),
            Message::ServiceDone(slot) => self.computed(slot, context),
            Message::Dropped(packet) => self.dropped(packet, context),
            Message::Resend(packet) => self.resend(packet, context),
            Message::RoundComputed { computation, .. } => {
                self.finish_alone(computation, context);
            }
            Message::BeginInference => self.begin_inference(context),
            Message::Arrival => self.request_arrives(context),
            Message::DrainLimit => context.end_run(),
            Message::ArrivalsEnd => self.arrivals_end(context),
            Message::AnswerDropped { request } => self.request_dropped(request, context),
            Message::DeviceFails => self.fail(context),
            Message::DeviceReturns => self.come_back(context),
            other => unreachable!("a client was sent {other:?}"),
        }
    }
}
