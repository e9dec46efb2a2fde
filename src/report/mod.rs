//! What a person or a CI reads: results as JSON, CSV, tables and figures.

mod assumptions;
mod bounds;
mod check;
pub mod csv;
mod error;
mod expectations;
mod explanation;
pub mod figures;
mod files;
mod html;
mod methods;
mod ood_detection;
mod ood_level;
mod paper;
mod run;
#[cfg(test)]
pub(crate) mod sample;
mod saved_file;
mod scenario_file;
mod stale;
mod study_table;
mod summary;
mod sweep;
mod table;
mod text;
mod threshold;
pub mod trace;

pub use assumptions::{ASSUMPTIONS_FILE, assumptions, write_assumptions};
pub use bounds::{bounds_table, regimes_table, write_bounds, write_regimes};
pub use check::{
    CheckOutcome, Finding, check_annotations, check_json, check_junit, check_text, main_figures,
};
pub use error::ReportError;
pub use expectations::{Checked, check_expectations, expectations_text, hold_against};
pub use explanation::{
    requests_explanation, requests_explanation_json, round_explanation, round_explanation_json,
};
pub use files::OutputFolder;
pub use html::{HTML_FILE, html_report};
pub use methods::{comparison_table, write_comparison};
pub use paper::{PaperQuestion, PaperTables};
pub use run::write_run;
pub use scenario_file::{SCENARIO_FILE, write_scenario};
pub use stale::earlier_results;
pub use study_table::{calibration_table, capacity_answer, cells_table, paired_table, probe_line};
pub use summary::{Summary, write_summary};
pub use sweep::{SweepFolder, merge};
pub use table::{grid, table};
