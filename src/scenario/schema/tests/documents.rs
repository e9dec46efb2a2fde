//! Documents against decoder and schema: what the decoder takes satisfies the schema, and what
//! violates the schema is refused by the decoder.

use crate::scenario::{json_schema, parse, tree};
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::sample::{Index, select};
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

/// A scenario that says nothing of optional keys.
const BASE: &str = "\
name: t
model: { preset: digits-cnn }
data: { source: digits }
fleet:
  - { name: a, count: 1, device: { rate: 1 GFLOP/s, memory: 1 GB }, access: { up: 1 Mbit/s, down: 1 Mbit/s, delay: 1 ms } }
server: { device: { rate: 1 TFLOP/s, memory: 8 GB } }
network: {}
training: { rounds: 2, local_updates: 3, batch_size: 4, learning_rate: 0.1, gamma: 0.5, lambda: 0.2 }
inference: { arrivals: { poisson: 2 /s }, duration: 60 s, ood: 0.4, offload: { entropy: 1.2 } }
evaluate: {}
output: {}
";

/// Keys of [`BASE`], each by where it is and what it may be, that agree with one another whatever is
/// drawn.
fn knobs() -> Vec<(&'static str, BoxedStrategy<String>)> {
    fn text<S: Strategy<Value = String> + 'static>(strategy: S) -> BoxedStrategy<String> {
        strategy.boxed()
    }
    fn words(words: &'static [&'static str]) -> BoxedStrategy<String> {
        select(words).prop_map(str::to_owned).boxed()
    }
    fn measure(units: &'static [&'static str]) -> impl Strategy<Value = String> {
        let number = prop_oneof![
            (1_u32..500).prop_map(|whole| whole.to_string()),
            (1_u32..500, 1_u32..999).prop_map(|(whole, part)| format!("{whole}.{part}")),
            (1_u32..9).prop_map(|digit| format!("{digit}e2")),
        ];
        (number, select(units)).prop_map(|(number, unit)| format!("{number} {unit}"))
    }
    fn time() -> impl Strategy<Value = String> {
        measure(&["us", "µs", "ms", "s", "min", "h"])
    }
    fn share() -> impl Strategy<Value = String> {
        prop_oneof![
            (0.0..=1.0).prop_map(|share: f64| share.to_string()),
            (0_u32..=100).prop_map(|share| format!("{share}%")),
        ]
    }
    let drawn = |figure: BoxedStrategy<String>| {
        let lognormal = (figure.clone(), 0.0..=10.0)
            .prop_map(|(m, s): (_, f64)| format!("{{ lognormal: {{ median: {m}, sigma: {s} }} }}"));
        text(prop_oneof![figure, lognormal])
    };
    let bits = || measure(&["kbit/s", "Mbit/s", "Gbit/s"]).boxed();
    vec![
        ("seed", text(any::<u64>().prop_map(|seed| seed.to_string()))),
        ("replications", text((1_u32..=1000).prop_map(|count| count.to_string()))),
        ("model.cut", words(&["conv1", "conv2", "conv3", "fc1"])),
        ("model.cost", words(&["flops", "parameters"])),
        ("model.smashed", words(&["float32", "float16", "int8"])),
        (
            "data.partition",
            words(&["{ kind: iid }", "{ kind: shards }", "{ kind: dirichlet, alpha: 0.3 }"]),
        ),
        ("data.main_share", text(share())),
        ("fleet.0.device.rate", drawn(measure(&["MFLOP/s", "GFLOP/s", "TFLOP/s"]).boxed())),
        ("fleet.0.device.memory", drawn(measure(&["MB", "GB", "GiB"]).boxed())),
        ("fleet.0.device.memory_bandwidth", drawn(measure(&["MB/s", "GB/s"]).boxed())),
        ("fleet.0.device.overhead", drawn(time().boxed())),
        (
            "fleet.0.device.noise",
            words(&[
                "exponential",
                "{ constant: 1.5 }",
                "{ uniform: [0.5, 2] }",
                "{ gamma: { shape: 4 } }",
                "{ hyperexponential: { scv: 4 } }",
            ]),
        ),
        ("fleet.0.device.power", words(&["{ busy: 5 W, idle: 20 mW, radio: 0 W }"])),
        ("fleet.0.access.up", drawn(bits())),
        ("fleet.0.access.down", drawn(bits())),
        ("fleet.0.access.delay", drawn(time().boxed())),
        (
            "fleet.0.access.jitter",
            words(&["1 ms", "{ exponential: 2 ms }", "{ uniform: [0 s, 2 ms] }"]),
        ),
        ("fleet.0.access.loss", words(&["0", "0.3%", "0.5", "99.9 %"])),
        ("fleet.0.access.retries", text((0_u32..=1_000_000).prop_map(|count| count.to_string()))),
        ("fleet.0.access.buffer", text((1_u32..=1_000_000_000).prop_map(|n| n.to_string()))),
        ("fleet.0.access.mtu", text((64_u32..=65_535).prop_map(|size| format!("{size} B")))),
        (
            "fleet.0.access.outages",
            words(&["[]", "[{ at: 1 s, for: 1 s }]", "{ mean_up: 1 s, mean_down: 10 ms }"]),
        ),
        ("server.workers", text((1_u32..=1_000_000).prop_map(|count| count.to_string()))),
        ("server.queue", words(&["fifo", "{ batch: { max: 8, wait: 5 ms } }"])),
        ("server.priority", words(&["none", "inference", "training"])),
        ("server.buffer", text((1_u32..).prop_map(|count| count.to_string()))),
        ("network.header", text((0_u32..=1_000_000).prop_map(|size| format!("{size} B")))),
        ("training.momentum", text((0.0..1.0).prop_map(|share: f64| share.to_string()))),
        ("training.retry_after", text(time())),
        ("training.seeds", words(&["[1]", "[7, 0, 18446744073709551615]"])),
        ("training.overlap", words(&["true", "false"])),
        ("training.server_model", words(&["per-client"])),
        ("inference.warmup", words(&["0 s", "59 s", "mser-5"])),
        ("inference.drain_limit", text(time())),
        ("inference.deadline", text(time())),
        (
            "inference.offload",
            words(&["client-exit", "oracle", "{ random: 30% }", "{ margin: 0.5 }"]),
        ),
        ("evaluate.every", text((1_u32..=1_000_000).prop_map(|count| count.to_string()))),
        ("evaluate.ood", words(&["[0]", "[0, 0.5, 1]"])),
        ("evaluate.models", words(&["mixed", "local"])),
        ("evaluate.gradient_norm", words(&["true", "false"])),
        ("output.requests", prop_oneof![share(), words(&["all", "none"])].boxed()),
        ("sweep", words(&["{ seed: [1, 2] }", "{ seed: { from: 1, to: 9, by: 2 } }"])),
    ]
}

fn put(tree: &mut Value, path: &str, value: Value) {
    let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
    if let (Value::Sequence(items), Ok(index), Some(rest)) = (&mut *tree, head.parse(), rest) {
        let index: usize = index;
        return put(&mut items[index], rest, value);
    }
    let mapping = tree.as_mapping_mut().expect("the base has all sections");
    match rest {
        Some(rest) => put(mapping.get_mut(head).expect("the base has all sections"), rest, value),
        None => _ = mapping.insert(head.into(), value),
    }
}

/// A valid scenario: the base with some knobs.
fn scenario() -> impl Strategy<Value = Value> {
    let values: Vec<_> = knobs()
        .into_iter()
        .map(|(path, value)| (Just(path), prop::option::weighted(0.4, value)))
        .collect();
    values.prop_map(|values| {
        let mut tree: Value = serde_yaml::from_str(BASE).unwrap();
        for (path, value) in values {
            let Some(value) = value else { continue };
            put(&mut tree, path, serde_yaml::from_str(&value).unwrap());
        }
        tree
    })
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
