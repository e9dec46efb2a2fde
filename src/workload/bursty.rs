//! Bursty arrivals: a Markov-modulated Poisson process of two states.

use super::Arrivals;
use crate::distribution::DurationDistribution;
use crate::random::Stream;
use crate::time::SimDuration;
use rand::RngExt as _;

/// One of the two states: how fast requests arrive in it, and how long it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BurstState {
    /// 1 / rate of arrivals.
    pub mean_gap: SimDuration,
    /// Mean of the exponential sojourn.
    pub mean_sojourn: SimDuration,
}

impl BurstState {
    /// Arrivals per second.
    fn rate(self) -> f64 {
        1.0 / self.mean_gap.as_secs_f64()
    }
}

/// A Poisson process whose rate jumps between two values; it stays in each for an exponential
/// time (MMPP-2: Fischer and Meier-Hellstern, "The Markov-modulated Poisson process (MMPP)
/// cookbook", Performance Evaluation 18, 1993).
///
/// The first state is drawn from the stationary distribution, so that the process is stationary
/// from the origin on and the clients of a fleet do not burst together.
#[derive(Debug, Clone)]
pub struct Bursty {
    states: [BurstState; 2],
    present: usize,
    /// What is left of the present sojourn.
    left: SimDuration,
    /// What is left of the time in which requests arrive.
    horizon: SimDuration,
    stream: Stream,
}

impl Bursty {
    /// Arrivals within `horizon` of the origin, drawn from `stream`.
    pub fn new(states: [BurstState; 2], horizon: SimDuration, mut stream: Stream) -> Self {
        let [first, second] = states.map(|state| state.mean_sojourn.as_secs_f64());
        let present = usize::from(stream.random::<f64>() * (first + second) >= first);
        // What is left of an exponential sojourn is exponential with the same mean.
        let left = exponential(states[present].mean_sojourn, &mut stream);
        Self { states, present, left, horizon, stream }
    }

    /// The mean gap in the long run: 1 / Σ rate · share of time, over both states.
    pub fn mean_gap(states: [BurstState; 2]) -> SimDuration {
        let [first, second] = states.map(|state| state.mean_sojourn.as_secs_f64());
        let arrivals = first * states[0].rate() + second * states[1].rate();
        SimDuration::from_secs_f64((first + second) / arrivals)
    }

    /// Uses up `span` of the horizon; `None` when nothing is left of it.
    fn pass(&mut self, span: SimDuration) -> Option<()> {
        let left = self.horizon.as_nanos().checked_sub(span.as_nanos())?;
        self.horizon = SimDuration::from_nanos(left);
        Some(())
    }
}

impl Arrivals for Bursty {
    fn next_gap(&mut self) -> SimDuration {
        let mut gap = SimDuration::ZERO;
        loop {
            // Memoryless: a gap that the end of a sojourn cuts off is drawn anew in the next state.
            let wait = exponential(self.states[self.present].mean_gap, &mut self.stream);
            let span = wait.min(self.left);
            if self.pass(span).is_none() {
                return SimDuration::BEYOND_CLOCK;
            }
            gap = gap.saturating_add(span);
            if wait < self.left {
                self.left = SimDuration::from_nanos(self.left.as_nanos() - wait.as_nanos());
                return gap;
            }
            self.present = 1 - self.present;
            self.left = exponential(self.states[self.present].mean_sojourn, &mut self.stream);
        }
    }
}

fn exponential(mean: SimDuration, stream: &mut Stream) -> SimDuration {
    DurationDistribution::Exponential { mean }.sample(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    const SECOND: u64 = 1_000_000_000;

    fn states() -> [BurstState; 2] {
        let ns = SimDuration::from_nanos;
        [
            BurstState { mean_gap: ns(2 * SECOND), mean_sojourn: ns(20 * SECOND) },
            BurstState { mean_gap: ns(SECOND / 20), mean_sojourn: ns(2 * SECOND) },
        ]
    }

    /// Requests of an independent client within `horizon`.
    fn count(client: u32, horizon: SimDuration) -> f64 {
        let stream = Streams::new(1, 0).stream(&format!("client/{client}"), "arrivals");
        let mut arrivals = Bursty::new(states(), horizon, stream);
        let gaps = std::iter::repeat_with(|| arrivals.next_gap());
        let counted = gaps.take_while(|gap| *gap != SimDuration::BEYOND_CLOCK).count();
        f64::from(u32::try_from(counted).unwrap())
    }

    #[test]
    fn the_mean_gap_weighs_each_rate_with_its_share_of_time() {
        // (20 + 2) s / (20 s · 0.5 /s + 2 s · 20 /s) = 22 s / 50 = 0.44 s
        assert_eq!(Bursty::mean_gap(states()).as_nanos(), 440_000_000);
    }

    #[test]
    fn counts_have_the_mean_and_the_index_of_dispersion_of_an_mmpp() {
        // Rates λ = 0.5, 20 /s; states are left at r = 1/20, 1/2 /s; the mean rate is 50/22 /s.
        // IDC(t) = 1 + 2(λ₁−λ₂)²r₁r₂/((r₁+r₂)²(λ₁r₂+λ₂r₁)) · (1 − (1−e^−(r₁+r₂)t)/((r₁+r₂)t))
        let t = 30.0;
        let (leave, rates) = ([0.05, 0.5], [0.5, 20.0]);
        let sum: f64 = leave[0] + leave[1];
        let weight: f64 = rates[0] * leave[1] + rates[1] * leave[0];
        let limit = 2.0 * (19.5_f64).powi(2) * leave[0] * leave[1] / (sum.powi(2) * weight);
        let dispersion = 1.0 + limit * (1.0 - (1.0 - (-sum * t).exp()) / (sum * t));
        let mean = t * 50.0 / 22.0;

        let clients = 20_000;
        let horizon = SimDuration::from_nanos(30 * SECOND);
        let counts: Vec<f64> = (0..clients).map(|client| count(client, horizon)).collect();
        let n = f64::from(clients);
        let moment = |k: i32| counts.iter().map(|count| (count - mean).powi(k)).sum::<f64>() / n;
        let (variance, fourth) = (moment(2), moment(4));
        let observed = counts.iter().sum::<f64>() / n;
        let error = (variance / n).sqrt();
        assert!(
            (observed - mean).abs() < 4.0 * error,
            "mean {observed}, expected 30 s · 50/22 /s = {mean} ± 4 · {error}"
        );
        let error = ((fourth - variance.powi(2)) / n).sqrt() / mean;
        assert!(
            (variance / mean - dispersion).abs() < 4.0 * error,
            "index of dispersion {}, expected {dispersion} ± 4 · {error}",
            variance / mean
        );
        assert!(dispersion > 15.0, "far from Poisson's 1: {dispersion}");
    }

    #[test]
    fn a_process_ends_at_its_horizon_however_short_its_sojourns() {
        let rare = SimDuration::from_nanos(1_000_000 * SECOND);
        let state = BurstState { mean_gap: rare, mean_sojourn: SimDuration::from_nanos(1_000) };
        let stream = Streams::new(1, 0).stream("bursty", "test");
        let mut arrivals = Bursty::new([state; 2], SimDuration::from_nanos(1_000_000), stream);
        assert_eq!(arrivals.next_gap(), SimDuration::BEYOND_CLOCK);
    }
}
