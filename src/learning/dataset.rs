//! Labelled images: 8-bit pixels until a batch is built.

use crate::cost::Shape;
use ndarray::{Array1, Array2};
use xxhash_rust::xxh3::Xxh3;

/// Labelled images of one split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Samples {
    /// A row for each sample: rows, columns, channels (innermost) flattened.
    pub pixels: Array2<u8>,
    /// The class of each sample.
    pub labels: Array1<u8>,
}

impl Samples {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// How many there are of each class; `classes` counts.
    pub(super) fn class_counts(&self, indices: &[u32], classes: u8) -> Vec<usize> {
        let mut counts = vec![0; usize::from(classes)];
        for &index in indices {
            counts[usize::from(self.labels[index as usize])] += 1;
        }
        counts
    }
}

/// A data set for classification, split for training and test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// What clients learn from.
    pub train: Samples,
    /// What they are tested on.
    pub test: Samples,
    /// One sample.
    pub shape: Shape,
    /// Labels are below this.
    pub classes: u8,
    /// The pixel value that stands for 1.
    pub white: u8,
}

/// A mini-batch: pixels scaled to [0, 1], sample by sample, and labels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Batch {
    pub(super) pixels: Vec<f32>,
    pub(super) labels: Vec<u8>,
}

impl Dataset {
    /// A hash of all samples and of what they are.
    pub fn hash(&self) -> u128 {
        let mut hash = Xxh3::new();
        let Self { train, test, shape, classes, white } = self;
        hash.update(format!("{shape:?} {classes} {white} {}", train.len()).as_bytes());
        for Samples { pixels, labels } in [train, test] {
            pixels.rows().into_iter().for_each(|row| hash.update(&row.to_vec()));
            hash.update(&labels.to_vec());
        }
        hash.digest128()
    }

    /// The samples at `indices` of one of its splits, in that order.
    pub(super) fn batch(&self, split: &Samples, indices: &[u32]) -> Batch {
        let scale = 1.0 / f32::from(self.white);
        let rows = indices.iter().map(|&index| split.pixels.row(index as usize));
        Batch {
            pixels: rows.flatten().map(|&pixel| f32::from(pixel) * scale).collect(),
            labels: indices.iter().map(|&index| split.labels[index as usize]).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_changed_pixel_or_label_changes_the_hash() {
        let digits = Dataset::digits();
        let mut painted = digits.clone();
        painted.test.pixels[[3, 5]] ^= 1;
        let mut renamed = digits.clone();
        renamed.train.labels[7] ^= 1;
        assert_eq!(digits.hash(), Dataset::digits().hash());
        assert!(digits.hash() != painted.hash() && digits.hash() != renamed.hash());
    }

    #[test]
    fn a_batch_takes_samples_in_order_and_scales_white_to_one() {
        let samples = Samples { pixels: array![[0, 8], [16, 4], [12, 2]], labels: array![3, 1, 2] };
        let shape = Shape { channels: 1, height: 1, width: 2 };
        let data = Dataset { train: samples.clone(), test: samples, shape, classes: 4, white: 16 };
        let batch = data.batch(&data.train, &[2, 0]);
        assert_eq!(batch, Batch { pixels: vec![0.75, 0.125, 0.0, 0.5], labels: vec![2, 3] });
        assert_eq!(data.train.class_counts(&[0, 0, 1], 4), [0, 1, 0, 2]);
    }
}
