//! Where requests are over time: how many wait for devices, uplinks, the server and downlinks, and
//! how many are in service there. It is made of what each request says of itself, so that no station
//! keeps a history and a fleet of any size costs nothing while it is simulated.

use super::axis::Axis;
use super::panels::{Look, Panel, PanelChart, PanelLine};
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::saved::{self, Saved};
use crate::experiment::RunResult;
use plotters::prelude::*;
use serde::{Deserialize, Serialize};

/// Intervals of time, each of which has a mean.
const BINS: usize = 120;

/// The places that requests pass: a name, and which stages wait for it and are served there, in the
/// order of [`crate::actors::STAGE_NAMES`].
const PLACES: [(&str, usize, usize); 4] =
    [("devices", 0, 1), ("uplinks", 2, 3), ("server", 5, 6), ("downlinks", 7, 8)];

/// One place in one interval of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    place: String,
    /// The middle of the interval, since inference began.
    time_s: f64,
    /// Mean number of requests that wait there.
    waiting: f64,
    /// Mean number in service there.
    in_service: f64,
}

/// Answered requests over the time from the beginning of inference to the last answer.
pub(super) struct RequestsOverTime {
    rows: Vec<Row>,
}

impl RequestsOverTime {
    /// `None` for a run that answered nothing.
    pub(super) fn of(run: &RunResult) -> Option<Self> {
        let inference = run.inference.as_ref()?;
        let origin = inference.origin.as_nanos();
        let answered = || inference.records.iter().filter_map(|r| Some((r, r.done?.as_nanos())));
        let end = answered().map(|(_, done)| done).max()?;
        let mut means = Means::new(end.checked_sub(origin).filter(|length| *length > 0)?);
        for (record, _) in answered() {
            let mut clock = record.arrival.as_nanos().saturating_sub(origin);
            for (stage, length) in record.stages.as_array().into_iter().enumerate() {
                let until = clock.saturating_add(length.as_nanos());
                means.add(stage, clock, until);
                clock = until;
            }
        }
        let rows = PLACES.iter().flat_map(|&(place, waits, serves)| {
            let means = &means;
            (0..BINS).map(move |bin| Row {
                place: place.to_owned(),
                time_s: means.middle(bin),
                waiting: means.mean(waits, bin),
                in_service: means.mean(serves, bin),
            })
        });
        Some(Self { rows: rows.collect() })
    }

    fn panel(&self, title: &str, of: fn(&Row) -> f64) -> Panel {
        let line = |(index, (place, ..)): (usize, &(&str, usize, usize))| PanelLine {
            look: Look::of(index),
            points: (self.rows.iter().filter(|row| row.place == *place))
                .map(|row| (row.time_s, of(row)))
                .collect(),
            band: Vec::new(),
            marked: false,
        };
        Panel { title: title.to_owned(), lines: PLACES.iter().enumerate().map(line).collect() }
    }
}

/// Time that requests spend in each stage, by intervals of time of equal length.
struct Means {
    /// Of all intervals together, in ns.
    length: u64,
    /// In ns.
    spent: Vec<[u128; 10]>,
}

impl Means {
    fn new(length: u64) -> Self {
        Self { length, spent: vec![[0; 10]; BINS] }
    }

    /// Where the interval `bin` begins.
    fn begin(&self, bin: usize) -> u64 {
        let begin = u128::from(self.length) * bin as u128 / BINS as u128;
        u64::try_from(begin).unwrap_or(u64::MAX)
    }

    /// A request is in `stage` from `from` to before `to`.
    fn add(&mut self, stage: usize, from: u64, to: u64) {
        if from >= to {
            return;
        }
        let first = u128::from(from) * BINS as u128 / u128::from(self.length);
        for bin in usize::try_from(first).unwrap_or(BINS)..BINS {
            let (begin, end) = (self.begin(bin), self.begin(bin + 1));
            if begin >= to {
                return;
            }
            let overlap = to.min(end).saturating_sub(from.max(begin));
            self.spent[bin][stage] += u128::from(overlap);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a figure's precision")]
    fn mean(&self, stage: usize, bin: usize) -> f64 {
        let length = self.begin(bin + 1) - self.begin(bin);
        if length == 0 { 0.0 } else { self.spent[bin][stage] as f64 / length as f64 }
    }

    /// Seconds.
    #[expect(clippy::cast_precision_loss, reason = "a figure's precision")]
    fn middle(&self, bin: usize) -> f64 {
        self.begin(bin).midpoint(self.begin(bin + 1)) as f64 / 1e9
    }
}

impl Figure for RequestsOverTime {
    const NAME: &'static str = "requests_over_time";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let largest = |of: fn(&Row) -> f64| self.rows.iter().map(of).fold(0.0, f64::max);
        let most = largest(|row| row.waiting).max(largest(|row| row.in_service));
        PanelChart {
            title: "Answered requests over time, by where they are".to_owned(),
            legend: PLACES.iter().map(|(place, ..)| (*place).to_owned()).collect(),
            x: (
                Axis::from_zero(largest(|row| row.time_s)),
                "simulated time since requests began (s)".to_owned(),
            ),
            y: (Axis::from_zero(most), "mean number of requests".to_owned()),
            panels: vec![
                self.panel("waiting", |row| row.waiting),
                self.panel("in service", |row| row.in_service),
            ],
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        saved::write(self, table)
    }
}

impl Saved for RequestsOverTime {
    type Row = Row;

    fn rows(&self) -> Vec<Row> {
        self.rows.clone()
    }

    fn from_rows(rows: Vec<Row>) -> Result<Self, String> {
        let known = |row: &&Row| !PLACES.iter().any(|(place, ..)| row.place == *place);
        match rows.iter().find(known) {
            Some(row) => Err(format!("`{}` is no place that requests pass", row.place)),
            None => Ok(Self { rows }),
        }
    }
}

impl saved::Row for Row {
    fn numbers(&self) -> Vec<f64> {
        vec![self.time_s, self.waiting, self.in_service]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_means_add_up_to_the_time_that_requests_spent() {
        // 7 ns do not divide into 120 bins; a stage from 1 to 6 and one from 6 to 7
        let mut means = Means::new(7_000);
        means.add(3, 1_000, 6_000);
        means.add(3, 6_000, 7_000);
        means.add(4, 0, 10);
        let spent = |stage: usize| means.spent.iter().map(|bin| bin[stage]).sum::<u128>();
        assert_eq!((spent(3), spent(4)), (6_000, 10));
        assert_eq!((means.mean(3, 0), means.mean(3, 119)), (0.0, 1.0));
    }

    #[test]
    fn of_little_s_law_both_sides_are_equal() {
        // mean number in service · time = sum of the service times
        let run = crate::report::sample::small();
        let figure = RequestsOverTime::of(&run).unwrap();
        let inference = run.inference.as_ref().unwrap();
        let served: f64 = inference
            .records
            .iter()
            .filter(|record| record.done.is_some())
            .map(|record| record.stages.as_array()[6].as_secs_f64())
            .sum();
        let server: Vec<&Row> = figure.rows.iter().filter(|row| row.place == "server").collect();
        let bin = server[1].time_s - server[0].time_s;
        let drawn: f64 = server.iter().map(|row| row.in_service * bin).sum();
        assert!((drawn / served - 1.0).abs() < 1e-6, "{drawn} s drawn of {served} s");
    }
}
