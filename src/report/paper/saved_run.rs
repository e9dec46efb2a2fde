//! A run as its folder tells of it.

use crate::report::ReportError;
use crate::report::figures::NamedRun;
use crate::report::saved_file::{bounded, rows};
use serde::Deserialize;
use std::io;
use std::path::Path;

/// What tables need of one run.
#[derive(Debug)]
pub(super) struct SavedRun {
    /// Its name in the tables.
    pub(super) name: String,
    pub(super) summary: Summary,
    /// Every evaluation; empty without training.
    pub(super) evaluations: Vec<EvaluationRow>,
    /// Bytes each way of every round; empty without training.
    pub(super) rounds: Vec<RoundRow>,
}

/// `summary.json`, as far as tables need it.
#[derive(Debug, Deserialize)]
pub(super) struct Summary {
    scenario: String,
    seed: u64,
    version: String,
    fingerprint: String,
    #[serde(default)]
    interrupted: bool,
    pub(super) training: Option<Training>,
    pub(super) inference: Option<Inference>,
    pub(super) energy_j: Option<Energy>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Training {
    pub(super) method: String,
    rounds: u64,
    pub(super) time_s: f64,
    pub(super) bytes: Bytes,
    pub(super) device_flops_per_round: Option<u64>,
    pub(super) device_memory_bytes: Option<u64>,
    #[serde(default)]
    pub(super) seeds: Vec<Seed>,
    pub(super) accuracy: Vec<Point>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Bytes {
    pub(super) up: u64,
    pub(super) down: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Seed {
    seed: u64,
    pub(super) time_s: f64,
}

/// The final models at one OOD level.
#[derive(Debug, Deserialize)]
pub(super) struct Point {
    pub(super) ood: f64,
    pub(super) client_exit: Option<Exit>,
    pub(super) server_exit: Option<Exit>,
    pub(super) selective: Option<Exit>,
    pub(super) full: Option<Exit>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Exit {
    pub(super) mean: f64,
    pub(super) ci95: Option<ExitInterval>,
    /// E_th in nats, of entropy offloading.
    pub(super) threshold: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ExitInterval {
    pub(super) mean: f64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Inference {
    pub(super) requests: u64,
    pub(super) offloaded_fraction: Option<f64>,
    pub(super) accuracy: Option<f64>,
    pub(super) latency_s: Option<Latency>,
    pub(super) ci95: Option<InferenceInterval>,
}

/// Half-widths over replications.
#[derive(Debug, Deserialize)]
pub(super) struct InferenceInterval {
    pub(super) offloaded_fraction: Option<f64>,
    pub(super) accuracy: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Latency {
    pub(super) mean: f64,
    pub(super) p50: f64,
    pub(super) p99: f64,
    pub(super) ci95: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Energy {
    pub(super) round: Option<f64>,
    pub(super) request: Option<f64>,
}

/// A row of `accuracy.csv`.
#[derive(Debug, Deserialize)]
pub(super) struct EvaluationRow {
    pub(super) rounds_done: u64,
    pub(super) time_ns: u64,
    pub(super) ood: f64,
    pub(super) exit: String,
    pub(super) threshold: Option<f64>,
    pub(super) accuracy: f64,
}

/// A row of `rounds.csv`.
#[derive(Debug, Deserialize)]
pub(super) struct RoundRow {
    pub(super) bytes_up: u64,
    pub(super) bytes_down: u64,
}

impl SavedRun {
    /// The run in a folder, or those of its methods.
    ///
    /// # Errors
    /// If there is none, or a file cannot be read.
    pub(super) fn read(run: &NamedRun) -> Result<Vec<Self>, ReportError> {
        let folder = &run.folder;
        if folder.join("summary.json").is_file() {
            return Ok(vec![Self::read_one(run.name.clone(), folder)?]);
        }
        let methods = methods(folder)?;
        let none = || {
            let sweep = if folder.join("sweep.json").is_file() {
                "it is a sweep's: sweep.csv is its table"
            } else {
                "there is no summary.json"
            };
            ReportError::Runs(format!("{} holds no run: {sweep}", folder.display()))
        };
        if methods.is_empty() {
            return Err(none());
        }
        let read = |method: String| {
            let folder = folder.join(&method);
            Self::read_one(method, &folder)
        };
        methods.into_iter().map(read).collect()
    }

    fn read_one(name: String, folder: &Path) -> Result<Self, ReportError> {
        let path = folder.join("summary.json");
        let text = bounded(&path)?;
        let unreadable =
            |cause| ReportError::Unreadable { path: path.clone(), cause: io::Error::other(cause) };
        let summary: Summary = serde_json::from_slice(&text).map_err(unreadable)?;
        let (mut evaluations, mut rounds) = (Vec::new(), Vec::new());
        if summary.training.is_some() {
            evaluations = rows(&folder.join("accuracy.csv"))?;
            rounds = rows(&folder.join("rounds.csv"))?;
        }
        Ok(Self { name, summary, evaluations, rounds })
    }

    /// How many seeds it was trained with.
    pub(super) fn seeds(&self) -> usize {
        self.summary.training.as_ref().map_or(1, |training| training.seeds.len().max(1))
    }

    /// Which run it is.
    pub(super) fn note(&self) -> String {
        let Summary { scenario, seed, version, fingerprint, interrupted, training, .. } =
            &self.summary;
        let training = training.as_ref().map_or_else(String::new, |training| {
            let seeds: Vec<String> =
                training.seeds.iter().map(|seed| seed.seed.to_string()).collect();
            let seeds = if seeds.is_empty() {
                String::new()
            } else {
                format!(", training seeds {}", seeds.join(", "))
            };
            format!(", {} rounds of {}{seeds}", training.rounds, training.method)
        });
        let interrupted = if *interrupted { ", interrupted" } else { "" };
        format!(
            "{}: scenario {scenario}, seed {seed}{training}{interrupted}, splitgp-sim {version}, \
             fingerprint {fingerprint}",
            self.name
        )
    }
}

/// The methods in a folder of several, in the order of its comparison, each with a run of its own.
fn methods(folder: &Path) -> Result<Vec<String>, ReportError> {
    #[derive(Deserialize)]
    struct Row {
        method: String,
    }
    let path = folder.join("methods.csv");
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let mut methods: Vec<String> = Vec::new();
    for Row { method } in rows::<Row>(&path)? {
        // A name that leads out of the folder is no method's.
        let plain = Path::new(&method).components().count() == 1 && !method.contains("..");
        if plain && !methods.contains(&method) && folder.join(&method).is_dir() {
            methods.push(method);
        }
    }
    Ok(methods)
}
