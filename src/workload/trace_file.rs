//! The file format of arrival traces: CSV with the columns `time_s[,client]`.
//!
//! ```text
//! time_s,client
//! 0.25,pi/0
//! 1.5,pi/1
//! ```
//!
//! Times are seconds from the beginning of inference, in order, read to the nearest nanosecond.
//! Without the column `client` every client replays the whole trace.

use crate::time::SimDuration;
use indexmap::IndexMap;
use std::io::{self, BufRead, Read as _};
use std::sync::Arc;
use thiserror::Error;

/// The most arrivals that a trace may have.
pub const MAX_ROWS: usize = 5_000_000;

/// The longest line, in bytes.
const MAX_LINE: usize = 256;

/// The latest arrival: 10⁹ s (31.7 years), as for every duration of a scenario.
const MAX_SECONDS: f64 = 1e9;

/// The arrivals of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArrivalTrace {
    /// Every client asks at these instants from the origin.
    Common(Arc<[SimDuration]>),
    /// Each named client asks at its own instants, the others never.
    ByClient(IndexMap<String, Arc<[SimDuration]>>),
}

/// Why a trace cannot be read.
#[derive(Debug, Error)]
pub enum TraceError {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It has no arrivals.
    #[error(
        "has no arrivals; a trace has the header `time_s` or `time_s,client` and a row for each"
    )]
    Empty,
    /// It has too many arrivals.
    #[error("line {line}: a trace has at most {MAX_ROWS} rows")]
    TooLong {
        /// The first line too many.
        line: usize,
    },
    /// A line is wrong.
    #[error("line {line}: {message}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
}

impl ArrivalTrace {
    /// Reads a trace. `is_client` tells whether there is a client of that path name.
    ///
    /// # Errors
    /// If `input` fails, has no arrivals or too many, or a line has other columns than the header,
    /// a time that is no number, negative, too large or earlier than the line's before it, or an
    /// unknown client.
    pub fn read(
        mut input: impl BufRead,
        is_client: impl Fn(&str) -> bool,
    ) -> Result<Self, TraceError> {
        let mut lines = Lines::default();
        let named = match lines.next(&mut input)? {
            None => return Err(TraceError::Empty),
            Some((_, "time_s")) => false,
            Some((_, "time_s,client")) => true,
            Some((line, other)) => {
                let message =
                    format!("expected the header `time_s` or `time_s,client`, got `{other}`");
                return Err(TraceError::Line { line, message });
            }
        };
        let mut rows = 0;
        let mut previous = SimDuration::ZERO;
        let mut of_clients: IndexMap<String, Vec<SimDuration>> = IndexMap::new();
        while let Some((line, row)) = lines.next(&mut input)? {
            let wrong = |message| TraceError::Line { line, message };
            let (time, client) = columns(row, named).map_err(wrong)?;
            if time < previous {
                return Err(wrong(format!(
                    "{time} is earlier than the arrival before it, {previous}"
                )));
            }
            match of_clients.get_mut(client) {
                Some(times) => times.push(time),
                None if named && !is_client(client) => {
                    return Err(wrong(format!("the fleet has no client `{client}`")));
                }
                None => {
                    of_clients.insert(client.to_owned(), vec![time]);
                }
            }
            previous = time;
            rows += 1;
            if rows > MAX_ROWS {
                return Err(TraceError::TooLong { line });
            }
        }
        let mut traces = of_clients.into_iter().map(|(client, times)| (client, times.into()));
        match named {
            _ if rows == 0 => Err(TraceError::Empty),
            true => Ok(Self::ByClient(traces.collect())),
            false => Ok(Self::Common(traces.next().expect("there are rows").1)),
        }
    }

    /// The arrivals of the client with this path name.
    pub fn of(&self, client: &str) -> Arc<[SimDuration]> {
        match self {
            Self::Common(times) => Arc::clone(times),
            Self::ByClient(traces) => traces.get(client).cloned().unwrap_or_default(),
        }
    }

    /// How many requests a fleet of `clients` makes of it.
    pub fn requests(&self, clients: u64) -> u64 {
        match self {
            Self::Common(times) => clients.saturating_mul(times.len() as u64),
            Self::ByClient(traces) => traces.values().map(|times| times.len() as u64).sum(),
        }
    }
}

/// The lines of a trace, blank ones left out.
#[derive(Debug, Default)]
struct Lines {
    /// The number of the line read last, from 1.
    number: usize,
    buffer: Vec<u8>,
}

impl Lines {
    /// The next line that is not blank, with its number; `None` at the end.
    fn next(&mut self, input: &mut impl BufRead) -> Result<Option<(usize, &str)>, TraceError> {
        loop {
            self.buffer.clear();
            self.number += 1;
            // A file without line ends must not fill the memory.
            let limit = MAX_LINE as u64 + 1;
            if input.by_ref().take(limit).read_until(b'\n', &mut self.buffer)? == 0 {
                return Ok(None);
            }
            if self.buffer.len() > MAX_LINE {
                return Err(self.wrong(format!("a line has at most {MAX_LINE} bytes")));
            }
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        match std::str::from_utf8(&self.buffer) {
            // A byte order mark is not part of the text.
            Ok(text) => Ok(Some((self.number, text.trim_start_matches('\u{feff}').trim()))),
            Err(_) => Err(self.wrong("is not UTF-8 text".to_owned())),
        }
    }

    fn wrong(&self, message: String) -> TraceError {
        TraceError::Line { line: self.number, message }
    }
}

/// The time and the client of a row; the client is empty in a trace for all clients.
fn columns(row: &str, named: bool) -> Result<(SimDuration, &str), String> {
    let (time, client) = match (row.split_once(','), named) {
        (Some((time, client)), true) if !client.contains(',') => (time, client.trim()),
        (None, false) => (row, ""),
        (_, true) => return Err(format!("expected a time and a client, got `{row}`")),
        (_, false) => return Err(format!("expected one column, a time, got `{row}`")),
    };
    let seconds: f64 =
        time.trim().parse().map_err(|_| format!("`{time}` is no time in seconds"))?;
    if !(0.0..=MAX_SECONDS).contains(&seconds) {
        return Err(format!("a time lies between 0 and {MAX_SECONDS} s, got `{time}`"));
    }
    Ok((SimDuration::from_secs_f64(seconds), client))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ArrivalTrace, TraceError> {
        ArrivalTrace::read(text.as_bytes(), |client| matches!(client, "pi/0" | "pi/1"))
    }

    fn nanos(trace: &ArrivalTrace, client: &str) -> Vec<u64> {
        trace.of(client).iter().map(|time| time.as_nanos()).collect()
    }

    fn error(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn a_trace_without_clients_is_everybodys_to_the_nanosecond() {
        let trace = read("time_s\n0\n0.123456789\n\n100.000000001\n").unwrap();
        assert_eq!(nanos(&trace, "pi/1"), [0, 123_456_789, 100_000_000_001]);
        assert_eq!(trace.requests(4), 12);
    }

    #[test]
    fn a_trace_with_clients_gives_each_its_own() {
        let trace = read("time_s,client\r\n1,pi/1\r\n2.5, pi/0\r\n2.5,pi/1\r\n").unwrap();
        assert_eq!(nanos(&trace, "pi/0"), [2_500_000_000]);
        assert_eq!(nanos(&trace, "pi/1"), [1_000_000_000, 2_500_000_000]);
        assert_eq!(nanos(&trace, "pi/2"), [0; 0], "a client that the trace does not name");
        assert_eq!(trace.requests(4), 3);
    }

    #[test]
    fn each_mistake_is_named_with_its_line() {
        for (text, expected) in [
            ("", "has no arrivals"),
            ("time_s\n", "has no arrivals"),
            ("t\n1\n", "line 1: expected the header"),
            ("time_s\n1\n-1\n", "line 3: a time lies between 0 and"),
            ("time_s\nNaN\n", "line 2: a time lies between 0 and"),
            ("time_s\ninf\n", "line 2: a time lies between 0 and"),
            ("time_s\n1e300\n", "line 2: a time lies between 0 and"),
            ("time_s\none\n", "line 2: `one` is no time"),
            ("time_s\n2\n1.5\n", "line 3: 1.500000000 s is earlier than"),
            ("time_s\n1,pi/0\n", "line 2: expected one column"),
            ("time_s,client\n1\n", "line 2: expected a time and a client"),
            ("time_s,client\n1,pi/9\n", "line 2: the fleet has no client `pi/9`"),
        ] {
            assert!(error(text).starts_with(expected), "{text:?}: {}", error(text));
        }
        let bytes: &[u8] = b"time_s\n\xff\n";
        let error = ArrivalTrace::read(bytes, |_| true).unwrap_err();
        assert_eq!(error.to_string(), "line 2: is not UTF-8 text");
    }

    #[test]
    fn an_endless_line_or_file_is_refused() {
        let endless = io::BufReader::new(io::repeat(b'1'));
        let error = ArrivalTrace::read(endless, |_| true).unwrap_err();
        assert_eq!(error.to_string(), "line 1: a line has at most 256 bytes");
        let rows = io::BufReader::new(b"time_s\n".chain(Zeros(0)));
        let error = ArrivalTrace::read(rows, |_| true).unwrap_err();
        // One line for the header, 5,000,000 rows, and the next one.
        assert_eq!(error.to_string(), "line 5000002: a trace has at most 5000000 rows");
    }

    /// Rows of `0` without end.
    struct Zeros(usize);

    impl io::Read for Zeros {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            for byte in buffer.iter_mut() {
                *byte = b"0\n"[self.0 % 2];
                self.0 += 1;
            }
            Ok(buffer.len())
        }
    }
}
