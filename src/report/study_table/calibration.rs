//! A calibrated device: residuals, the fit's quality, and the profile to paste.

use crate::quantity::{ByteRate, FlopRate};
use crate::report::table::grid;
use crate::report::text::shortened;
use crate::study::calibrate::{Calibration, Coefficient, Row};
use std::num::NonZeroU64;

/// Characters that a row's name may take.
const NAME_WIDTH: usize = 30;

/// Rows that are listed; the worst of a longer table.
const ROWS_SHOWN: usize = 40;

/// The report on `calibration` as plain text; `memory` is the device's, if it was stated.
pub fn calibration_table(calibration: &Calibration, memory: Option<&str>) -> String {
    let rows = &calibration.rows;
    let title = if rows.len() > ROWS_SHOWN {
        format!("Measured and fitted times (the {ROWS_SHOWN} worst of {})", rows.len())
    } else {
        "Measured and fitted times".to_owned()
    };
    let header = [
        "row",
        "bound by",
        "measured (ms)",
        "fitted (ms)",
        "residual (ms)",
        "(%)",
        "overhead (us)",
    ];
    let table = grid(&title, &header, shown_rows(rows).into_iter().map(row));
    format!(
        "{table}\n\nFit of time = max(FLOPs / rate, bytes / bandwidth) + overhead by least squares, \
         R² = {:.6}\n(± is half of a 95 % interval, given which rows are bound by what; a row's\n\
         overhead is what it took beyond max(…), to be held against the fitted one):\n  \
         rate              {}\n  memory bandwidth  {}\n  overhead          {}\n\n{}",
        calibration.r_squared,
        with_interval(calibration.rate, 1e9, "GFLOP/s"),
        calibration.memory_bandwidth.map_or_else(
            || "not shown by these rows".to_owned(),
            |bandwidth| with_interval(bandwidth, 1e9, "GB/s")
        ),
        with_interval(calibration.overhead, 1e-6, "us"),
        profile(calibration, memory)
    )
}

/// All rows in the table's order, or the worst of many.
fn shown_rows(rows: &[Row]) -> Vec<&Row> {
    let mut shown: Vec<(usize, &Row)> = rows.iter().enumerate().collect();
    shown.sort_by(|(_, a), (_, b)| residual(b).abs().total_cmp(&residual(a).abs()));
    shown.truncate(ROWS_SHOWN);
    shown.sort_by_key(|(index, _)| *index);
    shown.into_iter().map(|(_, row)| row).collect()
}

fn residual(row: &Row) -> f64 {
    row.measured.time - row.fitted
}

fn row(row: &Row) -> Vec<String> {
    vec![
        shortened(&row.measured.name, NAME_WIDTH),
        if row.memory_bound { "memory" } else { "compute" }.to_owned(),
        format!("{:.4}", 1e3 * row.measured.time),
        format!("{:.4}", 1e3 * row.fitted),
        signed(1e3 * residual(row), 4),
        signed(100.0 * residual(row) / row.measured.time, 1),
        without_zeros_sign(format!("{:.2}", 1e6 * row.overhead)),
    ]
}

/// `value` with its sign; what rounds to zero has none.
fn signed(value: f64, decimals: usize) -> String {
    without_zeros_sign(format!("{value:+.decimals$}"))
}

fn without_zeros_sign(text: String) -> String {
    let magnitude = text.trim_start_matches(['+', '-']);
    let is_zero = magnitude.chars().all(|c| matches!(c, '0' | '.'));
    if is_zero { magnitude.to_owned() } else { text }
}

fn with_interval(Coefficient { value, ci95 }: Coefficient, unit: f64, name: &str) -> String {
    format!("{:.4} {name} ± {:.4}", value / unit, ci95 / unit)
}

/// The device in the scenario language.
fn profile(calibration: &Calibration, memory: Option<&str>) -> String {
    let mut lines = vec![
        "To paste into a scenario:".to_owned(),
        String::new(),
        "device:".to_owned(),
        format!("  rate: {}", FlopRate(whole(calibration.rate.value))),
    ];
    lines.push(match memory {
        Some(memory) => format!("  memory: {memory}"),
        None => "  # memory: was not measured; state the device's own, for example 4 GB".to_owned(),
    });
    if let Some(bandwidth) = calibration.memory_bandwidth {
        lines.push(format!("  memory_bandwidth: {}", ByteRate(whole(bandwidth.value))));
    }
    lines.push(format!(
        "  overhead: {:.3} us    # of one row: a service that is n rows long pays n of them",
        1e6 * calibration.overhead.value
    ));
    lines.join("\n") + "\n"
}

/// A rate in whole units a second, at least 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float beyond 2⁶⁴ becomes the largest integer, a fitted rate is above zero"
)]
fn whole(rate: f64) -> NonZeroU64 {
    NonZeroU64::new(rate.round() as u64).unwrap_or(NonZeroU64::MIN)
}
