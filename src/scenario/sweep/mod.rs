//! `sweep`: key paths and the values that they take, in a full grid.
//!
//! ```yaml
//! sweep:
//!   inference.offload.entropy: [0.1, 0.4, 1.2]
//!   network.links.backhaul.rate: { from: 1 Mbit/s, to: 100 Mbit/s, steps: 5, scale: log }
//!   fleet.pi.count, fleet.phone.count: [[2, 1], [4, 2], [8, 4]]   # two keys move together
//! ```
//!
//! The last key changes fastest, as in nested loops.

mod decode;
mod overlap;
mod range;
mod value;

pub(super) use decode::decode;
pub use value::SweptValue;

/// Cells of a grid.
const MAX_CELLS: usize = 10_000;

/// A full grid of values at key paths.
#[derive(Debug, Clone)]
pub struct Sweep {
    axes: Vec<Axis>,
}

/// Keys that move together through their points.
#[derive(Debug, Clone)]
struct Axis {
    paths: Vec<String>,
    /// Each with a value for each path; at least one.
    points: Vec<Vec<SweptValue>>,
}

impl Sweep {
    /// How many cells the grid has: 1 to 10,000.
    pub fn cells(&self) -> usize {
        self.axes.iter().map(|axis| axis.points.len()).product()
    }

    /// The swept key paths in the order of the file; those in one list move together.
    pub fn axes(&self) -> Vec<Vec<String>> {
        self.axes.iter().map(|axis| axis.paths.clone()).collect()
    }

    /// The values of cell `index`, with their paths.
    ///
    /// # Panics
    /// If there is no such cell.
    pub fn values(&self, index: usize) -> Vec<(&str, &SweptValue)> {
        assert!(index < self.cells(), "cell {index} of {}", self.cells());
        let mut below = self.cells();
        let mut values = Vec::new();
        for axis in &self.axes {
            below /= axis.points.len();
            let point = &axis.points[index / below % axis.points.len()];
            values.extend(axis.paths.iter().map(String::as_str).zip(point));
        }
        values
    }
}

#[cfg(test)]
mod tests;
