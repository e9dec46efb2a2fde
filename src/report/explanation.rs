//! Explanations as a person or a program reads them.

use super::table::grid;
use super::text::{counted, milliseconds, percent, shortened};
use crate::study::explain::{
    Decision, Measured, RequestsExplanation, RoundExplanation, SlowShare, StageShare,
};
use crate::time::SimDuration;
use serde_json::{Value, json};

/// Columns that a station's name may take.
const NAME_WIDTH: usize = 34;

/// Why a round took so long, as plain text.
pub fn round_explanation(explanation: &RoundExplanation) -> String {
    let RoundExplanation { scenario, round, rounds, time, median, .. } = explanation;
    let rank = if explanation.is_slowest {
        format!("the slowest of {rounds}")
    } else {
        format!("one of {rounds}")
    };
    let mut text = format!(
        "Round {round} of {} took {} ms ({rank}; median {} ms).\n{}\n\n",
        shortened(scenario, NAME_WIDTH),
        millis(*time),
        millis(*median),
        decision(explanation),
    );
    text += &shares(&explanation.shares, *time);
    let title = "With one thing twice as fast and the same random draws (simulated again)";
    let before = [("round", *time), ("training", explanation.training)];
    text + "\n\n" + &speedups(title, &explanation.speedups, before) + "\n"
}

/// Why the slowest requests took so long, as plain text.
pub fn requests_explanation(explanation: &RequestsExplanation) -> String {
    let RequestsExplanation { scenario, slow, threshold, requests, answered, .. } = explanation;
    let which = match slow {
        SlowShare::Max => format!("The slowest of {answered} answered requests"),
        slow => format!(
            "The slowest {requests} of {answered} answered requests, from {} on,",
            slow.name()
        ),
    };
    let each = SimDuration::from_nanos(explanation.time.as_nanos() / *requests as u64);
    let (device, count) = &explanation.device;
    let classes: Vec<String> = explanation
        .classes
        .iter()
        .filter(|class| class.slow > 0)
        .map(|class| format!("{} of {} {}", class.slow, class.answered, class.name))
        .collect();
    let mut text = format!(
        "{which} of {}\ntook {} ms or more, {} ms on average (all requests: {} ms).\n\
         Whose they are: {}; most from {device} ({count}).\n\n",
        shortened(scenario, NAME_WIDTH),
        millis(*threshold),
        millis(each),
        millis(explanation.mean),
        classes.join(", "),
    );
    text += &shares(&explanation.shares, explanation.time);
    let title = "With one thing twice as fast and the same random draws (simulated again)";
    let before = [(slow.name(), *threshold), ("mean", explanation.mean)];
    text + "\n\n" + &speedups(title, &explanation.speedups, before) + "\n"
}

fn decision(explanation: &RoundExplanation) -> String {
    let RoundExplanation { arrived, participants, others_waited, .. } = explanation;
    let others = others_waited.map_or_else(String::new, |wait| {
        format!(", for which the others waited {} ms on average", millis(wait))
    });
    let missing = participants - arrived;
    match &explanation.decision {
        Decision::Client(name) => {
            format!("It ended with the update of {name}{others}.")
        }
        Decision::Deadline => format!(
            "It ended with its deadline: {} did not arrive in time.",
            counted(missing as usize, "update")
        ),
        Decision::LostClient(name) => {
            format!("It ended when {name} was given up{others}.")
        }
    }
}

fn shares(shares: &[StageShare], total: SimDuration) -> String {
    let rows = shares.iter().map(|share| {
        vec![
            share.stage.name().to_owned(),
            millis(share.time),
            percent(Some(ratio(share.time, total))),
            share.station.as_deref().map_or_else(String::new, |name| shortened(name, NAME_WIDTH)),
        ]
    });
    grid("Critical path", &["stage", "time (ms)", "share (%)", "mostly at"], rows)
}

fn speedups(
    title: &str,
    speedups: &[Measured],
    [(time, time_before), (whole, whole_before)]: [(&str, SimDuration); 2],
) -> String {
    let header = [
        "twice as fast",
        &format!("{time} (ms)"),
        "change (%)",
        &format!("{whole} (ms)"),
        "change (%)",
    ];
    let rows = speedups.iter().map(|measured| {
        vec![
            shortened(&measured.name, NAME_WIDTH),
            millis(measured.time),
            change(measured.time, time_before),
            millis(measured.whole),
            change(measured.whole, whole_before),
        ]
    });
    let as_is = vec![
        "(nothing)".to_owned(),
        millis(time_before),
        String::new(),
        millis(whole_before),
        String::new(),
    ];
    grid(title, &header, rows.chain([as_is]))
}

fn millis(time: SimDuration) -> String {
    milliseconds(time.as_secs_f64())
}

#[expect(clippy::cast_precision_loss, reason = "a share to print")]
fn ratio(part: SimDuration, whole: SimDuration) -> f64 {
    part.as_nanos() as f64 / whole.as_nanos().max(1) as f64
}

/// By how many per cent `after` differs from `before`.
fn change(after: SimDuration, before: SimDuration) -> String {
    if after == before {
        return "0".to_owned();
    }
    format!("{:+.1}", 100.0 * (ratio(after, before) - 1.0))
}

/// The same as JSON, with all times in nanoseconds.
pub fn round_explanation_json(explanation: &RoundExplanation) -> Value {
    let (kind, client) = match &explanation.decision {
        Decision::Client(name) => ("last update", Some(name)),
        Decision::Deadline => ("deadline", None),
        Decision::LostClient(name) => ("lost client", Some(name)),
    };
    json!({
        "scenario": explanation.scenario,
        "seed": explanation.seed,
        "round": explanation.round,
        "rounds": explanation.rounds,
        "is_slowest": explanation.is_slowest,
        "time_ns": explanation.time.as_nanos(),
        "median_ns": explanation.median.as_nanos(),
        "training_ns": explanation.training.as_nanos(),
        "decided_by": { "what": kind, "client": client },
        "participants": explanation.participants,
        "arrived": explanation.arrived,
        "others_waited_ns": explanation.others_waited.map(SimDuration::as_nanos),
        "critical_path": shares_json(&explanation.shares, explanation.time),
        "twice_as_fast": speedups_json(&explanation.speedups, ["round_ns", "training_ns"]),
    })
}

/// The same as JSON, with all times in nanoseconds.
pub fn requests_explanation_json(explanation: &RequestsExplanation) -> Value {
    let classes: Vec<Value> = explanation
        .classes
        .iter()
        .map(|class| json!({ "class": class.name, "slow": class.slow, "answered": class.answered }))
        .collect();
    let (device, count) = &explanation.device;
    json!({
        "scenario": explanation.scenario,
        "seed": explanation.seed,
        "slow": explanation.slow.name(),
        "threshold_ns": explanation.threshold.as_nanos(),
        "requests": explanation.requests,
        "answered": explanation.answered,
        "mean_ns": explanation.mean.as_nanos(),
        "time_ns": explanation.time.as_nanos(),
        "classes": classes,
        "device": { "name": device, "slow": count },
        "critical_path": shares_json(&explanation.shares, explanation.time),
        "twice_as_fast": speedups_json(&explanation.speedups, ["quantile_ns", "mean_ns"]),
    })
}

fn shares_json(shares: &[StageShare], total: SimDuration) -> Vec<Value> {
    let share = |share: &StageShare| {
        json!({
            "stage": share.stage.name(),
            "time_ns": share.time.as_nanos(),
            "share": ratio(share.time, total),
            "station": share.station,
        })
    };
    shares.iter().map(share).collect()
}

fn speedups_json(speedups: &[Measured], [time, whole]: [&str; 2]) -> Vec<Value> {
    let speedup = |measured: &Measured| {
        json!({
            "what": measured.name,
            time: measured.time.as_nanos(),
            whole: measured.whole.as_nanos(),
        })
    };
    speedups.iter().map(speedup).collect()
}
