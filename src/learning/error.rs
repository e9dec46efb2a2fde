//! What can go wrong with data and with training.

use crate::cost::Shape;
use std::io;
use std::path::{Component, Path, PathBuf};

/// A data set that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// None of the names under which a file is known exists.
    #[error(
        "no data file in {folder}{}; looked for {}{}",
        resolved(folder),
        names.join(" and "),
        published.map_or_else(String::new, |at| format!("; the files are to be had from {at}"))
    )]
    Missing {
        /// Where it was looked for.
        folder: PathBuf,
        /// Which names.
        names: Vec<String>,
        /// Where the data set is published, if that is known.
        published: Option<&'static str>,
    },
    /// The file exists and cannot be read or decompressed.
    #[error("{path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not what it should be.
    #[error("{path}: {fault}")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        fault: IdxFault,
    },
    /// The images and the labels do not belong together.
    #[error("{folder}: {images} images but {labels} labels in the {part} files")]
    Unpaired {
        /// Which folder.
        folder: PathBuf,
        /// `train` or `t10k`.
        part: &'static str,
        /// How many images.
        images: usize,
        /// How many labels.
        labels: usize,
    },
    /// Training and test images differ in shape.
    #[error(
        "{folder}: training images are {}×{} but test images {}×{} (rows, columns)",
        train.0, train.1, test.0, test.1
    )]
    Shapes {
        /// Which folder.
        folder: PathBuf,
        /// Rows and columns of a training image.
        train: (u32, u32),
        /// Rows and columns of a test image.
        test: (u32, u32),
    },
    /// A file of records has none.
    #[error("{path}: is empty; it has records of {record} bytes")]
    NoRecords {
        /// Which file.
        path: PathBuf,
        /// Bytes of a record.
        record: usize,
    },
    /// A file has more records than any such data set.
    #[error("{path}: has more than {limit} records, the most that are read")]
    TooManyRecords {
        /// Which file.
        path: PathBuf,
        /// How many are accepted.
        limit: usize,
    },
    /// A file ends within a record.
    #[error(
        "{path}: record {index} (from 0) is truncated: {missing} of {record} bytes are missing"
    )]
    CutRecord {
        /// Which file.
        path: PathBuf,
        /// Which record.
        index: usize,
        /// Bytes that are not there.
        missing: usize,
        /// Bytes of a record.
        record: usize,
    },
    /// A record's label is none of the classes.
    #[error("{path}: label {label} in record {index} (from 0); allowed: 0 to {}", classes - 1)]
    Label {
        /// Which file.
        path: PathBuf,
        /// Which record.
        index: usize,
        /// Its label.
        label: u8,
        /// How many classes there are.
        classes: u8,
    },
    /// An archive of arrays cannot be opened.
    #[error("{path}: is no npz file: {reason}")]
    Archive {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// An array is not what it should be.
    #[error("{path}: {array}: {fault}")]
    Array {
        /// Which file.
        path: PathBuf,
        /// Which array.
        array: &'static str,
        /// What is wrong with it, and what is allowed.
        fault: String,
    },
}

impl DataError {
    /// The same error; if files are missing, with the place where they are published.
    #[must_use]
    pub fn to_be_had(self, from: &'static str) -> Self {
        match self {
            Self::Missing { folder, names, .. } => {
                Self::Missing { folder, names, published: Some(from) }
            }
            other => other,
        }
    }
}

/// What a relative path is in full, in parentheses.
fn resolved(folder: &Path) -> String {
    match std::path::absolute(folder) {
        Ok(full) if folder.is_relative() => format!(" ({})", plain(&full).display()),
        _ => String::new(),
    }
}

/// `path` without `.` and with each `..` taken back, by its words alone.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => _ = plain.pop(),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// What is wrong with an IDX file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdxFault {
    /// It begins otherwise than such a file does.
    #[error("begins with {found:#010x} instead of {expected:#010x}: not an IDX file of {what}")]
    Magic {
        /// The number it begins with.
        found: u32,
        /// The number it should begin with.
        expected: u32,
        /// `images` or `labels`.
        what: &'static str,
    },
    /// It claims a size that no such data set has.
    #[error("claims {dimension} {claimed}; allowed: 1 to {limit}")]
    Absurd {
        /// Which size.
        dimension: &'static str,
        /// What it says.
        claimed: u64,
        /// The largest accepted.
        limit: u64,
    },
    /// It ends too early.
    #[error("truncated: {missing} of {expected} bytes are missing")]
    Truncated {
        /// Bytes that its header promises.
        expected: u64,
        /// Bytes that are not there.
        missing: u64,
    },
    /// It goes on after its end.
    #[error("has bytes behind the {expected} that its header promises")]
    Trailing {
        /// Bytes that its header promises.
        expected: u64,
    },
    /// A label is none of the classes.
    #[error("label {label} at index {index}; allowed: 0 to {}", classes - 1)]
    Label {
        /// The label.
        label: u8,
        /// Its place among the labels.
        index: usize,
        /// How many classes there are.
        classes: u8,
    },
}

/// A data set that cannot be dealt to these clients, or a model that does not fit it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LearningError {
    /// A number of the configuration is not in its range.
    #[error("{key} is {value}; allowed: {allowed}")]
    OutOfRange {
        /// Which number.
        key: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        allowed: &'static str,
    },
    /// The model takes in something else.
    #[error(
        "the model takes {model} (channels, height, width) and {model_classes} classes, the data set has {data} and {data_classes}"
    )]
    Shape {
        /// What the model takes in.
        model: Shape,
        /// Classes that the model tells apart.
        model_classes: u32,
        /// What the data set has.
        data: Shape,
        /// Classes of the data set.
        data_classes: u8,
    },
    /// Training would take more memory than there is.
    #[error(
        "training would hold {values} {what}; allowed: {limit} (a smaller model, batch or fleet helps)"
    )]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How many values.
        values: u64,
        /// How many are accepted.
        limit: u64,
    },
    /// There would be empty shards.
    #[error(
        "{clients} clients with {per_client} shards each need {shards} training samples, the data set has {samples}"
    )]
    TooFewSamples {
        /// Clients.
        clients: u32,
        /// Shards for each.
        per_client: u32,
        /// Shards in all.
        shards: u64,
        /// Training samples.
        samples: usize,
    },
    /// Not every client gets a sample.
    #[error("{clients} clients, but the data set has {samples} training samples")]
    MoreClientsThanSamples {
        /// Clients.
        clients: u32,
        /// Training samples.
        samples: usize,
    },
    /// A random partition left a client without samples.
    #[error(
        "{client}: the partition left it no training sample under seed {seed}; choose a larger \
         `alpha`, another seed or fewer clients"
    )]
    NoSamples {
        /// Which client, by its name.
        client: String,
        /// The seed of the partition.
        seed: u64,
    },
    /// A batch norm has no variance to learn from.
    #[error(
        "{client}: its mini-batches have one sample, and batch norm `{layer}` sees one value of \
         each channel in it, which has no variance; allowed: 2 samples or more (a larger \
         `batch_size`, or more training samples for each client)"
    )]
    SingleValue {
        /// Which client, by its name.
        client: String,
        /// Which layer.
        layer: String,
    },
    /// No class reaches the main share.
    #[error(
        "{client}: no class holds {share} of its training samples (main_share); its largest holds {largest:.3}"
    )]
    NoMainClass {
        /// Which client, by its name.
        client: String,
        /// The share asked for.
        share: f64,
        /// The share of its largest class.
        largest: f64,
    },
    /// The test set has no sample of a client's main classes.
    #[error("{client}: the test set has no sample of its main classes")]
    NoMainSamples {
        /// Which client, by its name.
        client: String,
    },
    /// A client's OOD level cannot be reached.
    #[error(
        "{client}: ρ = {asked} needs {needed} OOD test samples, the data set has {available}; largest possible ρ: {largest:.3}"
    )]
    TooFewOod {
        /// Which client, by its name.
        client: String,
        /// ρ asked for.
        asked: f64,
        /// OOD samples for it.
        needed: usize,
        /// OOD samples that there are.
        available: usize,
        /// The largest ρ possible, rounded down to three decimals.
        largest: f64,
    },
}

/// Training that does not yield numbers any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrainingError {
    /// The loss is infinite or not a number.
    #[error(
        "{client}, round {round}, step {step}: the {answer}'s loss is not finite; a smaller learning rate may help"
    )]
    Diverged {
        /// Which client, by its name.
        client: String,
        /// The global round, from 0.
        round: u32,
        /// The mini-batch in that round, from 0.
        step: u32,
        /// Whose: the client exit's, the server exit's or the full model's.
        answer: &'static str,
    },
    /// The models after a client's last mini-batch are infinite or not numbers.
    #[error(
        "{client}, round {round}: the models are not finite after its last step; a smaller learning rate may help"
    )]
    Overflown {
        /// Which client, by its name.
        client: String,
        /// The global round, from 0.
        round: u32,
    },
    /// The gradient of a client's loss is infinite or not a number.
    #[error("{client}: the gradient of its loss is not finite; a smaller learning rate may help")]
    Unmeasurable {
        /// Which client, by its name.
        client: String,
    },
    /// A model answers with something infinite or not a number.
    #[error(
        "{client}: the {answer}'s answer to test sample {sample} is not finite; a smaller learning rate may help"
    )]
    Unanswerable {
        /// Which client, by its name.
        client: String,
        /// Index in the test set.
        sample: u32,
        /// Whose: the client exit's, the server exit's or the full model's.
        answer: &'static str,
    },
}
