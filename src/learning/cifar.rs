//! CIFAR-10's binary format (Krizhevsky 2009): records of a label and 3 planes of 32×32 pixels.

use super::dataset::{Dataset, Samples};
use super::error::DataError;
use crate::cost::Shape;
use ndarray::{Array1, Array2};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

const SIDE: usize = 32;
const CHANNELS: usize = 3;
const PIXELS: usize = SIDE * SIDE;
/// A label, then the planes of red, green and blue, row by row.
const RECORD: usize = 1 + CHANNELS * PIXELS;
const CLASSES: u8 = 10;

/// The most records in a file: CIFAR-10 has 10,000.
const MAX_RECORDS: usize = 100_000;

const TRAIN: [&str; 5] = [
    "data_batch_1.bin",
    "data_batch_2.bin",
    "data_batch_3.bin",
    "data_batch_4.bin",
    "data_batch_5.bin",
];
const TEST: [&str; 1] = ["test_batch.bin"];

impl Dataset {
    /// The files `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin` in `folder`.
    ///
    /// # Errors
    /// If a file is missing, empty, too large or ends within a record, or a label is above 9.
    pub fn cifar10(folder: &Path) -> Result<Self, DataError> {
        let shape = Shape { channels: 3, height: 32, width: 32 };
        let (train, test) = (split(folder, &TRAIN)?, split(folder, &TEST)?);
        Ok(Self { train, test, shape, classes: CLASSES, white: u8::MAX })
    }
}

/// The samples of all these files, in order.
fn split(folder: &Path, names: &[&str]) -> Result<Samples, DataError> {
    let (mut labels, mut pixels) = (Vec::new(), Vec::new());
    for name in names {
        for (index, record) in records(folder, name)?.chunks_exact(RECORD).enumerate() {
            let (label, planes) = (record[0], &record[1..]);
            if label >= CLASSES {
                let path = folder.join(name);
                return Err(DataError::Label { path, index, label, classes: CLASSES });
            }
            labels.push(label);
            // Planes become pixels with their channels innermost.
            pixels.extend((0..PIXELS).flat_map(|pixel| {
                (0..CHANNELS).map(move |channel| planes[channel * PIXELS + pixel])
            }));
        }
    }
    let pixels = Array2::from_shape_vec((labels.len(), CHANNELS * PIXELS), pixels)
        .expect("a record has 3 planes");
    Ok(Samples { pixels, labels: Array1::from(labels) })
}

/// The bytes of a file of whole records, at least one.
fn records(folder: &Path, name: &str) -> Result<Vec<u8>, DataError> {
    let path = folder.join(name);
    if !path.is_file() {
        let (folder, names) = (folder.to_owned(), vec![name.to_owned()]);
        return Err(DataError::Missing { folder, names, published: None });
    }
    let mut bytes = Vec::new();
    let limit = MAX_RECORDS * RECORD;
    let read =
        File::open(&path).and_then(|file| file.take(limit as u64 + 1).read_to_end(&mut bytes));
    match read {
        Err(source) => Err(DataError::Unreadable { path, source }),
        Ok(0) => Err(DataError::NoRecords { path, record: RECORD }),
        Ok(length) if length > limit => Err(DataError::TooManyRecords { path, limit: MAX_RECORDS }),
        Ok(length) if length % RECORD != 0 => Err(DataError::CutRecord {
            path,
            index: length / RECORD,
            missing: RECORD - length % RECORD,
            record: RECORD,
        }),
        Ok(_) => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tempfile::TempDir;

    /// A record whose pixel of each plane is its place, plus the channel.
    fn record(label: u8) -> Vec<u8> {
        let plane = |channel: usize| (0..PIXELS).map(move |i| u8::try_from((i + channel) % 256));
        let planes = (0..CHANNELS).flat_map(plane).map(Result::unwrap);
        std::iter::once(label).chain(planes).collect()
    }

    /// Two records in each training batch and one for test.
    fn folder() -> TempDir {
        let folder = TempDir::new().unwrap();
        for (number, name) in (0..).zip(TRAIN) {
            let records = [record(number), record(number + 5)].concat();
            std::fs::write(folder.path().join(name), records).unwrap();
        }
        std::fs::write(folder.path().join(TEST[0]), record(7)).unwrap();
        folder
    }

    fn error_with(name: &str, bytes: &[u8]) -> String {
        let folder = folder();
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let error = Dataset::cifar10(folder.path()).unwrap_err().to_string();
        error.replace(&folder.path().display().to_string(), "DIR")
    }

    #[test]
    fn files_are_read_in_order_and_planes_become_channels() {
        let data = Dataset::cifar10(folder().path()).unwrap();
        assert_eq!(data.train.labels.to_vec(), [0, 5, 1, 6, 2, 7, 3, 8, 4, 9]);
        assert_eq!((data.test.len(), data.classes, data.white), (1, 10, 255));
        assert_eq!(data.shape.elements(), 3072);
        let first: Vec<u8> = data.train.pixels.row(0).iter().take(6).copied().collect();
        assert_eq!(first, [0, 1, 2, 1, 2, 3], "red, green and blue of the first two pixels");
    }

    #[test]
    fn each_fault_names_its_file_and_record() {
        let long = [record(1), record(2)[..100].to_vec()].concat();
        assert_eq!(
            error_with("data_batch_3.bin", &long),
            "DIR/data_batch_3.bin: record 1 (from 0) is truncated: 2973 of 3073 bytes are missing"
        );
        assert_eq!(
            error_with("test_batch.bin", &[record(1), record(10)].concat()),
            "DIR/test_batch.bin: label 10 in record 1 (from 0); allowed: 0 to 9"
        );
        assert_eq!(
            error_with("data_batch_1.bin", &[]),
            "DIR/data_batch_1.bin: is empty; it has records of 3073 bytes"
        );
        let folder = folder();
        std::fs::remove_file(folder.path().join("data_batch_2.bin")).unwrap();
        let error = Dataset::cifar10(folder.path()).unwrap_err().to_string();
        assert!(error.ends_with("looked for data_batch_2.bin"), "{error}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..7000)) {
            let folder = folder();
            std::fs::write(folder.path().join(TEST[0]), bytes).unwrap();
            let _ = Dataset::cifar10(folder.path());
        }
    }
}
