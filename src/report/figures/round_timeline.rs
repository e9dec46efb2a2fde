//! Who computed, sent and waited in one training round.

mod columns;

use super::axis::Axis;
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::rows::{MOST_ROWS, RowChart};
use super::saved::{self, Saved};
use super::spread::evenly;
use super::style::{self, pale};
use crate::actors::{Activity, Span};
use crate::experiment::RunResult;
use crate::report::text::counted;
use crate::time::{SimDuration, SimTime};
use columns::by_column;
use plotters::prelude::*;
use serde::{Deserialize, Serialize};

/// An activity, its name and its colour.
type Look = (Activity, &'static str, fn() -> RGBColor);

/// All activities in the order of a step, with names and colours. What waits for the server has a
/// paler colour of the server.
const ACTIVITIES: [Look; 8] = [
    (Activity::ModelDown, "model down", || style::PURPLE),
    (Activity::DeviceCompute, "device compute", || style::ORANGE),
    (Activity::SmashedUp, "smashed data up", || style::SKY_BLUE),
    (Activity::ServerWait, "server wait", || pale(style::GREEN)),
    (Activity::ServerCompute, "server compute", || style::GREEN),
    (Activity::GradientDown, "gradient down", || style::BLUE),
    (Activity::ModelUp, "model up", || style::VERMILION),
    (Activity::RoundWait, "wait for the round", || style::PALE_GREY),
];

/// The index of an activity in [`ACTIVITIES`].
fn index_of(activity: Activity) -> usize {
    match activity {
        Activity::ModelDown => 0,
        Activity::DeviceCompute => 1,
        Activity::SmashedUp => 2,
        Activity::ServerWait => 3,
        Activity::ServerCompute => 4,
        Activity::GradientDown => 5,
        Activity::ModelUp => 6,
        Activity::RoundWait => 7,
    }
}

/// The spans of some participants of a round.
pub(super) struct RoundTimeline {
    round: u32,
    /// How many clients took part; as many as fit are shown.
    participants: usize,
    /// Name and spans of each shown client.
    shown: Vec<(String, Vec<Span>)>,
    start: SimTime,
    end: SimTime,
}

/// One span of one client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    client: String,
    activity: String,
    start_ns: u64,
    end_ns: u64,
    round: u32,
    /// How many clients took part, shown or not.
    participants: usize,
}

impl RoundTimeline {
    /// `None` for a run that recorded no round.
    pub(super) fn of(run: &RunResult) -> Option<Self> {
        let training = run.training.as_ref()?;
        let spans = &training.timeline;
        let mut participants: Vec<u32> = spans.iter().map(|span| span.client).collect();
        participants.sort_unstable();
        participants.dedup();
        let chosen: Vec<u32> = evenly(participants.len(), MOST_ROWS)
            .into_iter()
            .map(|row| participants[row])
            .collect();
        let mut shown: Vec<(String, Vec<Span>)> = chosen
            .iter()
            .map(|&client| (run.clients[client as usize].name.to_string(), Vec::new()))
            .collect();
        for span in spans {
            if let Ok(row) = chosen.binary_search(&span.client) {
                shown[row].1.push(*span);
            }
        }
        Self::new(training.timeline_round, participants.len(), shown)
    }

    /// `None` without a span.
    fn new(round: u32, participants: usize, shown: Vec<(String, Vec<Span>)>) -> Option<Self> {
        let spans = || shown.iter().flat_map(|(_, spans)| spans);
        let start = spans().map(|span| span.start).min()?;
        let end = spans().map(|span| span.end).max()?;
        Some(Self { round, participants, shown, start, end })
    }

    fn title(&self) -> String {
        let shown = self.shown.len();
        let clients = counted(self.participants, "client");
        let clients = if shown == self.participants {
            clients
        } else {
            format!("{shown} of {clients} shown")
        };
        format!("Training round {}: {clients}", self.round)
    }

    fn spans(&self) -> impl Iterator<Item = &Span> {
        self.shown.iter().flat_map(|(_, spans)| spans)
    }

    /// Milliseconds below a second, else seconds: the unit's name and its length in seconds.
    fn unit(&self) -> (&'static str, f64) {
        if self.length().as_secs_f64() < 1.0 { ("ms", 1e-3) } else { ("s", 1.0) }
    }

    fn length(&self) -> SimDuration {
        self.end.since(self.start)
    }
}

impl Figure for RoundTimeline {
    const NAME: &'static str = "round_timeline";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let (unit, unit_s) = self.unit();
        let present = ACTIVITIES.iter().filter(|(a, ..)| self.spans().any(|s| s.activity == *a));
        let length = self.length().as_secs_f64() / unit_s;
        let chart = RowChart {
            title: self.title(),
            legend: present.map(|(_, name, colour)| ((*name).to_owned(), colour())).collect(),
            names: self.shown.iter().map(|(name, _)| name.as_str()).collect(),
            x: (
                Axis::from_zero(length),
                format!("simulated time since the round's start ({unit})"),
            ),
        };
        let rows = chart.draw(root)?;
        let (first, _) = rows.pixel(0.0, 0);
        let columns = usize::try_from(rows.pixel(length, 0).0 - first).unwrap_or(0);
        for (row, (_, spans)) in self.shown.iter().enumerate() {
            for run in by_column(&spans.iter().collect::<Vec<_>>(), self.start, self.end, columns) {
                let pixel = |column: usize| first + i32::try_from(column).unwrap_or(i32::MAX);
                let colour = ACTIVITIES[index_of(run.activity)].2();
                rows.fill(row, (pixel(run.columns.start), pixel(run.columns.end)), colour)?;
            }
        }
        Ok(())
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        saved::write(self, table)
    }
}

impl Saved for RoundTimeline {
    type Row = Row;

    fn rows(&self) -> Vec<Row> {
        let rows = |(client, spans): &(String, Vec<Span>)| {
            let row = |span: &Span| Row {
                client: client.clone(),
                activity: ACTIVITIES[index_of(span.activity)].1.to_owned(),
                start_ns: span.start.as_nanos(),
                end_ns: span.end.as_nanos(),
                round: self.round,
                participants: self.participants,
            };
            spans.iter().map(row).collect::<Vec<_>>()
        };
        self.shown.iter().flat_map(rows).collect()
    }

    fn from_rows(rows: Vec<Row>) -> Result<Self, String> {
        let (round, participants) = (rows[0].round, rows[0].participants);
        let mut shown: Vec<(String, Vec<Span>)> = Vec::new();
        for row in rows {
            if shown.last().is_none_or(|(client, _)| *client != row.client) {
                shown.push((row.client.clone(), Vec::new()));
            }
            let client = u32::try_from(shown.len() - 1).unwrap_or(u32::MAX);
            let span = row.span(client)?;
            shown.last_mut().expect("pushed above").1.push(span);
        }
        if shown.len() > MOST_ROWS {
            return Err(format!("a figure has room for {MOST_ROWS} clients"));
        }
        Self::new(round, participants, shown).ok_or_else(|| "it has no spans".to_owned())
    }
}

impl Row {
    /// # Errors
    /// If it is of no known activity, or ends before it starts.
    fn span(&self, client: u32) -> Result<Span, String> {
        let Self { activity, start_ns, end_ns, .. } = self;
        let known = ACTIVITIES.iter().find(|(_, name, _)| name == activity);
        let &(activity, ..) = known.ok_or_else(|| format!("`{activity}` is no activity"))?;
        if start_ns > end_ns {
            return Err(format!("a span ends at {end_ns} ns before it starts at {start_ns} ns"));
        }
        let [start, end] = [*start_ns, *end_ns].map(SimTime::from_nanos);
        Ok(Span { client, activity, start, end })
    }
}

impl saved::Row for Row {
    /// Times are integers.
    fn numbers(&self) -> Vec<f64> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_activity_finds_its_own_name_and_colour() {
        for (index, (activity, ..)) in ACTIVITIES.iter().enumerate() {
            assert_eq!(index_of(*activity), index);
        }
    }
}
