//! The JSON schema of the language, for editors and for the reference of its keys.
//!
//! Its keys, words, units and profiles are the decoder's own (`vocabulary`, `units`, `profiles`);
//! the table in `keys` adds what each key means, takes and defaults to. Tests hold the two against
//! one another: every key has its entry, every entry is decoded, and what the decoder takes
//! satisfies the schema. The schema says less than the decoder where a rule joins several values.

mod emit;
mod keys;
mod reference;
mod shape;
#[cfg(test)]
mod tests;

use serde_json::Value;

/// The schema as a JSON document (draft-07, which all YAML language servers read): for each key its
/// description, type, unit, default and an example. Definitions are in the order of the language.
pub fn json_schema() -> Value {
    emit::document(&keys::SCENARIO)
}

/// The reference of all keys in Markdown, section by section: for each key its meaning, what it takes,
/// its default and an example.
pub fn reference() -> String {
    reference::document(&keys::SCENARIO)
}
