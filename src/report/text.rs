//! Values as a person reads them.

/// A share in [0, 1] as per cent with one decimal, without the sign; a dash if there is none.
pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or_else(dash, |share| format!("{:.1}", 100.0 * share))
}

/// Seconds as milliseconds with about four significant digits, without the unit.
pub(super) fn milliseconds(seconds: f64) -> String {
    let value = 1e3 * seconds;
    let decimals = match value {
        ..10.0 => 3,
        ..100.0 => 2,
        ..1000.0 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

/// What stands for a value that does not exist.
pub(super) fn dash() -> String {
    "–".to_owned()
}

/// `text`, cut to at most `width` characters of which the last is then an ellipsis.
pub(super) fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_keep_four_digits_of_any_size() {
        for (seconds, text) in
            [(0.000_037_4, "0.037"), (0.002_74, "2.740"), (0.0567, "56.70"), (12.5, "12500")]
        {
            assert_eq!(milliseconds(seconds), text);
        }
    }

    #[test]
    fn a_long_name_ends_in_an_ellipsis() {
        assert_eq!(shortened("raspberry-pi", 12), "raspberry-pi");
        assert_eq!(shortened("raspberry-pi", 10), "raspberry…");
    }
}
