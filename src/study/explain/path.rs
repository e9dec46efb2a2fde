//! A path through stations, and what of its time was spent where.

use crate::actors::{Sojourn, StationId, Stations, Task};
use crate::time::{SimDuration, SimTime};
use std::collections::BTreeMap;

/// What a piece of a path's time was spent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Waiting for the device.
    DeviceQueue,
    /// Computing on the device.
    DeviceCompute,
    /// Waiting for links to the server.
    UplinkQueue,
    /// Serialisation on links to the server, retransmissions included.
    UplinkTransmit,
    /// Propagation and jitter on links to the server.
    UplinkPropagate,
    /// Waiting for a worker of the server.
    ServerQueue,
    /// Computing on the server.
    ServerCompute,
    /// Waiting for links to the device.
    DownlinkQueue,
    /// Serialisation on links to the device, retransmissions included.
    DownlinkTransmit,
    /// Propagation and jitter on links to the device.
    DownlinkPropagate,
    /// Waiting for others' updates: for a deadline, or until somebody was given up.
    StragglerWait,
    /// Waiting for a worker of the server to aggregate.
    AggregationQueue,
    /// Aggregating and mixing models on the server.
    Aggregation,
    /// At no station: before a dropped message was sent again, or while a device was down.
    Pause,
}

impl Stage {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::DeviceQueue => "device queue",
            Self::DeviceCompute => "device compute",
            Self::UplinkQueue => "uplink queue",
            Self::UplinkTransmit => "uplink transmit",
            Self::UplinkPropagate => "uplink propagate",
            Self::ServerQueue => "server queue",
            Self::ServerCompute => "server compute",
            Self::DownlinkQueue => "downlink queue",
            Self::DownlinkTransmit => "downlink transmit",
            Self::DownlinkPropagate => "downlink propagate",
            Self::StragglerWait => "straggler wait",
            Self::AggregationQueue => "aggregation queue",
            Self::Aggregation => "aggregation",
            Self::Pause => "pause before a resend or return",
        }
    }

    /// Waiting, service and what follows for `task`.
    fn of(task: Task) -> [Self; 3] {
        match task {
            Task::Aggregate | Task::Merge => {
                [Self::AggregationQueue, Self::Aggregation, Self::Pause]
            }
            Task::ServerStep | Task::ServerPart => {
                [Self::ServerQueue, Self::ServerCompute, Self::Pause]
            }
            task if task.is_uplink() => {
                [Self::UplinkQueue, Self::UplinkTransmit, Self::UplinkPropagate]
            }
            task if task.is_transfer() => {
                [Self::DownlinkQueue, Self::DownlinkTransmit, Self::DownlinkPropagate]
            }
            _ => [Self::DeviceQueue, Self::DeviceCompute, Self::Pause],
        }
    }
}

/// A piece of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// What its time was spent on.
    pub stage: Stage,
    /// Where, if at a station.
    pub station: Option<StationId>,
    /// Its beginning.
    pub start: SimTime,
    /// Its end.
    pub end: SimTime,
}

impl Leg {
    /// How long it is.
    pub fn time(&self) -> SimDuration {
        self.end.since(self.start)
    }
}

/// What of a path's time was spent on one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageShare {
    /// The stage.
    pub stage: Stage,
    /// The time spent on it.
    pub time: SimDuration,
    /// The station at which most of it was spent, if it was at one.
    pub station: Option<String>,
}

/// Tiles [from, to) with the stages of `sojourns`, which follow one another; where they overlap, as
/// segments do that pipeline, the earlier one counts, and where nothing was going on it is a pause.
pub(super) fn tiled(mut sojourns: Vec<Sojourn>, from: SimTime, to: SimTime) -> Vec<Leg> {
    sojourns.sort_by_key(|stay| (stay.arrived, stay.started, stay.ended));
    let mut tiles = Tiles { cursor: from, to, legs: Vec::new() };
    for stay in sojourns {
        let [wait, service, propagation] = Stage::of(stay.task);
        let station = Some(stay.station);
        tiles.put(Stage::Pause, None, stay.arrived);
        tiles.put(wait, station, stay.started);
        tiles.put(service, station, stay.ended);
        tiles.put(propagation, station, stay.delivered);
    }
    tiles.put(Stage::Pause, None, to);
    tiles.legs
}

struct Tiles {
    cursor: SimTime,
    to: SimTime,
    legs: Vec<Leg>,
}

impl Tiles {
    /// From where the tiles end up to `end` it is `stage`.
    fn put(&mut self, stage: Stage, station: Option<StationId>, end: SimTime) {
        let end = end.min(self.to);
        if end > self.cursor {
            self.legs.push(Leg { stage, station, start: self.cursor, end });
            self.cursor = end;
        }
    }
}

/// The time of all `legs`.
pub(super) fn total(legs: &[Leg]) -> SimDuration {
    legs.iter().fold(SimDuration::ZERO, |sum, leg| sum.saturating_add(leg.time()))
}

/// The time of `legs` by stage, the longest first.
pub(super) fn shares(legs: &[Leg], stations: &Stations) -> Vec<StageShare> {
    let mut by_stage: BTreeMap<Stage, BTreeMap<Option<StationId>, SimDuration>> = BTreeMap::new();
    for leg in legs {
        let time = by_stage.entry(leg.stage).or_default().entry(leg.station).or_default();
        *time = time.saturating_add(leg.time());
    }
    let share = |(stage, places): (Stage, BTreeMap<Option<StationId>, SimDuration>)| {
        let time = places.values().fold(SimDuration::ZERO, |sum, time| sum.saturating_add(*time));
        // Of equals the one that was declared first.
        let most = places.iter().rev().max_by_key(|(_, time)| **time);
        let station = most.and_then(|(station, _)| *station);
        StageShare { stage, time, station: station.map(|id| stations.name(id).to_string()) }
    };
    let mut shares: Vec<StageShare> = by_stage.into_iter().map(share).collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.time));
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::Subject;
    use crate::quantity::Bytes;

    fn stay(task: Task, times: [u64; 4]) -> Sojourn {
        let [arrived, started, ended, delivered] = times.map(SimTime::from_nanos);
        Sojourn {
            station: StationId(0),
            subject: Subject::Round { client: 0, round: 0 },
            task,
            size: Bytes(0),
            arrives: false,
            arrived,
            started,
            ended,
            delivered,
        }
    }

    fn tiles(sojourns: &[Sojourn], to: u64) -> Vec<(Stage, u64)> {
        let legs = tiled(sojourns.to_vec(), SimTime::ZERO, SimTime::from_nanos(to));
        assert_eq!(total(&legs).as_nanos(), to, "tiles leave nothing out and count nothing twice");
        legs.iter().map(|leg| (leg.stage, leg.time().as_nanos())).collect()
    }

    #[test]
    fn a_path_is_tiled_by_what_followed_one_another() {
        let sojourns = [
            stay(Task::SmashedUp, [12, 15, 20, 30]),
            stay(Task::Forward, [0, 2, 12, 12]),
            stay(Task::ServerStep, [30, 30, 31, 31]),
        ];
        assert_eq!(
            tiles(&sojourns, 31),
            [
                (Stage::DeviceQueue, 2),
                (Stage::DeviceCompute, 10),
                (Stage::UplinkQueue, 3),
                (Stage::UplinkTransmit, 5),
                (Stage::UplinkPropagate, 10),
                (Stage::ServerCompute, 1),
            ]
        );
    }

    #[test]
    fn gaps_are_pauses_and_what_lies_outside_is_cut_off() {
        let sojourns = [stay(Task::RequestUp, [0, 0, 5, 5]), stay(Task::RequestUp, [9, 9, 14, 40])];
        assert_eq!(
            tiles(&sojourns, 20),
            [
                (Stage::UplinkTransmit, 5),
                (Stage::Pause, 4),
                (Stage::UplinkTransmit, 5),
                (Stage::UplinkPropagate, 6),
            ]
        );
        assert_eq!(tiles(&[], 7), [(Stage::Pause, 7)]);
    }

    #[test]
    fn segments_that_pipeline_count_once() {
        // The second link has sent the first segment before the first one has sent the last.
        let sojourns = [
            stay(Task::RequestUp, [0, 0, 20, 22]),
            stay(Task::RequestUp, [12, 12, 22, 24]),
            stay(Task::RequestUp, [22, 22, 32, 34]),
        ];
        assert_eq!(
            tiles(&sojourns, 34),
            [
                (Stage::UplinkTransmit, 20),
                (Stage::UplinkPropagate, 2),
                (Stage::UplinkPropagate, 2),
                (Stage::UplinkTransmit, 8),
                (Stage::UplinkPropagate, 2),
            ]
        );
    }
}
