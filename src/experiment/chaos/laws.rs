//! What holds for every run, whatever failed in it.

use super::failure::{Failure, Length, Victim};
use super::{Run, Seen};
use crate::actors::{RequestOutcome, RequestRecord};
use crate::experiment::result::{InferenceResult, TrainingResult};
use crate::scenario::Scenario;

/// Says which law `run` breaks.
pub(super) fn check(
    scenario: &Scenario,
    failure: Option<Failure>,
    run: &Run,
) -> Result<(), String> {
    let Run { result, seen } = run;
    law(!result.interrupted, || format!("does not end: {} events", result.events))?;
    match (&scenario.training, &result.training) {
        (Some(spec), Some(training)) => {
            check_training(spec.rounds, scenario.fleet.len(), training, seen)?;
        }
        (None, None) => {}
        _ => return Err("training is not reported".into()),
    }
    match (&scenario.inference, &result.inference) {
        (Some(_), Some(inference)) => {
            check_inference(inference, seen)?;
            let asked: u64 = result.clients.iter().map(|client| client.requests).sum();
            law(asked == inference.requests, || format!("clients asked {asked} times"))?;
            check_losses(failure, inference)
        }
        (None, None) => Ok(()),
        _ => Err("inference is not reported".into()),
    }
}

fn law(holds: bool, broken: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(broken()) }
}

/// Every round is over, one after the other, with those who took part; every byte sent is counted.
fn check_training(
    rounds: u32,
    clients: usize,
    training: &TrainingResult,
    seen: &Seen,
) -> Result<(), String> {
    let reported = training.rounds.len();
    law(reported == rounds as usize, || format!("{reported} of {rounds} rounds are reported"))?;
    let (mut before, mut up, mut down) = (0, 0, 0);
    for round in &training.rounds {
        let record = round.record;
        let (start, end) = (record.start.as_nanos(), record.aggregated.as_nanos());
        law(record.arrived <= record.participants, || format!("too many arrived: {record:?}"))?;
        law((1..=clients).contains(&(record.participants as usize)), || {
            format!("nobody or too many took part: {record:?}")
        })?;
        law(start <= end && before <= end, || format!("ends before it begins: {record:?}"))?;
        (before, up, down) = (end, up + record.bytes_up, down + record.bytes_down);
    }
    law(training.time.as_nanos() >= before, || "final models before the last round".into())?;
    let (all_up, all_down) = (training.bytes_up, training.bytes_down);
    law((all_up, all_down) == (seen.bytes_up, seen.bytes_down), || {
        format!(
            "{all_up} B up and {all_down} B down, seen {} and {}",
            seen.bytes_up, seen.bytes_down
        )
    })?;
    law(up <= all_up && down <= all_down, || {
        format!("rounds of {up} B up and {down} B down, of {all_up} and {all_down}")
    })
}

/// Every request that arrived has one end or is in flight, and its stages are its latency.
fn check_inference(inference: &InferenceResult, seen: &Seen) -> Result<(), String> {
    let InferenceResult { requests, completed, dropped, failed, in_flight, records, .. } =
        inference;
    law(*requests == completed + dropped + failed + in_flight, || {
        format!("{requests} requests ≠ {completed} + {dropped} + {failed} + {in_flight}")
    })?;
    law(*requests == records.len() as u64, || format!("{} records", records.len()))?;
    law(*requests == seen.requests, || format!("{requests} requests, {} seen", seen.requests))?;
    records.iter().try_for_each(check_request)
}

fn check_request(record: &RequestRecord) -> Result<(), String> {
    let open = record.outcome == RequestOutcome::InFlight;
    law(open == record.done.is_none(), || format!("neither open nor done: {record:?}"))?;
    let Some(done) = record.done else { return Ok(()) };
    law(done >= record.arrival, || format!("ends before it arrives: {record:?}"))?;
    let stages: u64 = record.stages.as_array().iter().map(|stage| stage.as_nanos()).sum();
    let answered = record.outcome == RequestOutcome::Completed;
    let latency = done.since(record.arrival).as_nanos();
    law(!answered || stages == latency, || format!("{stages} ns of stages: {record:?}"))?;
    law(record.correct.is_some() == answered, || format!("right without an answer: {record:?}"))
}

/// Only a device that fails loses requests; what fails for a while leaves nothing in flight.
fn check_losses(failure: Option<Failure>, inference: &InferenceResult) -> Result<(), String> {
    let mortal = failure.is_some_and(|failure| matches!(failure.victim, Victim::Device(_)));
    let lost = inference.failed;
    law(mortal || lost == 0, || format!("{lost} requests fail without a device that does"))?;
    let back = failure.is_none_or(|failure| mortal || failure.length == Length::Short);
    let left = inference.in_flight;
    law(!back || left == 0, || format!("{left} requests are left in flight"))
}
