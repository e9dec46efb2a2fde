//! No input panics, hangs or exhausts memory: mutations of good inputs are read or refused, and what
//! is read is simulated for 1,000 events.
//!
//! The quick tests try a bounded number of mutations, the same ones each time. The long ones are
//! ignored; they take another seed each time, say it, and go on for as long as they are told:
//!
//! ```text
//! FUZZ_SECONDS=600 cargo test --release --test fuzz -- --ignored --nocapture --test-threads 1
//! ```
//!
//! `FUZZ_SEED` repeats a run. What was found goes into `tests/fuzz/corpus/TARGET`, whose files are
//! tried as they are by every quick test and mutated by all.

mod corpus;
mod data;
mod mutation;
mod runner;
mod scenario;
mod tables;

use runner::Target;

/// Every reader of files.
const TARGETS: [Target; 10] = [
    Target { name: "scenario", quick: 120, try_input: scenario::run },
    Target { name: "validate", quick: 1500, try_input: scenario::validate },
    Target { name: "arrivals", quick: 1500, try_input: tables::arrivals },
    Target { name: "rates", quick: 1500, try_input: tables::rates },
    Target { name: "costs", quick: 1500, try_input: tables::costs },
    Target { name: "calibration", quick: 1500, try_input: tables::calibration },
    Target { name: "idx", quick: 600, try_input: data::idx },
    Target { name: "cifar", quick: 300, try_input: data::cifar },
    Target { name: "npz", quick: 600, try_input: data::npz },
    Target { name: "outcomes", quick: 600, try_input: data::outcomes },
];

/// The target of this name.
fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|target| target.name == name).expect("a target has its name in the table")
}

/// A quick and a long test for each target.
macro_rules! targets {
    ($($name:ident),*) => {
        mod quick {
            $(#[test] fn $name() { super::target(stringify!($name)).quick(); })*
        }
        mod long {
            $(
                #[test]
                #[ignore = "goes on for as long as it is told"]
                fn $name() { super::target(stringify!($name)).long(); }
            )*
        }
    };
}

targets!(scenario, validate, arrivals, rates, costs, calibration, idx, cifar, npz, outcomes);
