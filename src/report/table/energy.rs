//! Energy of the devices that state their power.

use crate::experiment::EnergyResult;

pub(super) fn section(energy: &EnergyResult) -> String {
    let mut lines = vec![format!(
        "Energy of the devices: {:.3} J (busy {:.3}, idle {:.3}, radio {:.3})",
        energy.devices(),
        energy.busy,
        energy.idle,
        energy.radio,
    )];
    let shares = [("request", energy.request), ("training round", energy.round())];
    lines.extend(shares.into_iter().filter_map(|(what, joules)| {
        joules.map(|joules| format!("Beyond idling: {joules:.6} J a {what}"))
    }));
    lines.join("\n")
}
