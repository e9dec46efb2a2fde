//! The least-squares fit of a roofline.
//!
//! For a given rate and bandwidth the rows with a high arithmetic intensity (FLOPs for each byte)
//! are bound by compute and the others by memory, so that the best fit divides the rows, in order
//! of intensity, at one place. All places are tried: for each the two slopes and the common
//! overhead are the linear least squares of their rows, and of all of them that with the smallest
//! Σ (measured − roofline)² is the fit. A memory bandwidth costs a parameter; it is stated only if
//! it lowers the Bayesian information criterion n·ln(Σ/n) + k·ln n (G. Schwarz, "Estimating the
//! dimension of a model", Annals of Statistics 6, 1978), so that noise is not taken for a roof.

use super::Measured;
use crate::stats::t_quantile_975;

/// The fewest rows of a table: one more than there are parameters.
const FEWEST_ROWS: usize = 4;

/// Rows on either side of the division: one alone would be met exactly by its own slope.
const FEWEST_OF_A_SIDE: usize = 2;

/// Sums of squares below this share of those of the times are rounding.
const ROUNDING: f64 = 1e-24;

/// A fitted figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// Its value.
    pub value: f64,
    /// Half the width of its 95 % confidence interval, given which rows are bound by what.
    pub ci95: f64,
}

/// A row of the table beside the fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// As measured.
    pub measured: Measured,
    /// Seconds by the fitted roofline.
    pub fitted: f64,
    /// Whether memory is the slower roof there.
    pub memory_bound: bool,
    /// Seconds that were measured beyond the roof: this row's own overhead, to be held against the
    /// fitted one. Below 0 where the row was faster than its roof.
    pub overhead: f64,
}

/// A fitted device.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// FLOP/s.
    pub rate: Coefficient,
    /// B/s; `None` if the table does not show a memory roof.
    pub memory_bandwidth: Option<Coefficient>,
    /// Seconds of each row.
    pub overhead: Coefficient,
    /// The share of the times' variance that the fit explains: 1 − Σ (measured − fitted)² /
    /// Σ (measured − mean)².
    pub r_squared: f64,
    /// The rows in the table's order.
    pub rows: Vec<Row>,
}

/// Why nothing can be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Too few rows.
    #[error(
        "the table has {0} rows; a fit of rate, bandwidth and overhead needs at least {FEWEST_ROWS}"
    )]
    TooFewRows(usize),
    /// Times that do not grow with FLOPs.
    #[error(
        "the times do not grow with the FLOPs: no rate explains them (measure layers of different \
         sizes, and leave out those without FLOPs)"
    )]
    NoRate,
}

/// The coefficients of 1/rate, 1/bandwidth and the overhead.
#[derive(Debug, Clone, Copy)]
struct Slopes {
    compute: f64,
    memory: Option<f64>,
    overhead: f64,
    /// How many rows in order of intensity are bound by memory.
    memory_rows: usize,
}

/// Fits the roofline to `measured`.
///
/// # Errors
/// If there are too few rows, or their times do not grow with their FLOPs.
pub fn calibrate(measured: Vec<Measured>) -> Result<Calibration, FitError> {
    if measured.len() < FEWEST_ROWS {
        return Err(FitError::TooFewRows(measured.len()));
    }
    let mut rows = measured.clone();
    // Rows without bytes are last, also those without anything, whose 0/0 has no place in an order.
    let intensity =
        |row: &Measured| if row.bytes > 0.0 { row.flops / row.bytes } else { f64::INFINITY };
    rows.sort_by(|a, b| intensity(a).total_cmp(&intensity(b)));
    let error = |slopes: &Slopes| -> f64 {
        rows.iter().map(|row| (row.time - slopes.time(row)).powi(2)).sum()
    };
    let compute_only = fit(&rows, 0);
    let with_bytes = rows.iter().filter(|row| row.bytes > 0.0).count();
    let most_of_memory = with_bytes.min(rows.len() - FEWEST_OF_A_SIDE);
    let with_memory = (FEWEST_OF_A_SIDE..=most_of_memory)
        .filter_map(|memory_rows| fit(&rows, memory_rows))
        .min_by(|a, b| error(a).total_cmp(&error(b)));
    let total: f64 = rows.iter().map(|row| row.time.powi(2)).sum();
    let criterion = |slopes: &Slopes, parameters: f64| {
        let count = as_f64(rows.len());
        let error = error(slopes).max(ROUNDING * total);
        count * (error / count).ln() + parameters * count.ln()
    };
    let slopes = match (compute_only, with_memory) {
        (Some(compute), Some(memory)) if criterion(&memory, 3.0) < criterion(&compute, 2.0) => {
            memory
        }
        (Some(compute), _) => compute,
        (None, Some(memory)) => memory,
        (None, None) => return Err(FitError::NoRate),
    };
    let calibration = slopes.calibration(&rows, measured, error(&slopes));
    if !calibration.rate.ci95.is_finite() {
        return Err(FitError::NoRate);
    }
    Ok(calibration)
}

impl Slopes {
    /// The roofline's time of `row`.
    fn time(&self, row: &Measured) -> f64 {
        self.roof(row) + self.overhead
    }

    /// The same without the overhead.
    fn roof(&self, row: &Measured) -> f64 {
        let memory = self.memory.map_or(0.0, |slope| slope * row.bytes);
        (self.compute * row.flops).max(memory)
    }

    fn calibration(&self, sorted: &[Measured], table: Vec<Measured>, error: f64) -> Calibration {
        let mean = table.iter().map(|row| row.time).sum::<f64>() / as_f64(table.len());
        let spread: f64 = table.iter().map(|row| (row.time - mean).powi(2)).sum();
        let [compute, memory, overhead] = self.half_widths(sorted, error);
        // 1/x for a slope x: to first order its relative interval is that of x.
        let reciprocal = |slope: f64, half_width: f64| Coefficient {
            value: 1.0 / slope,
            ci95: half_width / (slope * slope),
        };
        let row = |measured: Measured| Row {
            fitted: self.time(&measured),
            overhead: measured.time - self.roof(&measured),
            memory_bound: self
                .memory
                .is_some_and(|slope| slope * measured.bytes > self.compute * measured.flops),
            measured,
        };
        Calibration {
            rate: reciprocal(self.compute, compute),
            memory_bandwidth: self.memory.map(|slope| reciprocal(slope, memory)),
            overhead: Coefficient { value: self.overhead, ci95: overhead },
            r_squared: if spread > 0.0 { 1.0 - error / spread } else { 1.0 },
            rows: table.into_iter().map(row).collect(),
        }
    }

    /// t₀.₉₇₅(n − k) · √(σ² · (XᵀX)⁻¹ᵢᵢ) of compute, memory and overhead, with σ² = Σ/(n − k). The
    /// columns of X overlap in the overhead alone, so that (XᵀX)⁻¹ follows by elimination.
    fn half_widths(&self, sorted: &[Measured], error: f64) -> [f64; 3] {
        let (memory, compute) = sorted.split_at(self.memory_rows);
        let sides =
            [(compute, (|row| row.flops) as fn(&Measured) -> f64), (memory, |row| row.bytes)];
        let [(f_squares, f_sum), (b_squares, b_sum)] = sides.map(|(rows, x)| {
            (rows.iter().map(|row| x(row).powi(2)).sum::<f64>(), rows.iter().map(x).sum::<f64>())
        });
        let per = |sum: f64, squares: f64| if squares > 0.0 { sum / squares } else { 0.0 };
        let (f_mean, b_mean) = (per(f_sum, f_squares), per(b_sum, b_squares));
        let overhead = 1.0 / (as_f64(sorted.len()) - f_sum * f_mean - b_sum * b_mean);
        let slope = |mean: f64, squares: f64| per(1.0, squares) + mean * mean * overhead;
        let parameters = if self.memory.is_some() { 3 } else { 2 };
        let freedom = as_f64(sorted.len() - parameters);
        let t = t_quantile_975(freedom).unwrap_or(f64::INFINITY);
        let sigma = (error / freedom).sqrt();
        [slope(f_mean, f_squares), slope(b_mean, b_squares), overhead]
            .map(|variance| t * sigma * variance.max(0.0).sqrt())
    }
}

/// The least squares of rows of which the first `memory_rows` are bound by memory and the others by
/// compute; `None` if that leaves a slope without sign or does not tell it from the overhead. An overhead below zero is none: then the
/// slopes alone are fitted.
fn fit(sorted: &[Measured], memory_rows: usize) -> Option<Slopes> {
    let (memory, compute) = sorted.split_at(memory_rows);
    let compute = Side::new(compute, |row| row.flops)?;
    let memory = if memory.is_empty() { None } else { Some(Side::new(memory, |row| row.bytes)?) };
    let sides = [Some(&compute), memory.as_ref()];
    // What a side's own slope cannot explain of its times and of a constant decides the overhead.
    let (mut explained, mut constant) = (0.0, 0.0);
    for side in sides.into_iter().flatten() {
        explained += side.residual_of_constant_and_times;
        constant += side.residual_of_constant;
    }
    // Rows of one size on each side tell no overhead from a slope.
    if constant <= ROUNDING * as_f64(sorted.len()) {
        return None;
    }
    let overhead = (explained / constant).max(0.0);
    let compute = compute.slope(overhead);
    let memory = memory.map(|side| side.slope(overhead));
    let positive = |slope: f64| slope > 0.0 && slope.is_finite();
    (positive(compute) && memory.is_none_or(positive)).then_some(Slopes {
        compute,
        memory,
        overhead,
        memory_rows,
    })
}

/// The rows under one roof: time = slope · x + overhead.
struct Side {
    /// Σ x².
    squares: f64,
    /// Σ x.
    sum: f64,
    /// Σ x · time.
    product: f64,
    /// |1 − x·(x·1)/(x·x)|²: what of a constant lies across x.
    residual_of_constant: f64,
    /// The same part of a constant times the rows' times.
    residual_of_constant_and_times: f64,
}

impl Side {
    /// `None` if no row has anything of what the roof counts.
    fn new(rows: &[Measured], x: impl Fn(&Measured) -> f64) -> Option<Self> {
        let squares: f64 = rows.iter().map(|row| x(row).powi(2)).sum();
        if squares <= 0.0 {
            return None;
        }
        let sum: f64 = rows.iter().map(&x).sum();
        let product = rows.iter().map(|row| x(row) * row.time).sum();
        // Row by row, since Σ 1 − (Σ x)²/Σ x² would cancel where all x are nearly alike.
        let across = |row: &Measured| 1.0 - x(row) * sum / squares;
        Some(Self {
            squares,
            sum,
            product,
            residual_of_constant: rows.iter().map(|row| across(row).powi(2)).sum(),
            residual_of_constant_and_times: rows.iter().map(|row| across(row) * row.time).sum(),
        })
    }

    fn slope(&self, overhead: f64) -> f64 {
        (self.product - overhead * self.sum) / self.squares
    }
}

#[expect(clippy::cast_precision_loss, reason = "a table has ten thousand rows at most")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
