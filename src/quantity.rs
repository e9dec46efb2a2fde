//! Typed quantities: sizes and rates that cannot be mistaken for one another.

mod energy;

pub use energy::{Energy, Power};

use crate::time::SimDuration;
use std::fmt;
use std::num::NonZeroU64;

/// A size in bytes. 1 kB = 1000 B.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Bytes(pub u64);

/// A link's rate in bits a second, never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BitRate(pub NonZeroU64);

/// A worker's compute rate in floating-point operations a second (1 MAC = 2 FLOPs), never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlopRate(pub NonZeroU64);

/// A memory bandwidth in bytes a second, never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteRate(pub NonZeroU64);

impl BitRate {
    /// The time to put `size` on the wire: ⌈8 · bytes · 10⁹ / rate⌉ ns.
    pub fn serialisation_time(self, size: Bytes) -> SimDuration {
        SimDuration::of_work(8 * u128::from(size.0), self.0)
    }
}

impl FlopRate {
    /// The time to compute `flops` operations: ⌈FLOPs · 10⁹ / rate⌉ ns.
    pub fn compute_time(self, flops: u64) -> SimDuration {
        SimDuration::of_work(u128::from(flops), self.0)
    }
}

impl ByteRate {
    /// The time to move `bytes` through memory: ⌈bytes · 10⁹ / bandwidth⌉ ns.
    pub fn transfer_time(self, bytes: u64) -> SimDuration {
        SimDuration::of_work(u128::from(bytes), self.0)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        scaled(f, self.0, "B")
    }
}

impl fmt::Display for BitRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        scaled(f, self.0.get(), "bit/s")
    }
}

impl fmt::Display for FlopRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        scaled(f, self.0.get(), "FLOP/s")
    }
}

impl fmt::Display for ByteRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        scaled(f, self.0.get(), "B/s")
    }
}

/// Writes `value` with the largest decimal prefix that leaves it at least 1, to three decimals.
fn scaled(f: &mut fmt::Formatter<'_>, value: u64, unit: &str) -> fmt::Result {
    const PREFIXES: [(u64, &str); 4] =
        [(1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")];
    for (factor, prefix) in PREFIXES {
        if value >= factor {
            #[expect(clippy::cast_precision_loss, reason = "shown to three decimals")]
            let shown = format!("{:.3}", value as f64 / factor as f64);
            let shown = shown.trim_end_matches('0').trim_end_matches('.');
            return write!(f, "{shown} {prefix}{unit}");
        }
    }
    write!(f, "{value} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smashed_sample_of_the_paper_takes_21_26_ms_on_wifi_classic() {
        // 50,176 B · 8 · 10⁹ / 18,880,000 bit/s = 21,261,016.9… → 21,261,017 ns
        let rate = BitRate(NonZeroU64::new(18_880_000).unwrap());
        assert_eq!(rate.serialisation_time(Bytes(50_176)).as_nanos(), 21_261_017);
    }

    #[test]
    fn quantities_print_with_decimal_prefixes() {
        assert_eq!(Bytes(696_066_000).to_string(), "696.066 MB");
        assert_eq!(Bytes(999).to_string(), "999 B");
        assert_eq!(BitRate(NonZeroU64::new(12_000_000).unwrap()).to_string(), "12 Mbit/s");
    }
}
