//! What is learned by the clock is reused where the clock goes the same way, and only there.

use crate::support::{SMALL, Workplace, compare};

/// [`SMALL`] for two rounds with these keys of `training` and two clients behind another `access`.
fn scenario(keys: &str, access: &str) -> String {
    let fleet = "  - { name: pi, count: 5, device: raspberry-pi-4b, access: wifi-home }\n";
    let far = format!("  - {{ name: far, count: 2, device: raspberry-pi-4b, access: {access} }}\n");
    let near = fleet.replace("count: 5", "count: 3");
    SMALL
        .replace(fleet, &format!("{near}{far}"))
        .replace("rounds: 1", "rounds: 2")
        .replace("lambda: 0.2", &format!("lambda: 0.2, {keys}"))
}

#[test]
fn the_same_order_is_reused_byte_by_byte_and_another_one_is_learned_anew() {
    let asynchronous = "aggregation: { asynchronous: { staleness: { polynomial: 0.5 } } }";
    for keys in ["server_model: shared", asynchronous] {
        let place = Workplace::new();
        place.put("near.yaml", scenario(keys, "lan-1g")).put("far.yaml", scenario(keys, "lte"));
        let first = place.run(&["run", "near.yaml", "--out", "first"]);
        assert!(first.stdout.contains("Learned: trained in this run"), "{keys}: {}", first.stdout);
        let second = place.run(&["run", "near.yaml", "--out", "second"]);
        assert!(second.stdout.contains("Learned: reused"), "{keys}: {}", second.stdout);
        compare(&place, "first", "second");
        let other = place.run(&["run", "far.yaml", "--out", "other"]);
        assert!(other.stdout.contains("Learned: trained in this run"), "{keys}: {}", other.stdout);
    }
}

#[test]
fn with_a_copy_of_theta_for_each_client_another_network_reuses_what_was_learned() {
    let place = Workplace::new();
    let keys = "participation: 60%, deadline: 1 h";
    place
        .put("near.yaml", scenario(keys, "lan-1g"))
        .put("far.yaml", scenario(keys, "wifi-classic"));
    place.run(&["run", "near.yaml"]);
    let other = place.run(&["run", "far.yaml"]);
    assert!(other.stdout.contains("Learned: reused"), "{} {}", other.stdout, other.stderr);
}
