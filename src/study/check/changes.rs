//! What a run changed against its record.

use super::first::{FirstDifference, first_difference};
use super::record::{FigureTable, Record, RunRecord};
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

/// Words in the keys of figures that are learned: they may differ between families of processors.
const LEARNED: [&str; 3] = ["accuracy", "gradient_norm", "offloaded_fraction"];

/// A value that is not what it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// Its key.
    pub key: String,
    /// As recorded; null if it was not there.
    pub recorded: Value,
    /// As it is; null if it is gone.
    pub now: Value,
}

/// What one run changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunChanges {
    /// Its name.
    pub run: String,
    /// Recorded and present number of events.
    pub events: [u64; 2],
    /// Recorded and present fingerprint.
    pub fingerprints: [String; 2],
    /// Which ingredients changed. None, with another fingerprint, if a later replication alone did.
    pub ingredients: Vec<&'static str>,
    /// The first event that differs, if one of the first replication does.
    pub first: Option<FirstDifference>,
    /// Figures that are not what they were.
    pub drifts: Vec<Drift>,
}

/// What a scenario's runs changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Changes {
    /// Keys of the scenario that are not what they were.
    pub scenario: Vec<Drift>,
    /// Files named by the scenario that are not what they were.
    pub files: Vec<String>,
    /// The recorded and the present version of the program, if they differ.
    pub versions: Option<[String; 2]>,
    /// The recorded and the present family of processors, if they differ.
    pub cpus: Option<[String; 2]>,
    /// Runs that differ.
    pub runs: Vec<RunChanges>,
    /// Runs that were recorded and are gone, and runs that are new.
    pub other_runs: Vec<String>,
}

impl Changes {
    /// Whether the runs are not what was recorded. That learned figures alone differ is none on
    /// another family of processors.
    pub fn is_failure(&self) -> bool {
        !self.other_runs.is_empty()
            || self.runs.iter().any(|run| run.is_failure(self.cpus.is_some()))
    }

    /// Whether there is nothing to tell.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl RunChanges {
    fn is_failure(&self, is_other_cpu: bool) -> bool {
        let is_learned = |drift: &Drift| LEARNED.iter().any(|word| drift.key.contains(word));
        let is_excused = is_other_cpu && self.drifts.iter().all(is_learned);
        self.fingerprints[0] != self.fingerprints[1]
            || !self.ingredients.is_empty()
            || !(self.drifts.is_empty() || is_excused)
    }
}

/// What `now` changed against the `recorded` record.
pub fn changes(recorded: &Record, now: &Record) -> Changes {
    let run_changes = recorded.runs.iter().filter_map(|(name, old)| {
        let new = now.runs.get(name)?;
        let logs = recorded.logs.get(name).zip(now.logs.get(name));
        let ingredients = old.ingredients.differences(&new.ingredients);
        let is_other = ingredients.iter().any(|ingredient| *ingredient != "draws");
        let first = logs.filter(|_| is_other).map(|(old, new)| first_difference(old, new));
        changed(name, old, new, ingredients, first)
    });
    let lone = |these: &Record, those: &Record| -> Vec<String> {
        these.runs.keys().filter(|name| !those.runs.contains_key(*name)).cloned().collect()
    };
    Changes {
        scenario: drifts(&texts(&recorded.scenario), &texts(&now.scenario)),
        files: drifts(&texts(&recorded.files), &texts(&now.files))
            .into_iter()
            .map(|drift| drift.key)
            .collect(),
        versions: pair(&recorded.version, &now.version),
        cpus: pair(&recorded.cpu, &now.cpu),
        runs: run_changes.collect(),
        other_runs: [lone(recorded, now), lone(now, recorded)].concat(),
    }
}

fn changed(
    name: &str,
    old: &RunRecord,
    new: &RunRecord,
    ingredients: Vec<&'static str>,
    first: Option<FirstDifference>,
) -> Option<RunChanges> {
    (old != new).then(|| RunChanges {
        run: name.to_owned(),
        events: [old.events, new.events],
        fingerprints: [old.fingerprint.clone(), new.fingerprint.clone()],
        ingredients,
        first,
        drifts: drifts(&old.figures, &new.figures),
    })
}

fn pair(recorded: &str, now: &str) -> Option<[String; 2]> {
    (recorded != now).then(|| [recorded.to_owned(), now.to_owned()])
}

fn texts(table: &IndexMap<String, String>) -> FigureTable {
    table.iter().map(|(key, text)| (key.clone(), Value::from(text.as_str()))).collect()
}

/// The values that differ, in the order of the record, then what is new.
fn drifts(recorded: &FigureTable, now: &FigureTable) -> Vec<Drift> {
    let new = now.keys().filter(|key| !recorded.contains_key(*key));
    let drift = |key: &String| {
        let value = |table: &FigureTable| table.get(key).cloned().unwrap_or_default();
        Drift { key: key.clone(), recorded: value(recorded), now: value(now) }
    };
    recorded.keys().chain(new).map(drift).filter(|drift| drift.recorded != drift.now).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::check::{EventLog, Ingredients};

    fn record(fingerprint: &str, accuracy: f64, time: f64) -> Record {
        let same = || "0".to_owned();
        let ingredients = Ingredients {
            times: fingerprint.to_owned(),
            endpoints: same(),
            kinds: same(),
            sizes: same(),
            draws: same(),
        };
        let figures = [
            ("training.time_s".to_owned(), Value::from(time)),
            ("training.accuracy.0.full.mean".to_owned(), Value::from(accuracy)),
        ];
        let run = RunRecord {
            fingerprint: fingerprint.to_owned(),
            events: 1,
            ingredients,
            figures: figures.into(),
        };
        let logs = [("run".to_owned(), EventLog::default())].into();
        Record::new(
            [("seed".to_owned(), "1".to_owned())].into(),
            IndexMap::new(),
            [("run".to_owned(), run)].into(),
            logs,
        )
    }

    #[test]
    fn equal_records_have_nothing_to_tell() {
        let changes = changes(&record("a", 0.9, 1.0), &record("a", 0.9, 1.0));
        assert!(changes.is_none() && !changes.is_failure());
    }

    #[test]
    fn a_figure_that_drifts_fails_but_a_learned_one_on_another_processor() {
        let recorded = record("a", 0.9, 1.0);
        let mut elsewhere = recorded.clone();
        elsewhere.cpu = "other".to_owned();
        for (now, here, there) in [
            (record("a", 0.8, 1.0), true, false),
            (record("a", 0.9, 2.0), true, true),
            (record("b", 0.9, 1.0), true, true),
        ] {
            assert_eq!(changes(&recorded, &now).is_failure(), here);
            assert_eq!(changes(&elsewhere, &now).is_failure(), there);
        }
    }

    #[test]
    fn another_version_or_scenario_is_told_and_no_failure_by_itself() {
        let recorded = record("a", 0.9, 1.0);
        let mut now = recorded.clone();
        now.version = "9".to_owned();
        now.scenario.insert("name".to_owned(), "other".to_owned());
        let changes = changes(&recorded, &now);
        assert!(changes.versions.is_some() && !changes.is_failure());
        assert_eq!(changes.scenario[0].key, "name");
        assert_eq!(changes.scenario[0].recorded, Value::Null);
    }
}
