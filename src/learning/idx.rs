//! MNIST's file format (IDX: big-endian header, then unsigned bytes), plain or gzip'ed.
//!
//! Every size is checked against a limit before a byte of the body is read, and no more than that
//! is ever read, so that neither an absurd header nor a gzip bomb exhausts memory.

use super::dataset::{Dataset, Samples};
use super::error::{DataError, IdxFault};
use crate::cost::Shape;
use flate2::read::GzDecoder;
use ndarray::{Array1, Array2};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// The most samples in a file: MNIST has 60,000.
const MAX_SAMPLES: u64 = 1_000_000;
/// The longest side of an image: MNIST's are 28 pixels long.
const MAX_SIDE: u64 = 512;
/// The largest body of a file.
const MAX_BYTES: u64 = 1 << 30;
/// Two zeros, 8 for unsigned bytes, then the number of dimensions.
const IMAGES_MAGIC: u32 = 0x0803;
const LABELS_MAGIC: u32 = 0x0801;
/// MNIST and its relatives have ten classes.
const CLASSES: u8 = 10;

impl Dataset {
    /// The four files `{train,t10k}-{images-idx3,labels-idx1}-ubyte[.gz]` in `folder`; plain files
    /// are preferred.
    ///
    /// # Errors
    /// If a file is missing or malformed, or the files do not belong together.
    pub fn idx(folder: &Path) -> Result<Self, DataError> {
        let (train, train_sides) = split(folder, "train")?;
        let (test, test_sides) = split(folder, "t10k")?;
        if train_sides != test_sides {
            let folder = folder.to_owned();
            return Err(DataError::Shapes { folder, train: train_sides, test: test_sides });
        }
        let (height, width) = train_sides;
        let shape = Shape { channels: 1, height, width };
        Ok(Self { train, test, shape, classes: CLASSES, white: u8::MAX })
    }
}

/// The images and labels of `part`, with rows and columns of an image.
fn split(folder: &Path, part: &'static str) -> Result<(Samples, (u32, u32)), DataError> {
    let images = read(folder, &format!("{part}-images-idx3-ubyte"), parse_images)?;
    let labels = read(folder, &format!("{part}-labels-idx1-ubyte"), parse_labels)?;
    if images.pixels.nrows() != labels.len() {
        return Err(DataError::Unpaired {
            folder: folder.to_owned(),
            part,
            images: images.pixels.nrows(),
            labels: labels.len(),
        });
    }
    Ok((Samples { pixels: images.pixels, labels }, images.sides))
}

/// Why a reader stopped: the file's fault or the system's.
#[derive(Debug)]
enum Stop {
    Fault(IdxFault),
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<IdxFault> for Stop {
    fn from(fault: IdxFault) -> Self {
        Self::Fault(fault)
    }
}

/// Opens `name` in `folder`, or `name.gz`, and parses it.
fn read<T>(
    folder: &Path,
    name: &str,
    parse: impl Fn(&mut dyn Read) -> Result<T, Stop>,
) -> Result<T, DataError> {
    let names = [name.to_owned(), format!("{name}.gz")];
    let Some(path) = names.iter().map(|name| folder.join(name)).find(|path| path.is_file()) else {
        let (folder, names) = (folder.to_owned(), names.to_vec());
        return Err(DataError::Missing { folder, names, published: None });
    };
    open(&path).and_then(|mut reader| parse(&mut reader)).map_err(|stop| stop.in_file(path))
}

impl Stop {
    fn in_file(self, path: PathBuf) -> DataError {
        match self {
            Self::Fault(fault) => DataError::Malformed { path, fault },
            Self::Io(source) => DataError::Unreadable { path, source },
        }
    }
}

fn open(path: &Path) -> Result<Box<dyn Read>, Stop> {
    let file = BufReader::new(File::open(path)?);
    let zipped = path.extension().is_some_and(|extension| extension == "gz");
    Ok(if zipped { Box::new(GzDecoder::new(file)) } else { Box::new(file) })
}

struct Images {
    pixels: Array2<u8>,
    sides: (u32, u32),
}

fn parse_images(reader: &mut dyn Read) -> Result<Images, Stop> {
    magic(reader, IMAGES_MAGIC, "images")?;
    let count = dimension(reader, "images", MAX_SAMPLES)?;
    let height = dimension(reader, "rows", MAX_SIDE)?;
    let width = dimension(reader, "columns", MAX_SIDE)?;
    let pixels = u64::from(height) * u64::from(width);
    let bytes = body(reader, u64::from(count) * pixels)?;
    let pixels = Array2::from_shape_vec((count as usize, (height * width) as usize), bytes)
        .expect("the body has as many bytes as its header promises");
    Ok(Images { pixels, sides: (height, width) })
}

fn parse_labels(reader: &mut dyn Read) -> Result<Array1<u8>, Stop> {
    magic(reader, LABELS_MAGIC, "labels")?;
    let count = dimension(reader, "labels", MAX_SAMPLES)?;
    let labels = body(reader, u64::from(count))?;
    match labels.iter().position(|&label| label >= CLASSES) {
        Some(index) => {
            Err(IdxFault::Label { label: labels[index], index, classes: CLASSES }.into())
        }
        None => Ok(Array1::from(labels)),
    }
}

fn magic(reader: &mut dyn Read, expected: u32, what: &'static str) -> Result<(), Stop> {
    let found = word(reader)?;
    if found == expected { Ok(()) } else { Err(IdxFault::Magic { found, expected, what }.into()) }
}

/// A size in the header, from 1 to `limit`.
fn dimension(reader: &mut dyn Read, dimension: &'static str, limit: u64) -> Result<u32, Stop> {
    let claimed = word(reader)?;
    if (1..=limit).contains(&u64::from(claimed)) {
        return Ok(claimed);
    }
    Err(IdxFault::Absurd { dimension, claimed: u64::from(claimed), limit }.into())
}

fn word(reader: &mut dyn Read) -> Result<u32, Stop> {
    let bytes = at_most(reader, 4)?;
    let missing = 4 - bytes.len() as u64;
    let word: [u8; 4] =
        bytes.try_into().map_err(|_| IdxFault::Truncated { expected: 4, missing })?;
    Ok(u32::from_be_bytes(word))
}

/// The `expected` bytes up to the end of the file.
fn body(reader: &mut dyn Read, expected: u64) -> Result<Vec<u8>, Stop> {
    if expected > MAX_BYTES {
        let dimension = "bytes in all";
        return Err(IdxFault::Absurd { dimension, claimed: expected, limit: MAX_BYTES }.into());
    }
    let bytes = at_most(reader, expected)?;
    let missing = expected - bytes.len() as u64;
    if missing > 0 {
        return Err(IdxFault::Truncated { expected, missing }.into());
    }
    if !at_most(reader, 1)?.is_empty() {
        return Err(IdxFault::Trailing { expected }.into());
    }
    Ok(bytes)
}

/// The next bytes, `limit` unless the file ends before. Memory grows with what is really there. A
/// gzip stream that is cut off counts as a file that ends.
fn at_most(reader: &mut dyn Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match reader.take(limit).read_to_end(&mut bytes) {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;
    use tempfile::TempDir;

    fn file(magic: u32, sizes: &[u32], body: &[u8]) -> Vec<u8> {
        let header =
            [magic].into_iter().chain(sizes.iter().copied()).flat_map(|word| word.to_be_bytes());
        header.chain(body.iter().copied()).collect()
    }

    /// Two training samples and one test sample of 2×3 pixels.
    fn folder() -> TempDir {
        let folder = TempDir::new().unwrap();
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes);
        let pixels: Vec<u8> = (0..12).collect();
        write("train-images-idx3-ubyte", &file(0x803, &[2, 2, 3], &pixels)).unwrap();
        write("train-labels-idx1-ubyte", &file(0x801, &[2], &[9, 0])).unwrap();
        write("t10k-images-idx3-ubyte", &file(0x803, &[1, 2, 3], &pixels[..6])).unwrap();
        write("t10k-labels-idx1-ubyte", &file(0x801, &[1], &[5])).unwrap();
        folder
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// The error after `name` was overwritten with `bytes`.
    fn error_with(name: &str, bytes: &[u8]) -> String {
        let folder = folder();
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let message = Dataset::idx(folder.path()).unwrap_err().to_string();
        message.replace(&folder.path().display().to_string(), "DIR")
    }

    #[test]
    fn four_plain_files_make_a_data_set() {
        let data = Dataset::idx(folder().path()).unwrap();
        assert_eq!(data.shape, Shape { channels: 1, height: 2, width: 3 });
        assert_eq!(data.train.labels.to_vec(), [9, 0]);
        assert_eq!(data.train.pixels.row(1).to_vec(), [6, 7, 8, 9, 10, 11]);
        assert_eq!((data.test.len(), data.white), (1, 255));
    }

    #[test]
    fn gzip_changes_nothing() {
        let folder = folder();
        let plain = Dataset::idx(folder.path()).unwrap();
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let zipped = gzip(&std::fs::read(&path).unwrap());
            std::fs::write(format!("{}.gz", path.display()), zipped).unwrap();
            std::fs::remove_file(path).unwrap();
        }
        assert_eq!(Dataset::idx(folder.path()).unwrap(), plain);
    }

    #[test]
    fn a_missing_file_is_reported_under_both_its_names() {
        let folder = folder();
        std::fs::remove_file(folder.path().join("t10k-labels-idx1-ubyte")).unwrap();
        let message = Dataset::idx(folder.path()).unwrap_err().to_string();
        assert!(
            message.ends_with("looked for t10k-labels-idx1-ubyte and t10k-labels-idx1-ubyte.gz"),
            "{message}"
        );
    }

    #[test]
    fn each_fault_names_its_file_and_what_is_allowed() {
        let images = "train-images-idx3-ubyte";
        let labels = "train-labels-idx1-ubyte";
        let cases: [(&str, Vec<u8>, &str); 9] = [
            (images, file(0x801, &[2], &[0, 1]), "begins with 0x00000801 instead of 0x00000803"),
            (images, vec![0, 0], "truncated: 2 of 4 bytes are missing"),
            (images, file(0x803, &[2, 2, 3], &[0; 11]), "truncated: 1 of 12 bytes are missing"),
            (images, file(0x803, &[2, 2, 3], &[0; 13]), "has bytes behind the 12 that"),
            (images, file(0x803, &[2, 0, 3], &[]), "claims rows 0; allowed: 1 to 512"),
            (images, file(0x803, &[u32::MAX, 2, 3], &[]), "claims images 4294967295; allowed"),
            (images, file(0x803, &[1_000_000, 512, 512], &[]), "claims bytes in all 262144000000"),
            (labels, file(0x801, &[2], &[9, 10]), "label 10 at index 1; allowed: 0 to 9"),
            (labels, file(0x801, &[3], &[0; 3]), "2 images but 3 labels in the train files"),
        ];
        for (name, bytes, expected) in cases {
            let message = error_with(name, &bytes);
            assert!(message.contains(expected), "{message}");
            assert!(message.starts_with("DIR"), "{message}");
        }
    }

    #[test]
    fn training_and_test_images_must_have_one_shape() {
        let message = error_with("t10k-images-idx3-ubyte", &file(0x803, &[1, 3, 2], &[0; 6]));
        assert!(message.contains("training images are 2×3 but test images 3×2"), "{message}");
    }

    #[test]
    fn a_gzip_bomb_is_read_no_further_than_its_header_promises() {
        // 64 MiB of zeros behind a header that promises 12 bytes: refused as trailing.
        let mut bomb = file(0x803, &[2, 2, 3], &[0; 12]);
        bomb.resize(64 << 20, 0);
        let folder = folder();
        std::fs::remove_file(folder.path().join("train-images-idx3-ubyte")).unwrap();
        std::fs::write(folder.path().join("train-images-idx3-ubyte.gz"), gzip(&bomb)).unwrap();
        let message = Dataset::idx(folder.path()).unwrap_err().to_string();
        assert!(message.ends_with("has bytes behind the 12 that its header promises"), "{message}");
    }

    #[test]
    fn what_is_not_gzip_is_unreadable() {
        let folder = folder();
        std::fs::remove_file(folder.path().join("train-images-idx3-ubyte")).unwrap();
        std::fs::write(folder.path().join("train-images-idx3-ubyte.gz"), b"no gzip here").unwrap();
        let error = Dataset::idx(folder.path()).unwrap_err();
        assert!(matches!(error, DataError::Unreadable { .. }), "{error}");
    }
}
