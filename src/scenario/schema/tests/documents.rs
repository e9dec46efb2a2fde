//! Documents against decoder and schema: what the decoder takes satisfies the schema, and what
//! violates the schema is refused by the decoder.

use super::generator::scenario;
use crate::scenario::{json_schema, parse, tree};
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value as Json;
use serde_yaml::{Mapping, Value};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// All shipped scenarios: their paths and texts.
static SHIPPED: LazyLock<Vec<(PathBuf, String)>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found = Vec::new();
    for folder in [root.clone(), root.join("paper")] {
        let entries = std::fs::read_dir(folder).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let scenarios = paths.filter(|path| path.extension().is_some_and(|kind| kind == "yaml"));
        found.extend(scenarios.map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path, text)
        }));
    }
    found.sort();
    found
});

static SCHEMA: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::draft7::new(&json_schema()).unwrap());

/// A document as JSON; keys that are no text as the decoder reads them.
fn json(value: &Value) -> Json {
    match value {
        Value::Mapping(mapping) => mapping
            .iter()
            .map(|(key, value)| {
                let key = key.as_str().map_or_else(
                    || serde_yaml::to_string(key).unwrap().trim().to_owned(),
                    str::to_owned,
                );
                (key, json(value))
            })
            .collect(),
        Value::Sequence(items) => items.iter().map(json).collect(),
        other => serde_json::to_value(other).unwrap_or(Json::Null),
    }
}

/// What the schema has against the document in `text`.
fn violations(text: &str) -> Vec<String> {
    let document = json(&tree::read(text).map_err(|flaw| flaw.message).unwrap());
    SCHEMA.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

#[test]
fn shipped_scenarios_satisfy_the_schema_and_name_it() {
    assert!(SHIPPED.len() > 20, "{} scenarios are found", SHIPPED.len());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for (path, text) in SHIPPED.iter() {
        assert_eq!(violations(text), Vec::<String>::new(), "{}", path.display());
        let up = path.parent().unwrap().strip_prefix(&root).unwrap().components().count();
        let named = format!("# yaml-language-server: $schema={}schema.json", "../".repeat(up));
        assert_eq!(text.lines().next(), Some(named.as_str()), "{}", path.display());
    }
}

fn refusal(tree: &Value) -> Option<String> {
    let text = serde_yaml::to_string(tree).unwrap();
    parse(&text, "t.yaml").err().map(|errors| format!("{errors}\n{text}"))
}

/// All values of a document, by the way to them.
fn ways(tree: &Value) -> Vec<Vec<usize>> {
    let children: Vec<&Value> = match tree {
        Value::Mapping(mapping) => mapping.values().collect(),
        Value::Sequence(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    let below = children.into_iter().enumerate().flat_map(|(index, child)| {
        ways(child).into_iter().map(move |way| [vec![index], way].concat())
    });
    std::iter::once(Vec::new()).chain(below).collect()
}

fn at<'a>(tree: &'a mut Value, way: &[usize]) -> &'a mut Value {
    way.iter().fold(tree, |tree, &index| match tree {
        Value::Mapping(mapping) => mapping.values_mut().nth(index).unwrap(),
        Value::Sequence(items) => &mut items[index],
        _ => unreachable!("the way leads through lists and mappings"),
    })
}

/// What a mutation puts in a value's place.
const OTHERS: [&str; 22] = [
    "~",
    "true",
    "0",
    "1",
    "-1",
    "0.5",
    "1.0",
    "1e30",
    ".nan",
    "''",
    "fifo",
    "splitgp",
    "lte",
    "3 s",
    "12 Mbit/s",
    "4 GB",
    "30%",
    "[]",
    "[1]",
    "{}",
    "{ poisson: 1 /s }",
    "a/b.npz",
];

proptest! {
    #[test]
    fn generated_scenarios_satisfy_the_schema_and_are_accepted(tree in scenario()) {
        prop_assert_eq!(refusal(&tree), None);
        let violations: Vec<_> =
            SCHEMA.iter_errors(&json(&tree)).map(|error| error.to_string()).collect();
        prop_assert_eq!(violations, Vec::<String>::new());
    }

    #[test]
    fn what_the_decoder_accepts_satisfies_the_schema(
        which in any::<Index>(),
        edits in prop::collection::vec((any::<Index>(), 0..OTHERS.len() + 2), 1..4),
    ) {
        let (path, text) = which.get(&SHIPPED);
        let mut tree = tree::read(text).map_err(|flaw| flaw.message).unwrap();
        for (place, other) in edits {
            let ways = ways(&tree);
            let way: &Vec<usize> = place.get(&ways);
            let value = at(&mut tree, way);
            match (OTHERS.get(other), value) {
                (Some(other), value) => *value = serde_yaml::from_str(other).unwrap(),
                (None, Value::Mapping(mapping)) if other == OTHERS.len() => {
                    mapping.insert("unknown_key".into(), 1.into());
                }
                (None, Value::Mapping(mapping)) => {
                    let key = mapping.keys().next().cloned();
                    key.map(|key| mapping.shift_remove(&key));
                }
                (None, _) => {}
            }
        }
        let text = serde_yaml::to_string(&tree).unwrap();
        if parse(&text, &path.display().to_string()).is_ok() {
            let violations: Vec<_> =
                SCHEMA.iter_errors(&json(&tree)).map(|error| error.to_string()).collect();
            prop_assert_eq!(violations, Vec::<String>::new(), "{}", text);
        }
    }

    #[test]
    fn an_unknown_key_is_refused_by_both(tree in scenario(), place in any::<Index>()) {
        let mut tree = tree;
        let mut ways = ways(&tree);
        ways.retain(|way| {
            // A sweep's keys are paths, and what they take is anything.
            let mut tree = tree.clone();
            at(&mut tree, way).is_mapping()
                && !tree.as_mapping().unwrap().contains_key("sweep")
        });
        prop_assume!(!ways.is_empty());
        let way: &Vec<usize> = place.get(&ways);
        let mapping: &mut Mapping = at(&mut tree, way).as_mapping_mut().unwrap();
        mapping.insert("unknown_key".into(), 1.into());
        prop_assert!(refusal(&tree).is_some());
        prop_assert!(!SCHEMA.is_valid(&json(&tree)));
    }

    #[test]
    fn a_number_that_lost_its_unit_is_refused_by_both(tree in scenario(), place in any::<Index>()) {
        let mut tree = tree;
        let mut measures = ways(&tree);
        measures.retain(|way| {
            let mut tree = tree.clone();
            at(&mut tree, way).as_str().is_some_and(|text| text.contains(' ') && !text.contains('%'))
        });
        let way: &Vec<usize> = place.get(&measures);
        let value = at(&mut tree, way);
        let number = value.as_str().unwrap().split_once(' ').unwrap().0.to_owned();
        *value = serde_yaml::from_str(&number).unwrap();
        prop_assert!(refusal(&tree).is_some());
        prop_assert!(!SCHEMA.is_valid(&json(&tree)), "{}", serde_yaml::to_string(&tree).unwrap());
    }
}
