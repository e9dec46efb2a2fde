//! A user's own data set: an npz file with the arrays `x_train`, `y_train`, `x_test`, `y_test`.
//!
//! Images have the shape (samples, channels, height, width), or without channels if there is one;
//! they are bytes, or 32-bit floats in [0, 1], which are rounded to 8 bits: that is what raw input
//! is on the wire. Labels are integers from 0.

mod archive;
mod header;

use super::dataset::{Dataset, Samples};
use super::error::DataError;
use crate::cost::Shape;
use archive::{Archive, Entry};
use ndarray::{Array1, Array2, ArrayD, Axis};
use std::io::Read;
use std::path::Path;

/// The most samples of a split.
const MAX_SAMPLES: usize = 1_000_000;

/// The longest side of an image, and the most channels.
const MAX_SIDE: usize = 4096;

/// Classes: labels are kept as bytes.
const MAX_CLASSES: u32 = 255;

impl Dataset {
    /// The data set in the npz file at `path`, of `classes` classes or, if `None`, of as many as the
    /// labels show.
    ///
    /// # Errors
    /// If an array is missing, truncated, too large or of another type or shape than allowed, a
    /// value is out of its range, or the arrays do not belong together.
    pub fn npz(path: &Path, classes: Option<u32>) -> Result<Self, DataError> {
        let mut archive = Archive::open(path)?;
        let (train_pixels, shape) = archive.array("x_train", images)?;
        let (test_pixels, test_shape) = archive.array("x_test", images)?;
        if shape != test_shape {
            let fault = format!("has images of {test_shape}, but those of x_train are {shape}");
            return Err(archive.fault("x_test", fault));
        }
        let limit = classes.unwrap_or(MAX_CLASSES);
        let train_labels = archive.array("y_train", |entry| labels(entry, limit))?;
        let test_labels = archive.array("y_test", |entry| labels(entry, limit))?;
        let train = paired(&archive, "y_train", train_pixels, train_labels)?;
        let test = paired(&archive, "y_test", test_pixels, test_labels)?;
        let largest = train.labels.iter().chain(&test.labels).copied().max().unwrap_or(0);
        let classes = match classes {
            Some(classes) => u8::try_from(classes).unwrap_or(u8::MAX),
            None => largest + 1,
        };
        Ok(Self { train, test, shape, classes, white: u8::MAX })
    }
}

/// The samples of a split, if it has a label for each image.
fn paired(
    archive: &Archive,
    array: &'static str,
    pixels: Array2<u8>,
    labels: Array1<u8>,
) -> Result<Samples, DataError> {
    if pixels.nrows() == labels.len() {
        return Ok(Samples { pixels, labels });
    }
    let fault = format!("has {} labels for {} images", labels.len(), pixels.nrows());
    Err(archive.fault(array, fault))
}

/// Images as rows of pixels with their channels innermost, and the shape of one.
fn images(entry: Entry<&mut dyn Read>) -> Result<(Array2<u8>, Shape), String> {
    match entry.descriptor() {
        "|u1" => flattened(entry.read()?, |_, pixel| Ok(pixel)),
        "<f4" => flattened(entry.read()?, quantised),
        other => Err(format!(
            "has values of the type `{other}`; allowed: uint8 (`|u1`), or float32 (`<f4`) in [0, 1]"
        )),
    }
}

/// A value in [0, 1] as 0 to 255.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in [0, 255]")]
fn quantised(index: usize, value: f32) -> Result<u8, String> {
    if (0.0..=1.0).contains(&value) {
        return Ok((value * 255.0).round() as u8);
    }
    Err(format!("image {index} has the value {value}; allowed: 0 to 1"))
}

fn flattened<A: Copy>(
    array: ArrayD<A>,
    pixel: impl Fn(usize, A) -> Result<u8, String>,
) -> Result<(Array2<u8>, Shape), String> {
    let given = array.shape().to_vec();
    let array = if given.len() == 3 { array.insert_axis(Axis(1)) } else { array };
    let &[samples, channels, height, width] = array.shape() else {
        return Err(format!(
            "has the shape {given:?}; allowed: (samples, channels, height, width) or (samples, \
             height, width)"
        ));
    };
    let bounded = |size: usize, limit| (1..=limit).contains(&size);
    let sides = [channels, height, width];
    if !bounded(samples, MAX_SAMPLES) || !sides.iter().all(|&side| bounded(side, MAX_SIDE)) {
        return Err(format!(
            "has the shape {given:?}; allowed: 1 to {MAX_SAMPLES} samples, and 1 to {MAX_SIDE} \
             channels, rows and columns"
        ));
    }
    let size = channels * height * width;
    let mut pixels = Vec::with_capacity(samples * size);
    for value in array.permuted_axes(vec![0, 2, 3, 1]).iter() {
        pixels.push(pixel(pixels.len() / size, *value)?);
    }
    let pixels =
        Array2::from_shape_vec((samples, size), pixels).expect("as many as the shape says");
    let [channels, height, width] = sides.map(|side| u32::try_from(side).expect("bounded"));
    Ok((pixels, Shape { channels, height, width }))
}

/// Labels from 0 to below `classes`.
fn labels(entry: Entry<&mut dyn Read>, classes: u32) -> Result<Array1<u8>, String> {
    if entry.size() > 8 * MAX_SAMPLES as u64 {
        return Err(format!("has more than {MAX_SAMPLES} labels, the most that are read"));
    }
    let labels: ArrayD<i128> = match entry.descriptor() {
        "|u1" => entry.read::<u8>()?.mapv(i128::from),
        "<u2" => entry.read::<u16>()?.mapv(i128::from),
        "<u4" => entry.read::<u32>()?.mapv(i128::from),
        "<u8" => entry.read::<u64>()?.mapv(i128::from),
        "|i1" => entry.read::<i8>()?.mapv(i128::from),
        "<i2" => entry.read::<i16>()?.mapv(i128::from),
        "<i4" => entry.read::<i32>()?.mapv(i128::from),
        "<i8" => entry.read::<i64>()?.mapv(i128::from),
        other => return Err(format!("has values of the type `{other}`; allowed: integers")),
    };
    if labels.ndim() != 1 {
        return Err(format!("has the shape {:?}; allowed: one label a sample", labels.shape()));
    }
    let label = |(index, &label): (usize, &i128)| {
        let in_range = u8::try_from(label).ok().filter(|label| u32::from(*label) < classes);
        in_range.ok_or_else(|| {
            format!("has the label {label} at index {index}; allowed: 0 to {}", classes - 1)
        })
    };
    labels.iter().enumerate().map(label).collect::<Result<Vec<u8>, _>>().map(Array1::from)
}

#[cfg(test)]
mod tests;
