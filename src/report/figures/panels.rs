//! Charts of lines side by side over equal axes.

use super::axis::Axis;
use super::legend::{Entry, Marker, Swatch, draw_marker};
use super::render::{Canvas, DrawResult};
use super::spread::evenly;
use super::style;
use crate::report::text::shortened;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

/// Room for the ticks, the name of the horizontal axis, and the vertical axis with its name.
const TICKS_BELOW: u32 = 26;
const NAME_BELOW: i32 = 30;
const LEFT: i32 = 74;
const PANEL_TITLE: i32 = 26;
const BETWEEN: i32 = 22;

/// Markers on one line.
const MOST_MARKERS: usize = 12;

/// Characters of a line's name.
const NAME_WIDTH: usize = 34;

/// Charts over the same axes.
pub(super) struct PanelChart {
    pub(super) title: String,
    /// The names of the lines, in the order of [`Look::of`].
    pub(super) legend: Vec<String>,
    /// The horizontal axis with its name and unit.
    pub(super) x: (Axis, String),
    /// The vertical axis with its name and unit.
    pub(super) y: (Axis, String),
    pub(super) panels: Vec<Panel>,
}

/// One chart.
pub(super) struct Panel {
    pub(super) title: String,
    /// Later ones are drawn above earlier ones.
    pub(super) lines: Vec<PanelLine>,
}

/// One line.
pub(super) struct PanelLine {
    pub(super) look: Look,
    /// In order of x.
    pub(super) points: Vec<(f64, f64)>,
    /// (x, low, high) in order of x; empty without a band.
    pub(super) band: Vec<(f64, f64, f64)>,
    /// Whether its points are marked.
    pub(super) marked: bool,
}

/// Colour, stroke and marker, which differ so that lines that coincide are all seen: below a dashed
/// line a wider one shows through its gaps.
#[derive(Clone, Copy)]
pub(super) struct Look {
    colour: RGBColor,
    width: u32,
    /// Length of a dash and of the gap behind it, in pixels; `None` for a solid line.
    dash: Option<(i32, i32)>,
    marker: Marker,
}

impl Look {
    /// The look of the line `index`, one of six.
    pub(super) fn of(index: usize) -> Self {
        let look = |colour, width, dash, marker| Self { colour, width, dash, marker };
        [
            look(style::BLUE, 5, None, Marker::Circle),
            look(style::VERMILION, 3, None, Marker::Triangle),
            look(style::GREEN, 3, Some((14, 12)), Marker::Square),
            look(style::ORANGE, 2, Some((8, 10)), Marker::Circle),
            look(style::PURPLE, 2, Some((4, 8)), Marker::Triangle),
            look(style::SKY_BLUE, 2, Some((2, 6)), Marker::Square),
        ][index % 6]
    }

    fn swatch(self) -> Swatch {
        Swatch::Line { colour: self.colour, width: self.width, marker: Some(self.marker) }
    }
}

impl PanelChart {
    /// Draws it on the whole of `root`.
    pub(super) fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let entry = |(index, name): (usize, &String)| Entry {
            label: shortened(name, NAME_WIDTH),
            swatch: Look::of(index).swatch(),
        };
        let legend: Vec<Entry> = self.legend.iter().enumerate().map(entry).collect();
        let area = style::frame(root, &self.title, &legend)?;
        let (width, height) = area.dim_in_pixel();
        let [width, height] = [width, height].map(|side| i32::try_from(side).unwrap_or(i32::MAX));
        let (charts, below) = area.split_vertically(height - NAME_BELOW);
        let count = i32::try_from(self.panels.len()).unwrap_or(i32::MAX).max(1);
        let each = (width - LEFT - BETWEEN * (count - 1)) / count;
        let centre = (LEFT + (width - LEFT) / 2, NAME_BELOW / 2);
        below.draw(&Text::new(
            self.x.1.clone(),
            centre,
            style::text(HPos::Center, VPos::Center),
        ))?;
        let mut rest = charts;
        for (index, panel) in self.panels.iter().enumerate() {
            let left = if index == 0 { LEFT } else { BETWEEN };
            let (area, others) = rest.split_horizontally(left + each);
            self.draw_panel(root, &area, panel, left)?;
            rest = others;
        }
        Ok(())
    }

    /// Draws one panel, the first with the vertical axis' name to its `left`.
    fn draw_panel<DB: DrawingBackend>(
        &self,
        root: &Canvas<DB>,
        area: &Canvas<DB>,
        panel: &Panel,
        left: i32,
    ) -> DrawResult<DB> {
        let (title, plot) = area.split_vertically(PANEL_TITLE);
        let (width, _) = area.dim_in_pixel();
        let centre = (i32::try_from(width).unwrap_or(i32::MAX) / 2 + left / 2, PANEL_TITLE / 2);
        let centred = style::text(HPos::Center, VPos::Center);
        title.draw(&Text::new(panel.title.clone(), centre, centred))?;
        let x = if self.panels.len() > 1 { self.x.0.sparse() } else { self.x.0.clone() };
        let mut chart = ChartBuilder::on(&plot)
            .x_label_area_size(TICKS_BELOW)
            .y_label_area_size(left)
            .build_cartesian_2d(x, self.y.0.clone())?;
        let mut mesh = chart.configure_mesh();
        mesh.bold_line_style(style::grid())
            .axis_style(style::axis())
            .label_style(style::text(HPos::Left, VPos::Top))
            .axis_desc_style(style::text(HPos::Left, VPos::Top));
        if left == LEFT {
            mesh.y_desc(&self.y.1).draw()?;
        } else {
            mesh.y_label_formatter(&|_| String::new()).draw()?;
        }
        for line in panel.lines.iter().filter(|line| line.band.len() > 1) {
            let lower = line.band.iter().map(|&(x, low, _)| (x, low));
            let upper = line.band.iter().rev().map(|&(x, _, high)| (x, high));
            let outline: Vec<_> = lower.chain(upper).collect();
            chart.draw_series([Polygon::new(outline, style::band(line.look.colour))])?;
        }
        for line in &panel.lines {
            let Look { colour, width, dash, .. } = line.look;
            let (points, stroke) = (line.points.iter().copied(), colour.stroke_width(width));
            match dash {
                None => chart.draw_series(LineSeries::new(points, stroke))?,
                Some((dash, gap)) => {
                    chart.draw_series(DashedLineSeries::new(points, dash, gap, stroke))?
                }
            };
        }
        for line in panel.lines.iter().filter(|line| line.marked) {
            for index in evenly(line.points.len(), MOST_MARKERS) {
                let pixel = chart.backend_coord(&line.points[index]);
                draw_marker(root, line.look.marker, line.look.colour, pixel)?;
            }
        }
        Ok(())
    }
}
