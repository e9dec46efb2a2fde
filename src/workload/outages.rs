//! When a link is down.

use crate::distribution::DurationDistribution;
use crate::random::Stream;
use crate::time::{SimDuration, SimTime};
use std::sync::Arc;

/// An interval of simulation time in which a link is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// Its first instant.
    pub from: SimTime,
    /// The first instant after it.
    pub to: SimTime,
}

/// Where outages come from.
#[derive(Debug, Clone)]
enum Source {
    /// From a list.
    Listed { outages: Arc<[Outage]>, taken: usize },
    /// Exponential times up and down, drawn as they are needed.
    Drawn { up: DurationDistribution, down: DurationDistribution, stream: Stream, end: SimTime },
}

/// The outages of one link. It is asked for times that do not decrease.
#[derive(Debug, Clone)]
pub struct Outages {
    source: Source,
    /// The first outage that was not over when it was last asked.
    next: Option<Outage>,
}

impl Outages {
    /// These outages, in order and disjoint.
    pub fn listed(outages: Arc<[Outage]>) -> Self {
        Self::begin(Source::Listed { outages, taken: 0 })
    }

    /// Up from time zero for an exponential time of mean `mean_up`, then down for one of mean
    /// `mean_down`, and so on.
    pub fn random(mean_up: SimDuration, mean_down: SimDuration, stream: Stream) -> Self {
        let [up, down] =
            [mean_up, mean_down].map(|mean| DurationDistribution::Exponential { mean });
        Self::begin(Source::Drawn { up, down, stream, end: SimTime::ZERO })
    }

    fn begin(mut source: Source) -> Self {
        let next = source.take();
        Self { source, next }
    }

    /// Whether the link is up at `time`, and when that changes next, if ever.
    pub fn at(&mut self, time: SimTime) -> (bool, Option<SimTime>) {
        while self.next.is_some_and(|outage| outage.to <= time) {
            self.next = self.source.take();
        }
        match self.next {
            Some(outage) if outage.from <= time => (false, Some(outage.to)),
            Some(outage) => (true, Some(outage.from)),
            None => (true, None),
        }
    }
}

impl Source {
    /// The next outage; `None` without one before the clock ends.
    fn take(&mut self) -> Option<Outage> {
        match self {
            Self::Listed { outages, taken } => {
                let outage = outages.get(*taken).copied()?;
                *taken += 1;
                Some(outage)
            }
            Self::Drawn { up, down, stream, end } => {
                let from = end.checked_add(up.sample(stream))?;
                // An outage of no length would be none.
                let length = down.sample(stream).max(SimDuration::from_nanos(1));
                *end = from.checked_add(length)?;
                Some(Outage { from, to: *end })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    #[test]
    fn a_listed_outage_takes_its_beginning_in_and_leaves_its_end_out() {
        let mut outages = Outages::listed(Arc::new([
            Outage { from: at(5), to: at(8) },
            Outage { from: at(20), to: at(21) },
        ]));
        assert_eq!(outages.at(at(4)), (true, Some(at(5))));
        assert_eq!(outages.at(at(5)), (false, Some(at(8))));
        assert_eq!(outages.at(at(8)), (true, Some(at(20))));
        assert_eq!(outages.at(at(20)), (false, Some(at(21))));
        assert_eq!(outages.at(at(21)), (true, None));
    }

    #[test]
    fn drawn_outages_take_their_share_of_time() {
        let ns = SimDuration::from_nanos;
        let stream = Streams::new(1, 0).stream("link", "outages");
        let mut outages = Outages::random(ns(3_000), ns(1_000), stream);
        let n = 100_000u64;
        let down = (0..n).filter(|i| !outages.at(at(i * 1_000)).0).count();
        // Mean 1/(3+1); cycles of 4 µs make 25,000 of them, each with a share of standard
        // deviation below 1/4: 4 · 0.25/√25,000 = 0.0063.
        let share = f64::from(u32::try_from(down).unwrap()) / 1e5;
        assert!((share - 0.25).abs() < 0.0063, "{share} of the time down, expected 1/4");
    }
}
