//! A capacity search as it goes, and its answer.

use super::shown_estimate;
use crate::study::capacity::{Answer, Goal, Outcome, Probe, Slo, Vary};

/// One probe in a line: `fleet.pi.count = 12: p99 83.10 ms ± 2.110 ms: met`.
pub fn probe_line(slo: &Slo, vary: &Vary, probe: &Probe) -> String {
    let outcome = match &probe.outcome {
        Outcome::Met => "met".to_owned(),
        Outcome::Missed(objective) => format!("missed: {objective}"),
        Outcome::Overloaded(station) => format!("missed: station {station} is overloaded"),
        Outcome::Refused(reason) => {
            return format!("{} = {}: refused: {reason}", vary.path, probe.value.text());
        }
    };
    let figures: Vec<String> = slo
        .objectives()
        .iter()
        .zip(&probe.estimates)
        .map(|(objective, estimate)| {
            let metric = objective.metric();
            format!("{} {}", metric.name(), shown_estimate(metric, *estimate))
        })
        .collect();
    format!("{} = {}: {}: {outcome}", vary.path, probe.value.text(), figures.join(", "))
}

/// The answer in words.
pub fn capacity_answer(slo: &Slo, vary: &Vary, answer: &Answer) -> String {
    let value = |place: usize| answer.probes[place].value.text();
    let (end, other) = match vary.goal {
        Goal::Largest => ("largest", "more"),
        Goal::Smallest => ("smallest", "less"),
    };
    let path = &vary.path;
    let mut text = match (answer.met, answer.missed) {
        (Some(met), Some(missed)) => {
            let beyond = match &answer.probes[missed].outcome {
                Outcome::Refused(reason) => format!("{} is refused: {reason}", value(missed)),
                _ => format!("{} misses it", value(missed)),
            };
            format!("The {end} {path} that meets {slo}: {} ({beyond})", value(met))
        }
        (Some(met), None) => {
            format!("Every {path} that was tried meets {slo}, {other} than {} was not", value(met))
        }
        (None, _) => match best(answer) {
            Some(best) => format!(
                "Nothing that was tried meets {slo}. Nearest to it: {}",
                probe_line(slo, vary, best)
            ),
            None => format!("Nothing that was tried meets {slo}."),
        },
    };
    if answer.non_monotone {
        text.push_str(
            "\nNote: some value on its good side missed, so that there is more than one boundary; \
             the probes above tell which.",
        );
    }
    text
}

/// Of the probes that have figures the one that misses least.
fn best(answer: &Answer) -> Option<&Probe> {
    let with_figures = answer.probes.iter().filter(|probe| probe.excess.is_finite());
    with_figures.min_by(|a, b| a.excess.total_cmp(&b.excess))
}
