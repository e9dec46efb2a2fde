//! The device's part of inference: requests arrive, the device computes, the policy decides.

use super::outstanding::Outstanding;
use super::{Client, DeviceJob, end_if_over};
use crate::actors::answers::AnswerSource;
use crate::actors::message::{Content, Message};
use crate::actors::record::Exit;
use crate::cost::Service;
use crate::kernel::{Rank, SimContext};
use crate::offload::{Answerer, DevicePart, Observation, Policy};
use crate::quantity::Bytes;
use crate::random::Stream;
use crate::time::{SimDuration, SimTime};
use crate::workload::Arrivals;
use std::rc::Rc;

/// What a request costs on this device and its links.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InferenceServices {
    /// φ forward of one sample.
    pub phi: Service,
    /// φ and κ forward of one sample, as one service.
    pub phi_and_kappa: Service,
    /// Smashed data of one sample.
    pub smashed: Bytes,
}

/// A client's requests.
pub struct ClientInference {
    /// When they arrive.
    pub arrivals: Box<dyn Arrivals>,
    /// Who answers.
    pub policy: Box<dyn Policy>,
    /// What the exits would answer.
    pub answers: Rc<dyn AnswerSource>,
    /// The stream of this client's samples.
    pub samples: Stream,
    /// What a request costs.
    pub services: InferenceServices,
    /// The longest that the run goes on after the last arrival.
    pub drain_limit: SimDuration,
    /// What the exits would answer to the requests outstanding.
    pub outstanding: Outstanding,
}

impl Client {
    /// Inference begins: the first arrival is scheduled.
    pub(super) fn begin_inference(&mut self, context: &mut SimContext<Self, Message>) {
        self.schedule_arrival(context);
    }

    /// A request arrives, joins the device's queue, and the next one is scheduled.
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
        if self.has_room() {
            self.inference_mut().outstanding.insert(request, answer);
            self.compute(DeviceJob::Request(request), context);
        } else {
            self.world.journal.borrow_mut().request_dropped(context.now(), request);
        }
        self.schedule_arrival(context);
    }

    fn has_room(&self) -> bool {
        let present = self.station.present();
        self.setup.buffer.is_none_or(|buffer| present < u64::from(buffer.get()))
    }

    /// What the device computes for a request before the decision.
    pub(super) fn request_service(&self) -> Service {
        let inference = self.inference();
        match inference.policy.device_part() {
            DevicePart::Phi => inference.services.phi,
            DevicePart::PhiAndKappa => inference.services.phi_and_kappa,
        }
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
        let inference = self.inference_mut();
        let answer = inference.outstanding[&request];
        let answerer = inference.policy.decide(&Observation { entropy: answer.entropy });
        let smashed = inference.services.smashed;
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
                self.world.send(context, self.setup.uplink, smashed, payload);
            }
        }
    }

    /// The server's answer has come back.
    pub(super) fn receive_answer(&mut self, request: u32, context: &mut SimContext<Self, Message>) {
        let correct = self.inference().outstanding[&request].server_correct;
        self.answered(request, Exit::Server, correct, context);
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
        end_if_over(&self.world, context);
    }

    /// Schedules the next arrival if it comes before arrivals end; else this source closes, and
    /// the last source to close starts the drain limit.
    fn schedule_arrival(&mut self, context: &mut SimContext<Self, Message>) {
        let gap = self.inference_mut().arrivals.next_gap();
        let end = self.world.journal.borrow().arrivals_end().expect("inference has begun");
        match context.now().checked_add(gap).filter(|&time| time < end) {
            Some(time) => {
                context.send_at(time, Rank::Delivery, context.id(), Message::Arrival);
            }
            None => {
                let last = self.world.journal.borrow_mut().source_closed();
                if last {
                    let limit = self.inference().drain_limit;
                    context.send_in(limit, Rank::Timer, context.id(), Message::DrainLimit);
                }
                end_if_over(&self.world, context);
            }
        }
    }

    fn inference(&self) -> &ClientInference {
        self.setup.inference.as_ref().expect("only inference brings requests")
    }

    fn inference_mut(&mut self) -> &mut ClientInference {
        self.setup.inference.as_mut().expect("only inference brings requests")
    }
}
