//! Who is the fastest over the uplink's and the device's rate.

use super::axis::Axis;
use super::bounds::COLOURS;
use super::legend::{Entry, Marker, Swatch, draw_marker};
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::style;
use crate::experiment::{Cell, Regimes, Ways};
use crate::theory::split::Fastest;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

/// Points on each axis at which the formulas are asked for their frontier.
const FINE: u32 = 240;

/// Half of a frontier point's side in pixels.
const DOT: i32 = 1;

/// What marks a cell whose fastest way leaves requests unanswered.
const LOSSY: Marker = Marker::Circle;

const BELOW: u32 = 56;
const LEFT: u32 = 84;

/// The map of one kind of simulation, with the closed form's frontier over it.
pub(super) struct RegimeMap<'a> {
    pub(super) map: &'a Regimes,
    /// What was simulated.
    pub(super) title: &'static str,
    /// What it came to.
    pub(super) ways: fn(&Cell) -> Ways,
}

/// A rate and how far its cell reaches: half a step in the logarithm to both sides.
fn reach(rate: u64, step: f64) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a figure's precision")]
    let rate = rate as f64;
    (rate / step.sqrt(), rate * step.sqrt())
}

/// The ratio of neighbouring rates of an axis.
#[expect(clippy::cast_precision_loss, reason = "a figure's precision")]
fn step(rates: &[u64]) -> f64 {
    match rates {
        [first, .., last] => (*last as f64 / *first as f64).powf(1.0 / (rates.len() - 1) as f64),
        _ => 10.0,
    }
}

impl RegimeMap<'_> {
    /// From the lower edge of the first cell to the upper edge of the last.
    fn ends(rates: &[u64]) -> (f64, f64) {
        let step = step(rates);
        let first = rates.first().map_or(1.0, |rate| reach(*rate, step).0);
        let last = rates.last().map_or(10.0, |rate| reach(*rate, step).1);
        (first, last)
    }

    /// Points (Mbit/s, GFLOP/s) at which the formulas' verdict changes to the next point on the right
    /// or above.
    fn frontier(&self) -> Vec<(f64, f64)> {
        let fine = |(low, high): (f64, f64)| -> Vec<f64> {
            let at = |i: u32| low * (high / low).powf(f64::from(i) / f64::from(FINE));
            (0..=FINE).map(at).collect()
        };
        let uplinks = fine(Self::ends(&self.map.uplinks));
        let devices = fine(Self::ends(&self.map.devices));
        let mut points = Vec::new();
        for (i, &uplink) in uplinks.iter().enumerate() {
            for (j, &device) in devices.iter().enumerate() {
                let own = self.map.by_formula(uplink, device);
                let differs = |u: Option<&f64>, d: Option<&f64>| match (u, d) {
                    (Some(&u), Some(&d)) => self.map.by_formula(u, d) != own,
                    _ => false,
                };
                if differs(uplinks.get(i + 1), Some(&device))
                    || differs(Some(&uplink), devices.get(j + 1))
                {
                    points.push((uplink / 1e6, device / 1e9));
                }
            }
        }
        points
    }
}

impl Figure for RegimeMap<'_> {
    const NAME: &'static str = "regimes";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let mut legend: Vec<Entry> = Fastest::ALL
            .into_iter()
            .zip(COLOURS)
            .map(|(way, colour)| Entry {
                label: way.name().to_owned(),
                swatch: Swatch::Area(style::pale(colour)),
            })
            .collect();
        if self.map.cells.iter().any(|cell| (self.ways)(cell).lost_by_fastest() > 0.0) {
            legend.push(Entry {
                label: "loses requests".to_owned(),
                swatch: Swatch::Line { colour: style::MID_GREY, width: 0, marker: Some(LOSSY) },
            });
        }
        legend.push(Entry {
            label: "closed-form frontier".to_owned(),
            swatch: Swatch::Line { colour: BLACK, width: 2, marker: None },
        });
        let title = if self.map.compares_accuracy() {
            self.title.to_owned()
        } else {
            format!("{} (accuracy not compared)", self.title)
        };
        let plot = style::frame(root, &title, &legend)?;
        let axis = |rates: &[u64], unit: f64| {
            let (low, high) = Self::ends(rates);
            Axis::logarithmic(low / unit * 1.1, high / unit / 1.1)
        };
        let mut chart = ChartBuilder::on(&plot)
            .x_label_area_size(BELOW)
            .y_label_area_size(LEFT)
            .build_cartesian_2d(axis(&self.map.uplinks, 1e6), axis(&self.map.devices, 1e9))?;
        chart
            .configure_mesh()
            .bold_line_style(style::grid())
            .axis_style(style::axis())
            .label_style(style::text(HPos::Left, VPos::Top))
            .axis_desc_style(style::text(HPos::Left, VPos::Top))
            .x_desc("uplink (Mbit/s)")
            .y_desc("device (GFLOP/s)")
            .draw()?;
        let steps = (step(&self.map.uplinks), step(&self.map.devices));
        for cell in &self.map.cells {
            let ways = (self.ways)(cell);
            let fastest = ways.fastest();
            // Nobody has an answer there: the cell stays empty.
            let Some(place) = Fastest::ALL.iter().position(|way| Some(*way) == fastest) else {
                continue;
            };
            let (left, right) = reach(cell.uplink, steps.0);
            let (bottom, top) = reach(cell.device, steps.1);
            let corners = [(left / 1e6, bottom / 1e9), (right / 1e6, top / 1e9)];
            let colour = style::pale(COLOURS[place]);
            chart.draw_series([Rectangle::new(corners, colour.filled())])?;
            if ways.lost_by_fastest() > 0.0 {
                #[expect(clippy::cast_precision_loss, reason = "a figure's precision")]
                let middle = (cell.uplink as f64 / 1e6, cell.device as f64 / 1e9);
                let middle = chart.backend_coord(&middle);
                draw_marker(root, LOSSY, COLOURS[place], middle)?;
            }
        }
        for point in self.frontier() {
            let (x, y) = chart.backend_coord(&point);
            let corners = [(x - DOT, y - DOT), (x + DOT, y + DOT)];
            root.draw(&Rectangle::new(corners, BLACK.filled()))?;
        }
        Ok(())
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        table.write_record(["uplink_bit_s", "device_flop_s", "fastest", "lost", "closed_form"])?;
        for cell in &self.map.cells {
            let (ways, closed) = ((self.ways)(cell), Fastest::of(cell.closed));
            let name = |fastest: Option<Fastest>| fastest.map_or("", Fastest::name);
            let (simulated, lost) = (name(ways.fastest()), ways.lost_by_fastest());
            table.serialize((cell.uplink, cell.device, simulated, lost, name(closed)))?;
        }
        Ok(())
    }
}
