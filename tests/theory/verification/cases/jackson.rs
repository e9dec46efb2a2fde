//! An open Jackson network of three nodes with feedback.
//!
//! ```text
//!  γ ──▶ 0 ──1/2──▶ 1 ──▶ 2 ──1/2──▶ out
//!        ▲ └───1/2───────▲ │
//!        └────────1/2──────┘
//! ```
//!
//! λ₀ = γ + λ₂/2, λ₁ = λ₀/2, λ₂ = λ₀/2 + λ₁ = λ₀, hence λ = (2γ, γ, 2γ).

use super::single::RunLength;
use crate::verification::bed::{FifoNode, FifoNodeSetup, Routing, Source, Work, simulate};
use crate::verification::load::{GAP, arrivals};
use crate::verification::{Comparison, Effort, Load, Quantity, replicate};
use splitgp_sim::kernel::ActorId;
use splitgp_sim::theory::queueing::{ArrivalRate, JacksonNetwork, JacksonNode};
use splitgp_sim::time::SimDuration;
use std::num::NonZeroU32;

const BASE: f64 = 30_000.0;

/// The probability of going from a node (row) to a node (column).
const ROUTING: [[f64; 3]; 3] = [[0.0, 0.5, 0.5], [0.0, 0.0, 1.0], [0.5, 0.0, 0.0]];

pub(super) fn run(load: Load, effort: Effort) -> Vec<Comparison> {
    // Visits to each node are 2, 1 and 2: the first two are as loaded as asked, the last half.
    let services =
        [2, 1, 4].map(|divisor| SimDuration::from_nanos(load.service().as_nanos() / divisor));
    let rates = [arrivals(), ArrivalRate::ZERO, ArrivalRate::ZERO];
    let nodes: Vec<JacksonNode> = (0..3)
        .map(|node| JacksonNode {
            arrivals: rates[node],
            service: services[node],
            routing: ROUTING[node].to_vec(),
        })
        .collect();
    let theory = JacksonNetwork::new(&nodes).expect("all nodes are loaded below 1");
    let length = RunLength::of(effort.customers(BASE, load.difficulty()));
    let [simulated] = replicate(|replication| {
        let book = simulate(replication, length.warmup, |simulation, book| {
            for (node, service) in services.into_iter().enumerate() {
                let routes = ROUTING[node].into_iter().zip((0..3).map(ActorId::from_index));
                let setup = FifoNodeSetup {
                    workers: NonZeroU32::MIN,
                    work: Work::exponential(service),
                    capacity: None,
                    routing: Routing::Random(routes.collect()),
                };
                simulation.add_actor(format!("jackson/{load}/{node}"), FifoNode::new(setup, book));
            }
            let entry = ActorId::from_index(0);
            let source = Source::new(GAP, length.customers, entry);
            simulation.add_actor(format!("jackson/{load}/source"), source);
        });
        [book.mean_sojourn()]
    });
    vec![Comparison {
        what: "mean time in the network".to_owned(),
        quantity: Quantity::Time,
        load,
        formula: "Σ ρᵢ/(1 − ρᵢ) / Σγᵢ",
        expected: theory.mean_sojourn().expect("customers enter"),
        simulated,
    }]
}
