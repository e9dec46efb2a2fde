//! What a sweep will run: enough to tell whether parts of it belong together.

use super::key::is_key;
use serde::{Deserialize, Serialize};

/// A sweep's grid in words. Two sweeps with equal plans have equal results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepPlan {
    /// The scenario's name.
    pub scenario: String,
    /// The program's version, with the revisions of its trajectories and of its learning.
    pub version: String,
    /// The swept key paths; those in one list move together.
    pub axes: Vec<Vec<String>>,
    /// The cells in grid order.
    pub cells: Vec<CellPlan>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellPlan {
    /// A hash of the cell's validated scenario, the files that it names and the version: equal keys
    /// mean equal results.
    pub key: String,
    /// A value for each swept path, in order.
    pub values: Vec<CellValue>,
}

/// A swept value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellValue {
    /// As the sweep states it.
    pub text: String,
    /// The number in its base unit, if it is one.
    pub si: Option<f64>,
    /// That unit; empty for counts, shares and words.
    pub unit: String,
}

impl SweepPlan {
    /// Checks a plan that was read from a file.
    ///
    /// # Errors
    /// What is damaged.
    pub fn check(&self) -> Result<(), String> {
        let paths = self.paths().count();
        if paths == 0 || self.cells.is_empty() {
            return Err("a plan sweeps a key and has a cell at least".to_owned());
        }
        for (index, CellPlan { key, values }) in self.cells.iter().enumerate() {
            let number = index + 1;
            if values.len() != paths {
                let count = values.len();
                return Err(format!("cell {number} has {count} values for {paths} swept keys"));
            }
            if !is_key(key) {
                return Err(format!("the key of cell {number} is no hash of 32 digits"));
            }
        }
        Ok(())
    }

    /// The swept key paths.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.axes.iter().flatten().map(String::as_str)
    }

    /// The cell's values in words: `fleet.pi.count = 6, server.workers = 2`.
    pub fn label(&self, cell: usize) -> String {
        let values = self.cells[cell].values.iter().map(|value| value.text.as_str());
        let pairs: Vec<String> =
            self.paths().zip(values).map(|(path, value)| format!("{path} = {value}")).collect();
        pairs.join(", ")
    }
}

/// Part `index` (from 1) of `of` parts: the cells whose place, from 0, is `index` − 1 modulo `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    of: usize,
}

impl Shard {
    /// Everything.
    pub const WHOLE: Self = Self { index: 1, of: 1 };

    /// Reads `2/5`.
    ///
    /// # Errors
    /// If it is not written so, or not in 1/n to n/n.
    pub fn read(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(index, of)| {
            Some((index.trim().parse::<usize>().ok()?, of.trim().parse::<usize>().ok()?))
        });
        match numbers {
            Some((index, of)) if index >= 1 && index <= of => Ok(Self { index, of }),
            _ => Err(format!("`{text}` is no shard: write i/n, from 1/n to n/n, such as 2/5")),
        }
    }

    /// Its cells of a grid of `cells`.
    pub fn cells(self, cells: usize) -> Vec<usize> {
        (self.index - 1..cells).step_by(self.of).collect()
    }

    /// Whether it is not everything.
    pub fn is_part(self) -> bool {
        self.of > 1
    }

    /// A folder's name: `shard-2-of-5`.
    pub fn folder(self) -> String {
        format!("shard-{}-of-{}", self.index, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_share_out_every_cell_once() {
        for of in 1..6 {
            let mut cells: Vec<usize> =
                (1..=of).flat_map(|index| Shard { index, of }.cells(13)).collect();
            cells.sort_unstable();
            assert_eq!(cells, (0..13).collect::<Vec<_>>(), "{of} shards");
        }
        assert_eq!(Shard::read("2/3").unwrap().cells(8), [1, 4, 7]);
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        for text in ["", "3", "0/3", "4/3", "1/0", "a/b", "-1/2"] {
            assert!(Shard::read(text).is_err(), "{text}");
        }
    }
}
