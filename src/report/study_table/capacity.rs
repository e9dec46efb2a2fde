//! A capacity search as it goes, and its answer.

use super::shown_estimate;
use crate::study::capacity::{Answer, Goal, Limit, Outcome, Probe, Question, Slo, Vary};

/// One probe in a line: `fleet.pi.count = 12: p99 83.10 ms ± 2.110 ms: met`.
pub fn probe_line(slo: &Slo, vary: &Vary, probe: &Probe) -> String {
    let outcome = match &probe.outcome {
        Outcome::Met => "met".to_owned(),
        Outcome::Missed(objective) => format!("missed: {objective}"),
        Outcome::Overloaded(station) => format!("missed: station {station} is overloaded"),
        Outcome::Refused(reason) => {
            return format!("{} = {}: refused: {reason}", vary.path, probe.value.text());
        }
        Outcome::TooManyRequests(requests) => {
            let value = probe.value.text();
            return format!("{} = {value}: not run: about {requests} requests", vary.path);
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

/// The answer in words, with what ended the search where there is a limit instead of a boundary.
pub fn capacity_answer(question: &Question<'_>, answer: &Answer) -> String {
    let Question { slo, vary, .. } = question;
    let value = |place: usize| answer.probes[place].value.text();
    let end = match vary.goal {
        Goal::Largest => "largest",
        Goal::Smallest => "smallest",
    };
    let path = &vary.path;
    let mut text = match (answer.met, answer.missed, &answer.limit) {
        (Some(met), Some(missed), _) => {
            let beyond = match &answer.probes[missed].outcome {
                Outcome::Refused(reason) => format!("{} is refused: {reason}", value(missed)),
                _ => format!("{} misses it", value(missed)),
            };
            format!("The {end} {path} that meets {slo}: {} ({beyond})", value(met))
        }
        (Some(met), None, Some(Limit::Key)) => {
            format!("The {end} {path} that meets {slo}: {} (the {end} that there is)", value(met))
        }
        (Some(met), None, _) => {
            format!(
                "No {path} on the way to {}, the {end} that was tried, misses {slo}",
                value(met)
            )
        }
        (None, ..) => match best(answer) {
            Some(best) => format!(
                "Nothing that was tried meets {slo}. Nearest to it: {}",
                probe_line(slo, vary, best)
            ),
            None => format!("Nothing that was tried meets {slo}."),
        },
    };
    if let Some(ended) = answer.limit.as_ref().and_then(|limit| ended(limit, question)) {
        text.push_str(&format!("\nThe search ended there: {ended}"));
    }
    if answer.non_monotone {
        text.push_str(
            "\nNote: some value on its good side missed, so that there is more than one boundary; \
             the probes above tell which.",
        );
    }
    text
}

/// What ended a search, unless that goes without saying.
fn ended(limit: &Limit, question: &Question<'_>) -> Option<String> {
    match limit {
        Limit::Requests { value, requests } => Some(format!(
            "{} would create about {requests} requests, more than the {} that a probe may \
             (--max-requests N allows more)",
            value.text(),
            question.most_requests
        )),
        Limit::Steady => Some(
            "the last steps, eightfold together, changed no figure and loaded no station more"
                .to_owned(),
        ),
        Limit::Range => Some("it is a million times from where the search began".to_owned()),
        Limit::Key => None,
    }
}

/// Of the probes that have figures the one that misses least.
fn best(answer: &Answer) -> Option<&Probe> {
    let with_figures = answer.probes.iter().filter(|probe| probe.excess.is_finite());
    with_figures.min_by(|a, b| a.excess.total_cmp(&b.excess))
}
