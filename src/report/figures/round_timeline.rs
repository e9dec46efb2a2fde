//! Who computed, sent and waited in one training round.

mod columns;

use super::axis::Axis;
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::rows::{MOST_ROWS, RowChart};
use super::spread::evenly;
use super::style::{self, pale};
use crate::actors::{Activity, Span};
use crate::experiment::RunResult;
use crate::report::text::counted;
use crate::time::{SimDuration, SimTime};
use columns::by_column;
use plotters::prelude::*;

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
pub(super) struct RoundTimeline<'a> {
    round: u32,
    /// How many clients took part; as many as fit are shown.
    participants: usize,
    /// Name and spans of each shown client.
    shown: Vec<(&'a str, Vec<&'a Span>)>,
    start: SimTime,
    end: SimTime,
}

impl<'a> RoundTimeline<'a> {
    /// `None` for a run that recorded no round.
    pub(super) fn of(run: &'a RunResult) -> Option<Self> {
        let training = run.training.as_ref()?;
        let spans = &training.timeline;
        let mut participants: Vec<u32> = spans.iter().map(|span| span.client).collect();
        participants.sort_unstable();
        participants.dedup();
        let chosen: Vec<u32> = evenly(participants.len(), MOST_ROWS)
            .into_iter()
            .map(|row| participants[row])
            .collect();
        let mut shown: Vec<(&str, Vec<&Span>)> = chosen
            .iter()
            .map(|&client| (&*run.clients[client as usize].name, Vec::new()))
            .collect();
        for span in spans {
            if let Ok(row) = chosen.binary_search(&span.client) {
                shown[row].1.push(span);
            }
        }
        Some(Self {
            round: training.timeline_round,
            participants: participants.len(),
            shown,
            start: spans.iter().map(|span| span.start).min()?,
            end: spans.iter().map(|span| span.end).max()?,
        })
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
        self.shown.iter().flat_map(|(_, spans)| spans.iter().copied())
    }

    /// Milliseconds below a second, else seconds: the unit's name and its length in seconds.
    fn unit(&self) -> (&'static str, f64) {
        if self.length().as_secs_f64() < 1.0 { ("ms", 1e-3) } else { ("s", 1.0) }
    }

    fn length(&self) -> SimDuration {
        self.end.since(self.start)
    }
}

impl Figure for RoundTimeline<'_> {
    const NAME: &'static str = "round_timeline";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let (unit, unit_s) = self.unit();
        let present = ACTIVITIES.iter().filter(|(a, ..)| self.spans().any(|s| s.activity == *a));
        let length = self.length().as_secs_f64() / unit_s;
        let chart = RowChart {
            title: self.title(),
            legend: present.map(|(_, name, colour)| ((*name).to_owned(), colour())).collect(),
            names: self.shown.iter().map(|(name, _)| *name).collect(),
            x: (
                Axis::from_zero(length),
                format!("simulated time since the round's start ({unit})"),
            ),
        };
        let rows = chart.draw(root)?;
        let (first, _) = rows.pixel(0.0, 0);
        let columns = usize::try_from(rows.pixel(length, 0).0 - first).unwrap_or(0);
        for (row, (_, spans)) in self.shown.iter().enumerate() {
            for run in by_column(spans, self.start, self.end, columns) {
                let pixel = |column: usize| first + i32::try_from(column).unwrap_or(i32::MAX);
                let colour = ACTIVITIES[index_of(run.activity)].2();
                rows.fill(row, (pixel(run.columns.start), pixel(run.columns.end)), colour)?;
            }
        }
        Ok(())
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        table.write_record(["client", "activity", "start_ns", "end_ns"])?;
        for (client, spans) in &self.shown {
            for span in spans {
                let activity = ACTIVITIES[index_of(span.activity)].1;
                table.serialize((client, activity, span.start.as_nanos(), span.end.as_nanos()))?;
            }
        }
        Ok(())
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
