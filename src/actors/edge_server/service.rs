//! The server's workers: what jobs cost, and how each discipline serves them.

use super::{EdgeServer, ServerJob};
use crate::actors::message::{Message, Parcel};
use crate::actors::noise;
use crate::cost::Service;
use crate::kernel::{EventId, Rank, SimContext};
use crate::station::{
    BatchRule, BatchStation, Completed, FifoStation, JobClass, ProcessorSharing, ServerStation,
    Slot,
};
use crate::stats::Window;
use crate::time::{SimDuration, SimTime};
use std::num::NonZeroU32;

/// In which order, and how many at once, jobs are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerDiscipline {
    /// First in, first out.
    Fifo,
    /// All jobs present share the workers equally.
    ProcessorSharing,
    /// Batches of requests, priority of a class of jobs, or both.
    Batch(BatchRule),
}

impl ServerDiscipline {
    pub(super) fn station(self, workers: NonZeroU32) -> ServerStation<ServerJob> {
        match self {
            Self::Fifo => ServerStation::Fifo(FifoStation::new(workers)),
            // The work of a job is its lone service: a worker does a nanosecond's in a nanosecond.
            Self::ProcessorSharing => ServerStation::Shared(ProcessorSharing::new(workers, 1)),
            Self::Batch(rule) => ServerStation::Batched(BatchStation::new(workers, rule)),
        }
    }
}

/// The one event that a discipline other than FIFO waits for and may have to move: the next
/// completion under processor sharing, the end of the oldest request's wait under batching.
#[derive(Debug, Clone, Copy)]
pub(super) struct NextEvent {
    time: SimTime,
    event: EventId,
}

impl ServerJob {
    fn class(self) -> JobClass {
        match self {
            Self::Step { .. } | Self::Aggregate { .. } | Self::Merge { .. } => JobClass::Training,
            Self::Request { .. } => JobClass::Inference,
        }
    }
}

impl EdgeServer {
    /// A packet brings `job`; without room for it the packet is dropped as by a link.
    pub(super) fn admit(
        &mut self,
        job: ServerJob,
        packet: Parcel,
        context: &mut SimContext<Self, Message>,
    ) {
        let full = self
            .setup
            .buffer
            .is_some_and(|buffer| self.station.present() >= u64::from(buffer.get()));
        if full {
            let (sender, dropped) = (packet.sender, Message::Dropped(packet));
            context.send_in(SimDuration::ZERO, Rank::Completion, sender, dropped);
        } else {
            self.compute(job, context);
        }
    }

    /// `job` joins the queue.
    pub(super) fn compute(&mut self, job: ServerJob, context: &mut SimContext<Self, Message>) {
        let (now, window) = (context.now(), self.world.window());
        match &mut self.station {
            ServerStation::Fifo(station) => {
                if let Some(slot) = station.arrive(now, window, job) {
                    self.serve(job, 1, slot, context);
                }
            }
            ServerStation::Shared(_) => {
                self.service_begins(job);
                let lone = u128::from(self.service_time(job, 1).as_nanos());
                if let ServerStation::Shared(station) = &mut self.station {
                    station.arrive(now, window, lone, job);
                }
                self.await_completion(context);
            }
            ServerStation::Batched(station) => {
                station.arrive(now, window, job.class(), job);
                self.start_services(false, context);
            }
        }
        self.world.tell_queue(context, self.station.waiting());
    }

    /// The service at `slot` ends.
    pub(super) fn service_done(&mut self, slot: Slot, context: &mut SimContext<Self, Message>) {
        let (now, window) = (context.now(), self.world.window());
        match &mut self.station {
            ServerStation::Fifo(station) => {
                let departure = station.complete(now, window, slot);
                if departure.next_started {
                    let next = *station.in_service(slot);
                    self.serve(next, 1, slot, context);
                    self.world.tell_queue(context, self.station.waiting());
                }
                let (job, arrived, started) = (departure.job, departure.arrived, departure.started);
                self.computed(Completed { job, arrived, started }, context);
            }
            ServerStation::Batched(station) => {
                station.complete(now, window, slot, &mut self.done);
                self.start_services(false, context);
                self.world.tell_queue(context, self.station.waiting());
                self.deliver_done(context);
            }
            ServerStation::Shared(_) => unreachable!("shared workers have no slots"),
        }
    }

    /// Under processor sharing the next job is done.
    pub(super) fn shared_service_done(&mut self, context: &mut SimContext<Self, Message>) {
        self.next = None;
        let (now, window) = (context.now(), self.world.window());
        if let ServerStation::Shared(station) = &mut self.station {
            station.complete(now, window, &mut self.done);
        }
        self.world.tell_queue(context, self.station.waiting());
        self.await_completion(context);
        self.deliver_done(context);
    }

    /// The oldest request has waited long enough for its batch to start.
    pub(super) fn batch_wait_over(&mut self, context: &mut SimContext<Self, Message>) {
        self.next = None;
        self.start_services(true, context);
        self.world.tell_queue(context, self.station.waiting());
    }

    /// Lets every job in `done` have its effect, in order.
    fn deliver_done(&mut self, context: &mut SimContext<Self, Message>) {
        let mut done = std::mem::take(&mut self.done);
        for completed in done.drain(..) {
            self.computed(completed, context);
        }
        self.done = done;
    }

    /// Schedules the end of the service at `slot`, of `count` jobs like `job`.
    fn serve(
        &mut self,
        job: ServerJob,
        count: usize,
        slot: Slot,
        context: &mut SimContext<Self, Message>,
    ) {
        self.service_begins(job);
        let service = self.service_time(job, count);
        context.send_in(service, Rank::Completion, context.id(), Message::ServiceDone(slot));
        if let ServerJob::Step { client, .. } | ServerJob::Request { client, .. } = job {
            let (_, route) = self.setup.clients[client as usize];
            context.foresee(self.world.routes.hop(route, 0));
        }
    }

    /// Under batching: starts whatever is ready on free workers, then waits for the rest.
    fn start_services(&mut self, wait_over: bool, context: &mut SimContext<Self, Message>) {
        let (now, window) = (context.now(), self.world.window());
        while let Some((slot, job, count)) = self.start_next(now, window, wait_over) {
            self.serve(job, count, slot, context);
        }
        let ServerStation::Batched(station) = &self.station else { return };
        let wait = station.until_wait_ends(now);
        self.await_next(wait, Rank::Timer, Message::BatchWaitOver, context);
    }

    fn start_next(
        &mut self,
        now: SimTime,
        window: Option<Window>,
        wait_over: bool,
    ) -> Option<(Slot, ServerJob, usize)> {
        let ServerStation::Batched(station) = &mut self.station else { return None };
        let slot = station.start(now, window, wait_over)?;
        let mut jobs = station.in_service(slot);
        let count = jobs.len();
        jobs.next().map(|job| (slot, *job, count))
    }

    /// Under processor sharing: schedules the next completion anew.
    fn await_completion(&mut self, context: &mut SimContext<Self, Message>) {
        let ServerStation::Shared(station) = &self.station else { return };
        let wait = station.until_completion();
        self.await_next(wait, Rank::Completion, Message::SharedServiceDone, context);
    }

    /// Moves the awaited event to `wait` from now, unless it is there already.
    fn await_next(
        &mut self,
        wait: Option<SimDuration>,
        rank: Rank,
        message: Message,
        context: &mut SimContext<Self, Message>,
    ) {
        let time = wait.and_then(|wait| context.now().checked_add(wait));
        if let Some(next) = self.next {
            if time == Some(next.time) {
                return;
            }
            context.cancel(next.event);
        }
        self.next = wait.map(|wait| {
            let event = context.send_in(wait, rank, context.id(), message);
            NextEvent { time: time.unwrap_or(context.now()), event }
        });
    }

    /// How long a worker takes for `count` jobs like `job` together.
    fn service_time(&mut self, job: ServerJob, count: usize) -> SimDuration {
        let device = &self.setup.device;
        let service = match job {
            ServerJob::Step { client, .. } => {
                Service::new(self.rounds().split_tasks(client).server_step, device)
            }
            ServerJob::Aggregate { arrived, mixed } => {
                Service::new(self.rounds().plan().aggregation(arrived, mixed), device)
            }
            ServerJob::Merge { .. } => Service::new(self.rounds().plan().aggregation(1, 1), device),
            ServerJob::Request { .. } => self.inference().services[count - 1],
        };
        noise::service_time(&mut self.noise, &service)
    }
}
