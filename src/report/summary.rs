//! `summary.json`: a run in numbers, for scripts and CI.
//!
//! The order of the fields is fixed and everything but `wall_time_s`, which stands on a line of its
//! own, is reproducible byte for byte. A value that does not exist is `null`.

mod energy;
mod inference;
mod links;
mod replications;
mod seconds;
mod training;

use super::Checked;
use crate::experiment::{ClientResult, RunResult, StationResult, Verdict};
use energy::EnergySummary;
use inference::InferenceSummary;
use links::LinkSummary;
use replications::ReplicationSummary;
use seconds::Seconds;
use serde::Serialize;
use std::io::{self, Write};
use std::time::Duration;
use training::TrainingSummary;

/// The content of `summary.json`. Times are in seconds, shares in [0, 1].
#[derive(Debug, Serialize)]
pub struct Summary<'a> {
    scenario: &'a str,
    seed: u64,
    /// Of this program: results are promised to be equal for equal versions only.
    version: &'static str,
    /// 32 hexadecimal digits.
    fingerprint: String,
    events: u64,
    sim_time_s: Seconds,
    wall_time_s: f64,
    /// Absent in a run that came to its end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    interrupted: bool,
    training: Option<TrainingSummary<'a>>,
    inference: Option<InferenceSummary<'a>>,
    /// Absent if no device states its power.
    #[serde(skip_serializing_if = "Option::is_none")]
    energy_j: Option<EnergySummary<'a>>,
    verdict: Option<VerdictSummary<'a>>,
    /// Absent in a single run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    replications: Vec<ReplicationSummary>,
    stations: Vec<StationSummary<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<LinkSummary<'a>>,
    clients: Vec<ClientSummary<'a>>,
    /// Absent if the scenario expects nothing.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    expectations: &'a [Checked],
}

#[derive(Debug, Serialize)]
struct StationSummary<'a> {
    name: &'a str,
    utilisation: f64,
    offered_load: f64,
    mean_queue: f64,
    max_queue: u64,
    /// Half-widths over replications; absent in a single run.
    #[serde(skip_serializing_if = "Option::is_none")]
    ci95: Option<StationIntervals>,
}

#[derive(Debug, Serialize)]
struct StationIntervals {
    utilisation: f64,
    mean_queue: f64,
}

#[derive(Debug, Serialize)]
struct VerdictSummary<'a> {
    state: String,
    station: &'a str,
    utilisation: f64,
    offered_load: f64,
    reason: &'a str,
}

#[derive(Debug, Serialize)]
struct ClientSummary<'a> {
    name: &'a str,
    class: &'a str,
    samples: Option<u64>,
    requests: u64,
    completed: u64,
    offloaded_fraction: Option<f64>,
    mean_latency_s: Option<f64>,
    accuracy: Option<f64>,
}

impl<'a> Summary<'a> {
    /// The summary of `run`, which took `wall_time` of real time.
    pub fn of(run: &'a RunResult, wall_time: Duration) -> Self {
        Self {
            scenario: &run.scenario,
            seed: run.seed,
            version: env!("CARGO_PKG_VERSION"),
            fingerprint: format!("{:032x}", run.fingerprint),
            events: run.events,
            sim_time_s: Seconds(run.sim_time.as_nanos()),
            wall_time_s: wall_time.as_secs_f64(),
            interrupted: run.interrupted,
            training: run.training.as_ref().map(|training| TrainingSummary::of(run, training)),
            inference: run.inference.as_ref().map(|inference| InferenceSummary::of(run, inference)),
            energy_j: run.energy.as_ref().map(|energy| EnergySummary::of(run, energy)),
            verdict: run.verdict.as_ref().map(VerdictSummary::of),
            replications: run.replications.iter().map(ReplicationSummary::of).collect(),
            stations: run.stations.iter().map(StationSummary::of).collect(),
            links: run.links.iter().map(LinkSummary::of).collect(),
            clients: run.clients.iter().map(|client| ClientSummary::of(run, client)).collect(),
            expectations: &[],
        }
    }

    /// The same with what was expected of the run.
    #[must_use]
    pub fn with_expectations(self, expectations: &'a [Checked]) -> Self {
        Self { expectations, ..self }
    }
}

impl<'a> StationSummary<'a> {
    fn of(station: &'a StationResult) -> Self {
        Self {
            name: &station.name,
            utilisation: station.utilisation,
            offered_load: station.offered_load,
            mean_queue: station.mean_queue,
            max_queue: station.max_queue,
            ci95: station.half_widths.as_ref().map(|half_widths| StationIntervals {
                utilisation: half_widths.utilisation,
                mean_queue: half_widths.mean_queue,
            }),
        }
    }
}

impl<'a> VerdictSummary<'a> {
    fn of(verdict: &'a Verdict) -> Self {
        Self {
            state: verdict.state.to_string(),
            station: &verdict.station,
            utilisation: verdict.utilisation,
            offered_load: verdict.offered_load,
            reason: &verdict.reason,
        }
    }
}

impl<'a> ClientSummary<'a> {
    fn of(run: &'a RunResult, client: &'a ClientResult) -> Self {
        Self {
            name: &client.name,
            class: &run.classes[client.class],
            samples: client.samples,
            requests: client.requests,
            completed: client.completed,
            offloaded_fraction: client.offloaded_fraction,
            mean_latency_s: client.mean_latency_s,
            accuracy: client.accuracy,
        }
    }
}

/// Writes `summary` as indented JSON with a newline at its end.
///
/// # Errors
/// If `out` fails.
pub fn write_summary(out: &mut dyn Write, summary: &Summary<'_>) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, summary)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{ClassEnergy, EnergyResult};
    use crate::report::sample;

    fn written(run: &RunResult, wall_time: Duration) -> String {
        let mut out = Vec::new();
        write_summary(&mut out, &Summary::of(run, wall_time)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_summary_is_the_contract() {
        let run = sample::small();
        let mut summary = Summary::of(&run, Duration::from_millis(1500));
        summary.stations.truncate(2);
        summary.clients.truncate(2);
        let mut out = Vec::new();
        write_summary(&mut out, &summary).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }

    #[test]
    fn summaries_of_one_run_differ_in_the_line_of_the_wall_time_only() {
        let run = sample::small();
        let (one, two) =
            (written(&run, Duration::from_secs(1)), written(&run, Duration::from_secs(2)));
        let differing: Vec<_> = one.lines().zip(two.lines()).filter(|(a, b)| a != b).collect();
        assert_eq!(differing, [(r#"  "wall_time_s": 1.0,"#, r#"  "wall_time_s": 2.0,"#)]);
        assert!(one.ends_with("}\n"));
    }

    #[test]
    fn integer_nanoseconds_print_exactly() {
        let mut run = sample::small();
        // Beyond 2⁵³ ns, where a 64-bit float would lose the last digit.
        run.sim_time = crate::time::SimTime::from_nanos(9_007_199_254_740_993);
        run.training.as_mut().unwrap().time = crate::time::SimDuration::from_nanos(6_100_000_000);
        let summary = written(&run, Duration::ZERO);
        assert!(summary.contains(r#""sim_time_s": 9007199.254740993,"#), "{summary}");
        assert!(summary.contains(r#""time_s": 6.1,"#), "{summary}");
    }

    #[test]
    fn what_a_run_lacks_is_null() {
        let mut run = sample::nothing_answered();
        run.training = None;
        let summary = written(&run, Duration::ZERO);
        let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
        assert!(summary["training"].is_null());
        assert!(summary["inference"]["latency_s"].is_null());
        assert!(summary["inference"]["breakdown_s"].is_null());
        assert_eq!(summary["inference"]["in_flight"], 300);
        run.inference = None;
        let summary: serde_json::Value =
            serde_json::from_str(&written(&run, Duration::ZERO)).unwrap();
        assert!(summary["inference"].is_null());
    }

    #[test]
    fn energy_is_there_only_if_a_device_states_its_power() {
        let mut run = sample::small();
        assert!(!written(&run, Duration::ZERO).contains("energy_j"));
        run.energy = Some(EnergyResult {
            busy: 1.0,
            idle: 2.0,
            radio: 4.0,
            request: Some(0.5),
            rounds: vec![1.0, 3.0],
            by_class: vec![ClassEnergy {
                device: Some(7.0),
                request: Some(0.5),
                ..ClassEnergy::default()
            }],
            clients: vec![Some(7.0), None],
        });
        let summary: serde_json::Value =
            serde_json::from_str(&written(&run, Duration::ZERO)).unwrap();
        let energy = &summary["energy_j"];
        assert_eq!((energy["devices"].as_f64(), energy["round"].as_f64()), (Some(7.0), Some(2.0)));
        assert_eq!(energy["by_class"][0]["class"], run.classes[0]);
        assert!(crate::report::table::table(&run).contains(
            "Energy of the devices: 7.000 J (busy 1.000, idle 2.000, radio 4.000)\n\
             Beyond idling: 0.500000 J a request\nBeyond idling: 2.000000 J a training round"
        ));
    }
}
