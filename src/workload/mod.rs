//! When requests arrive. Pure: no actor, no clock.

mod arrivals;
mod periodic;
mod poisson;

pub use arrivals::Arrivals;
pub use periodic::Periodic;
pub use poisson::Poisson;
