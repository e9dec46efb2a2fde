//! Data sets and outcome files.

use splitgp_sim::learning::{Dataset, OutcomeTable};
use std::fs;
use std::io::Cursor;
use std::path::Path;

/// The four files of MNIST's format, of which the input is each in turn; the others are good.
pub(crate) fn idx(input: &[u8], folder: &Path) -> Result<(), String> {
    const NAMES: [&str; 4] = [
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ];
    // What begins like gzip is read as that.
    let is_zipped = input.starts_with(&[0x1f, 0x8b]);
    let images: [u8; 24] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8];
    let labels: [u8; 10] = [0, 0, 8, 1, 0, 0, 0, 2, 3, 9];
    let mut outcome = Ok(());
    for mutated in 0..NAMES.len() {
        for (index, name) in NAMES.into_iter().enumerate() {
            let good: &[u8] = if index % 2 == 0 { &images } else { &labels };
            let (plain, zipped) = (folder.join(name), folder.join(format!("{name}.gz")));
            let _ = (fs::remove_file(&plain), fs::remove_file(&zipped));
            match (index == mutated, is_zipped) {
                (true, true) => fs::write(zipped, input).unwrap(),
                (true, false) => fs::write(plain, input).unwrap(),
                (false, _) => fs::write(plain, good).unwrap(),
            }
        }
        // An input is good if one of the places takes it.
        let read = Dataset::idx(folder).map(|_| ()).map_err(|error| error.to_string());
        outcome = if mutated == 0 { read } else { outcome.or(read) };
    }
    outcome
}

/// The six files of CIFAR-10, one of which is the input.
pub(crate) fn cifar(input: &[u8], folder: &Path) -> Result<(), String> {
    let good = vec![3; 3073];
    for batch in 2..=5 {
        fs::write(folder.join(format!("data_batch_{batch}.bin")), &good).unwrap();
    }
    fs::write(folder.join("test_batch.bin"), &good).unwrap();
    fs::write(folder.join("data_batch_1.bin"), input).unwrap();
    Dataset::cifar10(folder).map(|_| ()).map_err(|error| error.to_string())
}

/// A user's own data set, with and without a stated number of classes.
pub(crate) fn npz(input: &[u8], folder: &Path) -> Result<(), String> {
    let path = folder.join("own.npz");
    fs::write(&path, input).unwrap();
    let _ = Dataset::npz(&path, Some(2)).map_err(|error| error.to_string());
    Dataset::npz(&path, None).map(|_| ()).map_err(|error| error.to_string())
}

/// Learned outcomes, which are written again as they were read.
pub(crate) fn outcomes(input: &[u8], _: &Path) -> Result<(), String> {
    let table = OutcomeTable::read(Cursor::new(input)).map_err(|error| error.to_string())?;
    let written = table.write(Cursor::new(Vec::new())).unwrap().into_inner();
    let again = OutcomeTable::read(Cursor::new(written)).map_err(|error| error.to_string());
    assert_eq!(again.as_ref(), Ok(&table), "what was read is written and read again");
    Ok(())
}
