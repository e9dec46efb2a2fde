//! Queues of random service at the server of a scenario: `noise`, `workers`, `buffer` and
//! `queue: processor-sharing` against their closed forms.

use super::scenario::{Bottleneck, Traffic};
use super::single::RunLength;
use crate::verification::load::arrivals;
use crate::verification::{Comparison, Effort, Estimate, Load, Quantity, replicate};
use splitgp_sim::experiment::InferenceResult;
use splitgp_sim::theory::queueing::{Mg1, Mg1Ps, Mm1, Mm1k, Mmc};
use std::num::NonZeroU32;

const EXPONENTIAL: &str = ", noise: exponential";

/// Workers, or places of the buffer.
const THREE: NonZeroU32 = NonZeroU32::new(3).unwrap();

pub(super) fn run(load: Load, effort: Effort) -> Vec<Comparison> {
    [mm1, mmc, mm1k, mh1, mg1_ps].map(|compare| compare(load, effort)).into()
}

fn mm1(load: Load, effort: Effort) -> Comparison {
    let theory = Mm1::new(arrivals(), load.service()).expect("the load is below 1");
    let customers = effort.customers(40_000.0, load.difficulty() / load.share());
    let traffic = Traffic { profile: EXPONENTIAL, ..server("mm1", load, customers) };
    Comparison {
        what: "server, exponential noise, mean wait".to_owned(),
        quantity: Quantity::Time,
        load,
        formula: "ρs / (1 − ρ)",
        expected: theory.mean_wait(),
        simulated: estimate(&traffic, mean_wait),
    }
}

fn mmc(load: Load, effort: Effort) -> Comparison {
    let service = load.service().saturating_mul(u64::from(THREE.get()));
    let theory = Mmc::new(arrivals(), service, THREE).expect("the load is below 1");
    let customers = effort.customers(50_000.0, load.difficulty() / theory.wait_probability());
    let traffic = Traffic {
        profile: EXPONENTIAL,
        server: ", workers: 3",
        service,
        ..server("mmc", load, customers)
    };
    Comparison {
        what: "server, 3 workers, exponential noise, mean wait".to_owned(),
        quantity: Quantity::Time,
        load,
        formula: "C(c, λs)·s / (c − λs), Erlang C",
        expected: theory.mean_wait(),
        simulated: estimate(&traffic, mean_wait),
    }
}

fn mm1k(load: Load, effort: Effort) -> Comparison {
    let theory = Mm1k::new(arrivals(), load.service(), THREE);
    let customers = effort.customers(16_000.0, 1.0 / theory.loss());
    let traffic =
        Traffic { profile: EXPONENTIAL, server: ", buffer: 3", ..server("mm1k", load, customers) };
    Comparison {
        what: "server, buffer of 3, exponential noise, loss".to_owned(),
        quantity: Quantity::Share,
        load,
        formula: "ρᴷ / Σρⁿ",
        expected: theory.loss(),
        simulated: estimate(&traffic, lost_share),
    }
}

fn mh1(load: Load, effort: Effort) -> Comparison {
    let theory = Mg1::new(arrivals(), load.service(), 2.5).expect("the load is below 1");
    let customers = effort.customers(90_000.0, load.difficulty() / load.share());
    let traffic = Traffic {
        profile: ", noise: { hyperexponential: { scv: 2.5 } }",
        ..server("mh1", load, customers)
    };
    Comparison {
        what: "server, hyperexponential noise, mean wait".to_owned(),
        quantity: Quantity::Time,
        load,
        formula: "(1 + scv)/2 · ρs / (1 − ρ), scv = 2.5",
        expected: theory.mean_wait(),
        simulated: estimate(&traffic, mean_wait),
    }
}

fn mg1_ps(load: Load, effort: Effort) -> Comparison {
    let theory = Mg1Ps::new(arrivals(), load.service()).expect("the load is below 1");
    let customers = effort.customers(45_000.0, load.difficulty());
    let traffic = Traffic {
        profile: EXPONENTIAL,
        server: ", queue: processor-sharing",
        ..server("ps", load, customers)
    };
    Comparison {
        what: "server, processor sharing, exponential noise, mean sojourn".to_owned(),
        quantity: Quantity::Time,
        load,
        formula: "s / (1 − ρ)",
        expected: theory.mean_sojourn(),
        simulated: estimate(&traffic, mean_sojourn),
    }
}

/// A lone FIFO worker without noise.
fn server(case: &'static str, load: Load, customers: u64) -> Traffic {
    Traffic {
        case,
        load,
        bottleneck: Bottleneck::Server,
        service: load.service(),
        profile: "",
        server: "",
        link: "",
        length: RunLength::of(customers),
    }
}

fn estimate(traffic: &Traffic, measure: fn(&InferenceResult) -> f64) -> Estimate {
    let [estimate] = replicate(|replication| [measure(&traffic.run(replication))]);
    estimate
}

fn mean_wait(inference: &InferenceResult) -> f64 {
    Bottleneck::Server.means(inference)[0]
}

fn mean_sojourn(inference: &InferenceResult) -> f64 {
    Bottleneck::Server.means(inference).iter().sum()
}

/// Of the whole run: the first requests after an empty start are too few to count.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
fn lost_share(inference: &InferenceResult) -> f64 {
    inference.dropped as f64 / inference.requests as f64
}
