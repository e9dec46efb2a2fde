//! The file format of rate traces: CSV with the columns `time_s,rate_bit_s`, with or without that
//! header. Each row is a step of a [`RateSchedule`](super::RateSchedule).
//!
//! ```text
//! time_s,rate_bit_s
//! 0,12000000
//! 1.5,800000
//! ```

use super::rate_schedule::RateStep;
use crate::time::SimDuration;
use std::io::{self, Read};
use thiserror::Error;

/// The largest trace that is read, in bytes: about half a million steps.
pub const MAX_TRACE_BYTES: u64 = 8 * 1024 * 1024;

/// The latest step: 10⁹ s (31.7 years), as for every duration of a scenario.
const MAX_SECONDS: f64 = 1e9;

/// The fastest rate, 10¹⁸ bit/s.
const MAX_RATE: f64 = 1e18;

/// Why a trace cannot be read.
#[derive(Debug, Error)]
pub enum RateTraceError {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The file is too large.
    #[error("is too large: a trace has at most {MAX_TRACE_BYTES} bytes")]
    TooLarge,
    /// The file is not UTF-8.
    #[error("is not UTF-8 text")]
    Encoding,
    /// A line is wrong.
    #[error("line {line}: {message}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
}

/// Reads the steps of a trace. Times are rounded to nanoseconds, rates to bit/s.
///
/// # Errors
/// If `input` fails, is too large or no text, or a line has not exactly two numbers that are finite,
/// not negative and within range, or its time is not after the one before.
pub fn read_rate_trace(input: impl Read) -> Result<Vec<RateStep>, RateTraceError> {
    let mut bytes = Vec::new();
    input.take(MAX_TRACE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_TRACE_BYTES {
        return Err(RateTraceError::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|_| RateTraceError::Encoding)?;
    let mut steps: Vec<RateStep> = Vec::new();
    for (line, row) in (1..).zip(text.trim_end().lines()) {
        let row = row.trim();
        if line == 1 && row.replace(' ', "") == "time_s,rate_bit_s" {
            continue;
        }
        let wrong = |message| RateTraceError::Line { line, message };
        let step = step(row).map_err(wrong)?;
        if steps.last().is_some_and(|last| step.from <= last.from) {
            return Err(wrong(format!("{} is not later than the time before it", step.from)));
        }
        steps.push(step);
    }
    Ok(steps)
}

fn step(row: &str) -> Result<RateStep, String> {
    let Some((time, rate)) = row.split_once(',').filter(|(_, rate)| !rate.contains(',')) else {
        return Err("expected two columns, `time_s,rate_bit_s`".to_owned());
    };
    let time = column("time_s", time, MAX_SECONDS)?;
    let rate = column("rate_bit_s", rate, MAX_RATE)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    let rate = rate.round() as u64;
    Ok(RateStep { from: SimDuration::from_secs_f64(time), rate })
}

fn column(name: &str, text: &str, max: f64) -> Result<f64, String> {
    let shown: String = text.trim().chars().take(40).collect();
    match text.trim().parse::<f64>() {
        _ if shown.is_empty() => Err(format!("{name} is missing")),
        Ok(number) if (0.0..=max).contains(&number) => Ok(number),
        Ok(_) => Err(format!("{name} is `{shown}`; it is a number from 0 to {max:e}")),
        Err(_) => Err(format!("{name} is `{shown}`, which is not a number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        read_rate_trace(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_trace_has_a_step_for_each_row_with_or_without_its_header() {
        let rows = "0,12000000\n1.5,0\n";
        let ns = SimDuration::from_nanos;
        let steps = vec![
            RateStep { from: ns(0), rate: 12_000_000 },
            RateStep { from: ns(1_500_000_000), rate: 0 },
        ];
        assert_eq!(read_rate_trace(rows.as_bytes()).unwrap(), steps);
        let with_header = format!("time_s, rate_bit_s\n{rows}");
        assert_eq!(read_rate_trace(with_header.as_bytes()).unwrap(), steps);
    }

    #[test]
    fn what_is_no_trace_is_refused_with_its_line() {
        assert_eq!(error("0,5\n\n2,5"), "line 2: expected two columns, `time_s,rate_bit_s`");
        assert_eq!(error("0,5\n1,"), "line 2: rate_bit_s is missing");
        assert_eq!(error("0,5,6"), "line 1: expected two columns, `time_s,rate_bit_s`");
        assert_eq!(error("0,x"), "line 1: rate_bit_s is `x`, which is not a number");
        assert_eq!(error("0,NaN"), "line 1: rate_bit_s is `NaN`; it is a number from 0 to 1e18");
        assert_eq!(error("-1,5"), "line 1: time_s is `-1`; it is a number from 0 to 1e9");
        assert_eq!(error("1e300,5"), "line 1: time_s is `1e300`; it is a number from 0 to 1e9");
        assert_eq!(
            error("0,5\n2,5\n1,5"),
            "line 3: 1.000000000 s is not later than the time before it"
        );
    }

    #[test]
    fn an_endless_trace_is_refused() {
        let error = read_rate_trace(io::repeat(b'0')).unwrap_err();
        assert!(matches!(error, RateTraceError::TooLarge), "{error}");
    }
}
