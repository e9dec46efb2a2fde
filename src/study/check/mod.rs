//! Regression tests on simulated timing: a scenario's run is held against a record that was committed
//! beside it, and what changed is named, down to the first event that differs.
//!
//! ```text
//! quickstart.yaml               the scenario
//! quickstart.check.json         fingerprint, ingredients, figures
//! quickstart.check.events.gz    the first events in full, hashes of the others
//! ```

mod changes;
mod cpu;
mod first;
mod ingredients;
mod log;
mod log_file;
mod record;
mod recorder;
mod simulate;
mod trail;
mod window;

pub use changes::{Changes, Drift, RunChanges, changes};
pub use first::{FirstDifference, first_difference};
pub use ingredients::Ingredients;
pub use log::{EventLog, LoggedEvent, ShownEvent};
pub use record::{FigureTable, Record, RecordError, RecordPaths, RunRecord};
pub use simulate::{CheckSettings, Simulated, named_files, simulate, simulate_window};
