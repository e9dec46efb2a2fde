//! Latency statistics from request records.

use super::{InferenceResult, LatencyResult};
use crate::actors::{RequestOutcome, RequestRecord};
use crate::stats::{Tally, batch_means_half_width, quantile};
use crate::time::{SimDuration, SimTime};

impl InferenceResult {
    /// Whether a request that arrived then counts in the statistics: arrivals in
    /// [warmup, duration) after the origin do.
    pub fn in_window(&self, arrival: SimTime) -> bool {
        arrival >= self.origin && {
            let since_origin = arrival.since(self.origin);
            (self.warmup..self.duration).contains(&since_origin)
        }
    }

    /// The answered requests of the statistics' window with their latencies, in order of arrival.
    pub fn answered_in_window(&self) -> impl Iterator<Item = (&RequestRecord, SimDuration)> {
        self.records
            .iter()
            .filter(|record| {
                record.outcome == RequestOutcome::Completed && self.in_window(record.arrival)
            })
            .filter_map(|record| Some((record, record.done?.since(record.arrival))))
    }
}

impl LatencyResult {
    /// The statistics of `latencies`, given in order of arrival; `None` without any. Quantiles are
    /// observed latencies, the interval is by batch means.
    pub fn of(latencies: &[SimDuration]) -> Option<Self> {
        let seconds: Vec<f64> = latencies.iter().map(|latency| latency.as_secs_f64()).collect();
        let mut sorted = latencies.to_vec();
        sorted.sort_unstable();
        let at = |p| quantile(&sorted, p).map(SimDuration::as_secs_f64);
        Some(Self {
            mean: seconds.iter().copied().collect::<Tally>().mean()?,
            p50: at(0.5)?,
            p90: at(0.9)?,
            p99: at(0.99)?,
            max: at(1.0)?,
            ci95: batch_means_half_width(&seconds),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::Stages;

    /// Requests that arrive at these instants (ns) and are answered 7 ns later; the window is
    /// [105, 120) ns.
    fn answered_at(arrivals: &[u64]) -> InferenceResult {
        let record = |&arrival: &u64| RequestRecord {
            client: 0,
            arrival: SimTime::from_nanos(arrival),
            sample: None,
            ood: None,
            exit: None,
            correct: None,
            outcome: RequestOutcome::Completed,
            stages: Stages::default(),
            done: Some(SimTime::from_nanos(arrival + 7)),
        };
        InferenceResult {
            origin: SimTime::from_nanos(100),
            warmup: SimDuration::from_nanos(5),
            removed: None,
            duration: SimDuration::from_nanos(20),
            requests: arrivals.len() as u64,
            completed: arrivals.len() as u64,
            dropped: 0,
            failed: 0,
            in_flight: 0,
            offloaded_fraction: None,
            accuracy: None,
            timeliness: None,
            latency: None,
            breakdown: None,
            half_widths: None,
            by_class: Vec::new(),
            records: arrivals.iter().map(record).collect(),
        }
    }

    #[test]
    fn the_window_takes_its_beginning_in_and_leaves_its_end_out() {
        let result = answered_at(&[3, 104, 105, 119, 120]);
        let counted: Vec<u64> =
            result.answered_in_window().map(|(record, _)| record.arrival.as_nanos()).collect();
        assert_eq!(counted, [105, 119]);
    }

    #[test]
    fn only_answered_requests_have_a_latency() {
        let mut result = answered_at(&[105, 106]);
        result.records[0].outcome = RequestOutcome::Dropped;
        let latencies: Vec<u64> =
            result.answered_in_window().map(|(_, latency)| latency.as_nanos()).collect();
        assert_eq!(latencies, [7]);
    }

    #[test]
    fn quantiles_are_observed_latencies_whatever_the_order_of_arrival() {
        let latencies: Vec<SimDuration> =
            (1..=100).rev().map(|ms| SimDuration::from_nanos(ms * 1_000_000)).collect();
        let result = LatencyResult::of(&latencies).unwrap();
        // F(50 ms) = 0.5, F(90 ms) = 0.9, F(99 ms) = 0.99; the mean of 1..100 is 50.5
        assert_eq!((result.p50, result.p90, result.p99, result.max), (0.05, 0.09, 0.099, 0.1));
        assert!((result.mean - 0.0505).abs() < 1e-12);
        assert!(result.ci95.is_some());
    }

    #[test]
    fn no_request_has_no_latency() {
        assert_eq!(LatencyResult::of(&[]), None);
    }
}
