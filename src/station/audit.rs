//! Conservation laws that every station must satisfy at the end of a run.

use crate::time::SimTime;
use thiserror::Error;

/// Exact sums over a station's visits, kept in release builds too.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    /// Σ of all departures' times − Σ of all arrivals' times. A sojourn is the difference of the
    /// two, so this is Σ sojourns of those that left − Σ arrivals of those present.
    balance: i128,
    departed: u64,
    last_start_arrival: SimTime,
    last_departure_arrival: SimTime,
    /// Memory holds fewer than 2³² jobs.
    present: u32,
    out_of_order: bool,
}

/// A conservation law that does not hold: the simulator, not the scenario, is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AuditError {
    /// Little's law in its exact, sample-path form.
    #[error(
        "∫N dt = {integral} ns, but the sojourns of departed and present jobs sum to {sojourns} ns"
    )]
    Sojourns {
        /// The time integral of the number present.
        integral: u128,
        /// The sum of sojourns.
        sojourns: u128,
    },
    /// Workers were busy for longer than there was time.
    #[error("workers were busy for {busy} ns, but {workers} of them had only {available} ns")]
    Busy {
        /// Busy worker-nanoseconds.
        busy: u128,
        /// How many workers.
        workers: u32,
        /// workers · elapsed time.
        available: u128,
    },
    /// A FIFO station started a later arrival first, or with one worker let it leave first.
    #[error("a service started or ended before one that had arrived earlier")]
    Order,
}

impl Audit {
    /// A job arrives.
    #[inline]
    pub fn arrive(&mut self, now: SimTime) {
        self.present += 1;
        self.balance -= i128::from(now.as_nanos());
    }

    /// The service of a job that arrived at `arrived` starts.
    #[inline]
    pub fn start(&mut self, arrived: SimTime) {
        self.start_after(self.last_start_arrival, arrived);
        self.last_start_arrival = arrived;
    }

    /// The same at a station that keeps the order of arrival within each class only: the service
    /// of the same class before was of a job that arrived at `last`.
    #[inline]
    pub fn start_after(&mut self, last: SimTime, arrived: SimTime) {
        self.out_of_order |= arrived < last;
    }

    /// A job leaves after its service.
    #[inline]
    pub fn depart(&mut self, now: SimTime) {
        self.lose(now);
        self.departed += 1;
    }

    /// A job is lost, served or not.
    #[inline]
    pub fn lose(&mut self, now: SimTime) {
        self.present -= 1;
        self.balance += i128::from(now.as_nanos());
    }

    /// A job that arrived at `arrived` leaves a station that keeps the order of arrival: a FIFO
    /// station of one worker.
    #[inline]
    pub fn depart_in_order(&mut self, now: SimTime, arrived: SimTime) {
        self.out_of_order |= arrived < self.last_departure_arrival;
        self.last_departure_arrival = arrived;
        self.depart(now);
    }

    /// Jobs waiting or in service.
    pub fn present(&self) -> u64 {
        u64::from(self.present)
    }

    /// Jobs that left after their service.
    pub fn departed(&self) -> u64 {
        self.departed
    }

    /// Checks, at time `end`: ∫N dt = Σ sojourns of the departed + Σ (end − arrival) of those
    /// present; busy ≤ workers · elapsed; services start, and end where they must, in order of
    /// arrival.
    ///
    /// # Errors
    /// The first law that does not hold.
    pub fn check(
        &self,
        end: SimTime,
        number_integral: u128,
        busy_integral: u128,
        workers: u32,
    ) -> Result<(), AuditError> {
        let open = i128::from(self.present) * i128::from(end.as_nanos());
        let sojourns = u128::try_from(self.balance + open).expect("nobody leaves before arriving");
        let end = u128::from(end.as_nanos());
        if number_integral != sojourns {
            return Err(AuditError::Sojourns { integral: number_integral, sojourns });
        }
        let available = u128::from(workers) * end;
        if busy_integral > available {
            return Err(AuditError::Busy { busy: busy_integral, workers, available });
        }
        if self.out_of_order {
            return Err(AuditError::Order);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    fn one_gone_one_present() -> Audit {
        let mut audit = Audit::default();
        audit.arrive(at(2));
        audit.start(at(2));
        audit.arrive(at(4));
        audit.depart(at(7));
        audit.start(at(4));
        audit
    }

    #[test]
    fn sojourns_of_departed_and_present_jobs_equal_the_integral() {
        // departed 7−2 = 5, present 10−4 = 6; N(t): 1 on [2,4), 2 on [4,7), 1 on [7,10) → 2+6+3 = 11
        assert_eq!(one_gone_one_present().check(at(10), 11, 8, 1), Ok(()));
        assert_eq!(
            one_gone_one_present().check(at(10), 12, 8, 1),
            Err(AuditError::Sojourns { integral: 12, sojourns: 11 })
        );
    }

    #[test]
    fn workers_cannot_be_busy_longer_than_time_passed() {
        assert_eq!(
            one_gone_one_present().check(at(10), 11, 11, 1),
            Err(AuditError::Busy { busy: 11, workers: 1, available: 10 })
        );
    }

    #[test]
    fn a_start_out_of_order_is_seen() {
        let mut audit = Audit::default();
        audit.arrive(at(1));
        audit.arrive(at(2));
        audit.start(at(2));
        audit.start(at(1));
        // present: (5−1) + (5−2) = 7
        assert_eq!(audit.check(at(5), 7, 4, 2), Err(AuditError::Order));
    }

    #[test]
    fn a_departure_out_of_order_is_seen_where_order_is_kept() {
        let mut audit = Audit::default();
        audit.arrive(at(1));
        audit.arrive(at(2));
        let mut ordered = audit.clone();
        ordered.depart_in_order(at(3), at(2));
        ordered.depart_in_order(at(4), at(1));
        audit.depart(at(3));
        audit.depart(at(4));
        // sojourns: (3−2) + (4−1) = 4
        assert_eq!(ordered.check(at(5), 4, 4, 2), Err(AuditError::Order));
        assert_eq!(audit.check(at(5), 4, 4, 2), Ok(()));
    }
}
