//! How many events a second the kernel handles, beside what a bare binary heap would allow.
//!
//! `phold` is the classical hold model on the whole kernel: every actor keeps one event in
//! flight, and each event handled sends one to a random actor after an exponential delay of one
//! second on average. `heap` is the same hold on `std`'s `BinaryHeap` alone: the yardstick that
//! makes ratios comparable between machines. `skewed` is the hold model with nine short delays
//! to one that is a million times longer, where a plain ladder queue fails. `chain` sends requests client → link → server →
//! link → client, as the simulator does.

use actix::{Actor, Handler, Message};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rand::{Rng as _, RngExt as _};
use splitgp_sim::kernel::{
    ActorId, Rank, RunOptions, SimActor, SimContext, SimMessage, Simulation, run,
};
use splitgp_sim::random::{Stream, Streams};
use splitgp_sim::time::{SimDuration, SimTime};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

const POPULATIONS: [u64; 3] = [100, 10_000, 100_000];
const HOLDS: u64 = 3_000_000;
const MEAN_DELAY_NANOS: f64 = 1e9;
const DELAY_COUNT: usize = 1 << 12;

/// Exponential delays by inverse transform at the midpoints of equal slices of probability, so
/// that a draw is a look-up and the kernel is what is measured.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "delays of nanoseconds to seconds"
)]
fn exponential_delays() -> Rc<[u64]> {
    let quantile = |i: usize| -(1.0 - (i as f64 + 0.5) / DELAY_COUNT as f64).ln();
    (0..DELAY_COUNT).map(|i| (MEAN_DELAY_NANOS * quantile(i)) as u64).collect()
}

/// One delay of a second to nine of a microsecond.
fn skewed_delays() -> Rc<[u64]> {
    (0..DELAY_COUNT).map(|i| if i % 10 == 0 { 1_000_000_000 } else { 1_000 }).collect()
}

/// Draws a delay; a few nanoseconds on top make ties rarer.
fn draw_delay(delays: &[u64], stream: &mut Stream) -> u64 {
    let bits = stream.next_u64();
    let index = usize::try_from(bits >> 52).expect("twelve bits");
    delays[index % DELAY_COUNT] + (bits & 0xFF)
}

/// A message that says nothing: one kind for each place where it arrives.
#[derive(Clone, Copy)]
enum Signal {
    Hold,
    Request,
    Answer,
}

impl Message for Signal {
    type Result = ();
}

impl SimMessage for Signal {
    type Output = ();

    fn kind(&self) -> u16 {
        *self as u16
    }

    fn kind_name(&self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Request => "request",
            Self::Answer => "answer",
        }
    }

    fn size(&self) -> u64 {
        8
    }
}

type Context<A> = SimContext<A, Signal>;

/// An actor of the hold model.
struct Holder {
    population: u64,
    delays: Rc<[u64]>,
    stream: Stream,
}

impl Holder {
    fn hold(&mut self, context: &mut Context<Self>) {
        let delay = SimDuration::from_nanos(draw_delay(&self.delays, &mut self.stream));
        let target = (u128::from(self.stream.next_u64()) * u128::from(self.population)) >> 64;
        let target = ActorId::from_index(usize::try_from(target).expect("below the population"));
        context.send_in(delay, Rank::Delivery, target, Signal::Hold);
    }
}

impl SimActor<Signal> for Holder {}

impl Actor for Holder {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        self.hold(context);
    }
}

impl Handler<Signal> for Holder {
    type Result = ();

    fn handle(&mut self, _: Signal, context: &mut Self::Context) {
        self.hold(context);
    }
}

fn phold(population: u64, delays: &Rc<[u64]>) -> Simulation<Signal> {
    let streams = Streams::new(1, 0);
    let mut simulation = Simulation::new(streams);
    for index in 0..population {
        let path = index.to_string();
        let stream = streams.stream(&path, "hold");
        simulation.add_actor(path, Holder { population, delays: Rc::clone(delays), stream });
    }
    let mean = delays.iter().sum::<u64>() / DELAY_COUNT as u64;
    simulation.set_end(SimTime::from_nanos(HOLDS * mean / population));
    simulation
}

/// Where a request goes next, and after which time.
struct Hop {
    next: ActorId,
    nanos: u64,
}

impl Hop {
    fn pass<A>(&self, signal: Signal, context: &mut Context<A>) {
        context.send_in(SimDuration::from_nanos(self.nanos), Rank::Delivery, self.next, signal);
    }
}

/// Sends the next request when the answer comes.
struct Client(Hop);
/// Passes requests on.
struct Uplink(Hop);
/// Answers requests.
struct Server(Hop);
/// Passes answers on.
struct Downlink(Hop);

impl SimActor<Signal> for Client {}

impl Actor for Client {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        self.0.pass(Signal::Request, context);
    }
}

impl Handler<Signal> for Client {
    type Result = ();

    fn handle(&mut self, _: Signal, context: &mut Self::Context) {
        self.0.pass(Signal::Request, context);
    }
}

macro_rules! relay {
    ($actor:ty, $signal:ident) => {
        impl SimActor<Signal> for $actor {}

        impl Actor for $actor {
            type Context = Context<Self>;
        }

        impl Handler<Signal> for $actor {
            type Result = ();

            fn handle(&mut self, _: Signal, context: &mut Self::Context) {
                self.0.pass(Signal::$signal, context);
            }
        }
    };
}

relay!(Uplink, Request);
relay!(Server, Answer);
relay!(Downlink, Answer);

/// Chains side by side, one for each client; a request takes four events and 4 ms.
fn chain(clients: usize) -> Simulation<Signal> {
    let mut simulation = Simulation::new(Streams::new(1, 0));
    for client in 0..clients {
        let hop = |offset: usize| Hop {
            next: ActorId::from_index(4 * client + offset),
            // A few nanoseconds between clients keep their events apart.
            nanos: 1_000_000 + client as u64,
        };
        simulation.add_actor(format!("client/{client}"), Client(hop(1)));
        simulation.add_actor(format!("uplink/{client}"), Uplink(hop(2)));
        simulation.add_actor(format!("server/{client}"), Server(hop(3)));
        simulation.add_actor(format!("downlink/{client}"), Downlink(hop(0)));
    }
    simulation.set_end(SimTime::from_nanos(1_000_000 * HOLDS / clients as u64));
    simulation
}

/// Pops and pushes later: the hold model without a kernel, on keys and slots of the same size.
fn hold_on_heap(population: u64, delays: &[u64]) -> Duration {
    let mut stream = Streams::new(1, 0).stream("heap", "hold");
    let mut heap: BinaryHeap<Reverse<(u64, u64, u64)>> =
        (0..population).map(|i| Reverse((draw_delay(delays, &mut stream), i, i))).collect();
    let start = now();
    for sequence in 0..HOLDS {
        let Reverse((time, _, _)) = heap.pop().expect("the population is constant");
        let delay = draw_delay(delays, &mut stream);
        // The hold model's second draw, of a target.
        let target = stream.random_range(0..population);
        heap.push(Reverse((time + delay, population + sequence, target)));
    }
    black_box(heap.len());
    start.elapsed()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
fn now() -> Instant {
    Instant::now()
}

/// The time that each of `iterations` runs takes, without building and dropping the simulation,
/// scaled to exactly `HOLDS` events.
#[expect(clippy::cast_precision_loss, reason = "event counts are small")]
fn time_runs(iterations: u64, build: impl Fn() -> Simulation<Signal>) -> Duration {
    (0..iterations)
        .map(|_| {
            let simulation = build();
            let start = now();
            let ended = run(simulation, RunOptions::default()).expect("the model is sound");
            start.elapsed().mul_f64(HOLDS as f64 / ended.events as f64)
        })
        .sum()
}

fn kernel(criterion: &mut Criterion) {
    let delays = exponential_delays();
    let mut group = criterion.benchmark_group("kernel");
    group.sample_size(10).throughput(Throughput::Elements(HOLDS));
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    for population in POPULATIONS {
        group.bench_function(BenchmarkId::new("heap", population), |bencher| {
            bencher.iter_custom(|n| (0..n).map(|_| hold_on_heap(population, &delays)).sum());
        });
        group.bench_function(BenchmarkId::new("phold", population), |bencher| {
            bencher.iter_custom(|n| time_runs(n, || phold(population, &delays)));
        });
    }
    group.bench_function(BenchmarkId::new("skewed", 100_000), |bencher| {
        let delays = skewed_delays();
        bencher.iter_custom(|n| time_runs(n, || phold(100_000, &delays)));
    });
    for clients in [1, 1000] {
        group.bench_function(BenchmarkId::new("chain", clients), |bencher| {
            bencher.iter_custom(|n| time_runs(n, || chain(clients)));
        });
    }
    group.finish();
}

criterion_group!(benches, kernel);
criterion_main!(benches);
