//! At load → 0 a request to the full model takes the sum of its stages, on the device as on the
//! server, with the models of any method.

use crate::common::run_on;
use splitgp_sim::actors::{Exit, RequestRecord};
use splitgp_sim::experiment::RunResult;

/// digits-cnn, one client at 1 GFLOP/s and 8/40 Mbit/s with 1 ms of delay, a server at
/// 100 GFLOP/s; one request. Per sample φ has 304,128 MACs, θ 311,936.
fn run(method: &str, offload: &str) -> RunResult {
    let yaml = format!(
        "name: lone
model: {{ preset: digits-cnn, cut: conv2 }}
data: {{ source: digits }}
fleet:
  - name: device
    count: 1
    device: {{ rate: 1 GFLOP/s, memory: 1 GB }}
    access: {{ up: 8 Mbit/s, down: 40 Mbit/s, delay: 1 ms }}
server: {{ device: {{ rate: 100 GFLOP/s, memory: 1 GB }} }}
training: {{ {method}, rounds: 1, local_updates: 1, batch_size: 16, learning_rate: 0.05 }}
evaluate: {{ ood: [0], entropy: [1.2] }}
inference:
  arrivals: {{ periodic: {{ period: 1 s, phase: 100 ms }} }}
  duration: 1 s
  ood: 0
  offload: {offload}
"
    );
    run_on(&yaml, 1)
}

fn lone_request(method: &str, offload: &str) -> RequestRecord {
    let records = run(method, offload).inference.expect("the scenario has traffic").records;
    assert_eq!(records.len(), 1);
    records[0]
}

fn latency(record: &RequestRecord) -> u64 {
    record.done.expect("a lone request is answered").since(record.arrival).as_nanos()
}

const SPLITGP: &str = "method: splitgp, gamma: 0.5, lambda: 0.2";

#[test]
fn a_lone_client_only_request_takes_phi_and_theta_on_the_device() {
    for method in [SPLITGP, "method: fedavg", "method: local"] {
        let record = lone_request(method, "client-only");
        assert_eq!(record.exit, Some(Exit::Client), "{method}");
        assert_eq!(
            latency(&record),
            1_232_128,
            "{method}: 2·(304,128 + 311,936) FLOP / 1 GFLOP/s = 1,232,128 ns"
        );
    }
}

#[test]
fn a_lone_server_only_request_takes_the_raw_input_up_and_phi_and_theta_on_the_server() {
    for method in [SPLITGP, "method: personalized-fl, lambda: 0.2", "method: splitfed"] {
        let record = lone_request(method, "server-only");
        assert_eq!(record.exit, Some(Exit::Server), "{method}");
        let stages = record.stages.as_array().map(|stage| stage.as_nanos());
        assert_eq!(
            stages,
            [0, 0, 0, 64_000, 1_000_000, 0, 12_322, 0, 1_600, 1_000_000],
            "{method}: nothing on the device; 8·64 B / 8 Mbit/s; ⌈2·616,064 FLOP / 100 GFLOP/s⌉; \
             8·8 B / 40 Mbit/s; 1 ms each way"
        );
        assert_eq!(latency(&record), 2_077_922, "{method}: their sum");
    }
}

#[test]
fn a_lone_request_to_splitfeds_server_exit_takes_phi_alone_on_the_device() {
    assert_eq!(
        latency(&lone_request("method: splitfed", "server-exit")),
        608_256 + 2_048_000 + 1_000_000 + 6_239 + 1_600 + 1_000_000,
        "φ: 2·304,128 FLOP / 1 GFLOP/s; 8·2,048 B / 8 Mbit/s; θ: ⌈2·311,936 FLOP / 100 GFLOP/s⌉; \
         8·8 B / 40 Mbit/s; 1 ms each way"
    );
}

#[test]
fn a_device_that_is_to_answer_alone_is_given_theta_with_its_final_models() {
    let bytes = |offload| run(SPLITGP, offload).training.unwrap().bytes_down;
    assert_eq!(bytes("client-only") - bytes("{ entropy: 1.2 }"), 4 * 35_594, "θ, once");
}

#[test]
fn the_full_model_of_a_split_method_answers_on_the_device_what_the_server_exit_does() {
    let accuracy = |offload| run(SPLITGP, offload).inference.unwrap().accuracy;
    assert_eq!(accuracy("client-only"), accuracy("server-only"));
    assert_eq!(accuracy("client-only"), accuracy("server-exit"));
}
