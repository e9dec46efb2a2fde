//! What queueing theory says of a cell, where it is a system with a closed form.

use crate::distribution::FactorDistribution;
use crate::experiment::class_times;
use crate::scenario::{ArrivalSpec, FleetEntry, OffloadSpec, Scenario};
use crate::theory::queueing::{ArrivalRate, Mg1};

/// The mean latency in seconds of a `scenario` whose devices answer all requests themselves: each is
/// an M/G/1 queue, M/D/1 without noise (Pollaczek and Khinchine), and all clients ask equally often.
/// `None` for any other system, and where a device's queue has no steady state.
pub(super) fn mean_latency(scenario: &Scenario) -> Option<f64> {
    let inference = scenario.inference.as_ref()?;
    let ArrivalSpec::Poisson { mean_gap } = inference.arrivals else { return None };
    let arrivals = ArrivalRate::of_mean_gap(mean_gap)?;
    let times = class_times(scenario).ok()?;
    let (mut sum, mut clients) = (0.0, 0.0);
    for (entry, times) in scenario.fleet.iter().zip(times) {
        let service = match inference.offload {
            OffloadSpec::ClientExit => times.client_exit?,
            OffloadSpec::ClientOnly => times.client_only?,
            _ => return None,
        };
        let whole = service.as_secs_f64();
        let varying = (whole - entry.device.overhead.as_secs_f64()) / whole;
        let queue = Mg1::new(arrivals, service, variability(entry)? * varying * varying).ok()?;
        sum += f64::from(entry.count) * queue.mean_sojourn();
        clients += f64::from(entry.count);
    }
    Some(sum / clients)
}

/// The squared coefficient of variation of a device's service times but for their overhead; `None`
/// if they are not independent with mean 1, or devices drop or lose requests.
fn variability(entry: &FleetEntry) -> Option<f64> {
    if entry.buffer.is_some() || entry.availability.is_some() || !entry.drawn.is_empty() {
        return None;
    }
    match entry.device.noise {
        None => Some(0.0),
        Some(FactorDistribution::Exponential) => Some(1.0),
        Some(FactorDistribution::Gamma { shape }) => Some(1.0 / shape),
        Some(FactorDistribution::Hyperexponential { scv }) => Some(scv),
        Some(FactorDistribution::LogNormal { sigma }) => Some((sigma * sigma).exp_m1()),
        Some(
            FactorDistribution::Constant(_)
            | FactorDistribution::Uniform { .. }
            | FactorDistribution::Weibull { .. }
            | FactorDistribution::Pareto { .. },
        ) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    const BASE: &str = "\
name: theory
model: { preset: paper-cnn }
fleet:
  - { name: pi, count: 3, device: { rate: 1 GFLOP/s, memory: 1 GB }, access: lan-1g }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 10 /s }
  duration: 10 s
  offload: client-exit
  outcomes: { client_accuracy: 1, server_accuracy: 1 }
";

    fn predicted(text: &str) -> Option<f64> {
        let loaded = parse(text, "t.yaml").unwrap_or_else(|errors| panic!("{errors}"));
        mean_latency(&loaded.scenario)
    }

    #[test]
    fn devices_that_answer_alone_are_m_d_1_queues_and_nothing_else_has_a_curve() {
        // s = 2·(21,901,824 + 23,040) FLOP / 10⁹ FLOP/s = 43.849728 ms, ρ = 0.43849728:
        // s + ρ·s/(2·(1 − ρ)) = 60.971 ms
        let (s, load) = (0.043_849_728, 0.438_497_28);
        let expected = s + load * s / (2.0 * (1.0 - load));
        assert!((predicted(BASE).unwrap() - expected).abs() < 1e-9, "{:?}", predicted(BASE));
        // exponential noise doubles the wait: M/M/1
        let noisy = BASE.replace("memory: 1 GB }", "memory: 1 GB, noise: exponential }");
        let expected = s + load * s / (1.0 - load);
        assert!((predicted(&noisy).unwrap() - expected).abs() < 1e-9, "{:?}", predicted(&noisy));
        for (from, to) in [
            ("poisson: 10 /s", "periodic: 100 ms"),
            ("offload: client-exit", "offload: server-exit"),
            ("poisson: 10 /s", "poisson: 30 /s"),
        ] {
            assert_eq!(predicted(&BASE.replace(from, to)), None, "{to}");
        }
    }
}
