//! Bands that a figure may be expected to lie in: `< 120 ms`, `6.1 s ± 1%`, `10 .. 20 ms`, `== 3`.

use super::decimal::Decimal;
use super::units::{DIMENSIONS, Dimension, wrong_unit};
use super::vocabulary::shorten;

/// What a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureKind {
    /// A number in this base unit: `s`, `B`, `J`, `/s`, or empty for counts and shares.
    Number(&'static str),
    /// A word, such as a verdict.
    Text,
}

/// What a figure is expected to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Band {
    /// A number between two ends, in the figure's base unit.
    Numbers {
        /// The lower end; `None` if there is none.
        low: Option<Bound>,
        /// The upper end; `None` if there is none.
        high: Option<Bound>,
    },
    /// This very text.
    Text(String),
}

/// An end of a band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// Where it is.
    pub value: f64,
    /// Whether that value itself belongs to the band.
    pub is_inside: bool,
}

/// Comparisons, the longer ones first: whether the number is the upper end, and belongs to the band.
const COMPARISONS: [(&str, bool, bool); 6] = [
    ("<=", true, true),
    (">=", false, true),
    ("≤", true, true),
    ("≥", false, true),
    ("<", true, false),
    (">", false, false),
];

/// Ways to write "plus or minus".
const PLUS_MINUS: [&str; 3] = ["±", "+/-", "+-"];

impl Band {
    /// Reads what a figure of this `kind` is expected to be.
    ///
    /// Numbers carry the unit of the figure's dimension. After `±` stands a number of that dimension,
    /// a percentage of the number before it, or a bare 0; of two ends the first may leave its unit to
    /// the second.
    ///
    /// # Errors
    /// What is wrong with `text`, and how it could be written.
    pub fn read(text: &str, kind: FigureKind) -> Result<Self, String> {
        let text = text.trim();
        let equal = text.strip_prefix("==").map_or(text, str::trim);
        let FigureKind::Number(unit) = kind else {
            if COMPARISONS.iter().any(|(sign, ..)| equal.starts_with(sign)) {
                return Err(format!("this figure is a text, `{}` compares numbers", shorten(text)));
            }
            return Ok(Self::Text(equal.to_owned()));
        };
        for (sign, is_upper, is_inside) in COMPARISONS {
            if let Some(number) = text.strip_prefix(sign) {
                let bound = Some(Bound { value: number_of(number, unit)?, is_inside });
                let (low, high) = if is_upper { (None, bound) } else { (bound, None) };
                return Ok(Self::Numbers { low, high });
            }
        }
        if let Some((low, high)) = equal.split_once("..") {
            let low = with_unit_of(low, high);
            return Self::closed(number_of(&low, unit)?, number_of(high, unit)?, text);
        }
        if let Some((centre, tolerance)) = PLUS_MINUS.iter().find_map(|sign| equal.split_once(sign))
        {
            let centre = number_of(centre, unit)?;
            let tolerance = tolerance_of(tolerance.trim(), centre, unit)?;
            return Self::closed(centre - tolerance, centre + tolerance, text);
        }
        let value = number_of(equal, unit)?;
        Self::closed(value, value, text)
    }

    fn closed(low: f64, high: f64, text: &str) -> Result<Self, String> {
        if low > high {
            return Err(format!("nothing lies in `{}`: its ends are swapped", shorten(text)));
        }
        let bound = |value| Some(Bound { value, is_inside: true });
        Ok(Self::Numbers { low: bound(low), high: bound(high) })
    }

    /// How far outside of the band `value` lies: 0 within, and also at an end that is excluded.
    /// `None` within.
    pub fn missed_by(&self, value: f64) -> Option<f64> {
        let Self::Numbers { low, high } = self else { return Some(f64::INFINITY) };
        let below = low.filter(|low| value < low.value || value == low.value && !low.is_inside);
        let above =
            high.filter(|high| value > high.value || value == high.value && !high.is_inside);
        match (below, above) {
            _ if value.is_nan() => Some(f64::INFINITY),
            (Some(low), _) => Some(low.value - value),
            (None, Some(high)) => Some(value - high.value),
            (None, None) => None,
        }
    }
}

/// The lower end of a range, with the unit of the upper one if it has none itself.
fn with_unit_of(low: &str, high: &str) -> String {
    let rest =
        |text: &str| Decimal::read_prefix(text.trim()).map(|(_, rest)| rest.trim().to_owned());
    match (rest(low), rest(high)) {
        (Some(none), Some(unit)) if none.is_empty() => format!("{} {unit}", low.trim()),
        _ => low.to_owned(),
    }
}

fn tolerance_of(text: &str, centre: f64, unit: &str) -> Result<f64, String> {
    match Decimal::read_prefix(text) {
        Some((share, rest)) if rest.trim() == "%" => Ok(centre * share.to_f64(-2)),
        Some((none, rest)) if rest.is_empty() && none.to_f64(0) == 0.0 => Ok(0.0),
        _ => number_of(text, unit),
    }
}

/// The number in `text` in base units, if it is one of a figure in this `unit`: the nearest float to
/// the decimal that is written, so that a figure can be met exactly.
fn number_of(text: &str, unit: &str) -> Result<f64, String> {
    let text = text.trim();
    let expected = DIMENSIONS.iter().find(|dimension| dimension.si.0 == unit);
    let (what, example) =
        expected.map_or(("a plain number", "0.9"), |dimension| (dimension.name, dimension.example));
    let Some((number, given)) = Decimal::read_prefix(text) else {
        return Err(format!("expected {what} such as `{example}`, got `{}`", shorten(text)));
    };
    let (given, shown) = (given.trim(), shorten(text));
    let Some(dimension) = expected else {
        return match given {
            "" => Ok(number.to_f64(0)),
            "%" => Ok(number.to_f64(-2)),
            given => Err(format!(
                "`{shown}` is {}, but this figure is a plain number; write it like `0.9`, `90%` or `3`",
                described(given)
            )),
        };
    };
    match dimension.units.iter().find(|(known, _)| *known == given) {
        Some((_, factor)) => Ok(in_base_units(number, *factor, dimension)),
        None if given.is_empty() => {
            Err(format!("`{shown}` has no unit; this figure is {what}: write it like `{example}`"))
        }
        None if dimension_of(given).is_some() => Err(format!(
            "`{shown}` is {}, but this figure is {what}; write it like `{example}`",
            described(given)
        )),
        None => Err(wrong_unit(given, dimension)),
    }
}

fn dimension_of(unit: &str) -> Option<&'static Dimension> {
    DIMENSIONS.iter().find(|dimension| dimension.units.iter().any(|(known, _)| *known == unit))
}

/// What a number of this unit is.
fn described(unit: &str) -> &'static str {
    dimension_of(unit).map_or("of an unknown unit", |dimension| dimension.name)
}

#[expect(clippy::cast_precision_loss, reason = "units' factors are below 2⁵³")]
fn in_base_units(number: Decimal, factor: u64, dimension: &Dimension) -> f64 {
    let (unit, per_si) = dimension.si;
    // A frequency's factor is its period.
    let (times, by) = if unit == "/s" { (per_si, factor) } else { (factor, per_si) };
    let power = |power: i32| 10_u64.checked_pow(power.unsigned_abs());
    let exact = (-12..=12).find(|&exponent| match exponent {
        0.. => by.checked_mul(power(exponent).unwrap_or(0)) == Some(times),
        _ => times.checked_mul(power(exponent).unwrap_or(0)) == Some(by),
    });
    match exact {
        Some(exponent) => number.to_f64(exponent),
        None => number.to_f64(0) * times as f64 / by as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: FigureKind = FigureKind::Number("s");
    const SHARE: FigureKind = FigureKind::Number("");

    fn missed(text: &str, kind: FigureKind, value: f64) -> Option<f64> {
        Band::read(text, kind).unwrap_or_else(|error| panic!("{text}: {error}")).missed_by(value)
    }

    #[test]
    fn a_comparison_has_one_end() {
        assert_eq!(missed("< 120 ms", TIME, 0.119), None);
        assert_eq!(missed("< 120 ms", TIME, 0.12), Some(0.0), "the end itself is excluded");
        assert_eq!(missed("<= 120 ms", TIME, 0.12), None);
        assert_eq!(missed("≥ 50%", SHARE, 0.25), Some(0.25));
        assert_eq!(missed("> 2 /min", FigureKind::Number("/s"), 0.25), None);
    }

    #[test]
    fn an_equality_is_met_by_the_very_decimal_alone() {
        for (text, value) in [
            ("6.1 s ± 0", 6.1),
            ("6100 ms", 6.1),
            ("== 6100000000 ns", 6.1),
            ("12.001234567 s +- 0 s", 12.001_234_567),
        ] {
            assert_eq!(missed(text, TIME, value), None, "{text}");
            let next = f64::from_bits(value.to_bits() + 1);
            assert!(missed(text, TIME, next).is_some(), "{text}");
        }
        assert_eq!(missed("== 3", SHARE, 3.0), None);
        assert_eq!(missed("2 min", TIME, 120.0), None);
    }

    #[test]
    fn a_tolerance_is_a_share_of_the_number_or_of_its_dimension() {
        // 6.1 s ± 1 %: 6.039 s to 6.161 s
        assert_eq!(missed("6.1 s ± 1%", TIME, 6.16), None);
        assert!(missed("6.1 s ± 1%", TIME, 6.17).is_some_and(|by| (by - 0.009).abs() < 1e-9));
        assert!(missed("6.1 s ± 5 ms", TIME, 6.094).is_some_and(|by| (by - 0.001).abs() < 1e-9));
    }

    #[test]
    fn a_range_may_state_its_unit_once() {
        assert_eq!(missed("10 .. 20 ms", TIME, 0.01), None);
        assert_eq!(missed("10 ms .. 1 s", TIME, 1.0), None);
        assert_eq!(missed("0.1..0.2", SHARE, 0.25).map(|by| (by * 100.0).round()), Some(5.0));
    }

    #[test]
    fn texts_are_met_by_themselves() {
        assert_eq!(Band::read("== stable", FigureKind::Text), Ok(Band::Text("stable".to_owned())));
        assert_eq!(Band::read("04b0", FigureKind::Text), Ok(Band::Text("04b0".to_owned())));
        assert!(Band::read("< stable", FigureKind::Text).is_err());
    }

    #[test]
    fn what_is_no_band_of_the_figures_dimension_is_refused_with_an_example() {
        let refusals: Vec<String> = [
            ("< 5 MB", TIME),
            ("< 5", TIME),
            ("< 5 sec", TIME),
            ("fast", TIME),
            ("-1 s", TIME),
            ("20 .. 10 ms", TIME),
            ("> 3 s", SHARE),
            ("> lots", SHARE),
        ]
        .into_iter()
        .map(|(text, kind)| Band::read(text, kind).unwrap_err())
        .collect();
        insta::assert_snapshot!(refusals.join("\n"));
    }
}
