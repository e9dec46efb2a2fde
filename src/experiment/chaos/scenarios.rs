//! The scenarios that are disturbed: a few clients, a few hundred events each.

use super::survives;

const DEVICE: &str = "count: 1, device: { rate: 1 GFLOP/s, memory: 1 GB }";

/// Three devices with an access link of their own, to whose words `extra` are added.
fn direct(extra: &str) -> String {
    let devices = ["a", "b", "c"].map(|name| {
        format!(
            "  - {{ name: {name}, {DEVICE}, access: {{ up: 20 Mbit/s, down: 40 Mbit/s, delay: 2 ms{extra} }} }}\n"
        )
    });
    format!("fleet:\n{}", devices.concat())
}

/// Two devices at an access point, whose link to the server, with `extra` words, they share.
fn at_access_point(extra: &str) -> String {
    let devices = ["a", "b"].map(|name| format!("  - {{ name: {name}, {DEVICE}, attach: ap }}\n"));
    format!(
        "network:\n  nodes: [ap]\n  links:\n    - {{ name: backhaul, from: ap, to: server, rate: \
         20 Mbit/s, delay: 2 ms{extra} }}\nfleet:\n{}",
        devices.concat()
    )
}

fn server(extra: &str) -> String {
    format!("server: {{ device: {{ rate: 10 GFLOP/s, memory: 1 GB }}{extra} }}\n")
}

/// Two rounds of two small mini-batches; `extra` are the keys besides the method's.
fn training(method: &str, extra: &str) -> String {
    format!(
        "data: {{ source: digits }}\ntraining: {{ method: {method}, rounds: 2, local_updates: 2, \
         batch_size: 2, learning_rate: 0.1, retry_after: 5 ms{extra} }}\nevaluate: {{ ood: [0] }}\n"
    )
}

fn splitgp(extra: &str) -> String {
    training("splitgp", &format!(", gamma: 0.5, lambda: 0.2{extra}"))
}

/// A request every few milliseconds at each device, of which half are offloaded.
fn inference(arrivals: &str) -> String {
    format!(
        "inference:\n  arrivals: {arrivals}\n  duration: 40 ms\n  outcomes: {{ client_accuracy: \
         0.7, server_accuracy: 0.9, offload: 0.5 }}\n"
    )
}

const PERIODIC: &str = "{ periodic: 8 ms }";

fn scenario(parts: &[String]) -> String {
    format!("name: chaos\nmodel: {{ preset: digits-cnn, cut: conv1 }}\n{}", parts.concat())
}

#[test]
fn training_and_inference_survive() {
    survives(&scenario(&[direct(""), server(""), splitgp(""), inference(PERIODIC)]));
}

#[test]
fn training_with_a_deadline_and_drawn_participants_survives() {
    let keys = ", deadline: 30 ms, participation: 0.67";
    survives(&scenario(&[direct(""), server(""), splitgp(keys)]));
}

#[test]
fn asynchronous_training_survives() {
    let keys = ", aggregation: { asynchronous: { staleness: { polynomial: 0.5 } } }";
    survives(&scenario(&[direct(""), server(""), splitgp(keys)]));
}

#[test]
fn training_on_one_theta_survives() {
    let keys = ", server_model: shared, overlap: true";
    survives(&scenario(&[direct(""), server(", workers: 2"), splitgp(keys)]));
}

#[test]
fn training_of_full_models_on_lossy_links_survives() {
    let links = direct(", loss: 20%, retries: 1");
    survives(&scenario(&[links, server(""), training("fedavg", ", retries: 100")]));
}

#[test]
fn training_alone_survives() {
    // A full model that no device sends can only answer where it is.
    let traffic = inference(PERIODIC).replace(", offload: 0.5 }", " }\n  offload: client-only");
    survives(&scenario(&[direct(""), server(""), training("local", ""), traffic]));
}

#[test]
fn a_shared_air_in_segments_survives() {
    let link = at_access_point(", duplex: half, mtu: 500 B, loss: 10%, retries: 1");
    survives(&scenario(&[link, server(""), inference("{ closed: { think: 3 ms } }")]));
}

#[test]
fn a_fair_link_with_a_small_buffer_survives() {
    let link = at_access_point(", discipline: fair, buffer: 2");
    let server = server(", queue: processor-sharing, workers: 2");
    survives(&scenario(&[link, server, inference("{ periodic: 4 ms }")]));
}

#[test]
fn processor_sharing_between_training_and_requests_survives() {
    let server = server(", queue: processor-sharing");
    survives(&scenario(&[direct(", buffer: 20"), server, splitgp(""), inference(PERIODIC)]));
}

#[test]
fn batches_with_priority_survive() {
    let server =
        server(", queue: { batch: { max: 4, wait: 3 ms } }, priority: inference, buffer: 3");
    let traffic = inference("{ closed: { think: 2 ms } }");
    survives(&scenario(&[direct(""), server, splitgp(""), traffic]));
}
