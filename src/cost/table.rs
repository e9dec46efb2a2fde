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
        Ok(SplitModel { phi: layers, kappa, theta, input, classes: 0 })
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
mod tests {
    use super::*;
    use crate::cost::PartCost;
    use proptest::prelude::*;

    const TABLE: &str = "\
name,flops,output_bytes,parameters
# a comment
stem,200,80,10
body,3001,40,500
head,50,12,33
";

    fn table(text: &str) -> CostTable {
        CostTable::read(text.as_bytes()).unwrap()
    }

    fn error(text: &str) -> String {
        CostTable::read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn parts_cost_what_their_layers_cost() {
        let aux = AuxiliaryCost { flops: 7, parameters: 3 };
        let model = table(TABLE).split(Bytes(100), "body", aux).unwrap();
        let cost = |layers: &[Layer]| PartCost::of(layers);
        let (phi, kappa, theta) = (cost(&model.phi), cost(&model.kappa), cost(&model.theta));
        assert_eq!((phi.flops, phi.parameters), (200 + 3001, 10 + 500));
        assert_eq!((kappa.flops, kappa.parameters), (7, 3));
        assert_eq!((theta.flops, theta.parameters), (50, 33));
        assert_eq!((model.input_size(1), model.smashed_size(1)), (Bytes(100), Bytes(40)));
        // 4·(510 parameters + 100 pixels + 20 + 20 + 10 activations): each read and written once
        assert_eq!(phi.forward(1).bytes, 4 * (510 + 100 + 20 + 20 + 10));
        assert!(!model.is_computable());
    }

    #[test]
    fn an_auxiliary_classifier_without_costs_is_none() {
        let model = table(TABLE).split(Bytes(1), "stem", AuxiliaryCost::default()).unwrap();
        assert_eq!(model.kappa, []);
    }

    #[test]
    fn columns_stand_in_any_order_and_the_first_layer_may_have_the_raw_input() {
        let text = "parameters,input_bytes,name,output_bytes,flops\n1,3072,a,4,5\n1,,b,8,6\n";
        let table = table(text);
        assert_eq!(table.input, Some(Bytes(3072)));
        assert_eq!(table.rows[1].flops, 6);
    }

    #[test]
    fn the_shipped_resnet_18_has_the_published_size() {
        let table =
            CostTable::read(&include_bytes!("../../scenarios/costs/resnet-18.csv")[..]).unwrap();
        let input = table.input.unwrap();
        assert_eq!(input, Bytes(3 * 224 * 224));
        let model = table.split(input, "layer4-block1", AuxiliaryCost::default()).unwrap();
        let full = PartCost::of(model.layers());
        assert_eq!(full.parameters, 11_689_512);
        // The stem, 13 convolutions 3×3 that keep the image, 3 that halve it with a 1×1 each, fc
        let convolutions = 118_013_952 + 13 * 115_605_504 + 3 * (57_802_752 + 6_422_528);
        assert_eq!(full.flops, 2 * (convolutions + 512_000));
    }

    #[test]
    fn each_fault_names_its_line_and_what_is_allowed() {
        let header = "name,flops,output_bytes,parameters\n";
        let cases = [
            ("name,flop\n", "line 1: `flop` is not a column; allowed: name, flops, output_bytes"),
            ("name,flops,parameters\n", "line 1: has no column `output_bytes`; allowed"),
            ("", "line 1: has no column `name`"),
            (&format!("{header}a,1,4,0\n"), "a network that can be cut has two layers or more"),
            (&format!("{header}a,1,4\n"), "line 2: has 3 columns where the header has 4"),
            (&format!("{header}a,1,4,0\na,1,4,0\n"), "line 3: there are two layers `a`"),
            (&format!("{header}a,1e9,4,0\n"), "line 2: flops is `1e9`; allowed: an integer from"),
            (&format!("{header}a,-1,4,0\n"), "line 2: flops is `-1`"),
            (&format!("{header}a,1,6,0\n"), "line 2: output_bytes is 6; allowed: multiples of 4"),
            (&format!("{header}a,1,0,0\n"), "line 2: output_bytes is 0"),
            (&format!("{header}a,1,8589934592,0\n"), "output_bytes is `8589934592`; allowed"),
            (&format!("{header}a,1,4,9999999999999\n"), "parameters is `9999999999999`"),
            (&format!("{header},1,4,0\n"), "line 2: a layer has a name of 1 to 100 bytes"),
        ];
        for (text, expected) in cases {
            assert!(error(text).contains(expected), "{}", error(text));
        }
        let twice = "name,flops,output_bytes,parameters,input_bytes\na,1,4,0,9\nb,1,4,0,9\n";
        assert!(error(twice).contains("line 3: input_bytes stands on the first layer alone"));
    }

    #[test]
    fn sums_over_layers_are_bounded() {
        let most = MAX_FLOPS;
        let text = format!("name,flops,output_bytes,parameters\na,{most},4,0\nb,1,4,0\n");
        assert!(error(&text).contains("line 3: flops is `1`; allowed: an integer from 0 to 0"));
    }

    #[test]
    fn an_endless_file_is_read_no_further_than_a_table_may_be() {
        let error = CostTable::read(io::repeat(b'a')).unwrap_err().to_string();
        assert!(error.starts_with("is too large"), "{error}");
    }

    #[test]
    fn the_last_layer_is_no_cut() {
        let error = table(TABLE).split(Bytes(1), "head", AuxiliaryCost::default()).unwrap_err();
        assert_eq!(error.to_string(), "there is no cut behind `head`; allowed: stem, body");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = CostTable::read(&*bytes);
        }

        #[test]
        fn no_rows_panic(rows in "[a-c0-9,\n\"#-]{0,100}") {
            let _ = CostTable::read(format!("name,flops,output_bytes,parameters\n{rows}").as_bytes());
        }
    }
}
