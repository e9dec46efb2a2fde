//! Why a training round took so long.

use super::path::{Leg, Stage, StageShare, shares, tiled};
use super::speedup::Speedup;
use super::watchers::{Eye, Seen, Sight};
use super::{Measured, measured};
use crate::actors::{Moment, RoundRecord, Sojourn, Subject, Task};
use crate::experiment::{Clock, RunResult};
use crate::scenario::{AggregationSpec, Scenario};
use crate::study::{StudyError, StudySettings};
use crate::time::{SimDuration, SimTime};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Why a training round took so long.
#[derive(Debug, Clone)]
pub struct RoundExplanation {
    /// The scenario's name.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// The round, from 0.
    pub round: u32,
    /// How many rounds there are.
    pub rounds: u32,
    /// Whether no other round took longer.
    pub is_slowest: bool,
    /// From the sending of its first models to the end of its aggregation.
    pub time: SimDuration,
    /// The median over all rounds.
    pub median: SimDuration,
    /// How long training took, the delivery of the final models included.
    pub training: SimDuration,
    /// What decided when it ended.
    pub decision: Decision,
    /// Clients that took part.
    pub participants: u32,
    /// Clients whose updates were aggregated.
    pub arrived: u32,
    /// How long those whose updates came earlier waited on average until the last was there, or was
    /// no longer waited for; `None` if there are none, or if nobody waits for others.
    pub others_waited: Option<SimDuration>,
    /// The critical path: its legs tile the round's time.
    pub path: Vec<Leg>,
    /// The same by stage, the longest first.
    pub shares: Vec<StageShare>,
    /// The round and the training with one thing twice as fast, the best first.
    pub speedups: Vec<Measured>,
}

/// What decided when a round ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// This client's update was the last.
    Client(
        /// Its path name.
        String,
    ),
    /// The round's deadline.
    Deadline,
    /// A client was given up later than the last update came.
    LostClient(
        /// Its path name.
        String,
    ),
}

/// Explains `round`, or the slowest one without it, of `scenario`, and measures at most `most`
/// speedups. Only the clock is run: nothing is trained.
///
/// # Errors
/// If there is no training or no such round, or a run fails.
pub fn explain_round(
    scenario: &Scenario,
    round: Option<u32>,
    most: usize,
    settings: &StudySettings,
) -> Result<RoundExplanation, StudyError> {
    let Some(spec) = &scenario.training else {
        return Err(StudyError::Unexplained("this scenario has no training".to_owned()));
    };
    let failed = |cause| StudyError::run(format!("scenario '{}'", scenario.name), cause);
    let clock = Clock::of_training(scenario).map_err(failed)?;
    let result = clock.run(scenario, None).map_err(failed)?;
    let training = result.training.as_ref().expect("the scenario trains");
    let records: Vec<RoundRecord> = training.rounds.iter().map(|round| round.record).collect();
    let slowest = records.iter().max_by_key(|record| (time_of(record), Reverse(record.round)));
    let slowest = slowest.copied().expect("training has at least one round");
    let record = match round {
        None => slowest,
        Some(round) => *records.get(round as usize).ok_or_else(|| {
            let last = records.len() - 1;
            StudyError::Unexplained(format!("there is no round {round}: rounds are 0 to {last}"))
        })?,
    };
    let is_common =
        spec.method.averages() && matches!(spec.aggregation, AggregationSpec::Synchronous { .. });
    let seen = see(&clock, scenario, &record, is_common).map_err(failed)?;
    let Explained { decision, path, others_waited } =
        if is_common { of_common_round(&seen, &record) } else { of_last_update(&seen, &record) };
    let likely = Speedup::likely(scenario, &seen.stations, &path, most);
    let read = |result: &RunResult| {
        let training = result.training.as_ref()?;
        let record = training.rounds.get(record.round as usize)?.record;
        Some((time_of(&record), training.time))
    };
    Ok(RoundExplanation {
        scenario: scenario.name.clone(),
        seed: scenario.seed,
        round: record.round,
        rounds: spec.rounds,
        is_slowest: time_of(&record) == time_of(&slowest),
        time: time_of(&record),
        median: median(&records),
        training: training.time,
        decision,
        participants: record.participants,
        arrived: record.arrived,
        others_waited,
        shares: shares(&path, &seen.stations),
        path,
        speedups: measured(&clock, scenario, &likely, settings, read)?,
    })
}

/// Runs the clock once more and watches one round.
fn see(
    clock: &Clock,
    scenario: &Scenario,
    record: &RoundRecord,
    is_common: bool,
) -> Result<Seen, crate::experiment::ExperimentError> {
    let window = [record.start, record.aggregated];
    let round = is_common.then_some(record.round);
    let (eye, seen) = Eye::open(Sight::Training { window, round });
    clock.run(scenario, Some(eye))?;
    Ok(std::rc::Rc::try_unwrap(seen).expect("the run is over, and its watcher gone").into_inner())
}

struct Explained {
    decision: Decision,
    path: Vec<Leg>,
    others_waited: Option<SimDuration>,
}

/// Of a round that all participants are in: the way of the client whose update came last, then
/// whatever was waited for still, then the aggregation.
fn of_common_round(seen: &Seen, record: &RoundRecord) -> Explained {
    let aggregation = seen.sojourns.iter().find(|stay| stay.task == Task::Aggregate);
    let closed = aggregation.map_or(record.aggregated, |aggregation| aggregation.arrived);
    let mut arrivals: BTreeMap<u32, SimTime> = BTreeMap::new();
    for stay in &seen.sojourns {
        if let (Task::ModelUp, true, Some(client)) =
            (stay.task, stay.arrives && stay.delivered <= closed, stay.subject.client())
        {
            arrivals.insert(client, stay.delivered);
        }
    }
    let last = arrivals.iter().max_by_key(|(client, time)| (**time, Reverse(**client)));
    let last = last.map(|(client, time)| (*client, *time));
    let arrived = last.map_or(record.start, |(_, time)| time);
    let mut path = last.map_or_else(Vec::new, |(client, _)| {
        tiled(way_of(client, &seen.sojourns), record.start, arrived)
    });
    if closed > arrived {
        let stage = Stage::StragglerWait;
        path.push(Leg { stage, station: None, start: arrived, end: closed });
    }
    path.extend(tiled(aggregation.into_iter().copied().collect(), closed, record.aggregated));
    let others = arrivals.iter().filter(|(client, _)| last.is_none_or(|last| last.0 != **client));
    let waits: Vec<u64> = others.map(|(_, time)| closed.since(*time).as_nanos()).collect();
    let others_waited = (!waits.is_empty())
        .then(|| SimDuration::from_nanos(waits.iter().sum::<u64>() / waits.len() as u64));
    let decision = match last {
        Some((client, time)) if time == closed => Decision::Client(name(seen, client)),
        _ => given_up(seen),
    };
    Explained { decision, path, others_waited }
}

/// A round that did not end with an update ended with its deadline, or with the last client that was
/// given up.
fn given_up(seen: &Seen) -> Decision {
    match seen.moments.last() {
        Some((_, Moment::RoundLost { client })) => Decision::LostClient(name(seen, *client)),
        _ => Decision::Deadline,
    }
}

/// Where clients are in rounds of their own a reported round ends with one client's update: what that
/// client did since the last report.
fn of_last_update(seen: &Seen, record: &RoundRecord) -> Explained {
    let before_end = seen.sojourns.iter().filter(|stay| stay.ended <= record.aggregated);
    let last = before_end
        .filter(|stay| matches!(stay.task, Task::Merge | Task::FullStep | Task::Backward))
        .filter_map(|stay| Some((stay.ended, Reverse(stay.subject.client()?))))
        .max();
    match last {
        Some((_, Reverse(client))) => Explained {
            decision: Decision::Client(name(seen, client)),
            path: tiled(way_of(client, &seen.sojourns), record.start, record.aggregated),
            others_waited: None,
        },
        None => Explained {
            decision: given_up(seen),
            path: tiled(Vec::new(), record.start, record.aggregated),
            others_waited: None,
        },
    }
}

/// What followed one another for `client`. κ that runs while the gradient is awaited runs beside
/// that.
fn way_of(client: u32, sojourns: &[Sojourn]) -> Vec<Sojourn> {
    let is_its = |stay: &&Sojourn| {
        matches!(stay.subject, Subject::Round { client: other, .. } if other == client)
            && stay.task != Task::Overlapped
    };
    sojourns.iter().filter(is_its).copied().collect()
}

fn name(seen: &Seen, client: u32) -> String {
    seen.stations.name(seen.stations.device(client)).to_string()
}

fn time_of(record: &RoundRecord) -> SimDuration {
    record.aggregated.since(record.start)
}

/// The lower median.
fn median(records: &[RoundRecord]) -> SimDuration {
    let mut times: Vec<SimDuration> = records.iter().map(time_of).collect();
    times.sort_unstable();
    times[(times.len() - 1) / 2]
}
