//! A network that is known by its layers' costs: CSV with the columns
//! `name,flops,output_bytes,parameters[,input_bytes]`, for one sample.
//!
//! ```text
//! name,flops,output_bytes,parameters
//! block1,236027904,3211264,9408
//! fc,1024000,4000,513000
//! ```
//!
//! `flops` are those of the forward pass, 2 for each multiply-accumulate; `output_bytes` are 4 for
//! each activation; `input_bytes`, on the first layer, are those of the raw input. The columns may
//! stand in any order.

use super::architecture::CutError;
use super::layer::{Layer, LayerKind, Shape};
use super::model::SplitModel;
use super::part::FLOAT;
use super::precision::Precision;
use crate::quantity::Bytes;
use std::io::{self, Read};

/// The largest table that is read.
const MAX_BYTES: u64 = 1024 * 1024;

/// Layers of a table.
const MAX_LAYERS: usize = 10_000;

/// The longest name of a layer, in bytes.
const MAX_NAME: usize = 100;

/// FLOPs of all layers together. 65,536 samples of a batch still fit into 64 bits.
const MAX_FLOPS: u64 = 100_000_000_000_000;

/// Parameters of all layers together.
const MAX_PARAMETERS: u64 = 1_000_000_000_000;

/// Bytes of one layer's output, and of the raw input.
const MAX_OUTPUT: u64 = 4_294_967_292;

/// What the auxiliary classifier κ costs for one sample. It passes on a handful of class scores,
/// whose bytes do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuxiliaryCost {
    /// Floating-point operations of its forward pass.
    pub flops: u64,
    /// Weights and biases.
    pub parameters: u64,
}

impl AuxiliaryCost {
    /// The most FLOPs that κ may have.
    pub const MAX_FLOPS: u64 = MAX_FLOPS;
    /// The most parameters that κ may have.
    pub const MAX_PARAMETERS: u64 = MAX_PARAMETERS;
}

/// The costs of a network's layers, in a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostTable {
    /// Bytes of a sample's raw input, if the table has them.
    pub input: Option<Bytes>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    name: String,
    flops: u64,
    parameters: u64,
    /// Activations of its output.
    outputs: u32,
}

/// Why a table of costs cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is too large.
    #[error("is too large: a table of costs has at most {MAX_BYTES} bytes")]
    TooLarge,
    /// A line is wrong.
    #[error("line {line}: {message}")]
    Line {
        /// Its number, from 1.
        line: u64,
        /// What is wrong with it.
        message: String,
    },
}

impl CostTable {
    /// The largest raw input of a sample.
    pub const MAX_INPUT: Bytes = Bytes(MAX_OUTPUT);

    /// Reads a table.
    ///
    /// # Errors
    /// If `input` fails or is too large, lacks a column or has an unknown one, has fewer than two
    /// layers, a name twice, or a value that is no integer in its range.
    pub fn read(input: impl Read) -> Result<Self, TableError> {
        let mut bytes = Vec::new();
        input.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(TableError::TooLarge);
        }
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(&*bytes);
        let columns = Columns::of(reader.headers().map_err(wrong)?)?;
        let mut table = Self { input: None, rows: Vec::new() };
        for record in reader.records() {
            let record = record.map_err(wrong)?;
            let line = record.position().map_or(0, csv::Position::line);
            table.add(&columns, &record).map_err(|message| TableError::Line { line, message })?;
        }
        match table.rows.len() {
            0 | 1 => {
                let line = reader.position().line();
                let message = "a network that can be cut has two layers or more".to_owned();
                Err(TableError::Line { line, message })
            }
            _ => Ok(table),
        }
    }

    /// The network with a raw input of `input` and everything up to the layer `cut` on the device.
    ///
    /// # Errors
    /// If it has no layer `cut`, or that is the last one.
    ///
    /// # Panics
    /// If `input` exceeds [`Self::MAX_INPUT`].
    pub fn split(
        &self,
        input: Bytes,
        cut: &str,
        aux: AuxiliaryCost,
    ) -> Result<SplitModel, CutError> {
        let pixels = u32::try_from(input.0).expect("validated: an input is bounded");
        let mut shape = Shape::flat(pixels);
        let mut layers = Vec::with_capacity(self.rows.len());
        for Row { name, flops, parameters, outputs } in &self.rows {
            let kind =
                LayerKind::Stated { flops: *flops, parameters: *parameters, outputs: *outputs };
            layers.push(Layer::new(name.as_str(), kind, false, shape));
            shape = Shape::flat(*outputs);
        }
        let cuts = &self.rows[..self.rows.len() - 1];
        let last = cuts.iter().position(|row| row.name == cut).ok_or_else(|| CutError {
            given: cut.to_owned(),
            allowed: cuts.iter().map(|row| row.name.clone()).collect(),
        })?;
        let theta = layers.split_off(last + 1);
        let kappa = kappa(aux, theta[0].input);
        let input = Shape::flat(pixels);
        Ok(SplitModel { phi: layers, kappa, theta, input, classes: 0, wire: Precision::default() })
    }

    fn add(&mut self, columns: &Columns, record: &csv::StringRecord) -> Result<(), String> {
        let name = record.get(columns.name).unwrap_or_default();
        if name.is_empty() || name.len() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(format!("a layer has a name of 1 to {MAX_NAME} bytes"));
        }
        if self.rows.iter().any(|row| row.name == name) {
            return Err(format!("there are two layers `{name}`"));
        }
        if self.rows.len() == MAX_LAYERS {
            return Err(format!("a table of costs has at most {MAX_LAYERS} layers"));
        }
        let sum = |count: fn(&Row) -> u64| self.rows.iter().map(count).sum::<u64>();
        let value = |name, column: usize, limit| {
            integer(name, record.get(column).unwrap_or_default(), limit)
        };
        let flops = value("flops", columns.flops, MAX_FLOPS - sum(|row| row.flops))?;
        let left = MAX_PARAMETERS - sum(|row| row.parameters);
        let parameters = value("parameters", columns.parameters, left)?;
        let bytes = value("output_bytes", columns.output_bytes, MAX_OUTPUT)?;
        let outputs = u32::try_from(bytes / FLOAT).expect("outputs are bounded");
        if outputs == 0 || bytes % FLOAT != 0 {
            return Err(format!(
                "output_bytes is {bytes}; allowed: multiples of {FLOAT}, since an activation is a \
                 32-bit float"
            ));
        }
        if let Some(text) = columns.input_bytes.and_then(|column| record.get(column)) {
            match (text, self.rows.is_empty()) {
                ("", false) => {}
                (text, true) => self.input = Some(Bytes(input_bytes(text)?)),
                (_, false) => {
                    return Err(
                        "input_bytes stands on the first layer alone; leave it empty".to_owned()
                    );
                }
            }
        }
        self.rows.push(Row { name: name.to_owned(), flops, parameters, outputs });
        Ok(())
    }
}

fn input_bytes(text: &str) -> Result<u64, String> {
    match integer("input_bytes", text, MAX_OUTPUT)? {
        0 => Err(format!("input_bytes is 0; allowed: 1 to {MAX_OUTPUT}")),
        bytes => Ok(bytes),
    }
}

/// κ, which reads the smashed data; none if it costs nothing.
fn kappa(AuxiliaryCost { flops, parameters }: AuxiliaryCost, smashed: Shape) -> Vec<Layer> {
    let output = Shape::flat(0);
    let kind = LayerKind::Stated { flops, parameters, outputs: 0 };
    let layer = Layer { name: "aux".to_owned(), kind, relu: false, input: smashed, output };
    if flops + parameters == 0 { Vec::new() } else { vec![layer] }
}

fn integer(name: &str, text: &str, limit: u64) -> Result<u64, String> {
    let value = text.parse().ok().filter(|value| *value <= limit);
    value.ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        format!("{name} is `{shown}`; allowed: an integer from 0 to {limit}")
    })
}

/// Where each column stands.
struct Columns {
    name: usize,
    flops: usize,
    output_bytes: usize,
    parameters: usize,
    input_bytes: Option<usize>,
}

impl Columns {
    const KNOWN: [&'static str; 5] = ["name", "flops", "output_bytes", "parameters", "input_bytes"];

    fn of(header: &csv::StringRecord) -> Result<Self, TableError> {
        let line = header.position().map_or(1, csv::Position::line);
        let wrong = |message| TableError::Line { line, message };
        let allowed = "allowed: name, flops, output_bytes, parameters and, optional, input_bytes";
        if let Some(other) = header.iter().find(|column| !Self::KNOWN.contains(column)) {
            let shown: String = other.chars().take(40).collect();
            return Err(wrong(format!("`{shown}` is not a column; {allowed}")));
        }
        let find = |name: &str| header.iter().position(|column| column == name);
        let required =
            |name| find(name).ok_or_else(|| wrong(format!("has no column `{name}`; {allowed}")));
        Ok(Self {
            name: required("name")?,
            flops: required("flops")?,
            output_bytes: required("output_bytes")?,
            parameters: required("parameters")?,
            input_bytes: find("input_bytes"),
        })
    }
}

/// What the CSV reader found wrong.
fn wrong(error: csv::Error) -> TableError {
    let line = error.position().map_or(1, csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} columns where the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8 text".to_owned(),
        _ => error.to_string(),
    };
    TableError::Line { line, message }
}

#[cfg(test)]
mod tests;
