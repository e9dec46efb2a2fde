//! What a run writes down: requests, rounds, the timeline of one round, and the stations' books.

use super::energy::EnergyMeter;
use super::link::LinkReport;
use super::message::Content;
use super::record::{Exit, RequestOutcome, RequestRecord, RoundRecord, Span, Stages};
use crate::kernel::ActorId;
use crate::quantity::Bytes;
use crate::station::{AuditError, StationStats};
use crate::stats::Window;
use crate::time::{SimDuration, SimTime};

/// How long arrivals last and which of them count, from the beginning of inference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrafficWindow {
    /// Requests that arrive before this are left out of the statistics.
    pub warmup: SimDuration,
    /// Arrivals stop here.
    pub duration: SimDuration,
}

/// A station's books at the end of a run.
#[derive(Debug, Clone)]
pub struct StationReport {
    /// The actor that owns it.
    pub actor: ActorId,
    /// What it measured, or the law that does not hold.
    pub stats: Result<StationStats, Box<AuditError>>,
}

/// The journal of a run.
#[derive(Debug, Default)]
pub struct Journal {
    requests: Vec<RequestRecord>,
    open_requests: u64,
    open_sources: u32,
    origin: Option<SimTime>,
    window: Option<Window>,
    arrivals_end: Option<SimTime>,
    rounds: Vec<RoundRecord>,
    timeline: Vec<Span>,
    bytes_up: u64,
    bytes_down: u64,
    models_held: Option<SimTime>,
    stations: Vec<StationReport>,
    links: Vec<LinkReport>,
    energy: Option<Box<EnergyMeter>>,
}

impl Journal {
    /// The training round whose timeline is kept.
    pub const TIMELINE_ROUND: u32 = 0;

    /// A journal that reads `meter`, if devices state their power.
    pub fn metered(meter: Option<EnergyMeter>) -> Self {
        Self { energy: meter.map(Box::new), ..Self::default() }
    }

    /// The meter of the devices' energy, if they state their power.
    pub fn energy(&mut self) -> Option<&mut EnergyMeter> {
        self.energy.as_deref_mut()
    }

    /// Inference begins at `now` at `sources` clients.
    ///
    /// Returns `None` if the traffic's window ends past the clock.
    pub fn begin_inference(
        &mut self,
        now: SimTime,
        traffic: TrafficWindow,
        sources: u32,
    ) -> Option<()> {
        let to = now.checked_add(traffic.duration)?;
        self.origin = Some(now);
        self.arrivals_end = Some(to);
        self.window = Some(Window { from: now.checked_add(traffic.warmup)?, to });
        self.open_sources = sources;
        Some(())
    }

    /// When inference began.
    pub fn origin(&self) -> Option<SimTime> {
        self.origin
    }

    /// The statistics' window, once inference has begun.
    pub fn window(&self) -> Option<Window> {
        self.window
    }

    /// The first instant at which requests no longer arrive, once inference has begun.
    pub fn arrivals_end(&self) -> Option<SimTime> {
        self.arrivals_end
    }

    /// A client's last request has arrived; returns whether it was the last of all clients.
    pub fn source_closed(&mut self) -> bool {
        self.open_sources -= 1;
        self.open_sources == 0
    }

    /// A request arrives; returns its index.
    ///
    /// Returns `None` if there are 2³² requests already.
    pub fn request_arrived(
        &mut self,
        now: SimTime,
        client: u32,
        sample: Option<u32>,
        ood: Option<bool>,
    ) -> Option<u32> {
        let index = u32::try_from(self.requests.len()).ok()?;
        self.open_requests += 1;
        self.requests.push(RequestRecord {
            client,
            arrival: now,
            sample,
            ood,
            exit: None,
            correct: None,
            outcome: RequestOutcome::InFlight,
            stages: Stages::default(),
            done: None,
        });
        Some(index)
    }

    /// A request's record, to be filled in.
    pub fn request_mut(&mut self, request: u32) -> &mut RequestRecord {
        &mut self.requests[request as usize]
    }

    /// A request is answered by its exit.
    pub fn request_answered(&mut self, now: SimTime, request: u32, exit: Exit, correct: bool) {
        let record = &mut self.requests[request as usize];
        record.exit = Some(exit);
        record.correct = Some(correct);
        self.close(now, request, RequestOutcome::Completed);
    }

    /// A request's message was dropped.
    pub fn request_dropped(&mut self, now: SimTime, request: u32) {
        self.close(now, request, RequestOutcome::Dropped);
    }

    /// A request was lost with the device that asked.
    pub fn request_failed(&mut self, now: SimTime, request: u32) {
        self.close(now, request, RequestOutcome::Failed);
    }

    /// Whether nothing more will arrive and nothing is outstanding.
    pub fn traffic_is_over(&self) -> bool {
        self.open_sources == 0 && self.open_requests == 0
    }

    /// Requests that have not ended.
    pub fn open_requests(&self) -> u64 {
        self.open_requests
    }

    /// Training sends a message of `size` bytes.
    pub(super) fn training_sent(&mut self, content: Content, size: Bytes) {
        if content.is_uplink() {
            self.bytes_up += size.0;
        } else {
            self.bytes_down += size.0;
        }
    }

    /// Bytes that training has sent so far, up and down.
    pub fn training_bytes(&self) -> (u64, u64) {
        (self.bytes_up, self.bytes_down)
    }

    /// A round has been aggregated.
    pub fn round_done(&mut self, round: RoundRecord) {
        self.rounds.push(round);
        if let Some(energy) = self.energy() {
            energy.round_done();
        }
    }

    /// The last final aggregate has been delivered.
    pub fn training_done(&mut self, now: SimTime) {
        self.models_held = Some(now);
    }

    /// When the last final aggregate was delivered.
    pub fn models_held(&self) -> Option<SimTime> {
        self.models_held
    }

    /// Something took place in `round`; kept if its timeline is.
    pub fn span(&mut self, round: u32, span: Span) {
        if round == Self::TIMELINE_ROUND && span.start < span.end {
            self.timeline.push(span);
        }
    }

    /// So many stations' books will be closed.
    pub fn expect_stations(&mut self, count: usize) {
        self.stations.reserve_exact(count);
    }

    /// A station's books are closed.
    pub fn station_closed(&mut self, report: StationReport) {
        self.stations.push(report);
    }

    /// A link's counts are closed.
    pub(super) fn link_closed(&mut self, report: LinkReport) {
        self.links.push(report);
    }

    /// Takes the counts of the links that counted anything, in the order of declaration.
    pub fn take_links(&mut self) -> Vec<LinkReport> {
        std::mem::take(&mut self.links)
    }

    /// Takes the meter out at the end.
    pub fn take_energy(&mut self) -> Option<Box<EnergyMeter>> {
        self.energy.take()
    }

    /// Takes the books out at the end: requests, rounds, timeline, stations.
    pub fn into_books(
        self,
    ) -> (Vec<RequestRecord>, Vec<RoundRecord>, Vec<Span>, Vec<StationReport>) {
        (self.requests, self.rounds, self.timeline, self.stations)
    }

    fn close(&mut self, now: SimTime, request: u32, outcome: RequestOutcome) {
        let record = &mut self.requests[request as usize];
        assert_eq!(record.outcome, RequestOutcome::InFlight, "request {request} ends once");
        record.outcome = outcome;
        record.done = Some(now);
        self.open_requests -= 1;
    }
}
