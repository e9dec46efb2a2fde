//! The device's part of inference: requests arrive, the device computes, the policy decides.

use super::outstanding::Outstanding;
use super::{Client, DeviceJob};
use crate::actors::answers::AnswerSource;
use crate::actors::message::{Content, Message};
use crate::actors::record::Exit;
use crate::actors::watch::Moment;
use crate::cost::Service;
use crate::kernel::SimContext;
use crate::offload::{Answerer, AnyPolicy, DevicePart, Observation};
use crate::quantity::Bytes;
use crate::random::Stream;
use crate::time::{SimDuration, SimTime};
use crate::workload::{ArrivalProcess, Arrivals as _};
use std::hint::black_box;
use std::rc::Rc;

/// What a request costs on this device and its links.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InferenceServices {
    /// φ forward of one sample.
    pub phi: Service,
    /// φ and κ forward of one sample, as one service.
    pub phi_and_kappa: Service,
    /// φ and θ forward of one sample, as one service.
    pub phi_and_theta: Service,
    /// Smashed data of one sample.
    pub smashed: Bytes,
    /// One sample as it is.
    pub input: Bytes,
}

impl InferenceServices {
    /// What the device computes for a request; `None` if nothing.
    pub fn device(&self, part: DevicePart) -> Option<Service> {
        match part {
            DevicePart::Nothing => None,
            DevicePart::Phi => Some(self.phi),
            DevicePart::PhiAndKappa => Some(self.phi_and_kappa),
            DevicePart::PhiAndTheta => Some(self.phi_and_theta),
        }
    }

    /// What a device that has computed `part` sends to the server.
    pub fn upload(&self, part: DevicePart) -> Bytes {
        match part {
            DevicePart::Nothing => self.input,
            DevicePart::Phi | DevicePart::PhiAndKappa | DevicePart::PhiAndTheta => self.smashed,
        }
    }
}

/// A client's requests.
pub struct ClientInference {
    /// When they arrive.
    pub arrivals: ArrivalProcess,
    /// Who answers.
    pub policy: AnyPolicy,
    /// What the exits would answer.
    pub answers: Rc<dyn AnswerSource>,
    /// The stream of this client's samples.
    pub samples: Stream,
    /// What a request costs, shared by devices that are alike.
    pub services: Rc<InferenceServices>,
    /// The longest that the run goes on after the last arrival.
    pub drain_limit: SimDuration,
    /// Whether requests still arrive.
    pub asks: bool,
    /// What the exits would answer to the requests outstanding.
    pub outstanding: Outstanding,
}

impl ClientInference {
    /// Reads a little of each part; see [`SimActor::touch`](crate::kernel::SimActor::touch).
    pub(super) fn touch(&self) {
        black_box((self.arrivals.pace(), self.policy.device_part()));
        black_box((self.asks, self.outstanding.is_empty()));
    }
}

impl Client {
    /// A request arrives and joins the device's queue, unless the device has nothing to compute for
    /// it; on a device that is down it fails at once.
    pub(super) fn request_arrives(&mut self, context: &mut SimContext<Self, Message>) {
        let client = self.setup.index;
        let inference = self.inference_mut();
        let answer = inference.answers.draw(client, &mut inference.samples);
        let request = self.world.journal.borrow_mut().request_arrived(
            context.now(),
            client,
            answer.sample,
            answer.ood,
        );
        let Some(request) = request else {
            context.fail("a run can hold 2³² requests at most");
            return;
        };
        if !self.is_up() {
            self.request_failed(request, context);
        } else if self.inference().policy.device_part() == DevicePart::Nothing {
            self.inference_mut().outstanding.insert(request, answer);
            self.decide(request, SimDuration::ZERO, context.now(), context);
        } else if self.has_room() {
            self.inference_mut().outstanding.insert(request, answer);
            self.compute(DeviceJob::Request(request), context);
        } else {
            self.end_dropped(request, context);
        }
        self.after_arrival(context);
    }

    fn has_room(&self) -> bool {
        let present = self.station.present();
        self.setup.buffer.is_none_or(|buffer| present < u64::from(buffer.get()))
    }

    /// What the device computes for a request before the decision.
    pub(super) fn request_service(&self) -> Service {
        let inference = self.inference();
        let service = inference.services.device(inference.policy.device_part());
        service.expect("a request without work for the device does not join its queue")
    }

    /// The device has computed its part: the policy decides who answers.
    pub(super) fn decide(
        &mut self,
        request: u32,
        waited: SimDuration,
        started: SimTime,
        context: &mut SimContext<Self, Message>,
    ) {
        let now = context.now();
        let queue = self.station.present();
        let inference = self.inference_mut();
        let answer = inference.outstanding[&request];
        let elapsed = waited.saturating_add(now.since(started));
        let seen = Observation { now, elapsed, queue, confidence: answer.confidence };
        let answerer = inference.policy.decide(&seen, answer.hindsight());
        let upload = inference.services.upload(inference.policy.device_part());
        let exit = match answerer {
            Answerer::Client => Exit::Client,
            Answerer::Server => Exit::Server,
        };
        {
            let mut journal = self.world.journal.borrow_mut();
            let record = journal.request_mut(request);
            record.stages.device_wait = waited;
            record.stages.device_service = now.since(started);
            record.exit = Some(exit);
        }
        match answerer {
            Answerer::Client => self.answered(request, exit, answer.client_correct, context),
            Answerer::Server => {
                let payload = self.payload(Content::RequestUp { request });
                self.world.send(context, self.setup.uplink, upload, payload);
            }
        }
    }

    /// The server's answer has come back; to a request that a failure has lost it is discarded.
    pub(super) fn receive_answer(&mut self, request: u32, context: &mut SimContext<Self, Message>) {
        if let Some(answer) = self.inference().outstanding.get(&request) {
            let correct = answer.server_correct;
            self.measure(request, context.now());
            self.answered(request, Exit::Server, correct, context);
        }
    }

    /// The policy may learn how long the server's answer took from the sending of its request on.
    fn measure(&mut self, request: u32, now: SimTime) {
        if !self.inference().policy.may_measure() {
            return;
        }
        let (arrival, stages) = {
            let mut journal = self.world.journal.borrow_mut();
            let record = journal.request_mut(request);
            (record.arrival, record.stages)
        };
        let on_device = stages.device_wait.saturating_add(stages.device_service).as_nanos();
        let took = SimDuration::from_nanos(now.since(arrival).as_nanos() - on_device);
        self.inference_mut().policy.measured(now, took);
    }

    /// A message of a request was dropped, unless a failure has lost that request before.
    pub(super) fn request_dropped(
        &mut self,
        request: u32,
        context: &mut SimContext<Self, Message>,
    ) {
        if self.inference_mut().outstanding.remove(&request).is_some() {
            self.end_dropped(request, context);
        }
    }

    fn end_dropped(&mut self, request: u32, context: &mut SimContext<Self, Message>) {
        self.world.journal.borrow_mut().request_dropped(context.now(), request);
        self.world.tell_moment(context, Moment::RequestDropped { request });
        self.after_request(context);
    }

    /// A request is lost with the device.
    pub(super) fn request_failed(&mut self, request: u32, context: &mut SimContext<Self, Message>) {
        self.world.journal.borrow_mut().request_failed(context.now(), request);
        self.world.tell_moment(context, Moment::RequestFailed { request });
        self.after_request(context);
    }

    fn answered(
        &mut self,
        request: u32,
        exit: Exit,
        correct: bool,
        context: &mut SimContext<Self, Message>,
    ) {
        self.inference_mut().outstanding.remove(&request);
        let now = context.now();
        self.world.journal.borrow_mut().request_answered(now, request, exit, correct);
        self.world.tell_moment(context, Moment::Answered { request });
        self.after_request(context);
    }

    pub(super) fn inference(&self) -> &ClientInference {
        self.setup.inference.as_ref().expect("only inference brings requests")
    }

    pub(super) fn inference_mut(&mut self) -> &mut ClientInference {
        self.setup.inference.as_mut().expect("only inference brings requests")
    }
}
