//! Offered load of every kind of station, from the scenario alone.

use super::costing::Costing;
use super::error::Rejection;
use super::network::class_paths;
use super::policies::device_part;
use crate::cost::ANSWER;
use crate::offload::DevicePart;
use crate::quantity::Bytes;
use crate::scenario::{AccessSpec, ArrivalSpec, Duplex, LinkSpec, OffloadSpec, Scenario};
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

/// The stations that inference traffic would load to 1 or more. With a policy that
/// looks at the sample the offloaded share is learned, so that the worst case, every request, is judged. A closed loop
/// bounds its own queues, and a trace's rate is in its file: neither is judged.
///
/// # Errors
/// If the model has no such cut.
pub fn overloads(scenario: &Scenario) -> Result<Vec<Overload>, Rejection> {
    let Some(inference) = &scenario.inference else { return Ok(Vec::new()) };
    let costing = Costing::of(scenario)?;
    let gap = match &inference.arrivals {
        ArrivalSpec::Closed { .. } => None,
        open => open.mean_gap(),
    };
    let Some(gap) = gap else { return Ok(Vec::new()) };
    let rate = 1.0 / gap.as_secs_f64();
    let (offloaded, assumed) = match inference.offload {
        OffloadSpec::ClientExit | OffloadSpec::ClientOnly => (0.0, false),
        OffloadSpec::ServerExit | OffloadSpec::ServerOnly => (1.0, false),
        OffloadSpec::Random(fraction) => (fraction, false),
        OffloadSpec::Entropy(_)
        | OffloadSpec::Margin(_)
        | OffloadSpec::Deadline(_)
        | OffloadSpec::Adaptive(_)
        | OffloadSpec::Oracle => (1.0, true),
    };
    let part = device_part(inference.offload);
    let mut stations = Vec::new();
    let mut clients = 0.0;
    for entry in &scenario.fleet {
        clients += f64::from(entry.count);
        let services = costing.inference(&entry.device);
        let wire = |body: Bytes| Bytes(body.0 + scenario.network.header.0);
        let mut add = |what: &str, rate: f64, service: SimDuration, if_all_offloaded: bool| {
            let station = format!("{what} of every '{}'", entry.name);
            let load = rate * service.as_secs_f64();
            stations.push(Overload { station, load, if_all_offloaded });
        };
        if let Some(device) = services.device(part) {
            add("device", rate, device.mean_time(entry.device.noise), false);
        }
        let Some(AccessSpec { up, down, .. }) = &entry.access else { continue };
        for (what, link, body) in
            [("uplink", up, services.upload(part)), ("downlink", down, ANSWER)]
        {
            let service = link.rate.serialisation_time(wire(body));
            add(what, rate * offloaded * mean_transmissions(link), service, assumed);
        }
    }
    // Under load batches are full: a request's share of a service is the least that it can be.
    let batches = costing.server_inference(&scenario.server, part);
    let full = batches[batches.len() - 1].mean_time(scenario.server.device.noise);
    let request = full.as_secs_f64() / batches.len() as f64;
    let load = rate * clients * offloaded * request / f64::from(scenario.server.workers);
    stations.push(Overload { station: "the server".to_owned(), load, if_all_offloaded: assumed });
    let header = scenario.network.header;
    let traffic = Offloaded { rate: rate * offloaded, assumed, part, header };
    stations.extend(shared_links(scenario, &costing, traffic));
    stations.retain(|station| station.load >= 1.0);
    Ok(stations)
}

/// What each client offloads.
#[derive(Clone, Copy)]
struct Offloaded {
    /// Requests a second.
    rate: f64,
    /// What devices have computed of it.
    part: DevicePart,
    /// Whether that is every request because nobody knows better.
    assumed: bool,
    /// Bytes added to each message.
    header: Bytes,
}

/// The load of the links between nodes: everybody's messages that pass them, and the background's.
fn shared_links(scenario: &Scenario, costing: &Costing, traffic: Offloaded) -> Vec<Overload> {
    let directions: Vec<&LinkSpec> = scenario
        .network
        .links
        .iter()
        .flat_map(|link| [Some(&link.up), link.down.as_ref()])
        .flatten()
        .collect();
    let mut loads = vec![0.0; directions.len()];
    // A scenario that does not join everybody is refused, not warned about.
    let paths = class_paths(scenario).unwrap_or_default();
    for (entry, path) in scenario.fleet.iter().zip(&paths) {
        let upload = costing.inference(&entry.device).upload(traffic.part);
        let ways = [(&path.shared_up, upload), (&path.shared_down, ANSWER)];
        for (links, body) in ways {
            for &link in links {
                let size = Bytes(body.0 + traffic.header.0);
                let service = directions[link].rate.serialisation_time(size).as_secs_f64();
                let messages = f64::from(entry.count) * traffic.rate;
                loads[link] += messages * mean_transmissions(directions[link]) * service;
            }
        }
    }
    let mut loads = loads.into_iter();
    let mut next = || loads.next().expect("a load for each direction");
    let mut stations = Vec::new();
    for link in &scenario.network.links {
        // On shared air the others' messages are there once, not once for each way.
        let up = next() + background_load(&link.up);
        let others = |down| if link.duplex == Duplex::Half { 0.0 } else { background_load(down) };
        let down = link.down.as_ref().map(|down| next() + others(down));
        let name = &link.name;
        let ways = match (down, link.duplex) {
            (Some(down), Duplex::Half) => vec![(format!("{name}/air"), up + down)],
            (Some(down), Duplex::Full) => {
                vec![(format!("{name}/up"), up), (format!("{name}/down"), down)]
            }
            (None, _) => vec![(format!("{name}/up"), up)],
        };
        stations.extend(ways.into_iter().map(|(name, load)| Overload {
            station: format!("the link {name}"),
            load,
            if_all_offloaded: traffic.assumed,
        }));
    }
    stations
}

/// The load of a link by messages of others.
fn background_load(link: &LinkSpec) -> f64 {
    link.background.map_or(0.0, |background| {
        let service = link.rate.serialisation_time(background.size).as_secs_f64();
        service / background.arrivals.mean_gap().as_secs_f64()
    })
}

/// A transmission is repeated until it is not lost, `retries` times at most: on average
/// 1 + loss + … + loss^retries = (1 − loss^(retries + 1)) / (1 − loss) transmissions a message.
fn mean_transmissions(link: &LinkSpec) -> f64 {
    let transmissions = f64::from(link.retries) + 1.0;
    (1.0 - link.loss.powf(transmissions)) / (1.0 - link.loss)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_between_nodes_carries_everybodys_messages_and_the_background() {
        let yaml = "
name: shared
model: { preset: paper-cnn }
fleet: [{ name: pi, count: 4, device: raspberry-pi-4b, attach: ap }]
server: { device: edge-gpu-rtx2080 }
network:
  nodes: [ap]
  links:
    - { from: ap, to: server, rate: 2 Mbit/s, delay: 1 ms, background: { arrivals: { periodic: 100 ms }, size: 2500 B } }
inference:
  arrivals: { periodic: 1 s }
  duration: 10 s
  outcomes: { client_accuracy: 1, server_accuracy: 1, offload: 1 }
";
        let loaded = crate::scenario::parse(yaml, "test.yaml").unwrap();
        let found = overloads(&loaded.scenario).unwrap();
        // 4 clients · 1/s · 8·50,176 B / 2 Mbit/s = 0.802816, and 10/s · 8·2,500 B / 2 Mbit/s = 0.1
        assert_eq!(found, [], "0.902816 is below 1");
        let busier = yaml.replace("count: 4", "count: 5");
        let loaded = crate::scenario::parse(&busier, "test.yaml").unwrap();
        let found = overloads(&loaded.scenario).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].station, "the link ap-server/up");
        assert!((found[0].load - 1.10352).abs() < 1e-9, "5 · 0.200704 + 0.1: {}", found[0].load);
    }
}
