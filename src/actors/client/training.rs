//! The device's part of a training round.

use super::{Client, DeviceJob};
use crate::actors::message::{Content, Message, Parcel};
use crate::actors::record::{Activity, Span};
use crate::actors::training::{RoundTasks, SharedTraining, SplitTasks, TrainingPlan};
use crate::cost::Work;
use crate::kernel::{ComputationId, Rank, SimContext};
use crate::time::SimTime;

/// Where a client stands in its round; with the final models it is in none that has steps.
#[derive(Debug)]
pub(super) struct LocalRound {
    pub(super) round: u32,
    steps_done: u32,
    computation: Option<ComputationId>,
}

impl Client {
    /// The model has arrived: the round starts, in simulated time and in earnest. Only this tells
    /// the device that an earlier round went on without it: until then it has worked on.
    pub(super) fn begin_round(
        &mut self,
        round: u32,
        sent: SimTime,
        context: &mut SimContext<Self, Message>,
    ) {
        if self.round.as_ref().is_some_and(|present| present.round >= round) {
            // A link that sends lost messages again can let newer ones overtake them.
            return;
        }
        self.note(round, Activity::ModelDown, sent, context.now());
        let client = self.setup.index;
        if round == self.plan().rounds {
            self.round = Some(Box::new(LocalRound { round, steps_done: 0, computation: None }));
            self.tell_server(Message::FinalModelHeld { client }, context);
            return;
        }
        self.train(round, context);
        self.compute(self.first_job(round), context);
    }

    /// The real training of `round` begins.
    pub(super) fn train(&mut self, round: u32, context: &mut SimContext<Self, Message>) {
        let backend = &self.training().backend;
        let job = backend.borrow_mut().local_round(self.setup.index, round);
        let computation = Some(context.compute(job));
        self.round = Some(Box::new(LocalRound { round, steps_done: 0, computation }));
    }

    /// What the device computes first of each mini-batch of `round`.
    pub(super) fn first_job(&self, round: u32) -> DeviceJob {
        match self.tasks() {
            RoundTasks::Split(_) => DeviceJob::Forward(round),
            RoundTasks::Full(_) => DeviceJob::Step(round),
        }
    }

    /// What the device computes in this part of a mini-batch.
    pub(super) fn step_work(&self, job: DeviceJob) -> Work {
        match (self.tasks(), job) {
            (RoundTasks::Split(tasks), DeviceJob::Forward(_)) => tasks.forward,
            (
                RoundTasks::Split(SplitTasks { overlapped: Some(work), .. }),
                DeviceJob::Overlapped(_),
            ) => *work,
            (RoundTasks::Split(tasks), DeviceJob::Backward(_)) => tasks.backward,
            (RoundTasks::Full(step), DeviceJob::Step(_)) => *step,
            (tasks, job) => unreachable!("{job:?} is no part of {tasks:?}"),
        }
    }

    /// A part of a mini-batch is computed.
    pub(super) fn step_computed(
        &mut self,
        job: DeviceJob,
        started: SimTime,
        context: &mut SimContext<Self, Message>,
    ) {
        match job {
            DeviceJob::Forward(round) if self.is_in_round(round) => {
                self.send_smashed(round, started, context);
            }
            DeviceJob::Overlapped(round) if self.is_in_round(round) => {
                self.note(round, Activity::DeviceCompute, started, context.now());
            }
            DeviceJob::Backward(round) | DeviceJob::Step(round) if self.is_in_round(round) => {
                self.finish_step(started, context);
            }
            // Work that was under way when newer models came was in vain.
            _ => {}
        }
    }

    /// φ forward is done: smashed data and labels go up as one message. κ may run meanwhile; should
    /// the gradient be back before it is done, φ's backward pass waits for the device.
    pub(super) fn send_smashed(
        &mut self,
        round: u32,
        started: SimTime,
        context: &mut SimContext<Self, Message>,
    ) {
        self.note(round, Activity::DeviceCompute, started, context.now());
        let RoundTasks::Split(tasks) = self.tasks() else {
            unreachable!("a full model has no smashed data");
        };
        let payload = self.payload(Content::SmashedUp { round });
        self.world.send(context, self.setup.uplink, tasks.smashed, payload);
        if tasks.overlapped.is_some() {
            self.compute(DeviceJob::Overlapped(round), context);
        }
    }

    /// The gradient has come back: the backward pass can run, unless a failure has ended the round.
    pub(super) fn receive_gradient(
        &mut self,
        round: u32,
        sent: SimTime,
        context: &mut SimContext<Self, Message>,
    ) {
        if self.is_in_round(round) {
            self.note(round, Activity::GradientDown, sent, context.now());
            self.compute(DeviceJob::Backward(round), context);
        }
    }

    /// A mini-batch is done: the next one starts, or the round's models go up, unless this client
    /// trains alone.
    pub(super) fn finish_step(
        &mut self,
        started: SimTime,
        context: &mut SimContext<Self, Message>,
    ) {
        let steps = self.plan().steps[self.setup.index as usize];
        let local = self.present_round();
        local.steps_done += 1;
        let (round, last) = (local.round, local.steps_done == steps);
        let computation = if last { local.computation.take() } else { None };
        self.note(round, Activity::DeviceCompute, started, context.now());
        if !last {
            self.compute(self.first_job(round), context);
            return;
        }
        let computation = computation.expect("a round has one computation");
        if self.trains_alone() {
            self.await_own_update(computation, context);
            return;
        }
        let payload = self.payload(Content::ModelUp { round, computation });
        self.world.send(context, self.setup.uplink, self.plan().device_model, payload);
    }

    /// Sends a dropped transfer once more, unless a failure has ended its round.
    pub(super) fn resend(&mut self, packet: Parcel, context: &mut SimContext<Self, Message>) {
        if packet.payload.content.round().is_some_and(|round| self.is_in_round(round)) {
            self.world.resend(context, packet);
        }
    }

    /// The round is lost with all that belongs to it; of a client that trains alone only its steps
    /// are, since the round waits for its return.
    pub(super) fn abandon_round(&mut self) {
        if self.trains_alone() {
            self.round.iter_mut().for_each(|round| round.steps_done = 0);
        } else {
            self.round = None;
        }
    }

    /// A transfer of `round` was dropped: it is sent again after a while, or the round is lost.
    pub(super) fn retry_or_fail(
        &mut self,
        round: u32,
        packet: Parcel,
        context: &mut SimContext<Self, Message>,
    ) {
        if !self.is_in_round(round) {
            return;
        }
        let plan = self.plan();
        if packet.resent < plan.retries {
            let resend = Message::Resend(packet);
            context.send_in(plan.retry_after, Rank::Timer, context.id(), resend);
        } else {
            let failed = Message::RoundFailed { client: self.setup.index, round };
            self.tell_server(failed, context);
        }
    }

    pub(super) fn tasks(&self) -> &RoundTasks {
        &self.plan().tasks[self.setup.index as usize]
    }

    /// Whether `round` is under way here; after a failure the round that it ended is not.
    pub(super) fn is_in_round(&self, round: u32) -> bool {
        self.round.as_ref().is_some_and(|present| present.round == round)
    }

    pub(super) fn present_round(&mut self) -> &mut LocalRound {
        self.round.as_mut().expect("the device computes in a round")
    }

    pub(super) fn plan(&self) -> &TrainingPlan {
        &self.training().plan
    }

    pub(super) fn training(&self) -> &SharedTraining {
        self.setup.training.as_ref().expect("only a training server sends models")
    }

    fn note(&self, round: u32, activity: Activity, start: SimTime, end: SimTime) {
        let span = Span { client: self.setup.index, activity, start, end };
        self.world.journal.borrow_mut().span(round, span);
    }
}
