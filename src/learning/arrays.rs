//! Arrays by name in one `npz` file, as `NumPy` writes them: a ZIP archive of `npy` arrays.
//!
//! Files come from users and from disks that fill up, so that nothing is believed: an array's header
//! is checked against limits before the rest is inflated, and memory is reserved for what is really
//! there, never for what a header claims.

use ndarray::{Array1, ArrayView1};
use ndarray_npy::{NpzWriter, ReadNpyExt as _, ReadableElement, WritableElement, WriteNpzError};
use std::io::{self, Read, Seek, Write};
use zip::CompressionMethod;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

/// Bytes of one array: 64 million weights, or 32 million entropies.
const MAX_BYTES: u64 = 256 << 20;

/// Bytes in front of an array's header: magic, version and the header's length.
const PREFACE: u64 = 12;

/// Bytes of an array's header. `NumPy` writes 118 for a list; a longer one is refused before a
/// parser that recurses sees it.
const MAX_HEADER: usize = 512;

/// Why an array cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ArrayError {
    /// The file is no archive of arrays, or it is truncated.
    #[error("is no npz file, or not all of one: {reason}")]
    NotNpz {
        /// What is wrong with it.
        reason: String,
    },
    /// An array is not there.
    #[error("has no array `{name}`")]
    Missing {
        /// Which array.
        name: String,
    },
    /// An array is there and is not what it should be.
    #[error("array `{name}`: {reason}")]
    Malformed {
        /// Which array.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Writes arrays into one file.
pub struct ArrayWriter<W: Write + Seek> {
    npz: NpzWriter<W>,
}

impl<W: Write + Seek> ArrayWriter<W> {
    /// Arrays as they are, for numbers that do not compress.
    pub fn plain(out: W) -> Self {
        Self { npz: NpzWriter::new(out) }
    }

    /// Compressed arrays.
    pub fn compressed(out: W) -> Self {
        let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        Self { npz: NpzWriter::new_with_options(out, deflated) }
    }

    /// Adds the array `name`.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn add<T: WritableElement>(&mut self, name: &str, values: &[T]) -> io::Result<()> {
        self.npz.add_array(name, &ArrayView1::from(values)).map_err(io_error)
    }

    /// Completes the file.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn finish(self) -> io::Result<W> {
        self.npz.finish().map_err(io_error)
    }
}

fn io_error(error: WriteNpzError) -> io::Error {
    match error {
        WriteNpzError::Zip(ZipError::Io(error)) => error,
        other => io::Error::other(other.to_string()),
    }
}

/// Reads arrays from one file.
#[derive(Debug)]
pub struct ArrayReader<R> {
    archive: zip::ZipArchive<R>,
    most: u64,
}

impl<R: Read + Seek> ArrayReader<R> {
    /// Reads the table of contents.
    ///
    /// # Errors
    /// If the file is no archive or is truncated.
    pub fn open(file: R) -> Result<Self, ArrayError> {
        let archive = zip::ZipArchive::new(file)
            .map_err(|error| ArrayError::NotNpz { reason: error.to_string() })?;
        Ok(Self { archive, most: u64::MAX })
    }

    /// The same with arrays of at most `most` elements: n such arrays inflate to at most n times that.
    pub fn at_most(self, most: u64) -> Self {
        Self { most, ..self }
    }

    /// The array `name`.
    ///
    /// # Errors
    /// If it is not there, is too long, or is not a list of this type.
    pub fn required<T: ReadableElement>(&mut self, name: &str) -> Result<Vec<T>, ArrayError> {
        self.optional(name)?.ok_or_else(|| ArrayError::Missing { name: name.to_owned() })
    }

    /// The array `name`, if it is there.
    ///
    /// # Errors
    /// If it is there and is too long or not a list of this type.
    pub fn optional<T: ReadableElement>(
        &mut self,
        name: &str,
    ) -> Result<Option<Vec<T>>, ArrayError> {
        self.within(name, MAX_BYTES)
    }

    /// The array `name`, if it is there, of at most `count` values, however many these are.
    ///
    /// # Errors
    /// If it is there and is not a list of this type, or longer.
    pub fn optional_up_to<T: ReadableElement>(
        &mut self,
        name: &str,
        count: usize,
    ) -> Result<Option<Vec<T>>, ArrayError> {
        self.within(name, count.saturating_mul(size_of::<T>()) as u64)
    }

    fn within<T: ReadableElement>(
        &mut self,
        name: &str,
        limit: u64,
    ) -> Result<Option<Vec<T>>, ArrayError> {
        let malformed = |reason: String| ArrayError::Malformed { name: name.to_owned(), reason };
        let Some(bytes) = self.bytes(name, size_of::<T>(), limit).map_err(malformed)? else {
            return Ok(None);
        };
        let array = Array1::<T>::read_npy(bytes.as_slice())
            .map_err(|error| malformed(error.to_string()))?;
        Ok(Some(array.into_iter().collect()))
    }

    /// The array `name` of elements of `size` bytes as it is stored, with as many as its header
    /// promises, of at most `limit` bytes. The header is inflated alone first.
    fn bytes(&mut self, name: &str, size: usize, limit: u64) -> Result<Option<Vec<u8>>, String> {
        let most = self.most;
        let mut entry = match self.archive.by_name(&format!("{name}.npy")) {
            Err(ZipError::FileNotFound) => return Ok(None),
            entry => entry.map_err(|error| error.to_string())?,
        };
        let mut bytes = Vec::new();
        let mut read = |length: u64, bytes: &mut Vec<u8>| {
            entry.by_ref().take(length).read_to_end(bytes).map_err(|error| error.to_string())
        };
        let front = read(PREFACE + MAX_HEADER as u64, &mut bytes)?;
        let promised = promised(&bytes)?;
        if promised.count > most {
            let count = promised.count;
            return Err(format!("its header promises {count} elements; allowed: at most {most}"));
        }
        let body = promised.count.checked_mul(size as u64).filter(|&body| body <= limit);
        let body = body.ok_or_else(|| format!("takes more than {limit} bytes"))?;
        let length = promised.header + body;
        // One byte more, which must not be there.
        read((length + 1).saturating_sub(front as u64), &mut bytes)?;
        if bytes.len() as u64 == length {
            return Ok(Some(bytes));
        }
        let (count, found) = (promised.count, bytes.len() as u64 - promised.header);
        let found = if found > body { "more" } else { &format!("{found} bytes") };
        Err(format!(
            "its header promises {count} elements, which take {size} bytes each, and {found} follow"
        ))
    }
}

/// What the front of an array says of the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Promised {
    /// Elements of the list.
    count: u64,
    /// Bytes up to the first one.
    header: u64,
}

/// What an array in the `npy` format (`NumPy` enhancement proposal 1) that begins with `bytes`
/// promises, if it is a list with a short header.
fn promised(bytes: &[u8]) -> Result<Promised, String> {
    let (text, header) = header(bytes).ok_or("does not begin with the header of an npy array")?;
    let count = list_length(text)
        .ok_or_else(|| format!("is not a list (one dimension): {}", text.trim_end()))?;
    Ok(Promised { count, header: header as u64 })
}

/// The header's text and the number of bytes up to its end.
fn header(bytes: &[u8]) -> Option<(&str, usize)> {
    let rest = bytes.strip_prefix(b"\x93NUMPY")?;
    let (version, rest) = rest.split_at_checked(2)?;
    let (length, rest) = match version[0] {
        1 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_le_bytes(*length)), rest)
        }
        _ => {
            let (length, rest) = rest.split_first_chunk::<4>()?;
            (usize::try_from(u32::from_le_bytes(*length)).ok()?, rest)
        }
    };
    let (text, body) = rest.split_at_checked(length).filter(|_| length <= MAX_HEADER)?;
    Some((std::str::from_utf8(text).ok()?, bytes.len() - body.len()))
}

/// n of a header's `'shape': (n,)`.
fn list_length(header: &str) -> Option<u64> {
    let (_, rest) = header.split_once("'shape':")?;
    let (shape, _) = rest.trim_start().strip_prefix('(')?.split_once(')')?;
    shape.trim().strip_suffix(',')?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn file(values: &[f32]) -> Vec<u8> {
        let mut writer = ArrayWriter::compressed(Cursor::new(Vec::new()));
        writer.add("weights", values).unwrap();
        writer.add("flags", &[1_u8, 0]).unwrap();
        writer.finish().unwrap().into_inner()
    }

    fn read<T: ReadableElement>(file: &[u8], name: &str) -> Result<Vec<T>, String> {
        let mut reader = ArrayReader::open(Cursor::new(file)).map_err(|error| error.to_string())?;
        reader.required(name).map_err(|error| error.to_string())
    }

    /// An array whose header claims `shape` in front of `body`.
    fn claiming(shape: &str, body: &[u8]) -> Vec<u8> {
        let text = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n");
        let length = u16::try_from(text.len()).unwrap().to_le_bytes();
        [b"\x93NUMPY\x01\x00", &length[..], text.as_bytes(), body].concat()
    }

    #[test]
    fn floats_come_back_bit_by_bit() {
        let values = [0.1, -0.0, f32::MIN_POSITIVE / 2.0, f32::NAN, f32::INFINITY];
        let back: Vec<f32> = read(&file(&values), "weights").unwrap();
        assert!(back.iter().map(|v| v.to_bits()).eq(values.iter().map(|v| v.to_bits())));
    }

    #[test]
    fn the_same_arrays_make_the_same_bytes() {
        assert_eq!(file(&[1.0]), file(&[1.0]), "an archive must not carry the time of day");
    }

    #[test]
    fn as_many_values_are_read_as_are_expected_and_no_more() {
        let file = file(&[1.0; 100]);
        let read = |count| {
            let mut reader = ArrayReader::open(Cursor::new(&file)).unwrap();
            reader.optional_up_to::<f32>("weights", count)
        };
        assert_eq!(read(100).unwrap().unwrap(), [1.0; 100]);
        // More values are refused by the header, before they are inflated.
        let long = {
            let mut writer = ArrayWriter::compressed(Cursor::new(Vec::new()));
            writer.add("weights", &[1.0_f32; 1000]).unwrap();
            writer.finish().unwrap()
        };
        let mut reader = ArrayReader::open(long).unwrap();
        let message = reader.optional_up_to::<f32>("weights", 100).unwrap_err().to_string();
        assert_eq!(message, "array `weights`: takes more than 400 bytes", "100 · 4");
    }

    #[test]
    fn another_type_or_name_is_refused_by_name() {
        let file = file(&[1.0]);
        let message = read::<u8>(&file, "weights").unwrap_err();
        assert!(message.starts_with("array `weights`"), "{message}");
        assert_eq!(read::<f32>(&file, "bias").unwrap_err(), "has no array `bias`");
    }

    #[test]
    fn any_truncation_or_flipped_byte_is_an_error_or_harmless_and_never_a_panic() {
        let whole = file(&[1.0, 2.0, 3.0]);
        for length in 0..whole.len() {
            assert!(read::<f32>(&whole[..length], "weights").is_err(), "{length} bytes");
        }
        for index in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[index] ^= 0x10;
            // A byte of the archive's own books may not matter; the array must not change.
            if let Ok(values) = read::<f32>(&bytes, "weights") {
                assert_eq!(values, [1.0, 2.0, 3.0], "byte {index}");
            }
        }
    }

    /// What reading `stored` as the array `weights` of a compressed file yields, with at most ten
    /// elements.
    fn stored(stored: &[u8]) -> Result<Vec<f32>, String> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("weights.npy", SimpleFileOptions::default()).unwrap();
        zip.write_all(stored).unwrap();
        let file = zip.finish().unwrap();
        let mut reader = ArrayReader::open(file).unwrap().at_most(10);
        reader.required("weights").map_err(|error| error.to_string())
    }

    #[test]
    fn a_header_that_claims_more_or_less_than_there_is_is_refused() {
        let read = |shape: &str| stored(&claiming(shape, &[0; 8]));
        assert_eq!(read("(2,)"), Ok(vec![0.0; 2]));
        assert!(read("(3,)").unwrap_err().ends_with("4 bytes each, and 8 bytes follow"));
        assert!(read("(1,)").unwrap_err().ends_with("4 bytes each, and more follow"));
        for shape in ["(4611686018427387905,)", "(99999999999999999999,)", "(2, 1)", "()"] {
            assert!(read(shape).is_err(), "{shape}");
        }
    }

    #[test]
    fn an_array_that_is_too_long_is_refused_by_its_header_before_it_is_inflated() {
        assert_eq!(stored(&claiming("(10,)", &[0; 40])), Ok(vec![0.0; 10]));
        // The bytes behind the header are not there: nobody looked for them.
        assert_eq!(
            stored(&claiming("(11,)", &[])).unwrap_err(),
            "array `weights`: its header promises 11 elements; allowed: at most 10"
        );
        // 2 GB of zeros take 2 MB in a file; 8 MB do for the law: two of them are read.
        let bomb = claiming("(2,)", &vec![0; 8 << 20]);
        assert!(stored(&bomb).unwrap_err().ends_with("and more follow"));
    }

    #[test]
    fn a_header_that_nests_deeply_is_refused_before_it_is_parsed() {
        let nested = claiming(&"(".repeat(60_000), &[]);
        assert!(promised(&nested).unwrap_err().contains("header"));
    }
}
