//! `links`: what links lost, dropped and carried for others. Links that did none of it are left out.

use crate::actors::LinkReport;
use serde::Serialize;

/// The counts of a link over the whole run.
#[derive(Debug, Serialize)]
pub(super) struct LinkSummary<'a> {
    name: &'a str,
    /// Transmissions lost.
    lost: u64,
    /// Messages dropped after their last retransmission was lost.
    dropped_by_loss: u64,
    /// Messages dropped because the buffer was full.
    dropped_by_buffer: u64,
    /// Background messages transmitted.
    background: u64,
    /// Background messages dropped because the buffer was full.
    background_dropped: u64,
}

impl<'a> LinkSummary<'a> {
    pub(super) fn of(report: &'a LinkReport) -> Self {
        let counts = report.counts;
        Self {
            name: &report.name,
            lost: counts.lost,
            dropped_by_loss: counts.given_up,
            dropped_by_buffer: counts.overflowed,
            background: counts.background,
            background_dropped: counts.background_overflowed,
        }
    }
}
