//! Steady states of queueing models, by Kendall's notation arrivals/service/servers.
//!
//! Arrivals come as a rate and service as a mean length of time; results are f64 seconds, shares
//! or numbers of customers. A model without a steady state is an [`Overloaded`] error, never an
//! infinite or negative number.
//!
//! Symbols of the formulas: λ arrival rate, s mean service time, μ = 1/s, ρ = load,
//! W waiting time, T = W + service the sojourn time, N customers present.

mod arrival_rate;
mod dd1;
mod jackson;
mod machine_repairman;
mod md1;
mod mg1;
mod mg1_ps;
mod mm1;
mod mm1k;
mod mmc;
mod overloaded;

pub use arrival_rate::ArrivalRate;
pub use dd1::Dd1;
pub use jackson::{JacksonError, JacksonNetwork, JacksonNode};
pub use machine_repairman::MachineRepairman;
pub use md1::Md1;
pub use mg1::Mg1;
pub use mg1_ps::Mg1Ps;
pub use mm1::Mm1;
pub use mm1k::Mm1k;
pub use mmc::Mmc;
pub use overloaded::Overloaded;
