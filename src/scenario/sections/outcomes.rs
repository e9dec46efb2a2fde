//! `outcomes`: where the exits' answers come from.

use crate::scenario::decode::Cursor;
use crate::scenario::model::{OffloadSpec, OutcomeSpec};
use crate::scenario::numbers::share;
use crate::scenario::vocabulary::{OUTCOMES, STATED_OUTCOMES};
use std::path::Path;

/// Decodes `outcomes`; a file is taken from `folder`. Stated outcomes may bring their policy with them.
pub(super) fn decode(
    cursor: &Cursor<'_>,
    folder: &Path,
) -> Option<(OutcomeSpec, Option<OffloadSpec>)> {
    let Some(text) = cursor.as_text() else { return stated(cursor) };
    // A word with a dot or slash can only be meant as a file.
    if text.contains(['.', '/', '\\']) {
        return Some((OutcomeSpec::Replayed(folder.join(text)), None));
    }
    cursor.word(&OUTCOMES).map(|_| (OutcomeSpec::Learned, None))
}

fn stated(cursor: &Cursor<'_>) -> Option<(OutcomeSpec, Option<OffloadSpec>)> {
    if !cursor.value().is_mapping() {
        return cursor.refuse_kind(
            "`learned`, a file or { client_accuracy: …, server_accuracy: …, offload: … }",
        );
    }
    let section = cursor.section(&STATED_OUTCOMES)?;
    let client_accuracy = section.required("client_accuracy", share);
    let server_accuracy = section.required("server_accuracy", share);
    let offload = section.optional("offload", share);
    let outcomes = OutcomeSpec::Stated {
        client_accuracy: client_accuracy?,
        server_accuracy: server_accuracy?,
    };
    Some((outcomes, offload?.map(OffloadSpec::Random)))
}
