//! What the test-bed writes down.

use super::signal::Customer;
use splitgp_sim::stats::quantile;
use splitgp_sim::time::{SimDuration, SimTime};
use std::cell::RefCell;
use std::rc::Rc;

/// A book that all actors of a run write into.
pub(crate) type SharedBook = Rc<RefCell<Book>>;

/// A customer that left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passage {
    /// Its work at the last station.
    pub(crate) work: SimDuration,
    /// Its wait at the last station.
    pub(crate) wait: SimDuration,
    /// From entering the network to leaving it.
    pub(crate) sojourn: SimDuration,
}

/// Customers that left or were lost after the warm-up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Book {
    warmup: u64,
    passages: Vec<Passage>,
    lost: u64,
    first_departure: Option<SimTime>,
    last_departure: SimTime,
}

impl Book {
    /// An empty book that counts customers from number `warmup` on.
    pub(crate) fn new(warmup: u64) -> Self {
        Self { warmup, ..Self::default() }
    }

    /// `customer` leaves at `now`.
    pub(crate) fn left(
        &mut self,
        now: SimTime,
        customer: Customer,
        work: SimDuration,
        wait: SimDuration,
    ) {
        if customer.number >= self.warmup {
            self.passages.push(Passage { work, wait, sojourn: now.since(customer.entered) });
            self.first_departure.get_or_insert(now);
            self.last_departure = now;
        }
    }

    /// `customer` found no room.
    pub(crate) fn lost(&mut self, customer: Customer) {
        self.lost += u64::from(customer.number >= self.warmup);
    }

    /// The mean wait in seconds.
    pub(crate) fn mean_wait(&self) -> f64 {
        mean(self.passages.iter().map(|passage| passage.wait))
    }

    /// The mean sojourn in seconds.
    pub(crate) fn mean_sojourn(&self) -> f64 {
        mean(self.passages.iter().map(|passage| passage.sojourn))
    }

    /// The mean sojourn, in seconds, of customers with this much work.
    pub(crate) fn mean_sojourn_of(&self, work: SimDuration) -> f64 {
        let like = self.passages.iter().filter(|passage| passage.work == work);
        mean(like.map(|passage| passage.sojourn))
    }

    /// The `p` quantiles of the sojourns in seconds.
    pub(crate) fn sojourn_quantiles<const N: usize>(&self, p: [f64; N]) -> [f64; N] {
        let mut sojourns: Vec<_> = self.passages.iter().map(|passage| passage.sojourn).collect();
        sojourns.sort_unstable();
        p.map(|p| quantile(&sojourns, p).expect("customers left").as_secs_f64())
    }

    /// All sojourns in seconds, in order of departure.
    pub(crate) fn sojourns(&self) -> Vec<f64> {
        self.passages.iter().map(|passage| passage.sojourn.as_secs_f64()).collect()
    }

    /// The share of customers that were lost.
    pub(crate) fn loss(&self) -> f64 {
        as_f64(self.lost) / (as_f64(self.lost) + as_f64(self.passages.len() as u64))
    }

    /// Departures a second, from the first counted one to the last.
    pub(crate) fn throughput(&self) -> f64 {
        let first = self.first_departure.expect("customers left");
        as_f64(self.passages.len() as u64 - 1) / self.last_departure.since(first).as_secs_f64()
    }
}

fn mean(times: impl Iterator<Item = SimDuration>) -> f64 {
    let (count, sum) = times
        .fold((0_u64, 0_u128), |(count, sum), time| (count + 1, sum + u128::from(time.as_nanos())));
    let nanos = u64::try_from(sum).expect("a run's sojourns sum to less than 584 years");
    SimDuration::from_nanos(nanos).as_secs_f64() / as_f64(count)
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
fn as_f64(count: u64) -> f64 {
    count as f64
}
