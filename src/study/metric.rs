//! The main figures of a run, one value for each replication.

use crate::experiment::{Figures, ReplicationResult, RunResult};

/// A figure that studies compare and ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Mean latency in seconds.
    LatencyMean,
    /// Median latency.
    LatencyP50,
    /// 90 % quantile of the latency.
    LatencyP90,
    /// 99 % quantile of the latency.
    LatencyP99,
    /// Largest latency.
    LatencyMax,
    /// Share of right answers.
    Accuracy,
    /// Share of decided requests that were offloaded.
    Offloaded,
    /// Share of all requests that were dropped or lost.
    Drops,
    /// The server's busy time over workers · observed time.
    Utilisation,
    /// Joules that a device spent on a request, idling left out.
    RequestEnergy,
    /// Seconds from the start to the last final model's delivery.
    TrainingTime,
}

/// How a metric is called, and its unit.
struct Words {
    metric: Metric,
    name: &'static str,
    unit: &'static str,
}

const WORDS: [Words; 11] = [
    Words { metric: Metric::LatencyMean, name: "mean", unit: "s" },
    Words { metric: Metric::LatencyP50, name: "p50", unit: "s" },
    Words { metric: Metric::LatencyP90, name: "p90", unit: "s" },
    Words { metric: Metric::LatencyP99, name: "p99", unit: "s" },
    Words { metric: Metric::LatencyMax, name: "max", unit: "s" },
    Words { metric: Metric::Accuracy, name: "accuracy", unit: "" },
    Words { metric: Metric::Offloaded, name: "offloaded", unit: "" },
    Words { metric: Metric::Drops, name: "drops", unit: "" },
    Words { metric: Metric::Utilisation, name: "utilisation", unit: "" },
    Words { metric: Metric::RequestEnergy, name: "energy", unit: "J" },
    Words { metric: Metric::TrainingTime, name: "training", unit: "s" },
];

impl Metric {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        WORDS.iter().map(|words| words.metric)
    }

    /// The metric called `name`.
    pub fn named(name: &str) -> Option<Self> {
        WORDS.iter().find(|words| words.name == name).map(|words| words.metric)
    }

    /// Its name: `p99`, `accuracy` …; latencies go by their statistic alone.
    pub fn name(self) -> &'static str {
        self.words().name
    }

    /// `s`, `J`, or empty for a share in [0, 1].
    pub fn unit(self) -> &'static str {
        self.words().unit
    }

    fn words(self) -> &'static Words {
        WORDS.iter().find(|words| words.metric == self).expect("every metric has its words")
    }

    /// Its value in each replication of `run`, in order; absent where a replication does not
    /// determine it. None for a run without replications.
    pub fn values(self, run: &RunResult) -> Vec<Option<f64>> {
        run.replications.iter().map(|replication| self.value(replication)).collect()
    }

    fn value(self, replication: &ReplicationResult) -> Option<f64> {
        let ReplicationResult { figures, .. } = replication;
        let latency = |index: usize| figures.latency.map(|latency| latency[index]);
        match self {
            Self::LatencyMean => latency(0),
            Self::LatencyP50 => latency(1),
            Self::LatencyP90 => latency(2),
            Self::LatencyP99 => latency(3),
            Self::LatencyMax => latency(4),
            Self::Accuracy => figures.accuracy,
            Self::Offloaded => figures.offloaded_fraction,
            Self::Drops => drops(replication),
            Self::Utilisation => {
                (figures != &Figures::default()).then_some(replication.server_utilisation)
            }
            Self::RequestEnergy => replication.request_energy,
            Self::TrainingTime => replication.training_time.map(|time| time.as_secs_f64()),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
fn drops(replication: &ReplicationResult) -> Option<f64> {
    let lost = replication.dropped + replication.failed;
    (replication.requests > 0).then(|| lost as f64 / replication.requests as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_metrics() {
        for metric in Metric::all() {
            assert_eq!(Metric::named(metric.name()), Some(metric));
        }
        assert_eq!(Metric::named("p95"), None);
    }
}
