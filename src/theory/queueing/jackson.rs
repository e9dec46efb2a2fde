//! Open networks of M/M/1 nodes.

use super::ArrivalRate;
use super::overloaded::steady;
use crate::time::SimDuration;
use thiserror::Error;

/// One node of an open Jackson network: an exponential FIFO server.
#[derive(Debug, Clone, PartialEq)]
pub struct JacksonNode {
    /// Poisson arrivals from outside.
    pub arrivals: ArrivalRate,
    /// Mean service time.
    pub service: SimDuration,
    /// The probability of going on to each node, in their order; the rest leaves.
    pub routing: Vec<f64>,
}

/// Why nodes do not make an open network with a steady state.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum JacksonError {
    /// Routing probabilities are not a probability for each node.
    #[error("node {node} needs one probability for each node, with a sum of at most 1")]
    Routing {
        /// Which node.
        node: usize,
    },
    /// Some customers circulate for ever.
    #[error("customers that come to node {node} never leave the network")]
    NobodyLeaves {
        /// Which node.
        node: usize,
    },
    /// A node has too much to do.
    #[error("node {node} has a load of {load}, but a steady state needs less than 1")]
    Overloaded {
        /// Which node.
        node: usize,
        /// Its load.
        load: f64,
    },
}

/// An open Jackson network in its steady state: each node is an M/M/1 queue, independent of the
/// others, at the rate that the traffic equations λᵢ = γᵢ + Σⱼ λⱼ·rⱼᵢ give it.
///
/// J. R. Jackson, "Networks of waiting lines", Operations Research 5(4), 1957.
#[derive(Debug, Clone, PartialEq)]
pub struct JacksonNetwork {
    entering: f64,
    throughputs: Vec<f64>,
    loads: Vec<f64>,
}

impl JacksonNetwork {
    /// The network of `nodes`.
    ///
    /// # Errors
    /// If routing is not a probability, customers never leave, or a node's load is 1 or more.
    pub fn new(nodes: &[JacksonNode]) -> Result<Self, JacksonError> {
        if let Some(node) = nodes.iter().position(|node| !is_routing(&node.routing, nodes.len())) {
            return Err(JacksonError::Routing { node });
        }
        let throughputs = solve(traffic_equations(nodes))?;
        let mut loads = Vec::with_capacity(nodes.len());
        for (node, (rate, at)) in throughputs.iter().zip(nodes).enumerate() {
            let load = steady(rate * at.service.as_secs_f64())
                .map_err(|overloaded| JacksonError::Overloaded { node, load: overloaded.load })?;
            loads.push(load);
        }
        let entering = nodes.iter().map(|node| node.arrivals.get()).sum();
        Ok(Self { entering, throughputs, loads })
    }

    /// λᵢ, the services a second at each node.
    pub fn throughputs(&self) -> &[f64] {
        &self.throughputs
    }

    /// ρᵢ = λᵢ·sᵢ.
    pub fn loads(&self) -> &[f64] {
        &self.loads
    }

    /// E\[Nᵢ\] = ρᵢ / (1 − ρᵢ), each node's mean number of customers.
    pub fn mean_numbers(&self) -> Vec<f64> {
        self.loads.iter().map(|load| load / (1.0 - load)).collect()
    }

    /// E\[T\], the mean time from entering the network to leaving it, in seconds, by Little's law:
    /// Σ E\[Nᵢ\] / Σ γᵢ. `None` if nobody enters.
    pub fn mean_sojourn(&self) -> Option<f64> {
        let present: f64 = self.mean_numbers().iter().sum();
        (self.entering > 0.0).then(|| present / self.entering)
    }
}

fn is_routing(routing: &[f64], nodes: usize) -> bool {
    // Shares such as 0.1 + 0.2 + 0.7 may exceed 1 by a rounding.
    let most = 1.0 + 1e-12;
    routing.len() == nodes
        && routing.iter().all(|p| (0.0..=1.0).contains(p))
        && routing.iter().sum::<f64>() <= most
}

/// Rows (I − Rᵀ | γ).
fn traffic_equations(nodes: &[JacksonNode]) -> Vec<Vec<f64>> {
    let row = |to: usize| {
        let coefficient = |from: usize| f64::from(from == to) - nodes[from].routing[to];
        let constant = nodes[to].arrivals.get();
        (0..nodes.len()).map(coefficient).chain([constant]).collect()
    };
    (0..nodes.len()).map(row).collect()
}

/// Gaussian elimination. I − Rᵀ is a nonsingular M-matrix exactly if everybody leaves at last, and
/// then needs no pivoting: every pivot stays positive.
fn solve(mut rows: Vec<Vec<f64>>) -> Result<Vec<f64>, JacksonError> {
    const VANISHING: f64 = 1e-12;
    let size = rows.len();
    for pivot in 0..size {
        if rows[pivot][pivot] < VANISHING {
            return Err(JacksonError::NobodyLeaves { node: pivot });
        }
        let (done, below) = rows.split_at_mut(pivot + 1);
        let leading = &done[pivot];
        for row in below {
            let factor = row[pivot] / leading[pivot];
            row.iter_mut().zip(leading).for_each(|(x, lead)| *x -= factor * lead);
        }
    }
    let mut solution = vec![0.0; size];
    for unknown in (0..size).rev() {
        let row = &rows[unknown];
        let known: f64 = (unknown + 1..size).map(|later| row[later] * solution[later]).sum();
        solution[unknown] = (row[size] - known) / row[unknown];
    }
    Ok(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(rate: f64, service_ms: u64, routing: &[f64]) -> JacksonNode {
        JacksonNode {
            arrivals: ArrivalRate::per_second(rate).unwrap(),
            service: SimDuration::from_nanos(service_ms * 1_000_000),
            routing: routing.to_vec(),
        }
    }

    #[test]
    fn a_lone_node_is_mm1() {
        // λ = 4/s, s = 0.2 s: T = 0.2/(1 − 0.8) = 1 s
        let network = JacksonNetwork::new(&[node(4.0, 200, &[0.0])]).unwrap();
        assert!((network.mean_sojourn().unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn feedback_multiplies_the_visits() {
        // Half come back: λ = 1/(1 − 1/2) = 2/s; s = 0.25 s: ρ = 0.5, N = 1, T = 1/1 = 1 s
        let network = JacksonNetwork::new(&[node(1.0, 250, &[0.5])]).unwrap();
        assert!((network.throughputs()[0] - 2.0).abs() < 1e-12);
        assert!((network.mean_sojourn().unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn three_nodes_with_feedback() {
        // λ₀ = 1 + λ₂/2, λ₁ = λ₀/2, λ₂ = λ₀/2 + λ₁ = λ₀ → λ₀ = 1 + λ₀/2 = 2, λ₁ = 1, λ₂ = 2;
        // ρ = 0.5, 0.75, 0.2; N = 1 + 3 + 0.25 = 4.25; T = 4.25/1
        let network = JacksonNetwork::new(&[
            node(1.0, 250, &[0.0, 0.5, 0.5]),
            node(0.0, 750, &[0.0, 0.0, 1.0]),
            node(0.0, 100, &[0.5, 0.0, 0.0]),
        ])
        .unwrap();
        for (throughput, expected) in network.throughputs().iter().zip([2.0, 1.0, 2.0]) {
            assert!((throughput - expected).abs() < 1e-12, "{throughput} is not {expected}");
        }
        assert!((network.loads()[1] - 0.75).abs() < 1e-12);
        assert!((network.mean_sojourn().unwrap() - 4.25).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_open_network_is_named() {
        let closed = [node(1.0, 1, &[0.0, 1.0]), node(0.0, 1, &[1.0, 0.0])];
        assert_eq!(JacksonNetwork::new(&closed), Err(JacksonError::NobodyLeaves { node: 1 }));
        for wrong in [&[0.5, 0.6][..], &[-0.1, 0.0], &[0.5], &[f64::NAN, 0.0]] {
            let nodes = [node(1.0, 1, &[0.0, 0.0]), node(1.0, 1, wrong)];
            assert_eq!(JacksonNetwork::new(&nodes), Err(JacksonError::Routing { node: 1 }));
        }
        let full = [node(1.0, 500, &[0.5])];
        assert_eq!(
            JacksonNetwork::new(&full),
            Err(JacksonError::Overloaded { node: 0, load: 1.0 })
        );
    }

    #[test]
    fn a_network_that_nobody_enters_has_no_sojourn() {
        let idle = JacksonNetwork::new(&[node(0.0, 1, &[0.0])]).unwrap();
        assert_eq!(idle.mean_sojourn(), None);
    }
}
