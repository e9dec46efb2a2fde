//! The `replications` part of the summary: one row for each.

use super::inference::FiguresSummary;
use super::seconds::Seconds;
use crate::experiment::ReplicationResult;
use serde::Serialize;

/// One replication. Counts are over its whole run, everything else over the statistics' window.
#[derive(Debug, Serialize)]
pub(super) struct ReplicationSummary {
    replication: u32,
    fingerprint: String,
    events: u64,
    sim_time_s: Seconds,
    training_time_s: Option<Seconds>,
    requests: u64,
    completed: u64,
    dropped: u64,
    failed: u64,
    in_flight: u64,
    #[serde(flatten)]
    figures: FiguresSummary,
}

impl ReplicationSummary {
    pub(super) fn of(replication: &ReplicationResult) -> Self {
        Self {
            replication: replication.replication,
            fingerprint: format!("{:032x}", replication.fingerprint),
            events: replication.events,
            sim_time_s: Seconds(replication.sim_time.as_nanos()),
            training_time_s: replication.training_time.map(|time| Seconds(time.as_nanos())),
            requests: replication.requests,
            completed: replication.completed,
            dropped: replication.dropped,
            failed: replication.failed,
            in_flight: replication.in_flight,
            figures: FiguresSummary::of(&replication.figures),
        }
    }
}
