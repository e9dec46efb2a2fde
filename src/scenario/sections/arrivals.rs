//! `arrivals`: when a client's requests arrive.

use super::jitter;
use crate::scenario::Measure;
use crate::scenario::decode::Cursor;
use crate::scenario::traffic::{ArrivalSpec, BurstState, PhaseSpec};
use crate::scenario::units::{duration, mean_gap, positive_duration};
use crate::scenario::vocabulary::{ARRIVALS, BURST_STATE, BURSTY, CLOSED, PERIODIC, PHASE};
use crate::time::SimDuration;
use std::path::Path;

/// Decodes `arrivals`; relative paths are taken from `folder`.
pub(super) fn decode(cursor: Cursor<'_>, folder: &Path) -> Option<ArrivalSpec> {
    let variant = cursor.variant(&ARRIVALS)?;
    match variant.name {
        "poisson" => {
            let rate = variant.argument("poisson: 2 /s")?;
            mean_gap(rate.clone()).map(|mean_gap| ArrivalSpec::Poisson { mean_gap })
        }
        "periodic" => periodic(variant.argument("periodic: 500 ms")?),
        "bursty" => bursty(variant.argument(
            "bursty: { quiet: { rate: 0.5 /s, for: 20 s }, burst: { rate: 20 /s, for: 2 s } }",
        )?),
        "closed" => closed(variant.argument("closed: { think: 2 s }")?),
        "trace" => trace(variant.argument("trace: arrivals.csv")?, folder),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

fn periodic(cursor: &Cursor<'_>) -> Option<ArrivalSpec> {
    let default = PhaseSpec::At(SimDuration::ZERO);
    if !cursor.value().is_mapping() {
        let measure = cursor.as_text().and_then(Measure::read);
        if let Some(rate) = measure.and_then(|measure| measure.si()).filter(|si| si.unit == "/s") {
            return cursor.refuse(rate_of_periodic(rate.value));
        }
        let period = positive_duration(cursor.clone())?;
        return Some(ArrivalSpec::Periodic { period, phase: default });
    }
    let section = cursor.section(&PERIODIC)?;
    let period = section.required("period", positive_duration);
    let phase = section.or("phase", default, phase);
    Some(ArrivalSpec::Periodic { period: period?, phase: phase? })
}

/// What to tell who gives `periodic` a rate, `poisson`'s argument.
fn rate_of_periodic(rate: f64) -> String {
    let gap = Measure { number: 1e3 / rate, unit: "ms".to_owned() };
    let meant = if gap.number.is_finite() && gap.number > 0.0 {
        format!(", here `periodic: {}`", gap.text())
    } else {
        String::new()
    };
    format!("is a rate, and `periodic` takes the time from one request to the next{meant}")
}

fn phase(cursor: Cursor<'_>) -> Option<PhaseSpec> {
    // A word that begins like one is meant as the word; everything else as a duration.
    match cursor.as_text() {
        Some(text) if text.starts_with(char::is_alphabetic) => {
            cursor.word(&PHASE).map(|_| PhaseSpec::Random)
        }
        _ => duration(cursor).map(PhaseSpec::At),
    }
}

fn bursty(cursor: &Cursor<'_>) -> Option<ArrivalSpec> {
    let section = cursor.section(&BURSTY)?;
    let quiet = section.required("quiet", burst_state);
    let burst = section.required("burst", burst_state);
    Some(ArrivalSpec::Bursty { quiet: quiet?, burst: burst? })
}

fn burst_state(cursor: Cursor<'_>) -> Option<BurstState> {
    let section = cursor.section(&BURST_STATE)?;
    let mean_gap = section.required("rate", mean_gap);
    let mean_sojourn = section.required("for", positive_duration);
    Some(BurstState { mean_gap: mean_gap?, mean_sojourn: mean_sojourn? })
}

fn closed(cursor: &Cursor<'_>) -> Option<ArrivalSpec> {
    let section = cursor.section(&CLOSED)?;
    let think = section.required("think", |value| {
        let think = jitter::decode(value.clone())?;
        // A client that never thinks would fail requests without end while its device is down.
        match think.typical() {
            SimDuration::ZERO => value.refuse("a think time is longer than 0"),
            _ => Some(think),
        }
    });
    Some(ArrivalSpec::Closed { think: think? })
}

fn trace(cursor: &Cursor<'_>, folder: &Path) -> Option<ArrivalSpec> {
    match cursor.text()? {
        "" => cursor.refuse("is empty; it names a CSV file with the columns `time_s[,client]`"),
        path => Some(ArrivalSpec::Trace(folder.join(path))),
    }
}
