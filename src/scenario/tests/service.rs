//! How devices and the server serve: disciplines, priority, buffers, noise and cost proxies.

use crate::cost::BatchEfficiency;
use crate::distribution::FactorDistribution;
use crate::scenario::*;
use crate::time::SimDuration;

/// A small scenario whose device and server have these keys besides what they need.
fn text(device: &str, server: &str) -> String {
    format!(
        "name: t\nmodel: {{ preset: paper-cnn, cost: parameters }}\nfleet: [{{ name: a, count: 1, \
         buffer: 4, device: {{ profile: phone-mid{device} }}, access: lte }}]\nserver: {{ device: \
         edge-gpu-rtx2080{server} }}\ninference: {{ arrivals: {{ poisson: 1 /s }}, duration: 10 s, \
         outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 0 }} }}\n"
    )
}

fn server(keys: &str) -> ServerSpec {
    let loaded = parse(&text("", keys), "t.yaml").unwrap_or_else(|errors| panic!("{errors}"));
    loaded.scenario.server
}

fn noise(noise: &str) -> Option<FactorDistribution> {
    let text = text(&format!(", noise: {noise}"), "");
    let loaded = parse(&text, "t.yaml").unwrap_or_else(|errors| panic!("{errors}"));
    loaded.scenario.fleet[0].device.noise
}

fn message(text: &str) -> String {
    let errors = parse(text, "t.yaml").expect_err("the scenario is wrong");
    let [error] = errors.as_slice() else { panic!("one error expected:\n{errors}") };
    format!("{}: {}", error.key_path(), error.message())
}

#[test]
fn a_server_is_fifo_without_priority_and_bound_unless_it_says_so() {
    let plain = server("");
    assert_eq!((plain.queue, plain.priority, plain.buffer), (QueueSpec::Fifo, None, None));
    assert_eq!(server(", queue: processor-sharing").queue, QueueSpec::ProcessorSharing);
    let batching = server(
        ", priority: inference, buffer: 64, queue: { batch: { max: 8, wait: 5 ms, efficiency: [[1, \
         1], [8, 4.5]] } }",
    );
    let expected = QueueSpec::Batch {
        max: 8,
        wait: SimDuration::from_nanos(5_000_000),
        efficiency: BatchEfficiency::new(vec![(1, 1.0), (8, 4.5)]),
    };
    assert_eq!(batching.queue, expected);
    assert_eq!((batching.priority, batching.buffer), (Some(PrioritySpec::Inference), Some(64)));
    assert_eq!(server(", priority: none").priority, None);
    assert_eq!(server(", priority: training").priority, Some(PrioritySpec::Training));
}

#[test]
fn a_device_has_its_buffer_and_the_model_its_cost_proxy() {
    let scenario = parse(&text("", ""), "t.yaml").unwrap().scenario;
    assert_eq!(scenario.fleet[0].buffer, Some(4));
    assert_eq!(scenario.model.cost, CostProxy::Parameters);
}

#[test]
fn each_noise_distribution_is_read() {
    use FactorDistribution::{
        Constant, Exponential, Gamma, Hyperexponential, LogNormal, Pareto, Uniform, Weibull,
    };
    for (given, expected) in [
        ("exponential", Exponential),
        ("{ constant: 1.5 }", Constant(1.5)),
        ("{ uniform: [0.5, 1.5] }", Uniform { low: 0.5, high: 1.5 }),
        ("{ lognormal: { sigma: 0.2 } }", LogNormal { sigma: 0.2 }),
        ("{ gamma: { shape: 4 } }", Gamma { shape: 4.0 }),
        ("{ hyperexponential: { scv: 4 } }", Hyperexponential { scv: 4.0 }),
        ("{ weibull: { shape: 0.5 } }", FactorDistribution::weibull(0.5)),
        ("{ weibull: { scale: 2, shape: 0.5 } }", Weibull { scale: 2.0, shape: 0.5 }),
        // (2.5 − 1)/2.5
        ("{ pareto: { shape: 2.5 } }", Pareto { minimum: 0.6, shape: 2.5 }),
        ("{ pareto: { minimum: 0.9, shape: 2.5 } }", Pareto { minimum: 0.9, shape: 2.5 }),
    ] {
        assert_eq!(noise(given), Some(expected), "{given}");
    }
}

#[test]
fn noise_that_may_be_zero_or_negative_is_refused_with_the_reason() {
    for (noise, reason) in [
        ("{ normal: { sigma: 0.1 } }", "a normal distribution allows factors of 0 and below"),
        ("{ uniform: [0, 2] }", "expected a number above 0"),
        ("{ constant: -1 }", "a service would take no time or less, got `-1`"),
        ("{ uniform: [2, 1] }", "the first number must be smaller than the second"),
        ("{ hyperexponential: { scv: 0.5 } }", "below 1 use `gamma`"),
        ("{ gamma: { shape: .nan } }", "expected a number from 0.01"),
        ("{ pareto: { shape: 1 } }", "with a shape of 1 or less the mean would be infinite"),
        ("{ pareto: { shape: 2, minimum: 0 } }", "expected a number above 0"),
        ("{ weibull: { shape: 0 } }", "expected a number from 0.1"),
        ("{ weibull: { scale: 1 } }", "weibull.shape: is missing"),
    ] {
        let message = message(&text(&format!(", noise: {noise}"), ""));
        assert!(message.contains(reason), "{noise}: {message}");
    }
}

#[test]
fn what_a_server_cannot_do_is_refused() {
    for (keys, reason) in [
        (", queue: processor-sharing, priority: training", "none comes first"),
        (", buffer: 0", "server.buffer: expected an integer from 1"),
        (
            ", queue: { batch: { max: 0, wait: 1 ms } }",
            "server.queue.batch.max: expected an integer",
        ),
        (", queue: { batch: { max: 8 } }", "server.queue.batch.wait: is missing"),
        (
            ", queue: { batch: { max: 8, wait: 0 s, efficiency: [[8, 4], [1, 1]] } }",
            "efficiency[1]: points must be in the order of their batch sizes",
        ),
        (", queue: { batch: { max: 8, wait: 0 s, efficiency: [[8]] } }", "such as `[8, 4]`"),
        (
            ", queue: { batch: { max: 8, wait: 0 s, efficiency: [[8, 0]] } }",
            "expected a number from 10⁻⁶ to 10⁶, got `0`",
        ),
    ] {
        let message = message(&text("", keys));
        assert!(message.contains(reason), "{keys}: {message}");
    }
}

#[test]
fn power_is_in_watts_or_milliwatts_and_belongs_to_devices() {
    let power = ", power: { busy: 6 W, idle: 2.5 W, radio: 1200 mW }";
    let scenario = parse(&text(power, ""), "t.yaml").unwrap().scenario;
    let power = scenario.fleet[0].device.power.unwrap();
    assert_eq!(
        [power.busy, power.idle, power.radio].map(|p| p.0),
        [6_000_000, 2_500_000, 1_200_000]
    );
    assert_eq!(scenario.server.device.power, None);
    for (device, server, reason) in [
        (", power: { busy: 6 W, idle: 2 W }", "", "device.power.radio: is missing"),
        (", power: { busy: 6, idle: 2 W, radio: 0 W }", "", "`6` has no unit"),
        (", power: { busy: 6 J, idle: 2 W, radio: 0 W }", "", "did you mean W (1 W = 1 J/s)?"),
        (", power: { busy: 6 W, idle: 2 GW, radio: 0 W }", "", "`GW` is not a unit of a power"),
        (", power: { busy: 6 W, idle: 9999 kW, radio: 0 W }", "", "too large to simulate"),
    ] {
        let message = message(&text(device, server));
        assert!(message.contains(reason), "{device}: {message}");
    }
    let metered = text("", "").replace(
        "device: edge-gpu-rtx2080",
        "device: { profile: edge-gpu-rtx2080, power: { busy: 1 W, idle: 1 W, radio: 1 W } }",
    );
    assert!(message(&metered).contains("not that of the server"), "{}", message(&metered));
}
