//! Groups of requests and what they have in common.

use super::result::{ClassResult, ExitResult, LatencyResult};
use crate::actors::{Exit, RequestOutcome, RequestRecord};
use crate::stats::Tally;
use crate::time::SimDuration;

/// The result of each of `count` device classes; `classes` holds each client's class.
pub(crate) fn class_results(
    records: &[RequestRecord],
    classes: &[usize],
    count: usize,
    in_window: impl Fn(&RequestRecord) -> bool,
) -> Vec<ClassResult> {
    let mut summaries = vec![ClassSummary::default(); count];
    for record in records {
        let class = &mut summaries[classes[record.client as usize]];
        class.requests += 1;
        class.completed += u64::from(record.outcome == RequestOutcome::Completed);
        if in_window(record) {
            class.record(record);
        }
    }
    summaries.iter().map(ClassSummary::result).collect()
}

/// What requests of a group have in common.
#[derive(Debug, Clone, Default)]
pub(super) struct Summary {
    pub(super) offloaded: Share,
    pub(super) correct: Share,
    /// In order of arrival.
    pub(super) latencies: Vec<SimDuration>,
    pub(super) breakdown: Breakdown,
}

impl Summary {
    /// Takes a request of the window into account.
    pub(super) fn record(&mut self, record: &RequestRecord) {
        if let Some(exit) = record.exit {
            self.offloaded.record(exit == Exit::Server);
        }
        if let Some(correct) = record.correct {
            self.correct.record(correct);
        }
        if let Some(latency) = latency_of(record) {
            self.latencies.push(latency);
            self.breakdown.record(record);
        }
    }
}

/// What requests of one device class have in common.
#[derive(Debug, Clone, Default)]
struct ClassSummary {
    requests: u64,
    completed: u64,
    all: Summary,
    /// Latencies at the client exit and at the server exit, in order of arrival.
    exits: [Vec<SimDuration>; 2],
}

impl ClassSummary {
    /// Takes a request of the window into account.
    fn record(&mut self, record: &RequestRecord) {
        self.all.record(record);
        if let (Some(exit), Some(latency)) = (record.exit, latency_of(record)) {
            let [client, server] = &mut self.exits;
            match exit {
                Exit::Client => client.push(latency),
                Exit::Server => server.push(latency),
            }
        }
    }

    fn result(&self) -> ClassResult {
        ClassResult {
            requests: self.requests,
            completed: self.completed,
            offloaded_fraction: self.all.offloaded.mean(),
            accuracy: self.all.correct.mean(),
            latency: LatencyResult::of(&self.all.latencies),
            breakdown: self.all.breakdown.mean(),
            half_widths: None,
            exits: self.exits.each_ref().map(|latencies| ExitResult {
                answered: latencies.len() as u64,
                latency: LatencyResult::of(latencies),
            }),
        }
    }
}

/// What requests of one client have in common: without quantiles, so that 100,000 clients need
/// no list each.
#[derive(Debug, Clone, Default)]
pub(super) struct ClientTallies {
    pub(super) offloaded: Share,
    pub(super) correct: Share,
    pub(super) latency: Tally,
}

impl ClientTallies {
    /// Takes a request of the window into account.
    pub(super) fn record(&mut self, record: &RequestRecord) {
        if let Some(exit) = record.exit {
            self.offloaded.record(exit == Exit::Server);
        }
        if let Some(correct) = record.correct {
            self.correct.record(correct);
        }
        if let Some(latency) = latency_of(record) {
            self.latency.record(latency.as_secs_f64());
        }
    }
}

/// The latency of a request that was answered.
pub(super) fn latency_of(record: &RequestRecord) -> Option<SimDuration> {
    let done = record.done.filter(|_| record.outcome == RequestOutcome::Completed)?;
    Some(done.since(record.arrival))
}

/// How many of some requests have a property.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Share {
    all: u64,
    having: u64,
}

impl Share {
    fn record(&mut self, has: bool) {
        self.all += 1;
        self.having += u64::from(has);
    }

    /// The share; `None` of none.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
    pub(super) fn mean(&self) -> Option<f64> {
        (self.all > 0).then(|| self.having as f64 / self.all as f64)
    }
}

/// Mean time of each stage, from exact sums.
#[derive(Debug, Clone, Default)]
pub(super) struct Breakdown {
    count: u64,
    nanos: [u128; 10],
}

impl Breakdown {
    fn record(&mut self, record: &RequestRecord) {
        self.count += 1;
        for (sum, stage) in self.nanos.iter_mut().zip(record.stages.as_array()) {
            *sum += u128::from(stage.as_nanos());
        }
    }

    /// Mean seconds; `None` of none.
    #[expect(clippy::cast_precision_loss, reason = "a report's precision")]
    pub(super) fn mean(&self) -> Option<[f64; 10]> {
        let in_seconds = |sum: u128| sum as f64 / (1e9 * self.count as f64);
        (self.count > 0).then(|| self.nanos.map(in_seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_nothing_does_not_exist() {
        let mut share = Share::default();
        assert_eq!(share.mean(), None);
        [true, false, false, true].into_iter().for_each(|has| share.record(has));
        assert_eq!(share.mean(), Some(0.5));
    }
}
