//! The cases, one textbook model in each file.

mod dd1;
mod fair_link_scenario;
mod jackson;
mod machine_repairman;
mod md1_scenario;
mod mg1;
mod mg1_ps;
mod mm1;
mod mm1k;
mod mmc;
mod noisy_scenario;
mod scenario;
mod single;
mod split_scenario;

pub(crate) use single::{Queue, RunLength};

use super::{Comparison, Effort, Load};

/// A model, simulated at a load.
pub(crate) struct Case {
    /// By Kendall's notation.
    pub(crate) name: &'static str,
    /// The loads, in percent, of thorough verification and of the table.
    pub(crate) loads: &'static [u64],
    /// Simulates it and compares what comes out.
    pub(crate) run: fn(Load, Effort) -> Vec<Comparison>,
}

const UP_TO_90: [u64; 3] = [30, 70, 90];

/// A scenario keeps a record of every request: 90 % would need some gigabytes of them.
const UP_TO_70: [u64; 2] = [30, 70];

/// Without chance there is no steady state to wait for.
const UP_TO_130: [u64; 4] = [30, 70, 90, 130];

/// All cases in the order of the table.
pub(crate) const CASES: [Case; 14] = [
    Case { name: "D/D/1, scenario", loads: &UP_TO_130, run: dd1::run },
    Case { name: "M/D/1, scenario", loads: &UP_TO_90, run: md1_scenario::run },
    Case { name: "M/G/·, scenario", loads: &UP_TO_70, run: noisy_scenario::run },
    Case { name: "M/G/1-PS, fair link", loads: &UP_TO_70, run: fair_link_scenario::run },
    Case { name: "M/D/1 behind random offloading", loads: &UP_TO_70, run: split_scenario::run },
    Case { name: "M/M/1", loads: &UP_TO_90, run: mm1::run },
    Case { name: "M/M/3", loads: &UP_TO_90, run: mmc::run },
    Case { name: "M/M/1/3", loads: &UP_TO_90, run: mm1k::run },
    Case { name: "M/G/1, deterministic", loads: &UP_TO_90, run: mg1::deterministic },
    Case { name: "M/G/1, exponential", loads: &UP_TO_90, run: mg1::exponential },
    Case { name: "M/G/1, hyperexponential", loads: &UP_TO_90, run: mg1::hyperexponential },
    Case { name: "M/G/1-PS", loads: &UP_TO_90, run: mg1_ps::run },
    Case { name: "Jackson network", loads: &UP_TO_90, run: jackson::run },
    Case { name: "machine-repairman", loads: &UP_TO_90, run: machine_repairman::run },
];
