//! CSV.

use splitgp_sim::cost::{AuxiliaryCost, CostTable};
use splitgp_sim::quantity::Bytes;
use splitgp_sim::study::calibrate::{calibrate, read};
use splitgp_sim::workload::{ArrivalTrace, RateSchedule, read_rate_trace};
use std::path::Path;

/// A trace of arrivals for the clients `pi/0` and `pi/1`.
pub(crate) fn arrivals(mut input: &[u8], _: &Path) -> Result<(), String> {
    let is_client = |name: &str| matches!(name, "pi/0" | "pi/1");
    let trace = ArrivalTrace::read(&mut input, is_client).map_err(|error| error.to_string())?;
    assert!(trace.requests(2) >= trace.of("pi/0").len() as u64, "a trace counts its arrivals");
    Ok(())
}

/// A trace of a link's rate.
pub(crate) fn rates(input: &[u8], _: &Path) -> Result<(), String> {
    let steps = read_rate_trace(input).map_err(|error| error.to_string())?;
    RateSchedule::new(steps, None).map(|_| ()).map_err(|error| error.to_string())
}

/// A table of a network's costs, cut after each of its first layers.
pub(crate) fn costs(input: &[u8], _: &Path) -> Result<(), String> {
    let table = CostTable::read(input).map_err(|error| error.to_string())?;
    let missing = table.split(Bytes(1), "no such layer", AuxiliaryCost::default());
    let allowed = missing.expect_err("no layer has this name").allowed;
    for cut in allowed.iter().take(8) {
        table
            .split(CostTable::MAX_INPUT, cut, AuxiliaryCost::default())
            .map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// A table of measured times, fitted.
pub(crate) fn calibration(input: &[u8], _: &Path) -> Result<(), String> {
    let rows = read(input).map_err(|error| error.to_string())?;
    calibrate(rows).map(|_| ()).map_err(|error| error.to_string())
}
