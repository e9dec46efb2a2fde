//! Realistic results for the tests of reports, drawn from fixed streams.

mod requests;
mod training;

use crate::experiment::{
    ClassEnergy, ClientResult, EnergyResult, InferenceResult, LatencyResult, MethodResult,
    RunResult, StationResult, Verdict,
};
use crate::quantity::Bytes;
use crate::time::{SimDuration, SimTime};

/// What a sample run looks like.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// Device classes and how many clients each has.
    pub(crate) classes: Vec<(String, u32)>,
    /// Training rounds; an evaluation follows every second one and the last.
    pub(crate) rounds: u32,
    /// Mini-batches of the round in the timeline.
    pub(crate) steps: u32,
    /// Requests of each client.
    pub(crate) requests: u32,
    /// Factor on every time of a request.
    pub(crate) slowness: u64,
}

impl Default for Shape {
    fn default() -> Self {
        let classes = [("pi", 6), ("phone", 4)];
        Self {
            classes: classes.map(|(name, count)| (name.to_owned(), count)).to_vec(),
            rounds: 20,
            steps: 10,
            requests: 30,
            slowness: 1,
        }
    }
}

/// Ten clients of two classes, twenty rounds, three hundred requests.
pub(crate) fn small() -> RunResult {
    Shape::default().build()
}

/// [`small`] whose models have answered each client's test samples and whose devices state their
/// power.
pub(crate) fn complete() -> RunResult {
    let mut run = small();
    let clients = run.clients.len();
    run.training.as_mut().expect("the sample trains").outcomes = Some(training::outcomes(clients));
    let class = |factor: f64| ClassEnergy {
        device: Some(7.0 * factor),
        request: Some(0.005 * factor),
        device_parts: Some([4.0 * factor, 2.0 * factor, factor]),
        request_parts: Some([0.003 * factor, 0.002 * factor]),
        round_parts: Some([3.0 * factor, factor]),
    };
    run.energy = Some(EnergyResult {
        busy: 40.0,
        idle: 20.0,
        radio: 10.0,
        request: Some(0.01),
        rounds: vec![4.0; 20],
        by_class: vec![class(1.0), class(2.0)],
        clients: vec![Some(7.0); clients],
    });
    run
}

/// [`small`] without training: stated probabilities.
pub(crate) fn latency_only() -> RunResult {
    RunResult { training: None, ..small() }
}

/// [`small`] trained with three seeds, whose accuracies have half-widths of 0.02, and whose
/// gradients were measured.
pub(crate) fn seeded() -> RunResult {
    let mut run = small();
    training::add_seeds(run.training.as_mut().expect("the sample trains"));
    run
}

/// [`small`] whose requests are all still under way.
pub(crate) fn nothing_answered() -> RunResult {
    let shape = Shape::default();
    let mut run = shape.build();
    run.inference = Some(requests::in_flight(&shape));
    run
}

/// [`small`]'s training by a split and by a full-model method.
pub(crate) fn methods() -> Vec<MethodResult> {
    let split = RunResult { inference: None, ..small() };
    let mut full = split.clone();
    let training = full.training.as_mut().expect("the sample trains");
    training.method = "fedavg";
    for point in training.evaluations.iter_mut().flat_map(|evaluation| &mut evaluation.points) {
        point.full = point.server_exit.take();
        point.client_exit = None;
        point.selective.clear();
    }
    let result = |run, device_flops, memory| MethodResult {
        run,
        device_flops,
        device_memory: Bytes(memory),
    };
    vec![result(split, 78_900_000_000, 17_000_000), result(full, 193_000_000_000, 47_000_000)]
}

impl Shape {
    /// The result of this shape's run.
    pub(crate) fn build(&self) -> RunResult {
        let inference = requests::inference(self);
        RunResult {
            scenario: "quickstart".to_owned(),
            seed: 1,
            fingerprint: 0x0123_4567_89ab_cdef_0011_2233_4455_6677,
            draws: 0,
            events: 48_213,
            interrupted: false,
            sim_time: SimTime::from_nanos(72_123_456_789),
            classes: self.classes.iter().map(|(name, _)| name.clone()).collect(),
            clients: self.client_results(&inference),
            stations: self.station_results(),
            links: Vec::new(),
            training: (self.rounds > 0).then(|| training::training(self)),
            inference: Some(inference),
            energy: None,
            verdict: Verdict::of(&self.station_results()),
            threshold: Some(1.2),
            replications: Vec::new(),
        }
    }

    /// The class and the path name of every client.
    fn clients(&self) -> impl Iterator<Item = (usize, String)> {
        self.classes.iter().enumerate().flat_map(|(class, (name, count))| {
            (0..*count).map(move |number| (class, format!("{name}/{number}")))
        })
    }

    fn client_results(&self, inference: &InferenceResult) -> Vec<ClientResult> {
        let results = self.clients().zip(0_u32..).map(|((class, name), client)| {
            let latencies: Vec<SimDuration> = inference
                .answered_in_window()
                .filter(|(record, _)| record.client == client)
                .map(|(_, latency)| latency)
                .collect();
            ClientResult {
                name: name.into(),
                class,
                samples: Some(134),
                requests: self.requests.into(),
                completed: latencies.len() as u64,
                offloaded_fraction: (!latencies.is_empty()).then_some(0.25),
                mean_latency_s: LatencyResult::of(&latencies).map(|latency| latency.mean),
                accuracy: (!latencies.is_empty()).then_some(0.75),
            }
        });
        results.collect()
    }

    fn station_results(&self) -> Vec<StationResult> {
        let server = StationResult {
            name: "server".into(),
            utilisation: 0.125,
            offered_load: 0.125,
            mean_queue: 0.5,
            max_queue: 7,
            completed: 2_100,
            half_widths: None,
        };
        let clients = self.clients().zip(1_u32..).flat_map(|((_, name), number)| {
            ["", "/up", "/down"].map(|part| (part, if part == "/up" { 0.5 } else { 0.0625 })).map(
                |(part, load)| StationResult {
                    name: format!("{name}{part}").into(),
                    utilisation: load / f64::from(number),
                    offered_load: load / f64::from(number),
                    mean_queue: 0.25 / f64::from(number),
                    max_queue: 2,
                    completed: 300,
                    half_widths: None,
                },
            )
        });
        std::iter::once(server).chain(clients).collect()
    }
}

#[test]
fn classes_partition_the_requests() {
    let run = small();
    let inference = run.inference.as_ref().unwrap();
    let classes = &inference.by_class;
    assert_eq!(classes.iter().map(|c| c.requests).sum::<u64>(), inference.requests);
    assert_eq!(classes.iter().map(|c| c.completed).sum::<u64>(), inference.completed);
    assert_eq!(classes[0].requests, 6 * 30, "six clients of thirty requests");
    let exits = classes.iter().flat_map(|class| class.exits);
    let in_window = inference.answered_in_window().count() as u64;
    assert_eq!(exits.map(|exit| exit.answered).sum::<u64>(), in_window);
}
