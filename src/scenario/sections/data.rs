//! `data`: the images and how they are dealt to clients.

use crate::scenario::decode::Cursor;
use crate::scenario::model::{DataSource, DataSpec, Partition};
use crate::scenario::numbers::{integer_u32, number, share};
use crate::scenario::section::Section;
use crate::scenario::vocabulary::{DATA, DATA_SOURCE, PARTITION, PARTITION_KIND};
use std::path::{Path, PathBuf};

/// The paper's two shards for each client.
const DEFAULT_SHARDS: u32 = 2;

/// More shards than any of the data sets has samples.
const MAX_SHARDS: u32 = 100_000;

/// α beyond which every client's share of a class is the same but for rounding.
const MAX_ALPHA: f64 = 1e6;

/// From this share of a client's samples on, a class is one of its main classes.
const DEFAULT_MAIN_SHARE: f64 = 0.1;

/// Classes: labels are bytes.
const MAX_CLASSES: u32 = 255;

/// Decodes `data`; relative paths are taken from `folder`.
pub(super) fn decode(cursor: Cursor<'_>, folder: &Path) -> Option<DataSpec> {
    let section = cursor.section(&DATA)?;
    let source = source(&section, folder);
    let default = Partition::Shards { per_client: DEFAULT_SHARDS };
    let partition = section.or("partition", default, |value| partition(&value));
    let main_share = section.or("main_share", DEFAULT_MAIN_SHARE, share);
    Some(DataSpec { source: source?, partition: partition?, main_share: main_share? })
}

fn source(section: &Section<'_>, folder: &Path) -> Option<DataSource> {
    let name = section.required("source", |value| value.word(&DATA_SOURCE));
    let classes = section.optional("classes", |value| match name {
        Some("npz") | None => integer_u32(&value, 2, MAX_CLASSES),
        Some(name) => value.refuse(format!("`{name}` has ten classes; leave this key out")),
    });
    let at = |what: &str, wrap: fn(PathBuf) -> DataSource| {
        section.required("path", |value| path(&value, folder, what)).map(wrap)
    };
    let source = match name? {
        "digits" => match section.get("path") {
            Some(path) => path.refuse("`digits` is built in and has no path"),
            None => Some(DataSource::Digits),
        },
        "fashion-mnist" => at("the folder of the four IDX files", DataSource::FashionMnist),
        "mnist" => at("the folder of the four IDX files", DataSource::Mnist),
        "cifar-10" => at("the folder of the six binary files", DataSource::Cifar10),
        "npz" => at("a file of NumPy arrays", |path| DataSource::Npz { path, classes: None }),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    };
    match (source?, classes?) {
        (DataSource::Npz { path, .. }, classes) => Some(DataSource::Npz { path, classes }),
        (source, _) => Some(source),
    }
}

fn path(cursor: &Cursor<'_>, folder: &Path, what: &str) -> Option<PathBuf> {
    match cursor.text()? {
        "" => cursor.refuse(format!("is empty; it names {what}")),
        path => Some(folder.join(path)),
    }
}

fn partition(cursor: &Cursor<'_>) -> Option<Partition> {
    let section = cursor.section(&PARTITION)?;
    let kind = section.required("kind", |value| value.word(&PARTITION_KIND));
    let partition = match kind? {
        "shards" => {
            let shards = |value: Cursor<'_>| integer_u32(&value, 1, MAX_SHARDS);
            let per_client = section.or("per_client", DEFAULT_SHARDS, shards);
            Partition::Shards { per_client: per_client? }
        }
        "dirichlet" => {
            let alpha = |value: Cursor<'_>| {
                number(&value, "above 0, at most 10⁶", |alpha| alpha > 0.0 && alpha <= MAX_ALPHA)
            };
            Partition::Dirichlet { alpha: section.required("alpha", alpha)? }
        }
        "iid" => Partition::Iid,
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    };
    let belongs_to = [("per_client", "shards"), ("alpha", "dirichlet")];
    for (key, owner) in belongs_to {
        if let Some(value) = section.get(key).filter(|_| kind != Some(owner)) {
            return value.refuse(format!("belongs to `kind: {owner}`; leave this key out"));
        }
    }
    Some(partition)
}
