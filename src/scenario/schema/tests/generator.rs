//! Valid scenarios, drawn key by key.

use proptest::prelude::*;
use proptest::sample::select;
use serde_yaml::Value;

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
                "{ weibull: { shape: 0.8 } }",
                "{ pareto: { shape: 2.5, minimum: 0.5 } }",
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
pub(super) fn scenario() -> impl Strategy<Value = Value> {
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
