//! Real split training: data sets, partitions, models, aggregation and accuracy.
//!
//! The facade is [`Federation`]. Everything it computes is a pure function of the seed, the
//! client and the round, so that it does not matter on which thread or in which order jobs run.

mod dataset;
mod digits;
mod error;
mod idx;
mod partition;
mod test_set;

pub use dataset::{Dataset, Samples};
pub use error::{DataError, IdxFault, LearningError, TrainingError};
pub use test_set::{ClientTestSet, ood_count};
