//! A CSV table of measured layer times.

use crate::scenario::Measure;
use std::io::Read;

/// Rows of a table; more would not make a profile better.
const MAX_ROWS: usize = 10_000;

/// Bytes of a table: no row needs a thousandth of them.
const MAX_BYTES: u64 = 16 << 20;

/// The columns that may hold the time, and the seconds of their unit; that of `time` is in its
/// values.
const TIMES: [(&str, Option<f64>); 5] = [
    ("time", None),
    ("time_s", Some(1.0)),
    ("time_ms", Some(1e-3)),
    ("time_us", Some(1e-6)),
    ("time_ns", Some(1e-9)),
];

/// One measured layer, or part of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Its name.
    pub name: String,
    /// Floating-point operations, 1 MAC = 2 FLOPs.
    pub flops: f64,
    /// Bytes moved to and from memory; 0 where that is not known.
    pub bytes: f64,
    /// Seconds that it took.
    pub time: f64,
}

/// What is wrong with a table, and in which line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}: {message}")]
pub struct TableError {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong there and what is allowed.
    pub message: String,
}

/// Where the columns stand.
struct Columns {
    name: usize,
    flops: usize,
    bytes: Option<usize>,
    time: (usize, Option<f64>),
}

/// Reads a table with the columns `name`, `flops`, `time` (with a unit in each value) or `time_s`,
/// `time_ms`, `time_us` or `time_ns`, and `bytes` if memory was counted; others are skipped.
///
/// # Errors
/// If it is no such table, the first wrong line; or if it has more than 16 MiB.
pub fn read(input: impl Read) -> Result<Vec<Measured>, TableError> {
    let input = input.take(MAX_BYTES + 1);
    let mut table = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
    let rows = rows(&mut table);
    if table.get_ref().limit() == 0 {
        let message = format!("the table has more than {MAX_BYTES} bytes");
        return Err(TableError { line: 1, message });
    }
    rows
}

fn rows(table: &mut csv::Reader<impl Read>) -> Result<Vec<Measured>, TableError> {
    let header = table.headers().map_err(|error| of_csv(&error))?.clone();
    let columns = Columns::of(&header)?;
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while table.read_record(&mut record).map_err(|error| of_csv(&error))? {
        let line = record.position().map_or(1, csv::Position::line);
        if rows.len() == MAX_ROWS {
            let message = format!("the table has more than {MAX_ROWS} rows");
            return Err(TableError { line, message });
        }
        rows.push(columns.row(&record).map_err(|message| TableError { line, message })?);
    }
    Ok(rows)
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Result<Self, TableError> {
        let place = |name: &str| header.iter().position(|column| column == name);
        let missing = |what: &str| TableError {
            line: 1,
            message: format!(
                "there is no column {what} (columns: name, flops, bytes, and time, time_s, \
                 time_ms, time_us or time_ns)"
            ),
        };
        let times: Vec<_> = TIMES
            .iter()
            .filter_map(|(name, seconds)| place(name).map(|place| (place, *seconds)))
            .collect();
        let time = match times[..] {
            [] => return Err(missing("of times")),
            [time] => time,
            _ => {
                let message = "there are several columns of times; leave one".to_owned();
                return Err(TableError { line: 1, message });
            }
        };
        Ok(Self {
            name: place("name").ok_or_else(|| missing("`name`"))?,
            flops: place("flops").ok_or_else(|| missing("`flops`"))?,
            bytes: place("bytes"),
            time,
        })
    }

    fn row(&self, record: &csv::StringRecord) -> Result<Measured, String> {
        let field = |place: usize| record.get(place).unwrap_or_default();
        let count = |place: usize, what: &str| {
            let text = field(place);
            match text.parse::<f64>() {
                Ok(count) if count.is_finite() && count >= 0.0 => Ok(count),
                _ => Err(format!("`{text}` is no number of {what} from 0 on")),
            }
        };
        let flops = count(self.flops, "FLOPs")?;
        let bytes = self.bytes.map_or(Ok(0.0), |place| count(place, "bytes"))?;
        let text = field(self.time.0);
        let seconds = match self.time.1 {
            Some(unit) => text.parse::<f64>().ok().map(|number| number * unit),
            None => Measure::read(text)
                .and_then(|measure| measure.si())
                .filter(|si| si.unit == "s")
                .map(|si| si.value),
        };
        let Some(time) = seconds.filter(|time| time.is_finite()) else {
            let example = if self.time.1.is_some() { "a number" } else { "a time like `3.2 ms`" };
            return Err(format!("`{text}` is no time: write {example}"));
        };
        if time <= 0.0 {
            return Err(format!("the time `{text}` is not above zero"));
        }
        Ok(Measured { name: field(self.name).to_owned(), flops, bytes, time })
    }
}

fn of_csv(error: &csv::Error) -> TableError {
    let line = error.position().map_or(1, csv::Position::line);
    TableError { line, message: format!("is not valid CSV: {error}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn times_are_read_in_their_columns_unit_or_with_their_own() {
        let expected =
            Measured { name: "conv1".to_owned(), flops: 1e9, bytes: 500.0, time: 0.0025 };
        for text in [
            "name,flops,bytes,time_us\nconv1,1e9,500,2500\n",
            "time, bytes ,name,flops,note\n2.5 ms,500,conv1,1000000000,x\n",
        ] {
            let rows = read(text.as_bytes()).unwrap();
            assert!((rows[0].time - 0.0025).abs() < 1e-15);
            assert_eq!(Measured { time: 0.0025, ..rows[0].clone() }, expected, "{text}");
        }
        assert_eq!(read("name,flops,time_s\na,1,1\n".as_bytes()).unwrap()[0].bytes, 0.0);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert_eq!(
            refused("name,flops,time_ms\na,1,2\nb,-1,2\n"),
            "3: `-1` is no number of FLOPs from 0 on"
        );
        assert_eq!(refused("name,flops,time_ms\na,1,-2\n"), "2: the time `-2` is not above zero");
        assert_eq!(
            refused("name,flops,time\na,1,2\n"),
            "2: `2` is no time: write a time like `3.2 ms`"
        );
        assert!(refused("name,flops\na,1\n").starts_with("1: there is no column of times"));
        assert!(refused("flops,time_s\n1,1\n").starts_with("1: there is no column `name`"));
        assert!(refused("name,flops,time_s,time_ms\n").contains("several columns of times"));
        assert!(refused("name,flops,time_s\na,1\n").starts_with("2: is not valid CSV"));
    }

    #[test]
    fn an_endless_table_is_refused() {
        let refused = read(std::io::repeat(b'x')).unwrap_err().to_string();
        assert_eq!(refused, "1: the table has more than 16777216 bytes");
    }
}
