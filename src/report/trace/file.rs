//! The trace's file, written from front to back while the run goes on.

use super::event::TraceEvent;
use crate::report::ReportError;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What the file is called until it is complete.
const PARTIAL_PREFIX: &str = ".partial-";

/// A trace's file. What goes wrong while a run shows itself is told at the end: a run is not lost
/// for its trace.
pub(super) struct TraceFile {
    path: PathBuf,
    partial: PathBuf,
    /// `None` once it is complete or has failed.
    out: Option<Output>,
    error: Option<io::Error>,
    events: u64,
}

enum Output {
    Plain(BufWriter<File>),
    Compressed(Box<GzEncoder<BufWriter<File>>>),
}

impl Output {
    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Plain(writer) => writer,
            Self::Compressed(writer) => writer,
        }
    }

    fn close(self) -> io::Result<()> {
        match self {
            Self::Plain(mut writer) => writer.flush(),
            Self::Compressed(writer) => writer.finish()?.flush(),
        }
    }
}

impl TraceFile {
    pub(super) fn create(path: &Path) -> Result<Self, ReportError> {
        let refuse = |cause| ReportError::File { path: path.to_owned(), cause };
        let Some(name) = path.file_name() else {
            return Err(refuse(io::Error::other("it is no file's name")));
        };
        let mut partial = std::ffi::OsString::from(PARTIAL_PREFIX);
        partial.push(name);
        let partial = path.with_file_name(partial);
        let file = BufWriter::new(File::create(&partial).map_err(refuse)?);
        let out = if path.extension().is_some_and(|extension| extension == "gz") {
            Output::Compressed(Box::new(GzEncoder::new(file, Compression::fast())))
        } else {
            Output::Plain(file)
        };
        let mut file =
            Self { path: path.to_owned(), partial, out: Some(out), error: None, events: 0 };
        file.put("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
        Ok(file)
    }

    /// Writes one event.
    pub(super) fn event(&mut self, event: &TraceEvent<'_>) {
        let separator = if self.events == 0 { "\n" } else { ",\n" };
        self.events += 1;
        self.put(separator);
        self.put(&event.json());
    }

    /// Events written so far.
    pub(super) fn events(&self) -> u64 {
        self.events
    }

    /// Completes the file and gives it its name.
    pub(super) fn finish(&mut self) -> Result<PathBuf, ReportError> {
        self.put("\n]}\n");
        let closed = match (self.error.take(), self.out.take()) {
            (Some(error), _) => Err(error),
            (None, Some(out)) => out.close(),
            (None, None) => unreachable!("a file without output has its error"),
        };
        closed
            .and_then(|()| fs::rename(&self.partial, &self.path))
            .map(|()| self.path.clone())
            .map_err(|cause| {
                self.discard();
                ReportError::File { path: self.path.clone(), cause }
            })
    }

    fn put(&mut self, text: &str) {
        if let Some(out) = &mut self.out
            && let Err(error) = out.writer().write_all(text.as_bytes())
        {
            self.error = Some(error);
            self.out = None;
        }
    }

    fn discard(&self) {
        // The first failure is the one to report; that there may be nothing to remove is none.
        let _ = fs::remove_file(&self.partial);
    }
}

impl Drop for TraceFile {
    /// A run that failed leaves no part of a trace.
    fn drop(&mut self) {
        if self.out.take().is_some() {
            self.discard();
        }
    }
}
