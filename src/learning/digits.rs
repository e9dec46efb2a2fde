//! The embedded data set: handwritten digits, 8×8 grey images of 10 classes.

use super::dataset::{Dataset, Samples};
use crate::cost::Shape;
use flate2::read::GzDecoder;
use ndarray::{Array1, Array2, Axis};
use std::io::Read as _;

/// UCI Optical Recognition of Handwritten Digits (E. Alpaydin, C. Kaynak; CC BY 4.0): 64 pixel
/// values from 0 to 16 and the label a row.
const DIGITS: &[u8] = include_bytes!("../../data/digits.csv.gz");

const PIXELS: usize = 64;

impl Dataset {
    /// The embedded digits. Every fourth of the 1,797 samples, from the first on, is for test
    /// (450), the others are for training (1,347).
    pub fn digits() -> Self {
        let mut text = String::new();
        GzDecoder::new(DIGITS).read_to_string(&mut text).expect("the embedded digits are intact");
        let (test, train): (Vec<_>, Vec<_>) =
            text.lines().enumerate().partition(|(index, _)| index % 4 == 0);
        Self {
            train: samples(&train),
            test: samples(&test),
            shape: Shape { channels: 1, height: 8, width: 8 },
            classes: 10,
            white: 16,
        }
    }
}

fn samples(rows: &[(usize, &str)]) -> Samples {
    let values: Vec<u8> = rows
        .iter()
        .flat_map(|(_, row)| row.split(','))
        .map(|value| value.trim().parse().expect("the embedded digits are numbers"))
        .collect();
    let table = Array2::from_shape_vec((rows.len(), PIXELS + 1), values)
        .expect("each embedded digit has 64 pixels and a label");
    let labels: Array1<u8> = table.column(PIXELS).to_owned();
    let (pixels, _) = table.view().split_at(Axis(1), PIXELS);
    Samples { pixels: pixels.to_owned(), labels }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_1797_digits_is_for_test() {
        let data = Dataset::digits();
        assert_eq!((data.train.len(), data.test.len()), (1347, 450));
        assert_eq!(data.train.pixels.dim(), (1347, 64));
    }

    #[test]
    fn pixels_reach_white_and_labels_are_the_ten_digits() {
        let data = Dataset::digits();
        for split in [&data.train, &data.test] {
            assert_eq!(split.pixels.iter().max(), Some(&data.white));
            let indices: Vec<u32> = (0..).take(split.len()).collect();
            assert!(split.class_counts(&indices, data.classes).iter().all(|&n| n > 30));
        }
    }
}
