//! Integer nanoseconds as a JSON number of seconds, exactly.

use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;

/// Nanoseconds that are written as decimal seconds without passing through a float.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seconds(pub(super) u64);

impl Seconds {
    /// Seconds with as many of the nine decimals as are needed, at least one.
    fn decimal(self) -> String {
        let all = format!("{}.{:09}", self.0 / 1_000_000_000, self.0 % 1_000_000_000);
        let shortest = all.trim_end_matches('0');
        if shortest.ends_with('.') { format!("{shortest}0") } else { shortest.to_owned() }
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.decimal()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_zeros_are_left_out_but_one_decimal_stays() {
        for (nanos, text) in
            [(0, "0.0"), (1, "0.000000001"), (6_100_000_000, "6.1"), (10_000_000_000, "10.0")]
        {
            assert_eq!(serde_json::to_string(&Seconds(nanos)).unwrap(), text);
        }
        assert_eq!(Seconds(u64::MAX).decimal(), "18446744073.709551615");
    }
}
