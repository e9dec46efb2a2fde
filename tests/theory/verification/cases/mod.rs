//! The cases, one textbook model in each file.

mod dd1;
mod jackson;
mod machine_repairman;
mod md1_scenario;
mod mg1;
mod mg1_ps;
mod mm1;
mod mm1k;
mod mmc;
mod scenario;
mod single;

pub(crate) use single::{Queue, RunLength};

use super::{Comparison, Effort, Load};

/// A model, simulated at a load.
pub(crate) struct Case {
    /// By Kendall's notation.
    pub(crate) name: &'static str,
    /// Simulates it and compares what comes out.
    pub(crate) run: fn(Load, Effort) -> Vec<Comparison>,
}

/// All cases in the order of the table.
pub(crate) const CASES: [Case; 10] = [
    Case { name: "D/D/1, scenario", run: dd1::run },
    Case { name: "M/D/1, scenario", run: md1_scenario::run },
    Case { name: "M/M/1", run: mm1::run },
    Case { name: "M/M/3", run: mmc::run },
    Case { name: "M/M/1/3", run: mm1k::run },
    Case { name: "M/D/1", run: mg1::deterministic },
    Case { name: "M/H₂/1", run: mg1::hyperexponential },
    Case { name: "M/G/1-PS", run: mg1_ps::run },
    Case { name: "Jackson network", run: jackson::run },
    Case { name: "machine-repairman", run: machine_repairman::run },
];
