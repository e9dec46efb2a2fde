//! Data and training.

use crate::snapshot;
use splitgp_sim::cost::Shape;
use splitgp_sim::learning::{
    ArrayError, DataError, IdxFault, LearningError, OutcomeFault, OutcomeFileError, TrainingError,
};
use std::io;
use std::path::PathBuf;

fn path() -> PathBuf {
    "data/set".into()
}

fn client() -> String {
    "pi/0".to_owned()
}

#[test]
fn data_that_cannot_be_read() {
    let fault = IdxFault::Trailing { expected: 8 };
    snapshot!(
        DataError {
            Missing,
            Unreadable,
            Malformed,
            Unpaired,
            Shapes,
            NoRecords,
            TooManyRecords,
            CutRecord,
            Label,
            Archive,
            Array,
        },
        [
            DataError::Missing {
                folder: path(),
                names: vec!["a".into(), "a.gz".into()],
                published: None
            },
            DataError::Unreadable { path: path(), source: io::Error::other("corrupt stream") },
            DataError::Malformed { path: path(), fault },
            DataError::Unpaired { folder: path(), part: "train", images: 3, labels: 2 },
            DataError::Shapes { folder: path(), train: (28, 28), test: (32, 32) },
            DataError::NoRecords { path: path(), record: 3073 },
            DataError::TooManyRecords { path: path(), limit: 100_000 },
            DataError::CutRecord { path: path(), index: 7, missing: 1, record: 3073 },
            DataError::Label { path: path(), index: 7, label: 10, classes: 10 },
            DataError::Archive { path: path(), reason: "invalid Zip archive".into() },
            DataError::Array { path: path(), array: "x_train", fault: "is not in the file".into() },
        ]
    );
}

#[test]
fn idx_files_that_are_none() {
    snapshot!(
        IdxFault { Magic, Absurd, Truncated, Trailing, Label },
        [
            IdxFault::Magic { found: 0x0801, expected: 0x0803, what: "images" },
            IdxFault::Absurd { dimension: "rows", claimed: 4_294_967_295, limit: 512 },
            IdxFault::Truncated { expected: 784, missing: 1 },
            IdxFault::Trailing { expected: 784 },
            IdxFault::Label { label: 10, index: 7, classes: 10 },
        ]
    );
}

#[test]
fn data_that_cannot_be_dealt() {
    let shape = |side| Shape { channels: 1, height: side, width: side };
    snapshot!(
        LearningError {
            OutOfRange,
            Shape,
            TooLarge,
            TooFewSamples,
            MoreClientsThanSamples,
            NoSamples,
            SingleValue,
            NoMainClass,
            NoMainSamples,
            TooFewOod,
        },
        [
            LearningError::OutOfRange { key: "gamma", value: 2.0, allowed: "0 to 1" },
            LearningError::Shape {
                model: shape(28),
                model_classes: 10,
                data: shape(8),
                data_classes: 7,
            },
            LearningError::TooLarge { what: "parameters of all clients", values: 9, limit: 8 },
            LearningError::TooFewSamples { clients: 50, per_client: 2, shards: 100, samples: 99 },
            LearningError::MoreClientsThanSamples { clients: 50, samples: 49 },
            LearningError::NoSamples { client: client(), seed: 6 },
            LearningError::SingleValue { client: client(), layer: "norm1".into() },
            LearningError::NoMainClass { client: client(), share: 0.5, largest: 0.25 },
            LearningError::NoMainSamples { client: client() },
            LearningError::TooFewOod {
                client: client(),
                asked: 1.0,
                needed: 10,
                available: 5,
                largest: 0.5,
            },
        ]
    );
}

#[test]
fn training_that_yields_no_numbers() {
    snapshot!(
        TrainingError { Diverged, Overflown, Unmeasurable, Unanswerable },
        [
            TrainingError::Diverged { client: client(), round: 3, step: 1, answer: "client exit" },
            TrainingError::Overflown { client: client(), round: 3 },
            TrainingError::Unmeasurable { client: client() },
            TrainingError::Unanswerable { client: client(), sample: 7, answer: "server exit" },
        ]
    );
}

#[test]
fn arrays_and_outcomes_that_cannot_be_read() {
    let name = || "entropy".to_owned();
    snapshot!(
        ArrayError { NotNpz, Missing, Malformed },
        [
            ArrayError::NotNpz { reason: "invalid Zip archive".into() },
            ArrayError::Missing { name: name() },
            ArrayError::Malformed { name: name(), reason: "takes more than 8 bytes".into() },
        ]
    );
    let fault = OutcomeFault {
        array: "entropy",
        index: 3,
        found: "-1".into(),
        allowed: "0 to ln(classes) = 2.3026".into(),
    };
    snapshot!(
        OutcomeFileError { Array, Length, Fault },
        [
            OutcomeFileError::Array(ArrayError::Missing { name: name() }),
            OutcomeFileError::Length { array: "entropy", found: 3, expected: 4 },
            OutcomeFileError::Fault(fault),
        ]
    );
}
