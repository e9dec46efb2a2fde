//! The document tree: `serde_yaml` decides what is a number, a word, a list or a mapping.

use super::errors::Position;
use super::positions::Flaw;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Mapping, Value};
use std::fmt;

/// Reads the document in `text`, whose nesting has been bounded and which has no alias or tag.
/// Of duplicate keys the first one stays, as in the positions, so that a duplicate does not hide
/// a document's other errors.
pub(super) fn read(text: &str) -> Result<Value, Flaw> {
    serde_yaml::from_str(text).map(|Tree(value)| value).map_err(|error| {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).max(1);
        let position = error.location().map_or(Position { line: 1, column: 1 }, |location| {
            Position { line: count(location.line()), column: count(location.column()) }
        });
        Flaw { position, message: format!("is not valid YAML: {error}") }
    })
}

/// A value whose mappings keep the first of duplicate keys; [`Value`] itself would refuse them.
struct Tree(Value);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor).map(Self)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word, a number, a list or a mapping")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    // No key takes an integer of more than 64 bits: the range check will refuse it.
    #[expect(clippy::cast_precision_loss, reason = "shown in an error at most")]
    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok((value as f64).into())
    }

    #[expect(clippy::cast_precision_loss, reason = "shown in an error at most")]
    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok((value as f64).into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Tree(item)) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut mapping = Mapping::new();
        while let Some((Tree(key), Tree(value))) = access.next_entry()? {
            mapping.entry(key).or_insert(value);
        }
        Ok(Value::Mapping(mapping))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_duplicate_keys_stays() {
        assert_eq!(read("{a: 1, b: 2, a: 3}").unwrap(), read("{a: 1, b: 2}").unwrap());
    }

    #[test]
    fn a_tree_is_what_serde_yaml_reads() {
        let text = "{a: [1, -2, 0.5, .inf, 0x10], b: {c: true, d: ~, e: '1', f: 2 /s}}";
        assert_eq!(read(text).unwrap(), serde_yaml::from_str::<Value>(text).unwrap());
    }
}
