//! Data sets written and read back, and what is told about wrong ones.

use super::*;
use ndarray::{Array, Array3, Array4, Dimension};
use ndarray_npy::{NpzWriter, WritableElement};
use proptest::prelude::*;
use std::io::Write as _;
use std::path::PathBuf;
use tempfile::TempDir;

/// An npz file under construction.
struct Writer {
    folder: TempDir,
    npz: NpzWriter<std::fs::File>,
}

impl Writer {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let file = std::fs::File::create(folder.path().join("data.npz")).unwrap();
        let deflated = zip::CompressionMethod::Deflated;
        let options = zip::write::SimpleFileOptions::default().compression_method(deflated);
        Self { folder, npz: NpzWriter::new_with_options(file, options) }
    }

    fn with<A: WritableElement, D: Dimension>(mut self, name: &str, array: &Array<A, D>) -> Self {
        self.npz.add_array(name, array).unwrap();
        self
    }

    fn read(self, classes: Option<u32>) -> Result<Dataset, String> {
        self.npz.finish().unwrap();
        let path = self.folder.path().join("data.npz");
        Dataset::npz(&path, classes).map_err(|error| {
            error.to_string().replace(&self.folder.path().display().to_string(), "DIR")
        })
    }
}

/// Two images of 2 channels, 2 rows and 3 columns for training, one for test.
fn coloured() -> Writer {
    let images = Array4::from_shape_fn((2, 2, 2, 3), |(n, c, y, x)| {
        u8::try_from(100 * n + 50 * c + 10 * y + x).unwrap()
    });
    let test = images.slice_axis(Axis(0), (0..1).into()).to_owned();
    Writer::new().with("x_train", &images).with("x_test", &test)
}

fn labelled(writer: Writer, train: Vec<i64>) -> Writer {
    writer.with("y_train", &Array1::from(train)).with("y_test", &Array1::from(vec![2_u8]))
}

#[test]
fn images_become_rows_of_pixels_with_their_channels_innermost() {
    let data = labelled(coloured(), vec![0, 1]).read(None).unwrap();
    assert_eq!(data.shape, Shape { channels: 2, height: 2, width: 3 });
    let expected = [100, 150, 101, 151, 102, 152, 110, 160, 111, 161, 112, 162];
    assert_eq!(data.train.pixels.row(1).to_vec(), expected);
    assert_eq!((data.train.labels.to_vec(), data.classes), (vec![0, 1], 3));
    assert_eq!(data.test.len(), 1);
    let more = labelled(coloured(), vec![0, 1]).read(Some(7)).unwrap();
    assert_eq!(more.classes, 7);
}

#[test]
fn floats_are_rounded_to_eight_bits_and_grey_images_need_no_channels() {
    let images = Array3::from_shape_vec((1, 1, 3), vec![0.0_f32, 0.5, 1.0]).unwrap();
    let writer = Writer::new().with("x_train", &images).with("x_test", &images);
    let data = labelled(writer, vec![1]).read(None).unwrap();
    assert_eq!(data.train.pixels.row(0).to_vec(), [0, 128, 255], "127.5 rounds up");
    assert_eq!(data.shape, Shape { channels: 1, height: 1, width: 3 });
}

#[test]
fn fortran_order_is_only_another_order_of_the_same_array() {
    let grey =
        Array3::from_shape_fn((2, 2, 3), |(n, y, x)| u8::try_from(n * 6 + y * 3 + x).unwrap());
    let mut fortran = Array3::zeros(ndarray::ShapeBuilder::f((2, 2, 3)));
    fortran.assign(&grey);
    let read = |images: &Array3<u8>| {
        let writer = Writer::new().with("x_train", images).with("x_test", images);
        writer
            .with("y_train", &Array1::from(vec![0_u8, 1]))
            .with("y_test", &Array1::from(vec![0_u8, 1]))
            .read(None)
            .unwrap()
    };
    assert_eq!(read(&grey), read(&fortran));
}

#[test]
fn each_fault_names_its_array_and_what_is_allowed() {
    let error = |writer: Writer| writer.read(Some(3)).unwrap_err();
    assert_eq!(error(Writer::new()), "DIR/data.npz: x_train: is not in the file");
    assert_eq!(
        error(labelled(coloured(), vec![0, 3])),
        "DIR/data.npz: y_train: has the label 3 at index 1; allowed: 0 to 2"
    );
    assert_eq!(
        error(labelled(coloured(), vec![-1, 0])),
        "DIR/data.npz: y_train: has the label -1 at index 0; allowed: 0 to 2"
    );
    assert_eq!(
        error(labelled(coloured(), vec![0])),
        "DIR/data.npz: y_train: has 1 labels for 2 images"
    );
    let doubles = Writer::new().with("x_train", &Array3::<f64>::zeros((1, 1, 1)));
    assert!(error(doubles).starts_with("DIR/data.npz: x_train: has values of the type `<f8`;"));
    let bright = Writer::new().with("x_train", &Array3::from_elem((1, 1, 1), 1.5_f32));
    assert_eq!(error(bright), "DIR/data.npz: x_train: image 0 has the value 1.5; allowed: 0 to 1");
    let nothing = Writer::new().with("x_train", &Array3::from_elem((1, 1, 1), f32::NAN));
    assert!(error(nothing).ends_with("image 0 has the value NaN; allowed: 0 to 1"));
    let flat = Writer::new().with("x_train", &Array1::<u8>::zeros(5));
    assert!(error(flat).starts_with("DIR/data.npz: x_train: has the shape [5]; allowed: (sam"));
    let empty = Writer::new().with("x_train", &Array3::<u8>::zeros((0, 1, 1)));
    assert!(error(empty).contains("has the shape [0, 1, 1]; allowed: 1 to 1000000 samples"));
    let other = Writer::new()
        .with("x_train", &Array3::<u8>::zeros((1, 2, 2)))
        .with("x_test", &Array3::<u8>::zeros((1, 2, 3)));
    assert_eq!(
        error(other),
        "DIR/data.npz: x_test: has images of 1×2×3, but those of x_train are 1×2×2"
    );
    let names = Writer::new()
        .with("x_train", &Array3::<u8>::zeros((1, 1, 1)))
        .with("x_test", &Array3::<u8>::zeros((1, 1, 1)))
        .with("y_train", &Array1::from(vec![0.5_f32]));
    assert!(error(names).ends_with("has values of the type `<f4`; allowed: integers"));
}

/// A file in which `x_train` holds these bytes.
fn raw(folder: &TempDir, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join("data.npz");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    zip.start_file("x_train.npy", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(bytes).unwrap();
    zip.finish().unwrap();
    path
}

#[test]
fn a_truncated_array_and_one_with_something_behind_it_are_told_apart() {
    let folder = TempDir::new().unwrap();
    let mut array = Vec::new();
    ndarray_npy::WriteNpyExt::write_npy(&Array3::<u8>::zeros((2, 3, 3)), &mut array).unwrap();
    let error = |bytes: &[u8]| Dataset::npz(&raw(&folder, bytes), None).unwrap_err().to_string();
    assert!(error(&array[..array.len() - 1]).ends_with("is truncated: values are missing"));
    assert!(error(&array[..20]).ends_with("is truncated within its header"));
    array.push(0);
    assert!(error(&array).ends_with("has bytes behind its last value"));
}

#[test]
fn what_is_no_archive_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data.npz");
    std::fs::write(&path, "no archive").unwrap();
    let error = Dataset::npz(&path, None).unwrap_err().to_string();
    assert!(error.contains("data.npz: is no npz file: "), "{error}");
    let missing = Dataset::npz(&folder.path().join("nowhere.npz"), None).unwrap_err();
    assert!(matches!(missing, DataError::Unreadable { .. }), "{missing}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("data.npz");
        std::fs::write(&path, &bytes).unwrap();
        let _ = Dataset::npz(&path, None);
        let _ = Dataset::npz(&raw(&folder, &bytes), None);
    }

    #[test]
    fn no_flipped_byte_panics(place in 0_usize..600, value in any::<u8>()) {
        let writer = labelled(coloured(), vec![0, 1]);
        writer.npz.finish().unwrap();
        let path = writer.folder.path().join("data.npz");
        let mut bytes = std::fs::read(&path).unwrap();
        let place = place % bytes.len();
        bytes[place] = value;
        std::fs::write(&path, bytes).unwrap();
        let _ = Dataset::npz(&path, None);
    }
}
