//! Findings as a person reads them.

use super::{CheckOutcome, Finding};
use crate::report::table::grid;
use crate::report::text::{counted, shortened};
use crate::study::check::{Changes, Drift, FirstDifference, RunChanges, ShownEvent};
use serde_json::Value;
use std::fmt::Write as _;

/// Keys and figures that are listed of one scenario.
const MAX_LISTED: usize = 20;

/// Characters of a value.
const VALUE_WIDTH: usize = 24;

/// A line for each of `findings`, with what changed below it, and a line that counts them.
pub fn check_text(findings: &[Finding]) -> String {
    let mut text: String = findings.iter().map(finding_text).collect();
    let counted_states = ["ok", "recorded", "changed", "missed", "unrecorded", "invalid", "failed"]
        .map(|state| (state, findings.iter().filter(|finding| finding.state() == state).count()))
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(state, count)| format!("{count} {state}"));
    let states = counted_states.collect::<Vec<_>>().join(", ");
    let _ = writeln!(text, "{}: {states}", counted(findings.len(), "scenario"));
    text
}

fn finding_text(finding: &Finding) -> String {
    let (state, path) = (finding.state(), finding.scenario.display());
    let events = match finding.events {
        0 => String::new(),
        events => format!(", {} events", grouped(events)),
    };
    format!("{state:<10} {path}{events}\n{}", indented(&details(finding)))
}

/// What there is to tell of a finding beside its state; empty if all is well.
pub(super) fn details(finding: &Finding) -> String {
    let path = finding.scenario.display();
    let mut text = match &finding.outcome {
        CheckOutcome::Same(changes) => notes(changes),
        CheckOutcome::Changed(changes) => {
            let bless = format!("If this is meant: splitgp-sim check {path} --bless\n");
            changes_text(changes) + &bless
        }
        CheckOutcome::Unrecorded => {
            format!("There is no record; splitgp-sim check {path} --bless makes one\n")
        }
        CheckOutcome::Blessed(changes) => {
            changes.as_ref().map_or_else(String::new, |changes| changes_text(changes))
        }
        CheckOutcome::Invalid(message) | CheckOutcome::Failed(message) => format!("{message}\n"),
    };
    for missed in finding.missed() {
        let _ = writeln!(text, "not as expected: {missed}");
    }
    text
}

/// What a user should know although it changed nothing.
fn notes(changes: &Changes) -> String {
    let mut text = String::new();
    if !changes.scenario.is_empty() || !changes.files.is_empty() {
        text.push_str(&causes(changes));
        text.push_str("(the runs are as recorded)\n");
    }
    if changes.runs.iter().any(|run| !run.drifts.is_empty()) {
        text.push_str(&changes_text(changes));
    }
    text
}

fn changes_text(changes: &Changes) -> String {
    let mut text = causes(changes);
    for run in &changes.runs {
        if changes.runs.len() > 1 {
            let _ = writeln!(text, "Run {}:", run.run);
        }
        text.push_str(&run_text(run));
    }
    for run in &changes.other_runs {
        let _ = writeln!(text, "The run {run} is on one side only");
    }
    if let Some([recorded, now]) = changes.cpus.as_ref().filter(|_| !changes.runs.is_empty()) {
        let _ = writeln!(
            text,
            "Recorded on {recorded}, run on {now}: learned numbers may differ, and with them what a \
             policy offloads"
        );
    }
    text
}

/// What was changed on purpose, which comes first: the scenario, its files, the program.
fn causes(changes: &Changes) -> String {
    let mut text = String::new();
    if !changes.scenario.is_empty() {
        text.push_str("The scenario changed:\n");
        for Drift { key, recorded, now } in changes.scenario.iter().take(MAX_LISTED) {
            let _ = writeln!(text, "  {key}: {} → {}", shown(recorded), shown(now));
        }
        more(&mut text, changes.scenario.len());
    }
    for file in &changes.files {
        let _ = writeln!(text, "A file that the scenario names changed: {file}");
    }
    if let Some([recorded, now]) = &changes.versions {
        let _ = writeln!(text, "Recorded by version {recorded}, run by {now}");
    }
    text
}

fn run_text(run: &RunChanges) -> String {
    let mut text = String::new();
    let [recorded, now] = run.events.map(grouped);
    if run.fingerprints[0] == run.fingerprints[1] && run.ingredients.is_empty() {
        text.push_str("Every event is as recorded; figures changed\n");
    } else if run.ingredients.is_empty() {
        text.push_str("The first replication is as recorded; a later one changed\n");
    } else {
        let _ = writeln!(text, "Changed: {}", run.ingredients.join(", "));
    }
    if recorded != now {
        let _ = writeln!(text, "Events: {recorded} recorded, {now} now");
    }
    if let Some(first) = &run.first {
        text.push_str(&first_text(first));
    }
    if !run.drifts.is_empty() {
        let rows = run.drifts.iter().take(MAX_LISTED).map(row);
        let header = ["figure", "recorded", "now", "change"];
        let _ = writeln!(text, "{}", grid("Figures that changed", &header, rows));
        more(&mut text, run.drifts.len());
    }
    text
}

fn first_text(first: &FirstDifference) -> String {
    match first {
        FirstDifference::Event { number, before, expected, got } => {
            let mut text = format!("First event that differs: {}\n", grouped(*number));
            before.iter().for_each(|event| line(&mut text, ' ', event));
            side(&mut text, '-', expected);
            side(&mut text, '+', got);
            text.push_str("(- recorded, + now)\n");
            text
        }
        FirstDifference::Block { from, to, got } => {
            let mut text = format!(
                "First event that differs: one of {} to {}, of which the record keeps a hash; they \
                 begin now with\n",
                grouped(*from),
                grouped(*to)
            );
            got.iter().for_each(|event| line(&mut text, '+', event));
            text
        }
    }
}

fn side(text: &mut String, sign: char, events: &[ShownEvent]) {
    if events.is_empty() {
        let _ = writeln!(text, "{sign} the run had ended");
    }
    events.iter().for_each(|event| line(text, sign, event));
}

fn line(text: &mut String, sign: char, event: &ShownEvent) {
    let _ = writeln!(text, "{sign} event {}: {event}", grouped(event.number));
}

fn row(drift: &Drift) -> Vec<String> {
    let Drift { key, recorded, now } = drift;
    let change = match (recorded.as_f64(), now.as_f64()) {
        (Some(old), Some(new)) if old != 0.0 => format!("{:+.3} %", 100.0 * (new - old) / old),
        (Some(old), Some(new)) => {
            format!("{}{}", if new < old { "" } else { "+" }, rounded(new - old))
        }
        _ => String::new(),
    };
    vec![key.clone(), shown(recorded), shown(now), change]
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => shortened(text, VALUE_WIDTH),
        Value::Number(number) if number.is_f64() => {
            number.as_f64().map_or_else(|| number.to_string(), rounded)
        }
        value => value.to_string(),
    }
}

/// A number with nine significant digits: a nanosecond in a second shows.
fn rounded(number: f64) -> String {
    let digits: f64 = format!("{number:.8e}").parse().expect("a number's digits are a number");
    if (1e-6..1e15).contains(&digits.abs()) || digits == 0.0 {
        digits.to_string()
    } else {
        format!("{digits:e}")
    }
}

fn more(text: &mut String, all: usize) {
    if all > MAX_LISTED {
        let _ = writeln!(text, "  … and {} more", all - MAX_LISTED);
    }
}

/// A count with commas: `1,234`.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let first = digits.len() % 3;
    let mut groups: Vec<&str> = Vec::new();
    if first > 0 {
        groups.push(&digits[..first]);
    }
    groups.extend((first..digits.len()).step_by(3).map(|from| &digits[from..from + 3]));
    groups.join(",")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}
