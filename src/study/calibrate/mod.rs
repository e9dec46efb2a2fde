//! From measured layer times to a device's effective rate, memory bandwidth and overhead.
//!
//! The model is the simulator's own roofline, time = max(FLOPs / rate, bytes / bandwidth) +
//! overhead for each row of the table.

mod fit;
mod table;

pub use fit::{Calibration, Coefficient, FitError, Row, calibrate};
pub use table::{Measured, TableError, read};
