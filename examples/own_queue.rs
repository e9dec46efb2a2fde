//! Builds a queue of one's own from the kernel and a station, and holds it against theory.
//!
//! ```text
//! Customers: a source at 0.7 /s ──▶ FIFO queue, one worker, 1 s in the mean ──▶ out
//! ```
//!
//! One actor is source and server at once. It sends two kinds of messages to itself: the next customer
//! arrives, and the service in a slot of the station ends. `cargo run --release --example own_queue`

use actix::{Actor, Handler, Message};
use splitgp_sim::distribution::DurationDistribution;
use splitgp_sim::kernel::{Rank, RunOptions, SimActor, SimContext, SimMessage, Simulation, run};
use splitgp_sim::random::{Stream, Streams};
use splitgp_sim::station::{FifoStation, Slot};
use splitgp_sim::stats::{Tally, half_width_95};
use splitgp_sim::theory::queueing::{ArrivalRate, Mm1};
use splitgp_sim::time::SimDuration;
use std::cell::RefCell;
use std::error::Error;
use std::num::NonZeroU32;
use std::rc::Rc;

const CUSTOMERS: u32 = 50_000;
const REPLICATIONS: u32 = 10;
const GAP: SimDuration = SimDuration::from_nanos(1_428_571_429);
const SERVICE: SimDuration = SimDuration::from_nanos(1_000_000_000);

/// What happens at the queue.
enum Happening {
    Arrival,
    ServiceEnd(Slot),
}

impl Message for Happening {
    type Result = ();
}

impl SimMessage for Happening {
    type Output = ();

    fn kind(&self) -> u16 {
        match self {
            Self::Arrival => 0,
            Self::ServiceEnd(_) => 1,
        }
    }

    fn kind_name(&self) -> &'static str {
        match self {
            Self::Arrival => "arrival",
            Self::ServiceEnd(_) => "service ends",
        }
    }

    fn size(&self) -> u64 {
        0
    }
}

/// A source and its queue. Sojourns, in seconds, go to a tally that outlives the run.
struct Queue {
    station: FifoStation<()>,
    to_come: u32,
    gaps: Stream,
    services: Stream,
    sojourns: Rc<RefCell<Tally>>,
}

impl Queue {
    fn new(streams: Streams, sojourns: Rc<RefCell<Tally>>) -> Self {
        Self {
            station: FifoStation::new(NonZeroU32::MIN),
            to_come: CUSTOMERS,
            // A stream for each purpose: changing one of the draws never shifts the other.
            gaps: streams.stream("queue", "gaps"),
            services: streams.stream("queue", "services"),
            sojourns,
        }
    }

    fn await_customer(&mut self, context: &mut SimContext<Self, Happening>) {
        if self.to_come > 0 {
            self.to_come -= 1;
            let gap = DurationDistribution::Exponential { mean: GAP }.sample(&mut self.gaps);
            context.send_in(gap, Rank::Delivery, context.id(), Happening::Arrival);
        }
    }

    fn serve(&mut self, slot: Slot, context: &mut SimContext<Self, Happening>) {
        let service = DurationDistribution::Exponential { mean: SERVICE };
        let service = service.sample(&mut self.services);
        context.send_in(service, Rank::Completion, context.id(), Happening::ServiceEnd(slot));
    }
}

impl Actor for Queue {
    type Context = SimContext<Self, Happening>;

    fn started(&mut self, context: &mut Self::Context) {
        self.await_customer(context);
    }
}

impl Handler<Happening> for Queue {
    type Result = ();

    fn handle(&mut self, happening: Happening, context: &mut Self::Context) {
        let now = context.now();
        match happening {
            Happening::Arrival => {
                self.await_customer(context);
                if let Some(slot) = self.station.arrive(now, None, ()) {
                    self.serve(slot, context);
                }
            }
            Happening::ServiceEnd(slot) => {
                let left = self.station.complete(now, None, slot);
                self.sojourns.borrow_mut().record(now.since(left.arrived).as_secs_f64());
                if left.next_started {
                    self.serve(slot, context);
                }
            }
        }
    }
}

impl SimActor<Happening> for Queue {}

/// The mean sojourn of one replication, in seconds.
fn replicate(replication: u32) -> Result<f64, Box<dyn Error>> {
    let streams = Streams::new(1, replication);
    let sojourns = Rc::new(RefCell::new(Tally::default()));
    let mut simulation = Simulation::new(streams);
    simulation.add_actor("queue", Queue::new(streams, Rc::clone(&sojourns)));
    run(simulation, RunOptions::default())?;
    let mean = sojourns.borrow().mean();
    Ok(mean.expect("customers left"))
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut means = Tally::default();
    for replication in 0..REPLICATIONS {
        means.record(replicate(replication)?);
    }
    let mean = means.mean().expect("there are replications");
    let half_width = half_width_95(&means).expect("there are several");

    // E[T] = s / (1 − ρ) = 1 s / (1 − 0.7).
    let arrivals = ArrivalRate::of_mean_gap(GAP).expect("the gap is not zero");
    let theory = Mm1::new(arrivals, SERVICE);
    let expected = theory.expect("the load is below 1").mean_sojourn();
    println!("mean sojourn {mean:.3} s ± {half_width:.3} s; M/M/1 has {expected:.3} s");
    assert!((mean - expected).abs() < 2.0 * half_width, "the queue is M/M/1");
    Ok(())
}
