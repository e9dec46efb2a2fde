//! A zip archive of NumPy arrays, read within limits.

use super::header::Header;
use crate::learning::error::DataError;
use ndarray::ArrayD;
use ndarray_npy::{ReadNpyError, ReadNpyExt as _, ReadableElement};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use zip::ZipArchive;
use zip::result::ZipError;

/// An open npz file.
pub(super) struct Archive {
    path: PathBuf,
    zip: ZipArchive<BufReader<File>>,
}

/// An array of the archive whose header was read, and its values not yet.
pub(super) struct Entry<R> {
    header: Header,
    values: R,
}

impl Archive {
    /// Opens the file at `path`.
    pub(super) fn open(path: &Path) -> Result<Self, DataError> {
        let file = File::open(path)
            .map_err(|source| DataError::Unreadable { path: path.to_owned(), source })?;
        let zip = ZipArchive::new(BufReader::new(file)).map_err(|error| DataError::Archive {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Self { path: path.to_owned(), zip })
    }

    /// What `read` makes of the array `name`.
    pub(super) fn array<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Entry<&mut dyn Read>) -> Result<T, String>,
    ) -> Result<T, DataError> {
        let Self { path, zip } = self;
        let wrong = |fault| DataError::Array { path: path.clone(), array: name, fault };
        let mut file = zip.by_name(&format!("{name}.npy")).map_err(|error| match error {
            ZipError::FileNotFound => wrong("is not in the file".to_owned()),
            other => wrong(format!("cannot be read: {other}")),
        })?;
        let header = Header::read(&mut file).map_err(wrong)?;
        read(Entry { header, values: &mut file }).map_err(wrong)
    }

    /// That the file is wrong as a whole: `array` and `fault` say how.
    pub(super) fn fault(&self, array: &'static str, fault: String) -> DataError {
        DataError::Array { path: self.path.clone(), array, fault }
    }
}

impl<R: Read> Entry<R> {
    /// The type of its values, such as `|u1`.
    pub(super) fn descriptor(&self) -> &str {
        &self.header.descriptor
    }

    /// Bytes of all its values.
    pub(super) fn size(&self) -> u64 {
        self.header.values
    }

    /// Its values, which are of this type.
    pub(super) fn read<A: ReadableElement>(self) -> Result<ArrayD<A>, String> {
        let Header { bytes, values, .. } = self.header;
        // One byte more, so that what goes on behind the last value is noticed.
        let array = ArrayD::read_npy(bytes.chain(self.values.take(values + 1)));
        array.map_err(|error| match error {
            ReadNpyError::MissingData => "is truncated: values are missing".to_owned(),
            ReadNpyError::ExtraBytes(_) => "has bytes behind its last value".to_owned(),
            other => format!("cannot be read: {other}"),
        })
    }
}
