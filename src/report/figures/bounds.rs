//! Times against the client's share of the model, for one device class.

use super::axis::Axis;
use super::legend::Marker;
use super::line_chart::{LineChart, Series};
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::style;
use crate::experiment::{Bounds, ClassBounds, CutBounds};
use crate::theory::split::Fastest;
use plotters::prelude::*;

/// The ways' colours, in the order of [`Fastest::ALL`].
pub(super) const COLOURS: [RGBColor; 3] = [style::BLUE, style::VERMILION, style::GREEN];

/// More names than this beside one line's points would run into one another.
const MOST_NAMES: usize = 16;

/// The closed forms of each way at every cut, the simulated ones on top, and the bounds at the
/// scenario's own cut.
pub(super) struct TimeByShare<'a> {
    class: &'a ClassBounds,
    own: Option<&'a CutBounds>,
}

impl<'a> TimeByShare<'a> {
    pub(super) fn of(bounds: &'a Bounds, class: &'a ClassBounds) -> Self {
        let own = class.cuts.iter().find(|cut| cut.cut == bounds.cut);
        Self { class, own }
    }

    /// The smallest and the largest time of all, in milliseconds.
    fn range(&self) -> (f64, f64) {
        let closed = self.class.cuts.iter().map(|cut| Some(cut.seconds()));
        let simulated = self.class.cuts.iter().map(CutBounds::simulated_seconds);
        let times = closed.chain(simulated).flatten().flatten().map(|time| 1e3 * time);
        let times = times.filter(|time| time.is_finite());
        times.fold((f64::INFINITY, 0.0), |(low, high), time| (low.min(time), high.max(time)))
    }

    fn ways(&self) -> Vec<Series> {
        let line = |(way, name): (usize, Fastest)| Series {
            band: Vec::new(),
            label: name.name().to_owned(),
            colour: COLOURS[way],
            width: 2,
            marker: None,
            points: self.points(|cut| Some(cut.seconds()[way])),
            // One way's points are enough to tell the cuts by.
            names: if name == Fastest::SplitGp { self.cut_names() } else { Vec::new() },
        };
        Fastest::ALL.into_iter().enumerate().map(line).collect()
    }

    fn simulated(&self) -> Vec<Series> {
        let points = |(way, name): (usize, Fastest)| Series {
            band: Vec::new(),
            label: format!("{}, simulated", name.name()),
            colour: COLOURS[way],
            width: 0,
            marker: Some([Marker::Square, Marker::Triangle, Marker::Circle][way]),
            points: self.points(|cut| cut.simulated_seconds().map(|times| times[way])),
            names: Vec::new(),
        };
        let series = Fastest::ALL.into_iter().enumerate().map(points);
        series.filter(|series| !series.points.is_empty()).collect()
    }

    fn points(&self, seconds: impl Fn(&CutBounds) -> Option<f64>) -> Vec<(f64, f64)> {
        let cuts = self.class.cuts.iter();
        let point = |cut: &CutBounds| Some((cut.alpha_flops, 1e3 * seconds(cut)?));
        cuts.filter_map(point).filter(|(_, time)| time.is_finite()).collect()
    }

    /// The cuts' names, unless they are too many to be read.
    fn cut_names(&self) -> Vec<String> {
        let names = self.class.cuts.iter().map(|cut| cut.cut.clone());
        if self.class.cuts.len() > MOST_NAMES { Vec::new() } else { names.collect() }
    }

    /// A vertical line for each bound that lies within the axis.
    fn bounds(&self, (low, high): (f64, f64)) -> Vec<Series> {
        let Some(own) = self.own else { return Vec::new() };
        let beta = own.offloaded.fraction;
        let bounds = [
            (own.split.bound_by_client_only(beta), "client-only", style::SKY_BLUE),
            (own.split.bound_by_server_only(beta), "server-only", style::ORANGE),
        ];
        let line = |(bound, name, colour): (Option<f64>, &str, RGBColor)| {
            let alpha = bound.filter(|alpha| (0.0..=1.0).contains(alpha))?;
            Some(Series {
                band: Vec::new(),
                label: format!("bound by {name} at {}", own.cut),
                colour,
                width: 1,
                marker: None,
                points: vec![(alpha, low), (alpha, high)],
                names: Vec::new(),
            })
        };
        bounds.into_iter().filter_map(line).collect()
    }
}

impl Figure for TimeByShare<'_> {
    const NAME: &'static str = "bounds";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let (low, high) = self.range();
        let mut series = self.bounds((low, high));
        series.extend(self.ways());
        series.extend(self.simulated());
        LineChart {
            title: format!("A lone request of {} by where the model is cut", self.class.class),
            x: (Axis::linear(0.0, 1.0), "α: the client's share of the model in FLOPs".to_owned()),
            y: (Axis::logarithmic(low, high), "mean time (ms)".to_owned()),
            series,
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        table.write_record(["cut", "alpha_flops", "way", "closed_ms", "simulated_ms"])?;
        for cut in &self.class.cuts {
            let (closed, simulated) = (cut.seconds(), cut.simulated_seconds());
            for (way, name) in Fastest::ALL.into_iter().enumerate() {
                let simulated = simulated.map(|times| 1e3 * times[way]).filter(|t| t.is_finite());
                let closed = 1e3 * closed[way];
                table.serialize((&cut.cut, cut.alpha_flops, name.name(), closed, simulated))?;
            }
        }
        Ok(())
    }
}
