//! What the lines of several figures are called.

/// κ on the device.
pub(super) const CLIENT_EXIT: &str = "client exit";

/// φ and θ on the device.
pub(super) const FULL_MODEL: &str = "full model";

/// θ on the server.
pub(super) const SERVER_EXIT: &str = "server exit";

/// Entropy offloading at the threshold `e_th` (nats).
pub(super) fn selective(e_th: f64) -> String {
    format!("selective (E_th {e_th} nats)")
}
