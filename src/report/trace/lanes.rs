//! Processes and threads: where each slice is drawn.

use super::event::{Label, TraceEvent, Track};
use super::file::TraceFile;
use crate::actors::{StationId, Stations};
use crate::time::SimTime;
use std::collections::{BTreeMap, BTreeSet};

/// What the slices of a lane are, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Service,
    Wait,
    Propagation,
}

impl Stage {
    fn thread_name(self, station: &str, lane: usize) -> String {
        let what = match self {
            Self::Service => "",
            Self::Wait => " waiting",
            Self::Propagation => " in flight",
        };
        match lane {
            0 => format!("{station}{what}"),
            _ => format!("{station}{what} #{}", lane + 1),
        }
    }
}

/// The threads of one stage at one station, each free from the end of its last slice on.
#[derive(Debug, Default)]
struct Lanes {
    threads: Vec<u32>,
    free_from: BTreeSet<(SimTime, usize)>,
}

/// All tracks that have slices so far.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    /// Of each station.
    processes: Vec<u32>,
    /// Processes that have been named.
    named: BTreeSet<u32>,
    lanes: BTreeMap<(StationId, Stage), Lanes>,
    threads: u32,
}

impl Tracks {
    /// A process for each device with its links, for the server, and for each other link.
    pub(super) fn of(stations: &Stations) -> Self {
        let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
        let mut processes = Vec::with_capacity(stations.names.len());
        for name in &stations.names {
            // A process's number is at least 1: 0 is the idle process.
            let next = u32::try_from(numbers.len() + 1).expect("stations are counted in u32");
            processes.push(*numbers.entry(process_name(name)).or_insert(next));
        }
        Self { processes, ..Self::default() }
    }

    /// The process that shows `station`.
    pub(super) fn process(&self, station: StationId) -> u32 {
        self.processes[station.index()]
    }

    /// A track for a slice of `stage` at `station` that overlaps none of it.
    pub(super) fn lane(
        &mut self,
        station: StationId,
        stage: Stage,
        [start, end]: [SimTime; 2],
        stations: &Stations,
        file: &mut TraceFile,
    ) -> Track {
        let process = self.process(station);
        let lanes = self.lanes.entry((station, stage)).or_default();
        // Of the lanes that are free the one that became so last.
        let free = lanes.free_from.range(..=(start, usize::MAX)).next_back().copied();
        let lane = match free {
            Some(free) => {
                lanes.free_from.remove(&free);
                free.1
            }
            None => {
                self.threads += 1;
                lanes.threads.push(self.threads);
                lanes.threads.len() - 1
            }
        };
        lanes.free_from.insert((end, lane));
        let track = Track { process, thread: lanes.threads[lane] };
        if free.is_none() {
            let name = stage.thread_name(stations.name(station), lane);
            self.name_process(station, stations, file);
            let order = station.0 * 3 + stage as u32;
            for label in [Label::ThreadName(&name), Label::ThreadOrder(order)] {
                file.event(&TraceEvent::Metadata { track, label });
            }
        }
        track
    }

    /// The track of what happens at `station` at one moment.
    pub(super) fn main(
        &mut self,
        station: StationId,
        stations: &Stations,
        file: &mut TraceFile,
    ) -> Track {
        let known = self.lanes.get(&(station, Stage::Service));
        match known.and_then(|lanes| lanes.threads.first()) {
            Some(&thread) => Track { process: self.process(station), thread },
            None => {
                let never = [SimTime::ZERO; 2];
                self.lane(station, Stage::Service, never, stations, file)
            }
        }
    }

    /// Names the process of `station`, once.
    pub(super) fn name_process(
        &mut self,
        station: StationId,
        stations: &Stations,
        file: &mut TraceFile,
    ) {
        let process = self.process(station);
        if self.named.insert(process) {
            let name = process_name(stations.name(station));
            let track = Track { process, thread: 0 };
            for label in [Label::ProcessName(name), Label::ProcessOrder(process)] {
                file.event(&TraceEvent::Metadata { track, label });
            }
        }
    }
}

/// A link's directions are shown with the device that they belong to, or together.
fn process_name(name: &str) -> &str {
    ["/up", "/down", "/air"].iter().find_map(|way| name.strip_suffix(way)).unwrap_or(name)
}
