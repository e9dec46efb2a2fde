//! Exact decimal numbers: `18.88 Mbit/s` is 18,880,000 bit/s, without a detour over `f64`.

/// Significant digits that are kept exact: with the largest unit's factor (below 2⁴²) the product
/// stays below 2¹²⁸.
const MAX_DIGITS: usize = 20;

/// A non-negative number `mantissa · 10^exponent`; the mantissa has at most 20 digits, the last
/// of them not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    mantissa: u128,
    exponent: i32,
}

impl Decimal {
    /// The number that `text` begins with (`12`, `0.5`, `.5`, `1e9`) and the rest of the text.
    /// `None` if there is no number, or one of more than 20 significant digits.
    pub(super) fn read_prefix(text: &str) -> Option<(Self, &str)> {
        let (whole, rest) = split_digits(text);
        let (fraction, rest) = match rest.strip_prefix('.') {
            Some(after_point) => split_digits(after_point),
            None => ("", rest),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let (power, rest) = split_exponent(rest);
        let digits = format!("{whole}{fraction}");
        let kept = digits.trim_end_matches('0');
        let mantissa = match kept.trim_start_matches('0') {
            "" => return Some((Self { mantissa: 0, exponent: 0 }, rest)),
            significant if significant.len() > MAX_DIGITS => return None,
            significant => significant.parse().ok()?,
        };
        let dropped_zeros = i32::try_from(digits.len() - kept.len()).ok()?;
        let exponent =
            power.checked_sub(i32::try_from(fraction.len()).ok()?)?.checked_add(dropped_zeros)?;
        Some((Self { mantissa, exponent }, rest))
    }

    /// `self · factor` rounded to the nearest integer, halves up; `None` if that is 2⁶⁴ or more.
    pub(super) fn times(self, factor: u64) -> Option<u64> {
        let product = self.mantissa.checked_mul(u128::from(factor))?;
        let value = match power_of_ten(self.exponent.unsigned_abs()) {
            _ if product == 0 => 0,
            Some(power) if self.exponent >= 0 => product.checked_mul(power)?,
            Some(power) => divide_to_nearest(product, power),
            None if self.exponent >= 0 => return None,
            None => 0,
        };
        u64::try_from(value).ok()
    }

    /// `numerator / self` rounded to the nearest integer, halves up; `None` if that is 2⁶⁴ or
    /// more, as for a zero.
    pub(super) fn divide(self, numerator: u64) -> Option<u64> {
        if self.mantissa == 0 {
            return None;
        }
        let numerator = u128::from(numerator);
        let value = match power_of_ten(self.exponent.unsigned_abs()) {
            Some(power) if self.exponent < 0 => {
                divide_to_nearest(numerator.checked_mul(power)?, self.mantissa)
            }
            Some(power) => match self.mantissa.checked_mul(power) {
                Some(divisor) => divide_to_nearest(numerator, divisor),
                None => 0,
            },
            None if self.exponent < 0 => return None,
            None => 0,
        };
        u64::try_from(value).ok()
    }

    /// `self · 10^power` as the nearest `f64`.
    pub(super) fn to_f64(self, power: i32) -> f64 {
        let exponent = self.exponent.saturating_add(power);
        format!("{}e{exponent}", self.mantissa).parse().expect("digits and exponent are a number")
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// The power of ten after an `e`, or 0 and the text untouched: a unit may begin with an `e` too.
fn split_exponent(text: &str) -> (i32, &str) {
    let unsigned = |text: &str, sign: i32| {
        let (digits, _) = split_digits(text);
        let power: i32 = digits.parse().ok()?;
        Some((sign * power, digits.len()))
    };
    let Some(power) = text.strip_prefix(['e', 'E']) else { return (0, text) };
    let (signed, read) = match power.as_bytes().first() {
        Some(b'-') => (unsigned(&power[1..], -1), 2),
        Some(b'+') => (unsigned(&power[1..], 1), 2),
        _ => (unsigned(power, 1), 1),
    };
    signed.map_or((0, text), |(power, digits)| (power, &text[read + digits..]))
}

/// 10^`power`, where it fits in 128 bits.
fn power_of_ten(power: u32) -> Option<u128> {
    10_u128.checked_pow(power)
}

fn divide_to_nearest(numerator: u128, divisor: u128) -> u128 {
    let (quotient, remainder) = (numerator / divisor, numerator % divisor);
    // Not 2 · remainder ≥ divisor: that product may overflow.
    quotient + u128::from(remainder >= divisor - remainder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        let (value, rest) = Decimal::read_prefix(text).unwrap();
        assert_eq!(rest, "");
        value
    }

    #[test]
    fn a_decimal_is_scaled_exactly() {
        assert_eq!(decimal("18.88").times(1_000_000), Some(18_880_000));
        // 0.1 and 0.7 have no exact f64; their tenfold here does.
        assert_eq!(decimal("0.1").times(10), Some(1));
        assert_eq!(decimal("0.7").times(1_000_000_000_000), Some(700_000_000_000));
        assert_eq!(decimal("1e3").times(1), Some(1_000));
        assert_eq!(decimal("2.50E-1").times(1_000), Some(250));
        assert_eq!(decimal("18446744073709551615").times(1), Some(u64::MAX));
    }

    #[test]
    fn what_is_too_fine_rounds_to_the_nearest_integer() {
        assert_eq!(decimal("1.4").times(1), Some(1));
        assert_eq!(decimal("1.5").times(1), Some(2));
        assert_eq!(decimal("0.49999999999999999999").times(1), Some(0));
        assert_eq!(decimal("1e-400").times(1_000), Some(0));
    }

    #[test]
    fn what_is_too_large_is_refused_and_never_wraps() {
        assert_eq!(decimal("18446744073709551616").times(1), None);
        assert_eq!(decimal("1e400").times(1), None);
        assert_eq!(decimal("0e400").times(1), Some(0));
        assert!(Decimal::read_prefix("123456789012345678901").is_none());
        assert!(Decimal::read_prefix(&"9".repeat(100_000)).is_none());
        assert_eq!(Decimal::read_prefix("1e99999999999").unwrap().1, "e99999999999");
    }

    #[test]
    fn a_rates_gap_is_its_exact_reciprocal() {
        // 10⁹ ns / 2 = 500,000,000 ns; 10⁹ / 3 = 333,333,333.3… → 333,333,333 ns
        assert_eq!(decimal("2").divide(1_000_000_000), Some(500_000_000));
        assert_eq!(decimal("3").divide(1_000_000_000), Some(333_333_333));
        assert_eq!(decimal("0.25").divide(1_000_000_000), Some(4_000_000_000));
        assert_eq!(decimal("0").divide(1), None);
        assert_eq!(decimal("1e-30").divide(1_000_000_000), None);
        assert_eq!(decimal("1e30").divide(1_000_000_000), Some(0));
    }

    #[test]
    fn a_number_ends_where_its_unit_begins() {
        let rest = |text| Decimal::read_prefix(text).map(|(_, rest)| rest);
        assert_eq!(rest("60s"), Some("s"));
        assert_eq!(rest("5 e"), Some(" e"));
        assert_eq!(rest("5e"), Some("e"));
        assert_eq!(rest("5e-"), Some("e-"));
        assert_eq!(rest("-5"), None);
        assert_eq!(rest("."), None);
        assert_eq!(rest("ms"), None);
    }

    #[test]
    fn a_percentage_is_the_nearest_float() {
        // Parsing 0.3 and dividing by 100 gives 0.0029999999999999996… on the way over f64.
        assert_eq!(decimal("0.3").to_f64(-2), 0.003);
    }
}
