//! Expectations of a scenario, held against its results.
//!
//! Before a run each path is looked up in the summary of a blank run, which has every figure that
//! the scenario's runs may have, and each band is read in the figure's dimension. After the run the
//! same paths are looked up in its summary.

mod blank;
mod path;

use super::Summary;
use crate::experiment::RunResult;
use crate::scenario::{Band, Expectation, LoadedScenario, ScenarioErrors};
pub(super) use path::{is_name, item_name};

use path::{Figure, expectable, find};
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::time::Duration;

/// An expectation after a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checked {
    /// The figure's path.
    #[serde(rename = "figure")]
    pub path: String,
    /// What was expected, as the scenario states it.
    pub expected: String,
    /// What the run came to: a number in base units, a text, or nothing.
    pub got: Value,
    /// The unit of `got` and `missed_by`; empty for counts, shares and texts.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub unit: &'static str,
    /// Whether it is as expected.
    pub met: bool,
    /// How far the number lies outside of its band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed_by: Option<f64>,
    /// The scenario's line that states it.
    #[serde(skip)]
    pub line: u32,
}

/// Checks that every expectation of `loaded` is about a figure that its runs have, in the figure's
/// dimension.
///
/// # Errors
/// Every expectation that is not, with its place in the file.
pub fn check_expectations(loaded: &LoadedScenario) -> Result<(), ScenarioErrors> {
    let LoadedScenario { scenario, source, expectations, .. } = loaded;
    let Some(first) = expectations.first() else { return Ok(()) };
    if scenario.compares_methods() {
        let message = "expectations are of one run; this scenario runs several methods: state one \
                       of them, or leave `expect` out";
        return Err(first.path_error(source, message.to_owned()).into());
    }
    let blank = summary(&blank::run(scenario, expectations));
    let errors: Vec<_> = expectations
        .iter()
        .filter_map(|expectation| match find(&blank, &expectation.path) {
            Err(message) => Some(expectation.path_error(source, message)),
            Ok(figure) if figure.value.is_null() => {
                let message = "the runs of this scenario do not have this figure";
                Some(expectation.path_error(source, message.to_owned()))
            }
            Ok(figure) => Band::read(&expectation.text, figure.kind())
                .err()
                .map(|message| expectation.band_error(source, message)),
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(ScenarioErrors::sorted(errors)) }
}

/// Holds the results of `run` against the `expectations` of its scenario, which were checked.
pub fn hold_against(run: &RunResult, expectations: &[Expectation]) -> Vec<Checked> {
    if expectations.is_empty() {
        return Vec::new();
    }
    let summary = summary(run);
    expectations.iter().map(|expectation| checked(expectation, &summary)).collect()
}

/// The run's summary, as expectations see it.
fn summary(run: &RunResult) -> Value {
    let summary = serde_json::to_value(Summary::of(run, Duration::ZERO));
    expectable(summary.expect("a summary has text keys and finite numbers"))
}

fn checked(expectation: &Expectation, summary: &Value) -> Checked {
    let Expectation { path, text, key, .. } = expectation;
    let zero = Value::from(0);
    // Links that lost and dropped nothing are left out of the summary.
    let is_of_links = path.starts_with("links.");
    let absent = Figure { value: if is_of_links { &zero } else { &Value::Null }, unit: "" };
    let figure = find(summary, path).unwrap_or(absent);
    let (met, missed_by) = match (figure.value, Band::read(text, figure.kind())) {
        (Value::Number(number), Ok(band)) => {
            let missed_by = band.missed_by(number.as_f64().unwrap_or(f64::NAN));
            (missed_by.is_none(), missed_by)
        }
        (Value::String(got), Ok(Band::Text(expected))) => (*got == expected, None),
        _ => (false, None),
    };
    Checked {
        path: path.clone(),
        expected: text.clone(),
        got: figure.value.clone(),
        unit: if figure.value.is_number() { figure.unit } else { "" },
        met,
        missed_by,
        line: key.line,
    }
}

impl fmt::Display for Checked {
    /// `training.time: expected 6.1 s ± 1%, got 6.2 s, off by 0.039 s`; what was got in base units.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        write!(f, "{}: expected {}, got ", self.path, self.expected)?;
        match &self.got {
            Value::Null => write!(f, "nothing: the run does not determine it")?,
            Value::String(text) => write!(f, "{text}")?,
            number => write!(f, "{number}{unit}")?,
        }
        match self.missed_by {
            Some(by) if by > 0.0 => write!(f, ", off by {}{unit}", significant(by)),
            Some(_) => write!(f, ", which is excluded"),
            None => Ok(()),
        }
    }
}

/// A number with three significant digits.
fn significant(number: f64) -> f64 {
    format!("{number:.2e}").parse().expect("a number's digits are a number")
}

/// How many of `checked` are met, and a line for each that is not; empty without expectations.
pub fn expectations_text(checked: &[Checked]) -> String {
    if checked.is_empty() {
        return String::new();
    }
    let missed: Vec<_> = checked.iter().filter(|checked| !checked.met).collect();
    let (met, all) = (checked.len() - missed.len(), checked.len());
    let lines: String = missed.iter().map(|missed| format!("  {missed}\n")).collect();
    format!("Expectations: {met} of {all} met\n{lines}")
}

#[cfg(test)]
mod tests;
