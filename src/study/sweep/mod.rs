//! Every cell of a scenario's `sweep`, each a full scenario of its own.

mod figures;
mod grid;
mod key;
mod lessons;
mod plan;
mod theory;
mod trained;

pub use figures::CellFigures;
pub use grid::Grid;
pub use plan::{CellPlan, CellValue, Shard, SweepPlan};
pub use trained::TrainedPoint;
