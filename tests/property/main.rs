//! Laws that hold for every scenario, tried on drawn ones.

mod added_client;
#[path = "../common/mod.rs"]
mod common;
mod faster;
mod foreseen;
mod rounds;
mod scaling;

use common::run_on;
use splitgp_sim::actors::RequestRecord;

/// All requests of the scenario in `yaml`.
fn requests(yaml: &str) -> Vec<RequestRecord> {
    run_on(yaml, 1).inference.expect("the scenario has traffic").records
}
