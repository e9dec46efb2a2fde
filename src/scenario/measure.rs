//! Numbers with units outside of a scenario's own keys: in ranges, in questions, in tables.

use super::decimal::Decimal;
use super::units::DIMENSIONS;

/// A number and the unit it was written with; no unit for a plain number.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// The number.
    pub number: f64,
    /// Its unit, such as `Mbit/s`; empty for a plain number.
    pub unit: String,
}

/// A number in the base unit of its dimension.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SiValue {
    /// How many of the unit.
    pub value: f64,
    /// `s`, `bit/s`, `FLOP/s`, `B`, `B/s`, `W`, `/s`, or empty for counts and shares.
    pub unit: &'static str,
}

impl Measure {
    /// Reads `12 Mbit/s`, `0.3%` or `7`; `None` if `text` does not begin with a number or if what
    /// follows is no unit of the language.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, magnitude) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (number, rest) = Decimal::read_prefix(magnitude)?;
        let number = number.to_f64(0);
        let measure =
            Self { number: if negative { -number } else { number }, unit: rest.trim().to_owned() };
        measure.si().is_some().then_some(measure)
    }

    /// The same in base units. `None` if the unit is none of the language.
    pub fn si(&self) -> Option<SiValue> {
        match self.unit.as_str() {
            "" => return Some(SiValue { value: self.number, unit: "" }),
            "%" => return Some(SiValue { value: self.number / 100.0, unit: "" }),
            _ => {}
        }
        DIMENSIONS.iter().find_map(|dimension| {
            let (_, factor) = dimension.units.iter().find(|(unit, _)| *unit == self.unit)?;
            let (unit, per_si) = dimension.si;
            #[expect(clippy::cast_precision_loss, reason = "units' factors are below 2⁵³")]
            let (factor, per_si) = (*factor as f64, per_si as f64);
            // A frequency's factor is its period.
            let value = match unit {
                "/s" => self.number * per_si / factor,
                _ => self.number * factor / per_si,
            };
            Some(SiValue { value, unit })
        })
    }

    /// As a scenario would state it: `12 Mbit/s`, `7`. The number is rounded to twelve significant
    /// digits, so that neither a sum's last bit nor a platform's logarithm shows.
    pub fn text(&self) -> String {
        let number = rounded(self.number);
        match self.unit.as_str() {
            "" => number.to_string(),
            unit => format!("{number} {unit}"),
        }
    }
}

/// `number` with twelve significant digits.
pub(super) fn rounded(number: f64) -> f64 {
    format!("{number:.11e}").parse().expect("a number's digits are a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn si(text: &str) -> Option<(f64, &'static str)> {
        Measure::read(text)?.si().map(|si| (si.value, si.unit))
    }

    #[test]
    fn every_dimension_has_its_base_unit() {
        for (text, value, unit) in [
            ("12 Mbit/s", 12e6, "bit/s"),
            ("43GFLOP/s", 43e9, "FLOP/s"),
            ("4 GB", 4e9, "B"),
            ("2 KiB", 2048.0, "B"),
            ("4 GB/s", 4e9, "B/s"),
            ("100 ms", 0.1, "s"),
            ("2 min", 120.0, "s"),
            ("1.2 W", 1.2, "W"),
            ("30 /min", 0.5, "/s"),
            ("0.3%", 0.003, ""),
            ("7", 7.0, ""),
            ("-7", -7.0, ""),
        ] {
            assert_eq!(si(text), Some((value, unit)), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_with_a_known_unit_is_none() {
        for text in ["", "fast", "12 parsec", "12 Mbps", "ms"] {
            assert_eq!(Measure::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_measure_is_written_without_the_last_bits_of_arithmetic() {
        let measure = |number: f64, unit: &str| Measure { number, unit: unit.to_owned() };
        assert_eq!(measure(0.1 + 0.2, "Mbit/s").text(), "0.3 Mbit/s");
        assert_eq!(measure(1e-7, "").text(), "0.0000001");
        assert_eq!(measure(3.0, "").text(), "3");
    }
}
