//! Offered load of every kind of station, from the scenario alone.

use super::costing::Costing;
use super::error::Rejection;
use crate::cost::ANSWER;
use crate::quantity::Bytes;
use crate::scenario::{AccessSpec, ArrivalSpec, LinkSpec, OffloadSpec, Scenario};
use crate::time::SimDuration;

/// A station whose offered load is 1 or more: its queue grows as long as requests arrive.
#[derive(Debug, Clone, PartialEq)]
pub struct Overload {
    /// Which station, or which of every device of a class.
    pub station: String,
    /// Arrival rate · mean service time / workers.
    pub load: f64,
    /// Whether that holds only if every request is offloaded.
    pub if_all_offloaded: bool,
}

/// The stations that inference traffic would load to 1 or more. With entropy offloading the
/// offloaded share is learned, so that the worst case, every request, is judged.
///
/// # Errors
/// If the model has no such cut.
pub fn overloads(scenario: &Scenario) -> Result<Vec<Overload>, Rejection> {
    let Some(inference) = &scenario.inference else { return Ok(Vec::new()) };
    let costing = Costing::new(&scenario.model)?;
    let gap = match inference.arrivals {
        ArrivalSpec::Poisson { mean_gap } => mean_gap,
        ArrivalSpec::Periodic { period, .. } => period,
    };
    let rate = 1.0 / gap.as_secs_f64();
    let (offloaded, assumed) = match inference.offload {
        OffloadSpec::ClientExit => (0.0, false),
        OffloadSpec::ServerExit => (1.0, false),
        OffloadSpec::Random(fraction) => (fraction, false),
        OffloadSpec::Entropy(_) => (1.0, true),
    };
    let mut stations = Vec::new();
    let mut clients = 0.0;
    for entry in &scenario.fleet {
        clients += f64::from(entry.count);
        let services = costing.inference(&entry.device);
        let device = match inference.offload {
            OffloadSpec::ServerExit => services.phi,
            _ => services.phi_and_kappa,
        };
        let wire = |body: Bytes| Bytes(body.0 + scenario.network.header.0);
        let mut add = |what: &str, rate: f64, service: SimDuration, if_all_offloaded: bool| {
            let station = format!("{what} of every '{}'", entry.name);
            let load = rate * service.as_secs_f64();
            stations.push(Overload { station, load, if_all_offloaded });
        };
        add("device", rate, device.mean_time(entry.device.noise), false);
        let Some(AccessSpec { up, down, .. }) = &entry.access else { continue };
        for (what, link, body) in [("uplink", up, services.smashed), ("downlink", down, ANSWER)] {
            let service = link.rate.serialisation_time(wire(body));
            add(what, rate * offloaded * mean_transmissions(link), service, assumed);
        }
    }
    // Under load batches are full: a request's share of a service is the least that it can be.
    let batches = costing.server_inference(&scenario.server);
    let full = batches[batches.len() - 1].mean_time(scenario.server.device.noise);
    let theta = full.as_secs_f64() / batches.len() as f64;
    let load = rate * clients * offloaded * theta / f64::from(scenario.server.workers);
    stations.push(Overload { station: "the server".to_owned(), load, if_all_offloaded: assumed });
    stations.retain(|station| station.load >= 1.0);
    Ok(stations)
}

/// A transmission is repeated until it is not lost, `retries` times at most: on average
/// 1 + loss + … + loss^retries = (1 − loss^(retries + 1)) / (1 − loss) transmissions a message.
fn mean_transmissions(link: &LinkSpec) -> f64 {
    let transmissions = f64::from(link.retries) + 1.0;
    (1.0 - link.loss.powf(transmissions)) / (1.0 - link.loss)
}
