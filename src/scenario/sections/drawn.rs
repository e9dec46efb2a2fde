//! Figures of a fleet entry that are drawn once for each device: any rate, delay or memory, as
//! `{ uniform: [8 GFLOP/s, 16 GFLOP/s] }` or `{ lognormal: { median: 27 Mbit/s, sigma: 0.4 } }`.
//!
//! Where the figure itself is decoded it is its distribution's median, the [`nominal`] one; the
//! distributions of a valid entry are then gathered by [`figures`].

use super::jitter::sigma;
use crate::distribution::FigureDistribution;
use crate::quantity::{BitRate, ByteRate, Bytes, FlopRate};
use crate::scenario::decode::Cursor;
use crate::scenario::hardware::{DrawnFigure, Figure};
use crate::scenario::section::Section;
use crate::scenario::units::{bit_rate, byte_rate, duration, flop_rate, positive_size};
use crate::scenario::vocabulary::{DRAWN_ONCE, LOGNORMAL};
use crate::time::SimDuration;
use std::num::NonZeroU64;

/// A quantity as a number of its base units.
pub(super) trait BaseUnits {
    /// The quantity of so many base units, at least 1 where it is never zero.
    fn from_base(units: u64) -> Self;

    /// How many base units it holds.
    fn base(&self) -> u64;
}

/// Implements [`BaseUnits`] for rates, which are never zero.
macro_rules! rate_in_base_units {
    ($($rate:ident),*) => {$(
        impl BaseUnits for $rate {
            fn from_base(units: u64) -> Self {
                Self(NonZeroU64::new(units).unwrap_or(NonZeroU64::MIN))
            }

            fn base(&self) -> u64 {
                self.0.get()
            }
        }
    )*};
}

rate_in_base_units!(BitRate, ByteRate, FlopRate);

impl BaseUnits for Bytes {
    fn from_base(units: u64) -> Self {
        Self(units)
    }

    fn base(&self) -> u64 {
        self.0
    }
}

impl BaseUnits for SimDuration {
    fn from_base(units: u64) -> Self {
        Self::from_nanos(units)
    }

    fn base(&self) -> u64 {
        self.as_nanos()
    }
}

/// Decodes a figure that may be drawn: itself, or the median of its distribution.
pub(super) fn nominal<'a, T: BaseUnits>(
    decode: fn(Cursor<'a>) -> Option<T>,
) -> impl FnOnce(Cursor<'a>) -> Option<T> {
    move |cursor| {
        if is_drawn(&cursor) {
            distribution(&cursor, decode).map(|drawn| T::from_base(drawn.median()))
        } else {
            decode(cursor)
        }
    }
}

/// The distributions of the valid fleet entry `section`, in a fixed order.
pub(super) fn figures(section: &Section<'_>) -> Option<Vec<DrawnFigure>> {
    let found = [
        drawn(section, "device", "rate", Figure::DeviceRate, flop_rate),
        drawn(section, "device", "memory", Figure::Memory, positive_size),
        drawn(section, "device", "memory_bandwidth", Figure::MemoryBandwidth, byte_rate),
        drawn(section, "device", "overhead", Figure::Overhead, duration),
        drawn(section, "access", "up", Figure::Uplink, bit_rate),
        drawn(section, "access", "down", Figure::Downlink, bit_rate),
        drawn(section, "access", "delay", Figure::Delay, duration),
    ];
    let found: Option<Vec<Option<DrawnFigure>>> = found.into_iter().collect();
    Some(found?.into_iter().flatten().collect())
}

/// Refuses distributions where there is one thing and no fleet, such as the server.
pub(super) fn refuse_drawn<T>(cursor: &Cursor<'_>, value: T) -> Option<T> {
    let keys = ["rate", "memory", "memory_bandwidth", "overhead", "up", "down", "delay"];
    match keys.iter().filter_map(|key| cursor.entry(key)).find(is_drawn) {
        Some(drawn) => drawn.refuse("only the devices of a fleet are drawn; state one figure"),
        None => Some(value),
    }
}

/// The distribution of `key` in the part `part` of a fleet entry: `Some(None)` if there is none.
#[expect(clippy::option_option, reason = "the outer one says whether an error was noted")]
fn drawn<'a, T: BaseUnits>(
    section: &Section<'a>,
    part: &str,
    key: &str,
    figure: Figure,
    decode: fn(Cursor<'a>) -> Option<T>,
) -> Option<Option<DrawnFigure>> {
    let cursor = section.get(part).and_then(|part| part.entry(key)).filter(is_drawn);
    match cursor {
        Some(cursor) => {
            let distribution = distribution(&cursor, decode)?;
            Some(Some(DrawnFigure { figure, distribution }))
        }
        None => Some(None),
    }
}

/// Whether a distribution stands here, one that is only planned included.
pub(super) fn is_drawn(cursor: &Cursor<'_>) -> bool {
    let words = DRAWN_ONCE.known.iter().chain(DRAWN_ONCE.planned);
    words.into_iter().any(|word| cursor.entry(word).is_some())
}

fn distribution<'a, T: BaseUnits>(
    cursor: &Cursor<'a>,
    decode: fn(Cursor<'a>) -> Option<T>,
) -> Option<FigureDistribution> {
    let variant = cursor.variant(&DRAWN_ONCE)?;
    match variant.name {
        "uniform" => uniform(variant.argument("uniform: [8 GFLOP/s, 16 GFLOP/s]")?, decode),
        "lognormal" => {
            let example = "lognormal: { median: 27 Mbit/s, sigma: 0.4 }";
            let section = variant.argument(example)?.section(&LOGNORMAL)?;
            let median = section.required("median", decode);
            let sigma = section.required("sigma", sigma);
            Some(FigureDistribution::LogNormal { median: median?.base(), sigma: sigma? })
        }
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

fn uniform<'a, T: BaseUnits>(
    cursor: &Cursor<'a>,
    decode: fn(Cursor<'a>) -> Option<T>,
) -> Option<FigureDistribution> {
    let items: Vec<_> = cursor.items("two figures")?.take(3).collect();
    let [low, high] = items.as_slice() else {
        return cursor.refuse("expected two figures, the smallest and the largest");
    };
    let (low, high) = (decode(low.clone()), decode(high.clone()));
    let (low, high) = (low?.base(), high?.base());
    if low >= high {
        return cursor.refuse("the first figure must be smaller than the second");
    }
    Some(FigureDistribution::Uniform { low, high })
}
