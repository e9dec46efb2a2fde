//! Nodes, links and attachments: what they mean and what is refused.

use crate::scenario::{Scenario, parse};

/// A scenario with this `network` and a fleet entry with these keys.
fn text(network: &str, attachment: &str) -> String {
    format!(
        "name: t
model: {{ preset: paper-cnn }}
fleet:
  - {{ name: a, count: 2, device: raspberry-pi-4b, {attachment} }}
server: {{ device: edge-gpu-rtx2080 }}
network: {network}
inference:
  arrivals: {{ poisson: 1 /s }}
  duration: 10 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
    )
}

fn scenario(network: &str, attachment: &str) -> Scenario {
    let text = text(network, attachment);
    parse(&text, "t.yaml").unwrap_or_else(|errors| panic!("{errors}")).scenario
}

/// The only error's line, key path and message.
fn error(network: &str, attachment: &str) -> String {
    let errors = parse(&text(network, attachment), "t.yaml").expect_err("the scenario is wrong");
    let [error] = errors.as_slice() else { panic!("one error expected:\n{errors}") };
    format!("{}: {}", error.key_path(), error.message())
}

const LINK: &str = "{ from: ap, to: server, rate: 10 Mbit/s, delay: 1 ms }";

fn with_link(link: &str) -> String {
    format!("{{ nodes: [ap], links: [{link}] }}")
}

#[test]
fn a_link_is_a_pair_named_by_its_ends_unless_it_says_otherwise() {
    let scenario = scenario(&with_link(LINK), "attach: ap");
    assert_eq!(scenario.network.nodes, ["server", "ap"], "the server's node needs no mention");
    let [link] = scenario.network.links.as_slice() else { panic!("one link") };
    assert_eq!(link.name, "ap-server");
    assert_eq!(link.down.as_ref(), Some(&link.up));
    assert_eq!(scenario.fleet[0].attach.as_deref(), Some("ap"));
    assert_eq!(scenario.fleet[0].access, None, "the devices share the node's links");
}

#[test]
fn a_simplex_link_leads_one_way() {
    let one_way = "{ from: ap, to: server, rate: 1 Mbit/s, delay: 1 ms, duplex: simplex }";
    let scenario = scenario(&with_link(one_way), "access: lte, attach: ap");
    assert_eq!(scenario.network.links[0].down, None);
}

#[test]
fn the_server_may_stand_at_a_node_of_another_name() {
    let text =
        text("{ nodes: [edge] }", "access: lte").replace("rtx2080 }", "rtx2080, attach: edge }");
    let scenario = parse(&text, "t.yaml").unwrap_or_else(|errors| panic!("{errors}")).scenario;
    assert_eq!(scenario.server.attach, "edge");
    assert_eq!(scenario.network.nodes, ["edge"]);
}

#[test]
fn a_link_or_device_at_an_unknown_node_is_refused_with_the_nearest_name() {
    assert_eq!(
        error(&with_link(LINK), "attach: app"),
        "fleet[0].attach: `app` is not a node; did you mean `ap`? (allowed: server, ap)"
    );
    assert_eq!(
        error(&with_link("{ from: up, to: server, profile: lte }"), "attach: ap"),
        "network.links[0].from: `up` is not a node; did you mean `ap`? (allowed: server, ap)"
    );
}

#[test]
fn duplicate_names_and_loops_are_refused() {
    assert_eq!(
        error("{ nodes: [ap, ap] }", "access: lte"),
        "network.nodes[1]: `ap` is the name of the node in line 6 already"
    );
    assert_eq!(
        error(&with_link(&format!("{LINK}, {LINK}")), "attach: ap"),
        "network.links[1]: `ap-server` is the name of the link in line 6 already; give this one a \
         `name` of its own"
    );
    assert_eq!(
        error(&with_link("{ from: ap, to: ap, profile: lte }"), "attach: ap"),
        "network.links[0]: this link joins `ap` to itself"
    );
}

#[test]
fn a_device_at_the_servers_node_needs_an_access_link() {
    let message = "fleet[0]: `access` is missing; only devices attached to a node other than the \
                   server's can do without: they share its links";
    assert_eq!(error("{ nodes: [] }", "attach: server"), message);
}

#[test]
fn a_rate_for_both_ways_and_one_for_one_way_contradict() {
    let both = "{ from: ap, to: server, rate: 1 Mbit/s, up: 2 Mbit/s, delay: 1 ms }";
    assert_eq!(
        error(&with_link(both), "attach: ap"),
        "network.links[0].up: `rate` gives both directions' rates; leave one of the two out"
    );
}

/// The only error's key path below `network.links[0]` and message, for a link with these keys.
fn link_error(keys: &str) -> String {
    let message = error(&with_link(&format!("{{ from: ap, to: server, {keys} }}")), "attach: ap");
    message.strip_prefix("network.links[0].").unwrap_or(&message).to_owned()
}

#[test]
fn rates_over_time_that_make_no_sense_are_refused() {
    let schedule = |steps: &str| link_error(&format!("delay: 1 ms, rate: {{ schedule: {steps} }}"));
    assert_eq!(schedule("[[1 s, 5 Mbit/s]]"), "rate.schedule: the first step must begin at 0 s");
    assert_eq!(
        schedule("[[0 s, 5 Mbit/s], [2 s, 1 Mbit/s], [1 s, 5 Mbit/s]]"),
        "rate.schedule: step 3 must begin at least 1 ms after the step before it"
    );
    assert_eq!(
        schedule("[[0 s, 5 Mbit/s], [2 s, 0 Mbit/s]]"),
        "rate.schedule: the last rate of a schedule that does not repeat must not be 0"
    );
    assert_eq!(
        schedule("[[0 s]]"),
        "rate.schedule[0]: expected a time and a rate, such as `[5 s, 1 Mbit/s]`"
    );
    assert_eq!(
        link_error("delay: 1 ms, rate: { schedule: [[0 s, 5 Mbit/s]], trace: t.csv }"),
        "rate.trace: a rate has a `schedule` or a `trace`, not both"
    );
    assert!(
        link_error("delay: 1 ms, rate: { trace: missing.csv }")
            .starts_with("rate.trace: the trace missing.csv: cannot be read: "),
    );
}

#[test]
fn outages_are_in_order_and_not_too_frequent() {
    assert_eq!(
        link_error("profile: lte, outages: [{ at: 5 s, for: 2 s }, { at: 6 s, for: 1 s }]"),
        "outages[1]: begins before the outage before it has ended"
    );
    assert_eq!(
        link_error("profile: lte, outages: { mean_up: 1 ms, mean_down: 1 s }"),
        "outages.mean_up: `1 ms` is too short: at least 10 ms"
    );
}

#[test]
fn link_figures_must_agree_with_one_another() {
    assert_eq!(
        link_error("profile: lte, mtu: 1500 B, discipline: fair"),
        "mtu: segments of one message cannot share a `fair` link with one another; leave `mtu` \
         out, or use `discipline: fifo`"
    );
    assert_eq!(
        link_error("profile: wifi-home, duplex: half, discipline: fair"),
        "duplex: both ways of a half-duplex `fair` link have one rate; give it as `rate`, or use \
         `discipline: fifo`"
    );
    assert_eq!(
        link_error("profile: lte, background: { arrivals: { poisson: 1000 /s }, size: 1500 B }"),
        "background: it takes all of the link's rate, and nothing else would ever be transmitted"
    );
    assert_eq!(
        link_error("profile: lte, mtu: 63 B"),
        "mtu: 63 B is too small: a segment has at least 64 B"
    );
    assert_eq!(
        link_error("profile: lte, buffer: 0"),
        "buffer: expected an integer from 1 to 1000000000, got `0`"
    );
}
