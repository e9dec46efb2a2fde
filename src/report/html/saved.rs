//! What a run's folder tells of it.

use crate::report::ReportError;
use crate::report::saved_file::{bounded, rows};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// `summary.json`, as far as the report shows it.
#[derive(Debug, Deserialize)]
pub(super) struct Summary {
    pub(super) scenario: String,
    pub(super) seed: u64,
    pub(super) version: String,
    pub(super) fingerprint: String,
    pub(super) events: u64,
    pub(super) sim_time_s: f64,
    #[serde(default)]
    pub(super) interrupted: bool,
    pub(super) training: Option<Training>,
    pub(super) inference: Option<Inference>,
    pub(super) energy_j: Option<Energy>,
    pub(super) verdict: Option<Verdict>,
    #[serde(default)]
    pub(super) replications: Vec<Replication>,
    #[serde(default)]
    pub(super) stations: Vec<Station>,
    #[serde(default)]
    pub(super) links: Vec<Link>,
    #[serde(default)]
    pub(super) clients: Vec<Client>,
    #[serde(default)]
    pub(super) expectations: Vec<Expected>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Training {
    pub(super) method: String,
    pub(super) rounds: u64,
    pub(super) time_s: f64,
    pub(super) bytes: Transferred,
    #[serde(default)]
    pub(super) accuracy: Vec<AccuracyAt>,
    pub(super) ood_detection: Option<OodDetection>,
    #[serde(default)]
    pub(super) seeds: Vec<TrainingSeed>,
}

/// Bytes of a training, headers included.
#[derive(Debug, Deserialize)]
pub(super) struct Transferred {
    pub(super) up: u64,
    pub(super) down: u64,
}

/// The final models at one OOD level ρ.
#[derive(Debug, Deserialize)]
pub(super) struct AccuracyAt {
    pub(super) ood: f64,
    pub(super) client_exit: Option<Exit>,
    pub(super) server_exit: Option<Exit>,
    pub(super) selective: Option<Exit>,
    pub(super) full: Option<Exit>,
}

/// Who answered, and how well: shares in [0, 1].
#[derive(Debug, Deserialize)]
pub(super) struct Exit {
    pub(super) mean: f64,
    pub(super) worst_decile: f64,
    pub(super) main: f64,
    pub(super) ood: Option<f64>,
    pub(super) ci95: Option<ExitInterval>,
    /// E_th in nats, of entropy offloading.
    pub(super) threshold: Option<f64>,
    pub(super) offloaded_fraction: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ExitInterval {
    pub(super) mean: f64,
}

#[derive(Debug, Deserialize)]
pub(super) struct OodDetection {
    pub(super) ood: f64,
    pub(super) auroc: f64,
}

#[derive(Debug, Deserialize)]
pub(super) struct TrainingSeed {
    pub(super) seed: u64,
    pub(super) fingerprint: String,
    pub(super) time_s: f64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Inference {
    pub(super) requests: u64,
    pub(super) completed: u64,
    pub(super) dropped: u64,
    pub(super) failed: u64,
    pub(super) in_flight: u64,
    pub(super) offloaded_fraction: Option<f64>,
    pub(super) accuracy: Option<f64>,
    pub(super) deadline: Option<Deadline>,
    pub(super) latency_s: Option<Latency>,
    pub(super) ci95: Option<Figures>,
    #[serde(default)]
    pub(super) by_class: Vec<DeviceClass>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Deadline {
    pub(super) limit_s: f64,
    pub(super) miss_ratio: Option<f64>,
    pub(super) goodput_hz: f64,
}

/// Seconds from a request's creation to its answer.
#[derive(Debug, Deserialize)]
pub(super) struct Latency {
    pub(super) mean: f64,
    pub(super) p50: f64,
    pub(super) p90: f64,
    pub(super) p99: f64,
    pub(super) max: f64,
    pub(super) ci95: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DeviceClass {
    pub(super) class: String,
    pub(super) requests: u64,
    pub(super) completed: u64,
    pub(super) offloaded_fraction: Option<f64>,
    pub(super) accuracy: Option<f64>,
    pub(super) latency_s: Option<Latency>,
    /// Mean seconds of each stage, in the order in which a request passes them.
    pub(super) breakdown_s: Option<indexmap::IndexMap<String, f64>>,
}

/// Figures of a replication, or half-widths of intervals over replications.
#[derive(Debug, Deserialize)]
pub(super) struct Figures {
    pub(super) offloaded_fraction: Option<f64>,
    pub(super) accuracy: Option<f64>,
    /// Seconds by statistic: mean, p50, p90, p99, max.
    pub(super) latency_s: Option<BTreeMap<String, f64>>,
}

impl Figures {
    /// Seconds of this statistic of latency.
    pub(super) fn latency(&self, statistic: &str) -> Option<f64> {
        self.latency_s.as_ref()?.get(statistic).copied()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Energy {
    pub(super) devices: f64,
    pub(super) busy: f64,
    pub(super) idle: f64,
    pub(super) radio: f64,
    pub(super) request: Option<f64>,
    pub(super) round: Option<f64>,
    #[serde(default)]
    pub(super) by_class: Vec<ClassEnergy>,
}

/// Joules: means over the devices of a class.
#[derive(Debug, Deserialize)]
pub(super) struct ClassEnergy {
    pub(super) class: String,
    pub(super) device: Option<f64>,
    pub(super) request: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Verdict {
    pub(super) state: String,
    pub(super) station: String,
    pub(super) utilisation: f64,
    pub(super) offered_load: f64,
    pub(super) reason: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Replication {
    pub(super) replication: u64,
    pub(super) fingerprint: String,
    pub(super) requests: u64,
    pub(super) completed: u64,
    #[serde(flatten)]
    pub(super) figures: Figures,
}

#[derive(Debug, Deserialize)]
pub(super) struct Station {
    pub(super) name: String,
    pub(super) utilisation: f64,
    pub(super) offered_load: f64,
    pub(super) mean_queue: f64,
    pub(super) max_queue: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Link {
    pub(super) name: String,
    pub(super) lost: u64,
    pub(super) dropped_by_loss: u64,
    pub(super) dropped_by_buffer: u64,
    #[serde(default)]
    pub(super) background: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Client {
    pub(super) name: String,
    pub(super) class: String,
    pub(super) samples: Option<u64>,
    pub(super) requests: u64,
    pub(super) completed: u64,
    pub(super) offloaded_fraction: Option<f64>,
    pub(super) mean_latency_s: Option<f64>,
    pub(super) accuracy: Option<f64>,
}

/// An expectation of the scenario, held against the run.
#[derive(Debug, Deserialize)]
pub(super) struct Expected {
    pub(super) figure: String,
    pub(super) expected: String,
    pub(super) got: serde_json::Value,
    #[serde(default)]
    pub(super) unit: String,
    pub(super) met: bool,
}

/// A row of `rounds.csv`.
#[derive(Debug, Deserialize)]
pub(super) struct Round {
    pub(super) round: u64,
    pub(super) start_ns: u64,
    pub(super) aggregated_ns: u64,
    pub(super) participants: u64,
    pub(super) arrived: u64,
    pub(super) bytes_up: u64,
    pub(super) bytes_down: u64,
    pub(super) client_loss: Option<f64>,
    pub(super) server_loss: Option<f64>,
    pub(super) full_loss: Option<f64>,
    pub(super) gradient_norm: Option<f64>,
}

/// One run's numbers.
#[derive(Debug)]
pub(super) struct SavedRun {
    pub(super) summary: Summary,
    /// Empty without training.
    pub(super) rounds: Vec<Round>,
}

impl SavedRun {
    /// The run in `folder`; `None` if there is none.
    ///
    /// # Errors
    /// If a file of it cannot be read or holds something else.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, ReportError> {
        let path = folder.join("summary.json");
        if !path.is_file() {
            return Ok(None);
        }
        let unreadable =
            |cause| ReportError::Unreadable { path: path.clone(), cause: io::Error::other(cause) };
        let text = bounded(&path)?;
        let summary: Summary = serde_json::from_slice(&text).map_err(unreadable)?;
        let rounds = match &summary.training {
            Some(_) => rows(&folder.join("rounds.csv"))?,
            None => Vec::new(),
        };
        Ok(Some(Self { summary, rounds }))
    }
}
