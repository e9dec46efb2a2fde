//! Service times of the paper's analysis, which go by the number of parameters.

use crate::common::run_on;

#[test]
fn counted_by_parameters_a_lone_service_takes_its_parts_parameters() {
    let yaml = "
name: proxy
model: { preset: paper-cnn, cut: conv4, cost: parameters }
fleet:
  - { name: pi, count: 1, device: raspberry-pi-4b, access: wifi-classic }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { periodic: 1 s }
  duration: 1 s
  outcomes: { client_accuracy: 1, server_accuracy: 1, offload: 1 }
";
    let stages = run_on(yaml, 1).inference.expect("the scenario has traffic").records[0].stages;
    assert_eq!(
        stages.device_service.as_nanos(),
        25_681,
        "φ+κ: ⌈(387,840 + 23,050) parameters / 16 G/s⌉ = ⌈25,680.6⌉ ns"
    );
    assert_eq!(
        stages.server_service.as_nanos(),
        2_048,
        "θ: ⌈3,480,330 parameters / 1,700 G/s⌉ = ⌈2,047.3⌉ ns"
    );
}
