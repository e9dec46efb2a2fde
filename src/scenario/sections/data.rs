//! `data`: the images and how they are dealt to clients.

use crate::scenario::decode::Cursor;
use crate::scenario::model::{DataSource, DataSpec};
use crate::scenario::numbers::{integer_u32, share};
use crate::scenario::section::Section;
use crate::scenario::vocabulary::{DATA, DATA_SOURCE, PARTITION, PARTITION_KIND};
use std::path::{Path, PathBuf};

/// The paper's two shards for each client.
const DEFAULT_SHARDS: u32 = 2;

/// More shards than any of the data sets has samples.
const MAX_SHARDS: u32 = 100_000;

/// From this share of a client's samples on, a class is one of its main classes.
const DEFAULT_MAIN_SHARE: f64 = 0.1;

/// Decodes `data`; relative paths are taken from `folder`.
pub(super) fn decode(cursor: Cursor<'_>, folder: &Path) -> Option<DataSpec> {
    let section = cursor.section(&DATA)?;
    let source = source(&section, folder);
    let shards = section.or("partition", DEFAULT_SHARDS, partition);
    let main_share = section.or("main_share", DEFAULT_MAIN_SHARE, share);
    Some(DataSpec { source: source?, shards_per_client: shards?, main_share: main_share? })
}

fn source(section: &Section<'_>, folder: &Path) -> Option<DataSource> {
    let name = section.required("source", |value| value.word(&DATA_SOURCE));
    let idx = |wrap: fn(PathBuf) -> DataSource| {
        section.required("path", |value| idx_folder(&value, folder)).map(wrap)
    };
    match name? {
        "digits" => match section.get("path") {
            Some(path) => path.refuse("`digits` is built in and has no path"),
            None => Some(DataSource::Digits),
        },
        "fashion-mnist" => idx(DataSource::FashionMnist),
        "mnist" => idx(DataSource::Mnist),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

fn idx_folder(cursor: &Cursor<'_>, folder: &Path) -> Option<PathBuf> {
    match cursor.text()? {
        "" => cursor.refuse("is empty; it names the folder of the four IDX files"),
        path => Some(folder.join(path)),
    }
}

fn partition(cursor: Cursor<'_>) -> Option<u32> {
    let section = cursor.section(&PARTITION)?;
    let kind = section.required("kind", |value| value.word(&PARTITION_KIND));
    let shards =
        section.or("per_client", DEFAULT_SHARDS, |value| integer_u32(&value, 1, MAX_SHARDS));
    kind?;
    shards
}
