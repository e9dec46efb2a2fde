//! Real split training: data sets, partitions, models, aggregation and accuracy.
//!
//! The facade is [`Federation`]. Everything it computes is a pure function of the seed, the
//! client and the round, so that it does not matter on which thread or in which order jobs run.

mod accuracy;
mod affine;
mod aggregation;
mod arrays;
mod batch_norm;
mod cifar;
mod client_accuracy;
mod config;
mod conv;
mod dataset;
mod digits;
mod error;
mod evaluation;
mod federation;
mod footprint;
mod gemm;
#[cfg(test)]
mod gradient_check;
mod gradient_norm;
mod idx;
mod lanes;
mod linear;
mod local_round;
mod local_work;
mod loss;
mod method;
mod minimal_filter;
mod network;
mod npz;
mod ood_detection;
mod outcome_file;
mod participant;
mod partition;
mod parts;
mod patches;
mod planes;
mod pool;
mod quantisation;
mod sgd;
mod shared_round;
mod split_step;
mod tensor;
mod test_set;
mod validation;
mod weights;
mod winograd;

pub use accuracy::{Accuracy, AccuracyPoint, SelectiveAccuracy, accuracy, at_level, reaches_level};
pub use arrays::{ArrayError, ArrayReader, ArrayWriter};
pub use client_accuracy::{ClientAccuracies, client_accuracies};
pub use config::LearningConfig;
pub use dataset::{Dataset, Samples};
pub use error::{DataError, IdxFault, LearningError, TrainingError};
pub use evaluation::{ClientExit, EvaluatedModels, Outcome};
pub use federation::{Federation, FederationState, LEARNING_REVISION, StateError};
pub use local_round::{LocalUpdate, RoundStart};
pub use local_work::LocalWork;
pub use method::{Layout, Method};
pub use ood_detection::OodDetection;
pub use outcome_file::{OutcomeFault, OutcomeFileError, OutcomeTable};
pub use partition::Partition;
pub use sgd::{LearningRate, Sgd};
pub use shared_round::SharedUpdate;
pub use test_set::ClientTestSet;
pub use weights::Weights;
