//! Arrows: what follows a request, a mini-batch or a model from station to station.
//!
//! An arrow's end is known only when the next station is: the last point of each flow is kept until
//! then, so that every flow that begins has an end, and a lone point makes no flow. Kept are one
//! flow for each client and each request that is not over.

use super::event::{FlowPart, Point};
use crate::actors::{Sojourn, Subject, Task};
use std::collections::BTreeMap;

/// An arrow's point, to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FlowEvent {
    pub(super) part: FlowPart,
    pub(super) point: Point,
    pub(super) name: &'static str,
    pub(super) id: u64,
}

/// One flow that is not over.
#[derive(Debug, Clone, Copy)]
struct Flow {
    name: &'static str,
    /// Once it has more than one point.
    id: Option<u64>,
    last: Point,
}

/// What of a client's round is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Download,
    MiniBatch,
    Upload,
}

/// Where a client stands in its round.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    round: u32,
    /// Mini-batches that are done.
    steps: u32,
    flow: Option<(Phase, Flow)>,
    /// Where the device computed last.
    device: Option<Point>,
}

/// All flows that are not over.
#[derive(Debug, Default)]
pub(super) struct Flows {
    begun: u64,
    requests: BTreeMap<u32, Flow>,
    clients: BTreeMap<u32, Progress>,
}

impl Flows {
    /// The mini-batch of its round, from 0, that `sojourn` belongs to, if it belongs to one.
    pub(super) fn step(&self, sojourn: &Sojourn) -> Option<u32> {
        let Subject::Round { client, round } = sojourn.subject else { return None };
        let in_step = !matches!(sojourn.task, Task::ModelDown | Task::ModelUp | Task::Merge);
        let known = self.clients.get(&client).filter(|progress| progress.round == round);
        in_step.then(|| known.map_or(0, |progress| progress.steps))
    }

    /// What `sojourn` is for is served at `point`, unless that takes no time.
    pub(super) fn visit(
        &mut self,
        sojourn: &Sojourn,
        point: Option<Point>,
        out: &mut impl FnMut(FlowEvent),
    ) {
        match sojourn.subject {
            Subject::Request { request, .. } => {
                if let Some(point) = point {
                    let flow = self.requests.entry(request);
                    let begun = &mut self.begun;
                    flow.and_modify(|flow| flow.go_on(point, begun, out)).or_insert(Flow {
                        name: "request",
                        id: None,
                        last: point,
                    });
                }
            }
            Subject::Round { client, round } => {
                let progress = self.clients.entry(client).or_default();
                if progress.round < round {
                    progress.close(out);
                    *progress = Progress { round, ..Progress::default() };
                }
                // What is late belongs to a round that the client has left.
                if progress.round == round {
                    progress.visit(sojourn.task, point, &mut self.begun, out);
                }
            }
            Subject::Aggregation { .. } | Subject::Background => {}
        }
    }

    /// A request is over.
    pub(super) fn request_over(&mut self, request: u32, out: &mut impl FnMut(FlowEvent)) {
        if let Some(flow) = self.requests.remove(&request) {
            flow.close(out);
        }
    }

    /// A device fails: its round, if it begins again, does so with the first mini-batch.
    pub(super) fn device_failed(&mut self, client: u32, out: &mut impl FnMut(FlowEvent)) {
        if let Some(progress) = self.clients.get_mut(&client) {
            progress.close(out);
            (progress.steps, progress.device) = (0, None);
        }
    }

    /// The run is over, and so are all flows.
    pub(super) fn close(&mut self, out: &mut impl FnMut(FlowEvent)) {
        for (_, flow) in std::mem::take(&mut self.requests) {
            flow.close(out);
        }
        for (_, mut progress) in std::mem::take(&mut self.clients) {
            progress.close(out);
        }
    }

    /// Flows with more than one point so far.
    pub(super) fn begun(&self) -> u64 {
        self.begun
    }
}

impl Progress {
    fn visit(
        &mut self,
        task: Task,
        point: Option<Point>,
        begun: &mut u64,
        out: &mut impl FnMut(FlowEvent),
    ) {
        match task {
            Task::ModelDown => self.go_on(Phase::Download, point, begun, out),
            Task::Forward | Task::FullStep => {
                if self.is_in(Phase::Download) {
                    self.go_on(Phase::Download, point, begun, out);
                }
                self.close(out);
                self.device = point.or(self.device);
                if task == Task::Forward {
                    self.go_on(Phase::MiniBatch, point, begun, out);
                } else {
                    self.steps += 1;
                }
            }
            Task::SmashedUp | Task::ServerStep | Task::GradientDown => {
                self.go_on(Phase::MiniBatch, point, begun, out);
            }
            Task::Backward => {
                self.go_on(Phase::MiniBatch, point, begun, out);
                self.close(out);
                self.device = point.or(self.device);
                self.steps += 1;
            }
            Task::ModelUp | Task::Merge => {
                if !self.is_in(Phase::Upload) {
                    let device = self.device;
                    self.go_on(Phase::Upload, device, begun, out);
                }
                self.go_on(Phase::Upload, point, begun, out);
            }
            // κ runs beside the mini-batch's way to the server and back.
            _ => {}
        }
    }

    fn is_in(&self, phase: Phase) -> bool {
        self.flow.is_some_and(|(present, _)| present == phase)
    }

    /// The flow of `phase` passes `point`; a flow of another phase is over.
    fn go_on(
        &mut self,
        phase: Phase,
        point: Option<Point>,
        begun: &mut u64,
        out: &mut impl FnMut(FlowEvent),
    ) {
        if !self.is_in(phase) {
            self.close(out);
        }
        let Some(point) = point else { return };
        match &mut self.flow {
            Some((_, flow)) => flow.go_on(point, begun, out),
            None => {
                let name = match phase {
                    Phase::Download | Phase::Upload => "model",
                    Phase::MiniBatch => "mini-batch",
                };
                self.flow = Some((phase, Flow { name, id: None, last: point }));
            }
        }
    }

    fn close(&mut self, out: &mut impl FnMut(FlowEvent)) {
        if let Some((_, flow)) = self.flow.take() {
            flow.close(out);
        }
    }
}

impl Flow {
    fn go_on(&mut self, point: Point, begun: &mut u64, out: &mut impl FnMut(FlowEvent)) {
        let part = if self.id.is_some() { FlowPart::Step } else { FlowPart::Start };
        let id = *self.id.get_or_insert_with(|| {
            *begun += 1;
            *begun
        });
        out(FlowEvent { part, point: self.last, name: self.name, id });
        self.last = point;
    }

    fn close(self, out: &mut impl FnMut(FlowEvent)) {
        if let Some(id) = self.id {
            out(FlowEvent { part: FlowPart::End, point: self.last, name: self.name, id });
        }
    }
}
