//! M/M/1//N: N machines that break down and one repairman.

use crate::time::SimDuration;
use std::num::NonZeroU32;

/// A closed loop of N customers, each of whom thinks and then waits for one FIFO server, in its
/// steady state. Service is exponential; of the thinking only the mean matters.
///
/// Mean value analysis: M. Reiser, S. S. Lavenberg, "Mean-value analysis of closed multichain
/// queuing networks", Journal of the ACM 27(2), 1980; the model: D. Gross, J. F. Shortle,
/// J. M. Thompson, C. M. Harris, "Fundamentals of Queueing Theory", 4th edition, 2008, section 2.8.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MachineRepairman {
    service: f64,
    throughput: f64,
    response: f64,
}

impl MachineRepairman {
    /// The loop of so many `customers` who think for `think` and are served for `service` on
    /// average.
    ///
    /// Adds one customer after the other: R(n) = s·(1 + Q(n−1)), X(n) = n / (Z + R(n)),
    /// Q(n) = X(n)·R(n), Q(0) = 0. `None` if a cycle takes no time at all.
    pub fn new(customers: NonZeroU32, think: SimDuration, service: SimDuration) -> Option<Self> {
        if think == SimDuration::ZERO && service == SimDuration::ZERO {
            return None;
        }
        let (think, service) = (think.as_secs_f64(), service.as_secs_f64());
        let (mut throughput, mut response, mut present) = (0.0, 0.0, 0.0);
        for n in 1..=customers.get() {
            response = service * (1.0 + present);
            throughput = f64::from(n) / (think + response);
            present = throughput * response;
        }
        Some(Self { service, throughput, response })
    }

    /// X: services a second.
    pub fn throughput(&self) -> f64 {
        self.throughput
    }

    /// R: mean time at the server, waiting included, in seconds.
    pub fn mean_response(&self) -> f64 {
        self.response
    }

    /// X·s: the share of time that the server is busy.
    pub fn utilisation(&self) -> f64 {
        self.throughput * self.service
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: SimDuration = SimDuration::from_nanos(1_000_000_000);

    fn machines(count: u32, think: SimDuration) -> MachineRepairman {
        MachineRepairman::new(NonZeroU32::new(count).unwrap(), think, SECOND).unwrap()
    }

    #[test]
    fn three_machines_by_their_balance_equations() {
        // λ = μ = 1: pₙ ∝ 3!/(3−n)! = 1, 3, 6, 6 of 16; X = 1 − p₀ = 15/16;
        // R = N/X − Z = 3·16/15 − 1 = 11/5 s
        let three = machines(3, SECOND);
        assert!((three.throughput() - 15.0 / 16.0).abs() < 1e-12);
        assert!((three.utilisation() - 15.0 / 16.0).abs() < 1e-12);
        assert!((three.mean_response() - 11.0 / 5.0).abs() < 1e-12);
    }

    #[test]
    fn a_lone_machine_never_waits() {
        // Z = 3, s = 1: X = 1/4
        let lone = machines(1, SimDuration::from_nanos(3_000_000_000));
        assert!((lone.throughput() - 0.25).abs() < 1e-12);
        assert!((lone.mean_response() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn who_never_thinks_keeps_the_server_busy() {
        let busy = machines(5, SimDuration::ZERO);
        assert!((busy.throughput() - 1.0).abs() < 1e-12);
        assert!((busy.mean_response() - 5.0).abs() < 1e-12, "five wait for each other");
    }

    #[test]
    fn a_cycle_without_time_has_no_rate() {
        let none = SimDuration::ZERO;
        assert_eq!(MachineRepairman::new(NonZeroU32::MIN, none, none), None);
    }
}
