//! Axes with round ticks, linear or logarithmic.

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// About how many intervals an axis is divided into.
const INTERVALS: f64 = 7.0;

/// More ticks than this on a logarithmic axis would run into one another.
const MOST_LOG_TICKS: usize = 9;

/// One axis: what it covers and where its ticks are.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    logarithmic: bool,
    ticks: Vec<f64>,
}

impl Axis {
    /// From `low` to `high` > `low`, with ticks at multiples of 1, 2 or 5 · 10ᵏ.
    pub(super) fn linear(low: f64, high: f64) -> Self {
        let step = round_step((high - low) / INTERVALS);
        // Half a percent of a step, so that a tick at an end is not lost to rounding.
        let (first, slack) = ((low / step - 0.005).ceil(), 0.005);
        let ticks = (0..100_u32)
            .map(|index| first + f64::from(index))
            .take_while(|multiple| *multiple <= high / step + slack)
            .map(|multiple| multiple * step);
        Self { low, high, logarithmic: false, ticks: ticks.collect() }
    }

    /// From 0 to a little more than `max`; to 1 if there is nothing to show.
    pub(super) fn from_zero(max: f64) -> Self {
        Self::linear(0.0, if max > 0.0 { 1.04 * max } else { 1.0 })
    }

    /// From a little less than `min` to a little more than `max`, at least `least` in all and
    /// within `limits`.
    pub(super) fn around(min: f64, max: f64, least: f64, limits: Range<f64>) -> Self {
        let padding = (0.08 * (max - min)).max((least - (max - min)) / 2.0);
        Self::linear((min - padding).max(limits.start), (max + padding).min(limits.end))
    }

    /// From a little less than `min` > 0 to a little more than `max`, with ticks at 1, 2, 5 · 10ᵏ,
    /// or at fewer where those would run into one another.
    pub(super) fn logarithmic(min: f64, max: f64) -> Self {
        let (low, high) = (min / 1.1, max * 1.1);
        let inside = |ticks: &[f64]| -> Vec<f64> {
            let powers = (-300..=300).map(|exponent| 10_f64.powi(exponent));
            powers
                .flat_map(|power| ticks.iter().map(move |tick| tick * power))
                .filter(|tick| (low..=high).contains(tick))
                .collect()
        };
        let mut ticks = inside(&[1.0, 2.0, 5.0]);
        if ticks.len() > MOST_LOG_TICKS {
            ticks = inside(&[1.0]);
        }
        let every = ticks.len().div_ceil(MOST_LOG_TICKS).max(1);
        Self { low, high, logarithmic: true, ticks: ticks.into_iter().step_by(every).collect() }
    }

    /// The same with at most four ticks, for narrow charts.
    pub(super) fn sparse(&self) -> Self {
        let every = self.ticks.len().div_ceil(4).max(1);
        let ticks = self.ticks.iter().copied().step_by(every).collect();
        Self { ticks, ..self.clone() }
    }

    /// `count` rows of height 1, the first at the top, without ticks.
    pub(super) fn rows(count: usize) -> Self {
        let count = u32::try_from(count).map_or(f64::INFINITY, f64::from);
        Self { low: count, high: 0.0, logarithmic: false, ticks: Vec::new() }
    }

    /// Where the axis begins.
    pub(super) fn low(&self) -> f64 {
        self.low
    }

    /// Where it ends.
    pub(super) fn high(&self) -> f64 {
        self.high
    }

    /// How far along the axis `value` lies: 0 at its beginning, 1 at its end.
    fn position(&self, value: f64) -> f64 {
        if self.logarithmic {
            (value / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }
}

/// The smallest of 1, 2, 5 · 10ᵏ that is at least `rough`.
fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .map(|digit| digit * power)
        .into_iter()
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(10.0 * power)
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    #[expect(clippy::cast_possible_truncation, reason = "clamped to the figure's pixels")]
    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        let length = f64::from(to - from);
        from + (self.position(*value).clamp(0.0, 1.0) * length).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.clone() }
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Axis {
    /// As few decimals as tell neighbouring ticks apart.
    fn format_ext(&self, value: &f64) -> String {
        let step = if self.logarithmic {
            *value
        } else {
            self.ticks.windows(2).map(|pair| pair[1] - pair[0]).next().unwrap_or(*value)
        };
        let decimals = (0..9).find(|&decimals| {
            let scaled = step.abs() * 10_f64.powi(decimals);
            scaled.round() >= 1.0 && (scaled - scaled.round()).abs() < 0.01 * scaled
        });
        format!("{value:.*}", usize::try_from(decimals.unwrap_or(9)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks.iter().map(|tick| axis.format_ext(tick)).collect()
    }

    #[test]
    fn linear_ticks_are_round_and_inside() {
        assert_eq!(labels(&Axis::linear(0.0, 1.0)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&Axis::linear(89.3, 97.0)), ["90", "92", "94", "96"]);
        assert_eq!(
            labels(&Axis::from_zero(6e6)),
            ["0", "1000000", "2000000", "3000000", "4000000", "5000000", "6000000"]
        );
    }

    #[test]
    fn logarithmic_ticks_thin_out_with_the_range() {
        assert_eq!(labels(&Axis::logarithmic(1.0, 50.0)), ["1", "2", "5", "10", "20", "50"]);
        assert_eq!(labels(&Axis::logarithmic(0.04, 3.0)).first().unwrap(), "0.05");
        assert!(Axis::logarithmic(1e-6, 1e12).ticks.len() <= MOST_LOG_TICKS);
    }

    #[test]
    fn equal_values_get_room_around_them() {
        let axis = Axis::around(95.0, 95.0, 4.0, 0.0..100.0);
        assert_eq!((axis.low(), axis.high()), (93.0, 97.0));
        let axis = Axis::around(100.0, 100.0, 4.0, 0.0..100.0);
        assert_eq!((axis.low(), axis.high()), (98.0, 100.0));
        assert_eq!(Axis::from_zero(0.0).high(), 1.0);
    }

    #[test]
    fn positions_run_from_the_first_pixel_to_the_last() {
        let axis = Axis::logarithmic(1.1, 100.0 / 1.1);
        assert_eq!([1.0, 10.0, 100.0].map(|value| axis.map(&value, (0, 200))), [0, 100, 200]);
        let rows = Axis::rows(4);
        assert_eq!([0.0, 1.0, 4.0].map(|row| rows.map(&row, (400, 0))), [0, 100, 400]);
    }
}
