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

/// `text` in at most `width` characters. What does not fit is left out before the last
/// quarter, because names such as `raspberry-pi/17` differ at their ends.
pub(super) fn shortened(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.to_owned();
    }
    let tail = width / 4;
    let head = width.saturating_sub(tail + 1);
    text.chars().take(head).chain(['…']).chain(text.chars().skip(length - tail)).collect()
}

/// `count` of a `thing`, with an s unless it is one.
pub(super) fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
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
    fn a_long_name_keeps_its_end() {
        assert_eq!(shortened("raspberry-pi/17", 15), "raspberry-pi/17");
        assert_eq!(shortened("raspberry-pi/17", 12), "raspberr…/17");
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(
            (counted(1, "round"), counted(0, "round")),
            ("1 round".into(), "0 rounds".into())
        );
    }
}
