//! What a person or a CI reads: results as JSON, CSV, tables and figures.

mod bounds;
pub mod csv;
mod error;
pub mod figures;
mod files;
mod methods;
mod run;
#[cfg(test)]
pub(crate) mod sample;
mod stale;
mod study_table;
mod summary;
mod sweep;
mod table;
mod text;
mod threshold;

pub use bounds::{bounds_table, regimes_table, write_bounds, write_regimes};
pub use error::ReportError;
pub use files::OutputFolder;
pub use methods::{comparison_table, write_comparison};
pub use run::write_run;
pub use stale::earlier_results;
pub use study_table::{calibration_table, capacity_answer, paired_table, probe_line};
pub use summary::{Summary, write_summary};
pub use sweep::{SweepFolder, merge};
pub use table::{grid, table};
