//! Accuracy of each exit and of the selective answer: by OOD level, over training time and over the
//! bytes that training has moved.

mod by_method;
mod by_ood;
mod over_course;
mod row;

pub(super) use by_method::AccuracyByMethod;
pub(super) use by_ood::OodLevel;
pub(super) use over_course::{MovedBytes, TrainingTime};

use super::answer::{Answer, Curve, selective};
use super::axis::Axis;
use super::line_chart::LineChart;
use super::overlay::{Frame, Overlaid};
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::saved::{self, Saved};
use plotters::prelude::*;
use row::Row;
use std::marker::PhantomData;

/// The name and unit of the vertical axis.
pub(super) const ACCURACY_AXIS: &str = "accuracy, mean over clients (%)";

/// What accuracy is drawn against.
pub(super) trait Abscissa {
    /// The figure's name.
    const NAME: &'static str;

    /// The title of these rows' figure.
    fn title(rows: &[&Row]) -> String;

    /// Where a row stands.
    fn of(row: &Row) -> f64;

    /// The axis with its name and unit for these values, and what they are divided by.
    fn axis(values: &[f64]) -> (Axis, String, f64);
}

/// Accuracy against one of several quantities.
pub(super) struct AccuracyBy<X> {
    /// In order of that quantity, at least one.
    rows: Vec<Row>,
    by: PhantomData<X>,
}

impl<X: Abscissa> AccuracyBy<X> {
    fn new(rows: Vec<Row>) -> Self {
        Self { rows, by: PhantomData }
    }
}

/// An answer's accuracy and its half-width.
type Exit = (Answer, fn(&Row) -> Option<f64>, fn(&Row) -> Option<f64>);

const EXITS: [Exit; 4] = [
    (Answer::ClientExit, |row| row.client_exit, |row| row.client_exit_ci95),
    (Answer::ServerExit, |row| row.server_exit, |row| row.server_exit_ci95),
    (Answer::Full, |row| row.full, |row| row.full_ci95),
    (Answer::Selective, |row| row.selective, |row| row.selective_ci95),
];

/// The lines through `rows`, in per cent: of the answers that the method has, each with its band
/// over seeds.
fn exit_curves(rows: &[Row], x: impl Fn(&Row) -> f64) -> Vec<Curve> {
    let curve = |(answer, of, width): Exit| {
        let band = |row: &Row| {
            let (mean, half_width) = (of(row)?, width(row)?);
            let edge = |share: f64| 100.0 * share.clamp(0.0, 1.0);
            Some((x(row), edge(mean - half_width), edge(mean + half_width)))
        };
        let threshold = rows.iter().find_map(|row| row.threshold);
        let label = match (answer, threshold) {
            (Answer::Selective, Some(threshold)) => selective(threshold),
            _ => answer.name().to_owned(),
        };
        Curve {
            answer,
            label,
            points: rows.iter().filter_map(|row| Some((x(row), 100.0 * of(row)?))).collect(),
            band: rows.iter().filter_map(band).collect(),
            marked: true,
        }
    };
    EXITS.into_iter().map(curve).filter(|curve| !curve.points.is_empty()).collect()
}

/// An accuracy axis around all lines and bands.
pub(super) fn accuracy_axis<'a>(curves: impl Iterator<Item = &'a Curve> + Clone) -> Axis {
    let lines = curves.clone().flat_map(|curve| curve.points.iter().map(|(_, y)| *y));
    let bands = curves.flat_map(|curve| &curve.band).flat_map(|(_, low, high)| [*low, *high]);
    let values = lines.chain(bands);
    let (min, max) = (values.clone().fold(100.0, f64::min), values.fold(0.0, f64::max));
    Axis::around(min.min(max), max, 4.0, 0.0..100.0)
}

/// The axis of the OOD level around all `levels`, with its name.
pub(super) fn ood_axis(levels: &[f64]) -> (Axis, String) {
    let around = |(min, max): (f64, f64), ood: &f64| (min.min(*ood), max.max(*ood));
    let (min, max) = levels.iter().fold((1.0, 0.0), around);
    let axis = Axis::around(min, max, 0.2, -0.015..1.015);
    (axis, "OOD level ρ (OOD samples for each main sample)".to_owned())
}

impl<X: Abscissa> Overlaid for AccuracyBy<X> {
    fn frame(figures: &[&Self]) -> Frame {
        let rows: Vec<&Row> = figures.iter().flat_map(|figure| &figure.rows).collect();
        let values: Vec<f64> = rows.iter().map(|row| X::of(row)).collect();
        let (x, name, scale) = X::axis(&values);
        let curves: Vec<Curve> =
            figures.iter().flat_map(|figure| exit_curves(&figure.rows, X::of)).collect();
        Frame {
            title: X::title(&rows),
            x: (x, name),
            scale,
            y: (accuracy_axis(curves.iter()), ACCURACY_AXIS.to_owned()),
        }
    }

    fn curves(&self, frame: &Frame) -> Vec<Curve> {
        exit_curves(&self.rows, |row| X::of(row) / frame.scale)
    }
}

impl<X: Abscissa> Saved for AccuracyBy<X> {
    type Row = Row;

    fn rows(&self) -> Vec<Row> {
        self.rows.clone()
    }

    fn from_rows(rows: Vec<Row>) -> Result<Self, String> {
        Ok(Self::new(rows))
    }
}

impl<X: Abscissa> Figure for AccuracyBy<X> {
    const NAME: &'static str = X::NAME;

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let frame = Self::frame(&[self]);
        let series = self.curves(&frame).into_iter().map(Curve::series).collect();
        LineChart { title: frame.title, x: frame.x, y: frame.y, series }.draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        saved::write(self, table)
    }
}
