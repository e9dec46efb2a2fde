//! Joules of a lone request, a lone round and a whole run.

use crate::common::run_on;

fn assert_joules(given: f64, expected: f64, arithmetic: &str) {
    assert!((given - expected).abs() < 1e-12, "{given} J, expected {expected} J: {arithmetic}");
}

#[test]
fn a_request_costs_its_service_and_its_serialisation_and_a_device_idles_the_rest() {
    let yaml = "
name: request
model: { preset: paper-cnn, cut: conv4 }
fleet:
  - name: pi
    count: 1
    device: { profile: raspberry-pi-4b, power: { busy: 6 W, idle: 2 W, radio: 1200 mW } }
    access: { up: 18.88 Mbit/s, down: 18.88 Mbit/s, delay: 5 ms }
  - { name: mute, count: 1, device: raspberry-pi-4b, access: wifi-classic }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { periodic: 1 s }
  duration: 1 s
  outcomes: { client_accuracy: 1, server_accuracy: 1, offload: 1 }
";
    let run = run_on(yaml, 1);
    let energy = run.energy.expect("a device states its power");
    let (busy, radio) = (6.0 * 2_740_608e-9, 1.2 * (21_261_017e-9 + 3_390e-9));
    assert_joules(
        energy.request.unwrap(),
        busy + radio,
        "6 W · 2,740,608 ns of φ+κ + 1.2 W · (21,261,017 ns up + 3,390 ns down)",
    );
    assert_joules(energy.busy, busy, "6 W · 2,740,608 ns");
    assert_joules(energy.radio, radio, "1.2 W · 21,264,407 ns");
    let idle = 2.0 * (run.sim_time.as_secs_f64() - 2_740_608e-9);
    assert_joules(energy.idle, idle, "2 W · (the run − 2,740,608 ns)");
    assert_joules(energy.clients[0].unwrap(), busy + idle + radio, "busy + idle + radio");
    assert_eq!(energy.clients[1], None, "its power is not known");
    assert_eq!(energy.by_class[1].request, None);
}

#[test]
fn a_round_costs_the_devices_services_and_their_serialisation() {
    let yaml = "
name: round
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits, partition: { kind: shards, per_client: 2 } }
fleet:
  - name: device
    count: 1
    device: { rate: 1 GFLOP/s, memory: 1 GB, power: { busy: 5 W, idle: 0 W, radio: 1 W } }
    access: { up: 8 Mbit/s, down: 40 Mbit/s, delay: 1 ms }
server: { device: { rate: 100 GFLOP/s, memory: 1 GB } }
training:
  rounds: 2
  local_updates: 1
  batch_size: 16
  learning_rate: 0.05
  gamma: 0.5
  lambda: 0.2
evaluate: { ood: [0], entropy: [1.2] }
";
    let energy = run_on(yaml, 1).energy.expect("a device states its power");
    let round = 5.0 * (9_732_096e-9 + 19_975_572e-9)
        + (7_944_000e-9 + 32_784_000e-9 + 6_553_600e-9 + 39_720_000e-9);
    assert_eq!(energy.rounds.len(), 2);
    for given in &energy.rounds {
        assert_joules(
            *given,
            round,
            "5 W · (forward 9,732,096 + backward 19,975,572 ns) + 1 W · (model down 7,944,000 + \
             smashed up 32,784,000 + gradient down 6,553,600 + model up 39,720,000 ns)",
        );
    }
    assert_joules(
        energy.devices(),
        2.0 * round + 7_944_000e-9,
        "two rounds and the final model's download, idling is free",
    );
}

#[test]
fn replications_report_the_mean_of_their_energies() {
    let energy = |replications: u32| {
        let yaml = format!(
            "
name: replicated
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - name: pi
    count: 2
    device: {{ profile: raspberry-pi-4b, power: {{ busy: 6 W, idle: 0 W, radio: 1 W }} }}
    access: {{ up: 20 Mbit/s, down: 20 Mbit/s, delay: 5 ms }}
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ poisson: 5 /s }}
  duration: 10 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 0 }}
replications: {replications}
"
        );
        let run = run_on(&yaml, 2);
        (run.inference.unwrap().requests, run.energy.unwrap())
    };
    let (requests, energy) = energy(4);
    assert_joules(energy.request.unwrap(), 6.0 * 2_740_608e-9, "6 W · φ+κ, in each of them");
    assert_joules(
        energy.busy,
        requests as f64 / 4.0 * 6.0 * 2_740_608e-9,
        "requests are summed over 4 replications, joules are means",
    );
}
