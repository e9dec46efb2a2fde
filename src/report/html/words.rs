//! Numbers and names as the report writes them.

use crate::report::text::milliseconds;

/// The most characters of a name: a scenario may give a device class a megabyte of them.
pub(super) const LONGEST_NAME: usize = 120;

/// `count` with thin groups of three digits, from five digits on.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut text = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Seconds in the unit that suits them.
pub(super) fn duration(seconds: f64) -> String {
    match seconds {
        ..1.0 => format!("{} ms", milliseconds(seconds)),
        ..100.0 => format!("{seconds:.3} s"),
        _ => format!("{seconds:.1} s"),
    }
}

/// Joules with about four significant digits.
pub(super) fn joules(joules: f64) -> String {
    let decimals = match joules.abs() {
        ..0.1 => 6,
        ..10.0 => 4,
        ..1000.0 => 2,
        _ => 0,
    };
    format!("{joules:.decimals$}")
}

/// Several things as English lists them.
pub(super) fn listed(things: &[String]) -> String {
    match things {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_threes_from_five_on() {
        let shown = [0, 9_999, 10_000, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "9999", "10,000", "1,234,567"]);
    }

    #[test]
    fn a_duration_has_the_unit_that_suits_it() {
        for (seconds, text) in [(0.05, "50.00 ms"), (1.5, "1.500 s"), (25_447.04, "25447.0 s")] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn a_list_has_one_and() {
        let list = |things: &[&str]| {
            listed(&things.iter().map(|&thing| thing.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!((list(&[]), list(&["a"])), (String::new(), "a".to_owned()));
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    }
}
