//! What trained exits answer to each client's test samples, as a file: the *learned outcomes* that
//! latency studies replay.
//!
//! The file is an `npz` archive of flat arrays. Rows `offsets[k] .. offsets[k + 1]` of the columns are
//! the test samples of client k: those of its main classes first, then the others in the order in
//! which they come in as ρ grows.
//!
//! | array | type | content |
//! |---|---|---|
//! | `format` | u4, one | 1 |
//! | `classes` | u4, one | how many classes there are, 2 to 256 |
//! | `scenario_hash` | u1 | hash of what the learning depended on; may be absent |
//! | `offsets` | u8, clients + 1 | where each client's rows begin, from 0 on |
//! | `sample` | u4 | index in the test set |
//! | `truth` | u1 | true class |
//! | `main` | u1 | 1 if that is one of the client's main classes, else 0 |
//! | `validation` | u1 | 1 if thresholds may be fitted on it, else 0; may be absent |
//! | `entropy` | f8 | of the client exit's softmax, in nats |
//! | `top1`, `top2` | f4 | the client exit's two largest probabilities |
//! | `client_class` | u1 | the client exit's answer |
//! | `server_class` | u1 | the server exit's answer |
//! | `full_class` | u1 | the full model's answer, if the device has it |
//!
//! An exit that there is none of has no arrays; `entropy`, `top1`, `top2` and `client_class` belong
//! together, and there is at least one answer. Files with more than 5 million rows are not read.

use super::arrays::{ArrayError, ArrayReader, ArrayWriter};
use super::evaluation::{ClientExit, Outcome};
use std::fmt;
use std::io::{self, Read, Seek, Write};

/// The version of the format.
const FORMAT: u32 = 1;

/// Rows of a file that is read: 500 clients with all of 10,000 test samples. The columns of so many
/// inflate to 5·10⁶ · (4 + 3 + 8 + 2·4 + 3) B = 130 MB.
const MAX_ROWS: u64 = 5_000_000;

/// Rounding that an entropy computed in single precision may show above ln(classes), in nats.
const ENTROPY_SLACK: f64 = 1e-4;

/// All clients' outcomes.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeTable {
    /// Classes that the exits tell apart.
    pub classes: u32,
    /// The hash of what the learning depended on; empty if it is not known.
    pub source: Vec<u8>,
    /// Each client's outcomes: the main samples first, then the OOD ones in nested order.
    pub clients: Vec<Vec<Outcome>>,
    /// For each of them whether thresholds may be fitted on it.
    pub validation: Vec<Vec<bool>>,
}

/// An entry that cannot be what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeFault {
    /// Which array.
    pub array: &'static str,
    /// Which of its entries.
    pub index: usize,
    /// What stands there.
    pub found: String,
    /// What may.
    pub allowed: String,
}

impl fmt::Display for OutcomeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { array, index, found, allowed } = self;
        write!(f, "array `{array}`, index {index}: {found}; allowed: {allowed}")
    }
}

/// Outcomes that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OutcomeFileError {
    /// An array is missing or damaged.
    #[error(transparent)]
    Array(#[from] ArrayError),
    /// Two arrays are of different lengths.
    #[error("array `{array}` has {found} entries and `sample` has {expected}")]
    Length {
        /// Which array.
        array: &'static str,
        /// Its length.
        found: usize,
        /// The samples' number.
        expected: usize,
    },
    /// An entry cannot be what it says.
    #[error("{0}")]
    Fault(OutcomeFault),
}

/// What reading yields.
type Checked<T> = Result<T, OutcomeFileError>;

impl OutcomeTable {
    /// Writes the table, compressed. Equal tables make equal bytes.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn write<W: Write + Seek>(&self, out: W) -> io::Result<W> {
        let mut arrays = ArrayWriter::compressed(out);
        arrays.add("format", &[FORMAT])?;
        arrays.add("classes", &[self.classes])?;
        arrays.add("scenario_hash", &self.source)?;
        arrays.add("offsets", &self.offsets())?;
        arrays.add("sample", &self.column(|outcome| outcome.sample))?;
        arrays.add("truth", &self.column(|outcome| outcome.truth))?;
        arrays.add("main", &self.column(|outcome| u8::from(outcome.main)))?;
        let validation: Vec<u8> = self.validation.iter().flatten().copied().map(u8::from).collect();
        arrays.add("validation", &validation)?;
        if let Some(exits) = self.answers(|outcome| outcome.client) {
            let column = |of: fn(&ClientExit) -> f32| exits.iter().map(of).collect::<Vec<f32>>();
            let entropies: Vec<f64> = exits.iter().map(|exit| exit.entropy).collect();
            let classes: Vec<u8> = exits.iter().map(|exit| exit.class).collect();
            arrays.add("entropy", &entropies)?;
            arrays.add("top1", &column(|exit| exit.top1))?;
            arrays.add("top2", &column(|exit| exit.top2))?;
            arrays.add("client_class", &classes)?;
        }
        if let Some(classes) = self.answers(|outcome| outcome.server) {
            arrays.add("server_class", &classes)?;
        }
        if let Some(classes) = self.answers(|outcome| outcome.full) {
            arrays.add("full_class", &classes)?;
        }
        arrays.finish()
    }

    /// Reads a table and checks that it is consistent.
    ///
    /// # Errors
    /// If an array is missing, damaged, of another length or longer than 5 million entries, or an entry
    /// is out of its range.
    pub fn read<R: Read + Seek>(file: R) -> Checked<Self> {
        let mut columns = Columns { arrays: ArrayReader::open(file)?.at_most(MAX_ROWS), rows: 0 };
        columns.one("format", |format| format == FORMAT, "1")?;
        let classes = columns.one("classes", |count| (2..=256).contains(&count), "2 to 256")?;
        let source = columns.arrays.optional("scenario_hash")?.unwrap_or_default();
        let samples: Vec<u32> = columns.arrays.required("sample")?;
        columns.rows = samples.len();
        let offsets = columns.offsets()?;
        let truths = columns.classes_below("truth", classes)?;
        let mains = columns.flags("main")?;
        let validation = columns.if_there("validation", Columns::flags)?;
        let validation = validation.unwrap_or_else(|| vec![false; samples.len()]);
        let client = columns.client_exit(classes)?;
        let server = columns.if_there("server_class", |c, name| c.classes_below(name, classes))?;
        let full = columns.if_there("full_class", |c, name| c.classes_below(name, classes))?;
        if client.is_none() && server.is_none() && full.is_none() {
            return Err(ArrayError::Missing { name: "server_class".to_owned() }.into());
        }
        let outcome = |row: usize| Outcome {
            sample: samples[row],
            truth: truths[row],
            main: mains[row],
            client: client.as_ref().map(|exits| exits[row]),
            server: server.as_ref().map(|classes| classes[row]),
            full: full.as_ref().map(|classes| classes[row]),
        };
        let ranges = || offsets.windows(2).map(|ends| ends[0]..ends[1]);
        for range in ranges() {
            main_first(&mains, range)?;
        }
        Ok(Self {
            classes,
            source,
            clients: ranges().map(|range| range.map(outcome).collect()).collect(),
            validation: ranges().map(|range| validation[range].to_vec()).collect(),
        })
    }

    fn offsets(&self) -> Vec<u64> {
        let ends = self.clients.iter().scan(0, |end, client| {
            *end += client.len() as u64;
            Some(*end)
        });
        std::iter::once(0).chain(ends).collect()
    }

    fn column<T>(&self, of: impl Fn(&Outcome) -> T) -> Vec<T> {
        self.clients.iter().flatten().map(of).collect()
    }

    /// An exit's answers; `None` if there is no such exit.
    fn answers<T>(&self, of: impl Fn(&Outcome) -> Option<T>) -> Option<Vec<T>> {
        let outcomes = self.clients.iter().flatten();
        outcomes.map(of).collect::<Option<Vec<T>>>().filter(|answers| !answers.is_empty())
    }
}

/// The arrays of a file, each checked as it is read.
struct Columns<R> {
    arrays: ArrayReader<R>,
    rows: usize,
}

impl<R: Read + Seek> Columns<R> {
    /// An array that holds one number.
    fn one(
        &mut self,
        array: &'static str,
        valid: impl Fn(u32) -> bool,
        allowed: &str,
    ) -> Checked<u32> {
        let values: Vec<u32> = self.arrays.required(array)?;
        match values[..] {
            [value] if valid(value) => Ok(value),
            [value, ..] => Err(fault(array, 0, value, allowed)),
            [] => Err(fault(array, 0, "nothing", allowed)),
        }
    }

    /// A column whose entries are all `valid`.
    fn column<T>(
        &mut self,
        array: &'static str,
        valid: impl Fn(T) -> bool,
        allowed: &str,
    ) -> Checked<Vec<T>>
    where
        T: ndarray_npy::ReadableElement + Copy + fmt::Display,
    {
        let values: Vec<T> = self.arrays.required(array)?;
        if values.len() != self.rows {
            let (found, expected) = (values.len(), self.rows);
            return Err(OutcomeFileError::Length { array, found, expected });
        }
        match values.iter().position(|&value| !valid(value)) {
            Some(index) => Err(fault(array, index, values[index], allowed)),
            None => Ok(values),
        }
    }

    fn classes_below(&mut self, array: &'static str, classes: u32) -> Checked<Vec<u8>> {
        let allowed = format!("0 to {}", classes - 1);
        self.column(array, |class: u8| u32::from(class) < classes, &allowed)
    }

    fn flags(&mut self, array: &'static str) -> Checked<Vec<bool>> {
        let flags = self.column(array, |flag: u8| flag <= 1, "0 or 1")?;
        Ok(flags.into_iter().map(|flag| flag == 1).collect())
    }

    /// What `read` makes of an array that may be absent.
    fn if_there<T>(
        &mut self,
        array: &'static str,
        read: impl FnOnce(&mut Self, &'static str) -> Checked<T>,
    ) -> Checked<Option<T>> {
        match read(self, array) {
            Err(OutcomeFileError::Array(ArrayError::Missing { name })) if name == array => Ok(None),
            values => values.map(Some),
        }
    }

    /// The client exit's answers, if it has any.
    fn client_exit(&mut self, classes: u32) -> Checked<Option<Vec<ClientExit>>> {
        let answers = self.if_there("client_class", |c, name| c.classes_below(name, classes))?;
        let Some(answers) = answers else { return Ok(None) };
        let most = f64::from(classes).ln();
        let entropies = self.entropies(most)?;
        let (first, second) = self.top_two()?;
        let exit = |(row, class): (usize, u8)| ClientExit {
            entropy: entropies[row].min(most),
            top1: first[row],
            top2: second[row],
            class,
        };
        Ok(Some(answers.into_iter().enumerate().map(exit).collect()))
    }

    fn entropies(&mut self, most: f64) -> Checked<Vec<f64>> {
        let allowed = format!("0 to ln(classes) = {most:.4}");
        self.column("entropy", |h: f64| (0.0..=most + ENTROPY_SLACK).contains(&h), &allowed)
    }

    /// The two largest probabilities.
    fn top_two(&mut self) -> Checked<(Vec<f32>, Vec<f32>)> {
        let share = |p: f32| (0.0..=1.0).contains(&p);
        let first = self.column("top1", share, "0 to 1")?;
        let second = self.column("top2", share, "0 to 1")?;
        match (0..self.rows).find(|&row| second[row] > first[row]) {
            Some(row) => {
                let allowed = format!("at most `top1`, which is {}", first[row]);
                Err(fault("top2", row, second[row], &allowed))
            }
            None => Ok((first, second)),
        }
    }

    /// Where each client's rows begin, and the last one's end.
    fn offsets(&mut self) -> Checked<Vec<usize>> {
        let values: Vec<u64> = self.arrays.required("offsets")?;
        if values.len() < 2 {
            return Err(fault("offsets", values.len(), "nothing", "an end for each client"));
        }
        let rows = self.rows;
        let position = |(index, &value): (usize, &u64)| {
            let lower = if index == 0 { 0 } else { values[index - 1] };
            let upper = if index == 0 { 0 } else { rows as u64 };
            let is_last = index == values.len() - 1;
            let lower = if is_last { upper.max(lower) } else { lower };
            if !(lower..=upper).contains(&value) {
                return Err(fault("offsets", index, value, &format!("{lower} to {upper}")));
            }
            Ok(usize::try_from(value).expect("no more than the rows read"))
        };
        values.iter().enumerate().map(position).collect()
    }
}

/// Checks that a client has main samples and that they come first.
fn main_first(mains: &[bool], rows: std::ops::Range<usize>) -> Checked<()> {
    let start = rows.start;
    let own = &mains[rows];
    if own.first() != Some(&true) {
        let found = if own.is_empty() { "a client without samples" } else { "0" };
        return Err(fault("main", start, found, "1 at each client's first sample"));
    }
    let count = own.iter().take_while(|main| **main).count();
    match own[count..].iter().position(|main| *main) {
        Some(later) => {
            let allowed = "0 after a client's first 0: main samples come first";
            Err(fault("main", start + count + later, 1, allowed))
        }
        None => Ok(()),
    }
}

fn fault(
    array: &'static str,
    index: usize,
    found: impl fmt::Display,
    allowed: &str,
) -> OutcomeFileError {
    let (found, allowed) = (found.to_string(), allowed.to_owned());
    OutcomeFileError::Fault(OutcomeFault { array, index, found, allowed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn outcome(main: bool) -> Outcome {
        Outcome {
            sample: 7,
            truth: 1,
            main,
            client: Some(ClientExit { entropy: 0.25, top1: 0.9, top2: 0.1, class: 1 }),
            server: Some(2),
            full: None,
        }
    }

    /// [`with`] for a changed client exit.
    fn with_exit(change: fn(&mut ClientExit)) -> String {
        let mut table = table();
        table.clients[0][0].client.iter_mut().for_each(change);
        message(&table)
    }

    fn table() -> OutcomeTable {
        OutcomeTable {
            classes: 3,
            source: vec![1, 2, 3],
            clients: vec![vec![outcome(true), outcome(false)], vec![outcome(true)]],
            validation: vec![vec![false, true], vec![false]],
        }
    }

    fn message(table: &OutcomeTable) -> String {
        let file = table.write(Cursor::new(Vec::new())).unwrap();
        OutcomeTable::read(file).unwrap_err().to_string()
    }

    /// The message for a table whose first outcome was changed.
    fn with(change: fn(&mut Outcome)) -> String {
        let mut table = table();
        change(&mut table.clients[0][0]);
        message(&table)
    }

    #[test]
    fn a_table_comes_back_as_it_was_written() {
        let file = table().write(Cursor::new(Vec::new())).unwrap();
        assert_eq!(OutcomeTable::read(file).unwrap(), table());
    }

    #[test]
    fn an_exit_that_there_is_none_of_has_no_arrays() {
        let mut table = table();
        for outcome in table.clients.iter_mut().flatten() {
            *outcome = Outcome { client: None, server: None, full: Some(1), ..*outcome };
        }
        let file = table.write(Cursor::new(Vec::new())).unwrap();
        let mut arrays = ArrayReader::open(file.clone()).unwrap();
        assert_eq!(arrays.optional::<f64>("entropy").unwrap(), None);
        assert_eq!(OutcomeTable::read(file).unwrap(), table);
        table.clients.iter_mut().flatten().for_each(|outcome| outcome.full = None);
        assert!(message(&table).contains("has no array"), "somebody must answer");
    }

    #[test]
    fn an_entry_out_of_its_range_is_named_with_what_is_allowed() {
        assert_eq!(with(|o| o.truth = 3), "array `truth`, index 0: 3; allowed: 0 to 2");
        assert_eq!(
            with(|o| o.server = Some(9)),
            "array `server_class`, index 0: 9; allowed: 0 to 2"
        );
        // ln 3 = 1.0986
        let entropy = "array `entropy`, index 0: 1.2; allowed: 0 to ln(classes) = 1.0986";
        assert_eq!(with_exit(|o| o.entropy = 1.2), entropy);
        assert!(with_exit(|o| o.entropy = f64::NAN).contains("NaN; allowed"));
        assert!(with_exit(|o| o.top1 = 1.5).starts_with("array `top1`, index 0: 1.5"));
        assert!(with_exit(|o| o.top2 = 0.95).ends_with("at most `top1`, which is 0.9"));
        assert!(with(|o| o.main = false).starts_with("array `main`, index 0: 0"));
    }

    #[test]
    fn main_samples_come_first_and_every_client_has_one() {
        let mut late = table();
        late.clients[0].push(outcome(true));
        late.validation[0].push(false);
        assert!(message(&late).starts_with("array `main`, index 2: 1; allowed: 0 after"));
        let mut empty = table();
        empty.clients.push(Vec::new());
        empty.validation.push(Vec::new());
        assert!(message(&empty).contains("a client without samples"));
    }

    #[test]
    fn offsets_begin_at_zero_ascend_and_end_with_the_rows() {
        let with = |offsets: &[u64]| {
            let mut arrays = ArrayWriter::plain(Cursor::new(Vec::new()));
            arrays.add("offsets", offsets).unwrap();
            let file = arrays.finish().unwrap();
            let mut columns = Columns { arrays: ArrayReader::open(file).unwrap(), rows: 3 };
            columns.offsets().map_err(|error| error.to_string())
        };
        assert_eq!(with(&[0, 2, 3]), Ok(vec![0, 2, 3]));
        for wrong in [&[][..], &[0], &[1, 3], &[0, 2], &[0, 4], &[0, 3, 2, 3], &[0, u64::MAX]] {
            assert!(with(wrong).unwrap_err().starts_with("array `offsets`"), "{wrong:?}");
        }
    }

    #[test]
    fn columns_of_different_lengths_are_refused() {
        let mut short = table();
        short.validation[1].clear();
        assert_eq!(message(&short), "array `validation` has 2 entries and `sample` has 3");
    }

    #[test]
    fn a_small_file_of_too_many_rows_is_refused_before_they_are_inflated() {
        let mut arrays = ArrayWriter::compressed(Cursor::new(Vec::new()));
        arrays.add("format", &[FORMAT]).unwrap();
        arrays.add("classes", &[10_u32]).unwrap();
        arrays.add("sample", &vec![0_u32; 5_000_001]).unwrap();
        let file = arrays.finish().unwrap();
        assert!(file.get_ref().len() < 40_000, "20 MB of zeros in {} B", file.get_ref().len());
        let message = OutcomeTable::read(file).unwrap_err().to_string();
        let expected =
            "array `sample`: its header promises 5000001 elements; allowed: at most 5000000";
        assert_eq!(message, expected);
    }
}
