//! Statistics over a run.

mod time_weighted;

pub use time_weighted::{TimeWeighted, Window};
