//! What to see in each figure.

/// A caption for the figure of this name.
pub(super) fn caption(name: &str) -> String {
    let known = CAPTIONS.iter().find(|(known, _)| *known == name);
    if let Some((_, caption)) = known {
        return (*caption).to_owned();
    }
    match name.split_once("_by_") {
        Some(("latency", key)) => format!(
            "Latency over {key}. Where a line bends upwards, a queue builds up; bands are 95 % \
             intervals over replications."
        ),
        Some(("accuracy", key)) => format!("Accuracy over {key}: what the swept value is worth."),
        _ => format!("The figure {name}."),
    }
}

const CAPTIONS: [(&str, &str); 15] = [
    (
        "accuracy_by_method",
        "Accuracy of each training method by OOD level, a panel for each exit. A line that falls \
         belongs to a method that knows its own classes and few others.",
    ),
    (
        "accuracy_by_ood",
        "Accuracy of the final models by OOD level ρ, the share of samples of classes that a client \
         does not have. Offloading pays where the selective line lies above both exits.",
    ),
    (
        "accuracy_by_latency",
        "Accuracy against mean latency, a point for each cell. No other cell is both righter and \
         faster than one on the front.",
    ),
    (
        "accuracy_over_time",
        "Accuracy over the simulated time of training. Where a line is flat, more rounds buy little.",
    ),
    (
        "accuracy_over_bytes",
        "Accuracy over the bytes that training moved: what a share of accuracy costs on the wire.",
    ),
    (
        "accuracy_over_clients",
        "The clients by their accuracy, with the worst tenth marked: a steep line treats all clients \
         alike, a long foot on the left leaves some behind.",
    ),
    (
        "offloading",
        "The shares of main and OOD samples that entropy sends to the server, by the threshold E_th. \
         The farther apart the lines, the better entropy tells strange samples from known ones.",
    ),
    (
        "gradient_norm",
        "The squared norm of the clients' gradients by round: training converges where it levels out.",
    ),
    (
        "latency_cdf",
        "The share of requests answered within a time, by exit. A step is a fixed delay, a long tail \
         on the right is waiting.",
    ),
    (
        "latency_breakdown",
        "Where a request's mean latency goes, by device class. Pale parts wait in a queue, full ones \
         are served, dark ones travel.",
    ),
    (
        "requests_over_time",
        "Where requests were over the observed time. What grows to the right is a queue that is \
         offered more than it can serve.",
    ),
    (
        "round_timeline",
        "One training round, a row for each client. The row that ends last decided how long the round \
         took; whoever ended before waited for it.",
    ),
    ("energy", "Energy of a device over the whole run, by class: computing, idling and radio."),
    ("energy_by_request", "Energy that a request costs beyond idling, by device class."),
    ("energy_by_round", "Energy that a training round costs a device beyond idling, by class."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::redrawn_names;

    #[test]
    fn every_figure_of_a_run_has_a_caption_of_its_own() {
        for name in redrawn_names(false) {
            assert!(CAPTIONS.iter().any(|(known, _)| *known == name), "{name}");
        }
    }

    #[test]
    fn a_sweep_s_figures_are_told_by_their_keys() {
        assert!(caption("latency_by_fleet_pi_count").contains("fleet_pi_count"));
    }
}
