//! Numbers with a dimension.
//!
//! A dimension has units; a number of another dimension, or of none, is refused with an example.
//! 1 kB = 1000 B; a link's rate is in bits, memory and messages in bytes.

use super::decimal::Decimal;
use super::decode::Cursor;
use super::vocabulary::{nearest, shorten};
use crate::quantity::{BitRate, ByteRate, Bytes, FlopRate, Power};
use crate::time::SimDuration;
use serde_yaml::Value;
use std::num::NonZeroU64;

/// The longest duration that a scenario may state, 10¹⁸ ns (31.7 years): ten of them fit the clock.
pub(super) const MAX_DURATION: SimDuration = SimDuration::from_nanos(1_000_000_000_000_000_000);

/// The units of one dimension.
#[derive(Debug)]
pub(super) struct Dimension {
    /// What a number of this dimension is.
    pub(super) name: &'static str,
    pub(super) example: &'static str,
    /// Each unit and what it holds of the base unit.
    pub(super) units: &'static [(&'static str, u64)],
    /// The SI unit, and how many base units it holds.
    pub(super) si: (&'static str, u64),
    /// Frequent mistakes and what was probably meant.
    mistakes: &'static [(&'static str, &'static str)],
}

pub(super) const COMPUTE_RATE: Dimension = Dimension {
    name: "a compute rate",
    example: "43 GFLOP/s",
    units: &[
        ("FLOP/s", 1),
        ("kFLOP/s", 1_000),
        ("MFLOP/s", 1_000_000),
        ("GFLOP/s", 1_000_000_000),
        ("TFLOP/s", 1_000_000_000_000),
    ],
    si: ("FLOP/s", 1),
    mistakes: &[
        ("GFLOPS", "GFLOP/s"),
        ("GFLOPs", "GFLOP/s"),
        ("TFLOPS", "TFLOP/s"),
        ("MFLOPS", "MFLOP/s"),
        ("GFLOP", "GFLOP/s"),
        ("GMAC/s", "GFLOP/s (1 MAC = 2 FLOPs)"),
        ("TOPS", "GFLOP/s (effective fp32 rates: a vendor's int8 peak is not one)"),
    ],
};

pub(super) const BIT_RATE: Dimension = Dimension {
    name: "a link's rate",
    example: "12 Mbit/s",
    units: &[("bit/s", 1), ("kbit/s", 1_000), ("Mbit/s", 1_000_000), ("Gbit/s", 1_000_000_000)],
    si: ("bit/s", 1),
    mistakes: &[
        ("B/s", "bit/s (links count bits: 1 B/s = 8 bit/s)"),
        ("kB/s", "kbit/s (links count bits: 1 kB/s = 8 kbit/s)"),
        ("MB/s", "Mbit/s (links count bits: 1 MB/s = 8 Mbit/s)"),
        ("GB/s", "Gbit/s (links count bits: 1 GB/s = 8 Gbit/s)"),
        ("bps", "bit/s"),
        ("kbps", "kbit/s"),
        ("Kbps", "kbit/s"),
        ("Mbps", "Mbit/s"),
        ("Gbps", "Gbit/s"),
        ("Mb/s", "Mbit/s"),
        ("Gb/s", "Gbit/s"),
    ],
};

pub(super) const SIZE: Dimension = Dimension {
    name: "a size",
    example: "4 GB",
    units: &[
        ("B", 1),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
    ],
    si: ("B", 1),
    mistakes: &[
        ("KB", "kB (1000 B) or KiB (1024 B)"),
        ("K", "kB"),
        ("M", "MB"),
        ("G", "GB"),
        ("Gbit", "GB (1 GB = 8 Gbit)"),
        ("Mbit", "MB (1 MB = 8 Mbit)"),
        ("bit", "B (1 B = 8 bit)"),
        ("bytes", "B"),
    ],
};

pub(super) const BYTE_RATE: Dimension = Dimension {
    name: "a memory bandwidth",
    example: "4 GB/s",
    units: &[
        ("B/s", 1),
        ("kB/s", 1_000),
        ("MB/s", 1_000_000),
        ("GB/s", 1_000_000_000),
        ("TB/s", 1_000_000_000_000),
    ],
    si: ("B/s", 1),
    mistakes: &[
        ("Gbit/s", "GB/s (1 GB/s = 8 Gbit/s)"),
        ("Mbit/s", "MB/s (1 MB/s = 8 Mbit/s)"),
        ("GB", "GB/s"),
    ],
};

pub(super) const DURATION: Dimension = Dimension {
    name: "a duration",
    example: "60 s",
    units: &[
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        // The Greek letter looks like the micro sign and is another character.
        ("μs", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("min", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ],
    si: ("s", 1_000_000_000),
    mistakes: &[
        ("m", "min or ms"),
        ("sec", "s"),
        ("seconds", "s"),
        ("msec", "ms"),
        ("minutes", "min"),
        ("hours", "h"),
        ("d", "h (1 day = 24 h)"),
    ],
};

/// The largest power that a scenario may state, 1 MW: what it spends in any run is countable.
const MAX_POWER: Power = Power(1_000_000_000_000);

/// In microwatts.
pub(super) const POWER: Dimension = Dimension {
    name: "a power",
    example: "1.2 W",
    units: &[("µW", 1), ("uW", 1), ("mW", 1_000), ("W", 1_000_000), ("kW", 1_000_000_000)],
    si: ("W", 1_000_000),
    mistakes: &[("J", "W (1 W = 1 J/s)"), ("Wh", "W"), ("mA", "mW"), ("A", "W"), ("w", "W")],
};

/// In microjoules.
const ENERGY: Dimension = Dimension {
    name: "an energy",
    example: "1.5 J",
    units: &[("µJ", 1), ("uJ", 1), ("mJ", 1_000), ("J", 1_000_000), ("kJ", 1_000_000_000)],
    si: ("J", 1_000_000),
    mistakes: &[("W", "J (1 J = 1 Ws)"), ("Wh", "kJ (1 Wh = 3.6 kJ)"), ("j", "J")],
};

/// Each unit with its period in nanoseconds.
pub(super) const FREQUENCY: Dimension = Dimension {
    name: "a number of requests for each unit of time",
    example: "2 /s",
    units: &[
        ("/ms", 1_000_000),
        ("/s", 1_000_000_000),
        ("/min", 60_000_000_000),
        ("/h", 3_600_000_000_000),
    ],
    si: ("/s", 1_000_000_000),
    mistakes: &[("Hz", "/s"), ("s", "/s"), ("ms", "/ms"), ("per s", "/s"), ("rps", "/s")],
};

/// All dimensions; no two share a unit.
pub(super) static DIMENSIONS: [Dimension; 8] =
    [COMPUTE_RATE, BIT_RATE, SIZE, BYTE_RATE, DURATION, POWER, ENERGY, FREQUENCY];

/// A compute rate, rounded to whole FLOP/s.
pub(super) fn flop_rate(cursor: Cursor<'_>) -> Option<FlopRate> {
    positive(&cursor, &COMPUTE_RATE).map(FlopRate)
}

/// A link's rate, rounded to whole bit/s.
pub(super) fn bit_rate(cursor: Cursor<'_>) -> Option<BitRate> {
    positive(&cursor, &BIT_RATE).map(BitRate)
}

/// A link's rate in bit/s that may be 0 for a while.
pub(super) fn bit_rate_or_none(cursor: &Cursor<'_>) -> Option<u64> {
    scaled(cursor, &BIT_RATE)
}

/// A memory bandwidth, rounded to whole B/s.
pub(super) fn byte_rate(cursor: Cursor<'_>) -> Option<ByteRate> {
    positive(&cursor, &BYTE_RATE).map(ByteRate)
}

/// A size of at least one byte.
pub(super) fn positive_size(cursor: Cursor<'_>) -> Option<Bytes> {
    positive(&cursor, &SIZE).map(|bytes| Bytes(bytes.get()))
}

/// A size of at most `max`, zero included.
pub(super) fn size_up_to(cursor: &Cursor<'_>, max: Bytes) -> Option<Bytes> {
    let size = Bytes(scaled(cursor, &SIZE)?);
    if size > max {
        return cursor.refuse(format!("{} is too large: at most {max}", cursor.describe()));
    }
    Some(size)
}

/// A power, rounded to whole microwatts; zero included.
pub(super) fn electric_power(cursor: Cursor<'_>) -> Option<Power> {
    let power = Power(scaled(&cursor, &POWER)?);
    if power > MAX_POWER { too_long(&cursor) } else { Some(power) }
}

/// A duration, rounded to whole nanoseconds; zero included.
pub(super) fn duration(cursor: Cursor<'_>) -> Option<SimDuration> {
    let length = SimDuration::from_nanos(scaled(&cursor, &DURATION)?);
    if length > MAX_DURATION { too_long(&cursor) } else { Some(length) }
}

/// A duration of at least a nanosecond.
pub(super) fn positive_duration(cursor: Cursor<'_>) -> Option<SimDuration> {
    match duration(cursor.clone())? {
        SimDuration::ZERO => too_small(&cursor, &DURATION),
        length => Some(length),
    }
}

/// The mean time between two events of a frequency such as `2 /s`, to the nearest nanosecond.
pub(super) fn mean_gap(cursor: Cursor<'_>) -> Option<SimDuration> {
    let (number, period) = measure(&cursor, &FREQUENCY)?;
    match number.divide(period).map(SimDuration::from_nanos) {
        Some(SimDuration::ZERO) => {
            cursor.refuse(format!("{} is too large: at most 10⁹ /s", cursor.describe()))
        }
        Some(gap) if gap <= MAX_DURATION => Some(gap),
        _ => too_small(&cursor, &FREQUENCY),
    }
}

fn positive(cursor: &Cursor<'_>, dimension: &Dimension) -> Option<NonZeroU64> {
    let value = scaled(cursor, dimension)?;
    NonZeroU64::new(value).or_else(|| too_small(cursor, dimension))
}

/// The number in base units, rounded to the nearest integer.
fn scaled(cursor: &Cursor<'_>, dimension: &Dimension) -> Option<u64> {
    let (number, factor) = measure(cursor, dimension)?;
    number.times(factor).or_else(|| too_long(cursor))
}

/// The number and its unit's factor.
fn measure(cursor: &Cursor<'_>, dimension: &Dimension) -> Option<(Decimal, u64)> {
    let Dimension { name, example, .. } = dimension;
    let Some(text) = cursor.as_text() else {
        return match cursor.value() {
            Value::Number(_) => cursor.refuse(without_unit(cursor, dimension)),
            _ => cursor.refuse_kind(&format!("{name} such as `{example}`")),
        };
    };
    if text.trim_start().starts_with('-') {
        return cursor.refuse(format!("{} is negative", cursor.describe()));
    }
    let Some((number, rest)) = Decimal::read_prefix(text.trim_start()) else {
        return cursor.refuse_kind(&format!("{name} such as `{example}`"));
    };
    let unit = rest.trim();
    match dimension.units.iter().find(|(known, _)| *known == unit) {
        Some((_, factor)) => Some((number, *factor)),
        None if unit.is_empty() => cursor.refuse(without_unit(cursor, dimension)),
        None => cursor.refuse(wrong_unit(unit, dimension)),
    }
}

fn without_unit(cursor: &Cursor<'_>, dimension: &Dimension) -> String {
    let Dimension { name, example, .. } = dimension;
    format!("{} has no unit; write {name} like `{example}`", cursor.describe())
}

/// The error for a `unit` that is none of `dimension`.
pub(super) fn wrong_unit(unit: &str, dimension: &Dimension) -> String {
    let units: Vec<_> = dimension.units.iter().map(|(unit, _)| *unit).collect();
    let mistake = dimension.mistakes.iter().find(|(wrong, _)| *wrong == unit);
    let meant = mistake
        .map(|(_, meant)| (*meant).to_owned())
        .or_else(|| nearest(unit, &units).map(|unit| format!("`{unit}`")))
        .map_or_else(String::new, |meant| format!("; did you mean {meant}?"));
    format!(
        "`{}` is not a unit of {}{meant} (allowed: {})",
        shorten(unit),
        dimension.name,
        units.join(", ")
    )
}

fn too_long<T>(cursor: &Cursor<'_>) -> Option<T> {
    cursor.refuse(format!("{} is too large to simulate", cursor.describe()))
}

fn too_small<T>(cursor: &Cursor<'_>, dimension: &Dimension) -> Option<T> {
    let Dimension { name, example, .. } = dimension;
    cursor.refuse(format!(
        "{} is zero or too small; write {name} like `{example}`",
        cursor.describe()
    ))
}
