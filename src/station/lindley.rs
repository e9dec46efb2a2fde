//! First in, first out, where it is known on arrival when a service will end.

use super::audit::{Audit, AuditError};
use super::books::StationStats;
use super::line::Line;
use crate::stats::{OnOff, RareLevel, Window};
use crate::time::SimTime;
use std::hint::black_box;

/// A job on its visit to a [`LindleyStation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay<J> {
    /// The job.
    pub job: J,
    /// When it came.
    pub arrived: SimTime,
    /// When its service starts.
    pub started: SimTime,
    /// When it leaves.
    pub departs: SimTime,
}

/// A FIFO queue before one worker whose services nothing interrupts or lengthens.
///
/// A service starts when the job arrives or the one before it leaves, whichever is later (D. V.
/// Lindley, "The theory of queues with a single server", 1952), so that every departure is known
/// beforehand and needs no event. The books do not notice: a departure is entered, with its own
/// time, before whatever comes after it. At one instant departures come first.
#[derive(Debug, Clone)]
pub struct LindleyStation<J> {
    /// In service, unless its departure is past and only not yet entered.
    first: Option<Stay<J>>,
    waiting: Line<Stay<J>>,
    queue: RareLevel,
    busy: OnOff,
    audit: Audit,
}

impl<J> LindleyStation<J> {
    /// An idle station.
    pub fn new() -> Self {
        Self {
            first: None,
            waiting: Line::new(),
            queue: RareLevel::default(),
            busy: OnOff::default(),
            audit: Audit::default(),
        }
    }

    /// When the service of a job that arrives at `now` starts.
    pub fn start(&self, now: SimTime) -> SimTime {
        let last = self.waiting.last().or(self.first.as_ref());
        last.map_or(now, |last| last.departs.max(now))
    }

    /// `job` arrives at `now` and leaves at `departs`, which is at or after its [start](Self::start).
    /// All departures up to `now` have been [entered](Self::depart).
    pub fn arrive(&mut self, now: SimTime, window: Option<Window>, departs: SimTime, job: J) {
        let stay = Stay { job, arrived: now, started: self.start(now), departs };
        self.audit.arrive(now);
        if self.first.is_none() {
            self.audit.start(now);
            self.busy.set(now, window, true);
            self.first = Some(stay);
        } else {
            self.queue.set(now, window, self.queue.level() + 1);
            self.waiting.push(stay);
        }
    }

    /// Enters the next departure, if it is at `now` or before; call it until there is none.
    pub fn depart(&mut self, now: SimTime, window: Option<Window>) -> Option<Stay<J>> {
        let stay = self.first.take_if(|stay| stay.departs <= now)?;
        let time = stay.departs;
        self.audit.depart_in_order(time, stay.arrived);
        self.first = self.waiting.pop();
        match &self.first {
            Some(next) => {
                self.queue.set(time, window, self.queue.level() - 1);
                self.audit.start(next.arrived);
            }
            None => self.busy.set(time, window, false),
        }
        Some(stay)
    }

    /// Those whose departure has not been entered, in order.
    pub fn present(&self) -> impl Iterator<Item = &Stay<J>> {
        self.first.iter().chain(self.waiting.iter())
    }

    /// Reads a little of each part, in vain: a model whose stations lie far from the processor has
    /// them fetched before they are needed.
    pub fn touch(&self) {
        black_box((self.first.is_some(), self.waiting.last().is_some()));
        black_box((self.busy.is_on(), self.audit.present()));
    }

    /// Closes the books at `end`, up to which all departures have been entered: what was measured
    /// in `window` (the whole run without one).
    ///
    /// # Errors
    /// If a conservation law does not hold.
    pub fn close(
        &mut self,
        end: SimTime,
        window: Option<Window>,
    ) -> Result<StationStats, AuditError> {
        self.queue.advance(end, window);
        self.busy.advance(end, window);
        let number_integral = self.queue.integral() + self.busy.integral();
        self.audit.check(end, number_integral, self.busy.integral(), 1)?;
        Ok(StationStats {
            utilisation: self.busy.mean(window),
            offered_load: self.busy.offered(window),
            mean_queue: self.queue.mean(window),
            max_queue: self.queue.max(),
            completed: self.audit.departed(),
        })
    }
}

impl<J> Default for LindleyStation<J> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::station::FifoStation;
    use proptest::prelude::*;
    use std::num::NonZeroU32;

    const fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    /// When each job starts and leaves, and the books at `end`, without an event for a departure.
    fn foreseen(
        jobs: &[(u64, u64)],
        window: Option<Window>,
        end: u64,
    ) -> (Vec<[u64; 3]>, StationStats) {
        let mut station = LindleyStation::new();
        let mut left = Vec::new();
        let mut enter = |station: &mut LindleyStation<()>, now| {
            while let Some(Stay { arrived, started, departs, .. }) = station.depart(now, window) {
                left.push([arrived, started, departs].map(SimTime::as_nanos));
            }
        };
        for &(arrival, service) in jobs.iter().take_while(|&&(arrival, _)| arrival <= end) {
            enter(&mut station, at(arrival));
            let departs = at(station.start(at(arrival)).as_nanos() + service);
            station.arrive(at(arrival), window, departs, ());
        }
        enter(&mut station, at(end));
        (left, station.close(at(end), window).unwrap())
    }

    /// The same, event by event.
    fn stepwise(
        jobs: &[(u64, u64)],
        window: Option<Window>,
        end: u64,
    ) -> (Vec<[u64; 3]>, StationStats) {
        let mut station = FifoStation::new(NonZeroU32::MIN);
        let (mut left, mut serving) = (Vec::new(), None);
        let mut step = |station: &mut FifoStation<u64>, serving: &mut Option<_>, until| {
            while let Some((slot, done)) = serving.take_if(|&mut (_, done)| done <= until) {
                let departure = station.complete(at(done), window, slot);
                left.push([departure.arrived.as_nanos(), departure.started.as_nanos(), done]);
                *serving = departure.next_started.then(|| (slot, done + station.in_service(slot)));
            }
        };
        for &(arrival, service) in jobs.iter().take_while(|&&(arrival, _)| arrival <= end) {
            step(&mut station, &mut serving, arrival);
            if let Some(slot) = station.arrive(at(arrival), window, service) {
                serving = Some((slot, arrival + service));
            }
        }
        step(&mut station, &mut serving, end);
        (left, station.close(at(end), window).unwrap())
    }

    #[test]
    fn a_departure_comes_before_an_arrival_of_its_instant() {
        // The second comes as the first leaves and starts at once; the third waits for 4 − 3.
        let (left, stats) = foreseen(&[(0, 2), (2, 2), (3, 5)], None, 6);
        assert_eq!(left, [[0, 0, 2], [2, 2, 4]], "the third is in service until 9");
        assert_eq!((stats.max_queue, stats.completed), (1, 2));
        // busy on [0, 6), one waiting on [3, 4)
        assert_eq!((stats.utilisation, stats.mean_queue), (1.0, 1.0 / 6.0));
    }

    proptest! {
        #[test]
        fn the_books_are_those_of_a_station_with_an_event_for_each_departure(
            gaps in prop::collection::vec((0_u64..12, 1_u64..12), 0..60),
            (from, length, end) in (0_u64..100, 1_u64..200, 1_u64..400),
            windowed in any::<bool>(),
        ) {
            let arrival = |now: &mut u64, &(gap, service): &(u64, u64)| {
                *now += gap;
                Some((*now, service))
            };
            let jobs: Vec<_> = gaps.iter().scan(0, arrival).collect();
            let window = windowed.then(|| Window { from: at(from), to: at(from + length) });
            prop_assert_eq!(foreseen(&jobs, window, end), stepwise(&jobs, window, end));
        }
    }
}
