//! What studies print.

mod calibration;
mod capacity;
mod comparison;
mod sweep;

pub use calibration::calibration_table;
pub use capacity::{capacity_answer, probe_line};
pub use comparison::paired_table;
pub use sweep::cells_table;

use super::text::{dash, milliseconds, percent};
use crate::study::{Estimate, Metric};

/// A metric's value with the unit that a person reads it in.
fn shown(metric: Metric, value: f64) -> String {
    match metric {
        Metric::TrainingTime => format!("{value:.3} s"),
        Metric::RequestEnergy => format!("{value:.6} J"),
        _ if metric.unit() == "s" && value < 0.0 => format!("-{} ms", milliseconds(-value)),
        _ if metric.unit() == "s" => format!("{} ms", milliseconds(value)),
        _ => format!("{} %", percent(Some(value))),
    }
}

/// An estimate as `value ± half-width`.
fn shown_estimate(metric: Metric, estimate: Option<Estimate>) -> String {
    let Some(Estimate { value, ci95 }) = estimate else { return dash() };
    let half_width = ci95.map_or_else(String::new, |ci95| format!(" ± {}", shown(metric, ci95)));
    format!("{}{half_width}", shown(metric, value))
}
