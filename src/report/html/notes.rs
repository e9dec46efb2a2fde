//! What to know before a run's numbers are used, and the verdict in plain words.

use super::page::{Note, Severity};
use super::saved::{Expected, Inference, Round, SavedRun, Summary, Verdict};
use super::words::{LONGEST_NAME, duration, grouped, listed};
use crate::report::text::{counted, percent, shortened};

/// Requests beyond a quantile below which it is mostly chance.
const FEWEST_BEYOND: u64 = 10;

/// Requests that p99 needs, of which so many lie beyond it.
const FEWEST_FOR_P99: u64 = 100 * FEWEST_BEYOND;

/// The most names that a note lists.
const MOST_NAMES: usize = 5;

/// The verdict in one word, and how bad it is.
pub(super) fn state(summary: &Summary) -> (Severity, String) {
    let missed = summary.expectations.iter().any(|expected| !expected.met);
    let traffic = summary.verdict.as_ref().map(|verdict| verdict.state.as_str());
    let (severity, word) = match traffic {
        _ if summary.interrupted => (Severity::Bad, "interrupted"),
        Some("overloaded") => (Severity::Bad, "overloaded"),
        _ if missed => (Severity::Bad, "not as expected"),
        Some("saturated") => (Severity::Warn, "saturated"),
        Some("stable") => (Severity::Good, "stable"),
        Some(other) => (Severity::Warn, other),
        None => (Severity::Good, "complete"),
    };
    (severity, shortened(word, LONGEST_NAME))
}

/// The verdict in plain words.
pub(super) fn verdict(summary: &Summary) -> String {
    let traffic = match (&summary.verdict, &summary.training) {
        (Some(verdict), _) => of_traffic(verdict),
        (None, Some(training)) => format!(
            "{} of {} took {} of simulated time. No requests were simulated.",
            counted(usize::try_from(training.rounds).unwrap_or(usize::MAX), "round"),
            shortened(&training.method, LONGEST_NAME),
            duration(training.time_s)
        ),
        (None, None) => "Nothing was trained and no request was simulated.".to_owned(),
    };
    let expected = match summary.expectations.len() {
        0 => String::new(),
        all => {
            let met = summary.expectations.iter().filter(|expected| expected.met).count();
            format!(" {met} of {} met.", counted(all, "expectation"))
        }
    };
    traffic + &expected
}

fn of_traffic(verdict: &Verdict) -> String {
    let station = shortened(&verdict.station, LONGEST_NAME);
    let busy = percent(Some(verdict.utilisation));
    match verdict.state.as_str() {
        "stable" => format!(
            "Devices, links and server keep up with the traffic. The most loaded of them, \
             {station}, is busy {busy} % of the time."
        ),
        "saturated" => format!(
            "{station} only just keeps up: it is busy {busy} % of the time, so that waits are long \
             and a little more traffic overloads it."
        ),
        "overloaded" => format!(
            "{station} does not keep up: it is offered {:.2} times the work that it can do. Its \
             queue grew for as long as requests arrived.",
            verdict.offered_load
        ),
        _ => format!("{station}: {}", verdict.reason),
    }
}

/// All notes on a run, the worst first.
pub(super) fn notes(run: &SavedRun) -> Vec<Note> {
    let summary = &run.summary;
    let mut notes = Vec::new();
    if summary.interrupted {
        notes
            .push(bad("The run was interrupted: its numbers are of what was finished until then."
                .to_owned()));
    }
    notes.extend(summary.verdict.as_ref().and_then(of_load));
    notes.extend(unmet(&summary.expectations));
    if let Some(inference) = &summary.inference {
        notes.extend(unanswered(inference));
        notes.extend(few_requests(inference));
    }
    notes.extend(missing_updates(&run.rounds));
    notes.sort_by_key(|note| std::cmp::Reverse(note.severity));
    notes
}

fn bad(text: String) -> Note {
    Note { severity: Severity::Bad, text }
}

fn warn(text: String) -> Note {
    Note { severity: Severity::Warn, text }
}

fn of_load(verdict: &Verdict) -> Option<Note> {
    match verdict.state.as_str() {
        "overloaded" => Some(bad(
            "No latency of an overloaded run is steady: a longer run would have larger ones. \
             Compare stations and loads, not quantiles."
                .to_owned(),
        )),
        "saturated" => Some(warn(
            "Near saturation latencies vary much from one draw of the traffic to another: use \
             several replications."
                .to_owned(),
        )),
        _ => None,
    }
}

fn unmet(expectations: &[Expected]) -> Option<Note> {
    let unmet: Vec<&Expected> = expectations.iter().filter(|expected| !expected.met).collect();
    let named = unmet.iter().map(|expected| shortened(&expected.figure, LONGEST_NAME));
    (!unmet.is_empty()).then(|| bad(format!("Expectations not met: {}.", first_named(named))))
}

fn unanswered(inference: &Inference) -> Option<Note> {
    let counts = [
        (inference.dropped, "were dropped by a link"),
        (inference.failed, "were lost by a failing device or server"),
        (inference.in_flight, "were still under way at the end"),
    ];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, how)| format!("{} {how}", grouped(count)))
        .collect();
    (!parts.is_empty()).then(|| {
        warn(format!(
            "Latency and accuracy are of answered requests alone: of {} requests {}.",
            grouped(inference.requests),
            listed(&parts)
        ))
    })
}

/// Whose p99 rests on fewer requests than [`FEWEST_FOR_P99`].
fn few_requests(inference: &Inference) -> Option<Note> {
    inference.latency_s.as_ref()?;
    if inference.completed < FEWEST_FOR_P99 {
        return Some(warn(format!(
            "Few requests for a quantile: p99 of {} answered requests rests on the {} slowest. From \
             {} on it says more; a longer `duration` or `replications` give them.",
            inference.completed,
            inference.completed.div_ceil(100),
            FEWEST_FOR_P99
        )));
    }
    let has_few = |class: &&super::saved::DeviceClass| {
        class.latency_s.is_some() && class.completed < FEWEST_FOR_P99
    };
    let few: Vec<_> = inference.by_class.iter().filter(has_few).collect();
    let named =
        few.iter().map(|class| format!("{} ({})", shortened(&class.class, 40), class.completed));
    (!few.is_empty()).then(|| {
        warn(format!(
            "Few requests for a quantile: p99 by device class rests on fewer than {FEWEST_BEYOND} \
             slowest requests of {}.",
            first_named(named)
        ))
    })
}

fn missing_updates(rounds: &[Round]) -> Option<Note> {
    let missing: u64 = rounds
        .iter()
        .map(|round| round.participants.saturating_sub(round.arrived))
        .fold(0, u64::saturating_add);
    (missing > 0).then(|| {
        warn(format!(
            "{} updates of clients did not arrive in time or were lost; what was learned follows \
             what arrived.",
            grouped(missing)
        ))
    })
}

/// The first few of `names`, and how many more there are.
fn first_named(names: impl ExactSizeIterator<Item = String>) -> String {
    let more = names.len().saturating_sub(MOST_NAMES);
    let mut shown: Vec<String> = names.take(MOST_NAMES).collect();
    if more > 0 {
        shown.push(format!("{} more", grouped(more as u64)));
    }
    listed(&shown)
}
