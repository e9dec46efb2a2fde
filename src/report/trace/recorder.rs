//! What a run shows becomes events of the trace.

use super::counters::{Counters, QueueLength};
use super::event::{Point, TraceEvent, Track, quoted};
use super::file::TraceFile;
use super::flows::{FlowEvent, Flows};
use super::lanes::{Stage, Tracks};
use super::{TraceCounts, TraceLimits};
use crate::actors::{Moment, Sojourn, StationId, Stations, Subject};
use crate::report::ReportError;
use crate::time::SimTime;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Writes a trace while a run goes on.
pub(super) struct Recorder {
    file: TraceFile,
    limits: TraceLimits,
    stations: Stations,
    tracks: Tracks,
    flows: Flows,
    counters: Counters,
    slices: u64,
}

impl Recorder {
    pub(super) fn new(file: TraceFile, limits: TraceLimits) -> Self {
        Self {
            file,
            limits,
            stations: Stations { names: Vec::new(), clients: 0 },
            tracks: Tracks::default(),
            flows: Flows::default(),
            counters: Counters::default(),
            slices: 0,
        }
    }

    pub(super) fn begins(&mut self, stations: &Stations) {
        self.tracks = Tracks::of(stations);
        self.stations = stations.clone();
    }

    pub(super) fn sojourn(&mut self, now: SimTime, sojourn: &Sojourn) {
        self.count_until(Some(now));
        self.counters.foretold(now, sojourn);
        if !self.limits.show(sojourn) {
            // Mini-batches are counted all the same.
            self.flows.visit(sojourn, None, &mut |event| arrow(&mut self.file, event));
            return;
        }
        let arguments = self.arguments(sojourn);
        let Sojourn { arrived, started, ended, delivered, task, .. } = *sojourn;
        let name = task.name();
        let category = if task.is_transfer() { "transmit" } else { "compute" };
        let waits = format!("{name} (waiting)");
        let travels = format!("{name} (in flight)");
        self.slice(sojourn, Stage::Wait, (&waits, "wait"), [arrived, started], &arguments);
        let service =
            self.slice(sojourn, Stage::Service, (name, category), [started, ended], &arguments);
        let propagation = (travels.as_str(), "propagate");
        self.slice(sojourn, Stage::Propagation, propagation, [ended, delivered], &arguments);
        let point = service.map(|track| Point { track, time: started });
        let Self { flows, file, .. } = self;
        flows.visit(sojourn, point, &mut |event| arrow(file, event));
    }

    pub(super) fn queue(&mut self, now: SimTime, station: StationId, waiting: u64) {
        self.count_until(Some(now));
        if let Some(length) = self.counters.told(now, station, waiting) {
            self.count(length);
        }
    }

    pub(super) fn moment(&mut self, now: SimTime, station: StationId, moment: Moment) {
        self.count_until(Some(now));
        let Self { flows, file, .. } = self;
        if let Some(request) = moment.ended_request() {
            flows.request_over(request, &mut |event| arrow(file, event));
        }
        if let (Moment::DeviceFailed, Some(client)) = (moment, self.stations.client(station)) {
            flows.device_failed(client, &mut |event| arrow(file, event));
        }
        // That a request was answered is where its arrows end.
        if matches!(moment, Moment::Answered { .. })
            || !self.limits.show_station(now, station, &self.stations)
        {
            return;
        }
        let track = self.tracks.main(station, &self.stations, &mut self.file);
        self.file.event(&TraceEvent::Instant { track, name: moment.name(), time: now });
    }

    pub(super) fn finish(&mut self) -> Result<(PathBuf, TraceCounts), ReportError> {
        self.count_until(None);
        let Self { flows, file, .. } = self;
        flows.close(&mut |event| arrow(file, event));
        let path = file.finish()?;
        let counts =
            TraceCounts { slices: self.slices, flows: flows.begun(), events: file.events() };
        Ok((path, counts))
    }

    /// Draws a slice, if it takes any time, on a track of its own for that time.
    fn slice(
        &mut self,
        sojourn: &Sojourn,
        stage: Stage,
        (name, category): (&str, &str),
        [start, end]: [SimTime; 2],
        arguments: &str,
    ) -> Option<Track> {
        if start == end {
            return None;
        }
        let Self { tracks, stations, file, .. } = self;
        let track = tracks.lane(sojourn.station, stage, [start, end], stations, file);
        file.event(&TraceEvent::Slice { track, name, category, start, end, arguments });
        self.slices += 1;
        Some(track)
    }

    /// What a click on a slice shows.
    fn arguments(&self, sojourn: &Sojourn) -> String {
        let mut text = String::from("{");
        let mut put = |key: &str, value: &str| {
            let comma = if text.len() == 1 { "" } else { "," };
            write!(text, "{comma}\"{key}\":{value}").expect("a text takes what is written to it");
        };
        if let Some(client) = sojourn.subject.client() {
            put("client", &quoted(self.stations.name(self.stations.device(client))));
        }
        match sojourn.subject {
            Subject::Request { request, .. } => put("request", &request.to_string()),
            Subject::Round { round, .. } | Subject::Aggregation { round } => {
                put("round", &round.to_string());
            }
            Subject::Background => {}
        }
        if let Some(step) = self.flows.step(sojourn) {
            put("step", &step.to_string());
        }
        if sojourn.size.0 > 0 {
            put("bytes", &sojourn.size.0.to_string());
        }
        text.push('}');
        text
    }

    /// Draws the queues that were foretold for a time before `now`; all of them without one.
    fn count_until(&mut self, now: Option<SimTime>) {
        while let Some(length) = self.counters.next_before(now) {
            self.count(length);
        }
    }

    fn count(&mut self, QueueLength { time, station, waiting }: QueueLength) {
        let Self { limits, stations, tracks, file, .. } = self;
        if limits.show_station(time, station, stations) {
            tracks.name_process(station, stations, file);
            let name = format!("{} queue", stations.name(station));
            let process = tracks.process(station);
            file.event(&TraceEvent::Counter { process, name: &name, time, waiting });
        }
    }
}

fn arrow(file: &mut TraceFile, FlowEvent { part, point, name, id }: FlowEvent) {
    file.event(&TraceEvent::Flow { part, point, name, id });
}
