//! The tables of a run as CSV. Times are integer nanoseconds, accuracies shares in [0, 1]; an empty
//! field means that the value does not exist.

mod accuracy;
mod bounds;
mod capacity;
mod compare;
mod methods;
mod replications;
mod requests;
mod rounds;
mod sweep;

pub use accuracy::write_accuracy;
pub use bounds::{write_bounds_rows, write_regime_cells};
pub use capacity::write_capacity;
pub use compare::write_paired;
pub use methods::write_methods;
pub use replications::write_replications;
pub use requests::write_requests;
pub use rounds::write_rounds;
pub use sweep::write_sweep;

/// The text of an optional value: its own, or an empty field.
fn field<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
