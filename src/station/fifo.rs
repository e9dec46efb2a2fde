//! First in, first out, with one or more equal workers.

use super::audit::AuditError;
use super::books::{Books, StationStats};
use super::line::Line;
use super::slots::Slots;
use crate::stats::Window;
use crate::time::SimTime;
use std::hint::black_box;
use std::num::NonZeroU32;

/// Which worker serves a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(pub u32);

/// A job on its visit to a station.
#[derive(Debug, Clone)]
struct Visit<J> {
    job: J,
    arrived: SimTime,
    started: SimTime,
}

/// A job whose service has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure<J> {
    /// The job.
    pub job: J,
    /// When it came.
    pub arrived: SimTime,
    /// When its service started.
    pub started: SimTime,
    /// Whether the next job has started on the same slot: its service end must be scheduled.
    pub next_started: bool,
}

/// A FIFO queue before `workers` equal workers.
#[derive(Debug, Clone)]
pub struct FifoStation<J> {
    slots: Slots<Visit<J>>,
    waiting: Line<(SimTime, J)>,
    books: Books,
}

impl<J> FifoStation<J> {
    /// An idle station.
    pub fn new(workers: NonZeroU32) -> Self {
        Self { slots: Slots::free(workers), waiting: Line::new(), books: Books::default() }
    }

    /// `job` arrives. If a worker is free its service starts at once and the slot is returned:
    /// the caller schedules the service's end.
    pub fn arrive(&mut self, now: SimTime, window: Option<Window>, job: J) -> Option<Slot> {
        self.books.audit.arrive(now);
        match self.free_slot() {
            Some(slot) => {
                self.start(now, slot, now, job);
                self.books.busy.set(now, window, self.books.busy.level() + 1);
                Some(slot)
            }
            None => {
                self.waiting.push((now, job));
                self.books.queue.set(now, window, self.books.queue.level() + 1);
                None
            }
        }
    }

    /// The job in service at `slot`.
    ///
    /// # Panics
    /// If nothing is in service there.
    pub fn in_service(&self, slot: Slot) -> &J {
        &self.visit(slot).as_ref().expect("a job is in service at this slot").job
    }

    /// The same, to be changed.
    ///
    /// # Panics
    /// If nothing is in service there.
    pub fn in_service_mut(&mut self, slot: Slot) -> &mut J {
        &mut self.visit_mut(slot).as_mut().expect("a job is in service at this slot").job
    }

    /// The service at `slot` ends; the oldest waiting job, if any, starts there.
    ///
    /// # Panics
    /// If nothing is in service there.
    pub fn complete(&mut self, now: SimTime, window: Option<Window>, slot: Slot) -> Departure<J> {
        let visit = self.visit_mut(slot).take().expect("a job is in service at this slot");
        if self.slots.len() == 1 {
            self.books.audit.depart_in_order(now, visit.arrived);
        } else {
            self.books.audit.depart(now);
        }
        let next = self.waiting.pop();
        let next_started = next.is_some();
        match next {
            Some((arrived, job)) => {
                self.books.queue.set(now, window, self.books.queue.level() - 1);
                self.start(now, slot, arrived, job);
            }
            None => self.books.busy.set(now, window, self.books.busy.level() - 1),
        }
        Departure { job: visit.job, arrived: visit.arrived, started: visit.started, next_started }
    }

    /// All jobs, in service and waiting, are lost; the caller forgets the ends of their services.
    pub fn lose_all(&mut self, now: SimTime, window: Option<Window>) {
        let served = self.slots.all_mut().iter_mut().filter_map(Option::take).count();
        let waited = self.waiting.clear();
        (0..served + waited).for_each(|_| self.books.audit.lose(now));
        self.books.busy.set(now, window, 0);
        self.books.queue.set(now, window, 0);
    }

    /// Reads a little of each part, in vain: a model whose stations lie far from the processor has
    /// them fetched before they are needed.
    pub fn touch(&self) {
        black_box((self.slots.all().first().is_some_and(Option::is_some), self.present()));
        black_box((self.books.busy.level(), self.books.queue.level()));
    }

    /// Jobs waiting, those in service not counted.
    pub fn waiting(&self) -> u64 {
        self.books.queue.level()
    }

    /// Jobs waiting or in service.
    pub fn present(&self) -> u64 {
        self.books.audit.present()
    }

    /// Time for which workers were busy, summed over workers, up to the last change: once the books
    /// are closed, in the whole run.
    pub fn busy_nanos(&self) -> u128 {
        self.books.busy.integral()
    }

    /// Closes the books at `end`: what was measured in `window` (the whole run without one).
    ///
    /// # Errors
    /// If a conservation law does not hold.
    pub fn close(
        &mut self,
        end: SimTime,
        window: Option<Window>,
    ) -> Result<StationStats, AuditError> {
        let workers = u32::try_from(self.slots.len()).expect("workers are counted in u32");
        self.books.close(end, window, workers)
    }

    fn free_slot(&self) -> Option<Slot> {
        if self.books.busy.level() == self.slots.len() as u64 {
            return None;
        }
        let free = self.slots.all().iter().position(Option::is_none)?;
        Some(Slot(u32::try_from(free).expect("workers are counted in u32")))
    }

    fn start(&mut self, now: SimTime, slot: Slot, arrived: SimTime, job: J) {
        self.books.audit.start(arrived);
        *self.visit_mut(slot) = Some(Visit { job, arrived, started: now });
    }

    fn visit(&self, slot: Slot) -> &Option<Visit<J>> {
        &self.slots.all()[slot.0 as usize]
    }

    fn visit_mut(&mut self, slot: Slot) -> &mut Option<Visit<J>> {
        &mut self.slots.all_mut()[slot.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    fn station(workers: u32) -> FifoStation<char> {
        FifoStation::new(NonZeroU32::new(workers).unwrap())
    }

    #[test]
    fn jobs_start_in_order_of_arrival() {
        let mut station = station(1);
        assert_eq!(station.arrive(at(0), None, 'a'), Some(Slot(0)));
        assert_eq!(station.arrive(at(1), None, 'b'), None);
        assert_eq!(station.arrive(at(2), None, 'c'), None);
        let first = station.complete(at(5), None, Slot(0));
        assert_eq!((first.job, first.arrived, first.started), ('a', at(0), at(0)));
        assert!(first.next_started);
        assert_eq!(station.in_service(Slot(0)), &'b');
        let second = station.complete(at(9), None, Slot(0));
        assert_eq!((second.job, second.arrived, second.started), ('b', at(1), at(5)));
    }

    #[test]
    fn each_worker_serves_one_job() {
        let mut station = station(2);
        assert_eq!(station.arrive(at(0), None, 'a'), Some(Slot(0)));
        assert_eq!(station.arrive(at(0), None, 'b'), Some(Slot(1)));
        assert_eq!(station.arrive(at(0), None, 'c'), None);
        assert!(station.complete(at(3), None, Slot(1)).next_started);
        assert_eq!(station.in_service(Slot(1)), &'c');
    }

    #[test]
    fn a_station_that_loses_its_jobs_keeps_its_books() {
        let mut station = station(1);
        station.arrive(at(0), None, 'a');
        station.arrive(at(2), None, 'b');
        station.lose_all(at(5), None);
        assert_eq!(station.arrive(at(6), None, 'c'), Some(Slot(0)), "it is idle again");
        station.complete(at(8), None, Slot(0));
        let stats = station.close(at(10), None).unwrap();
        // busy on [0,5) and [6,8) of 10 ns; one waiting on [2,5); only c was served
        assert_eq!((stats.utilisation, stats.mean_queue, stats.completed), (0.7, 0.3, 1));
    }

    #[test]
    fn the_books_hold_waiting_and_busy_time() {
        let mut station = station(1);
        station.arrive(at(0), None, 'a');
        station.arrive(at(2), None, 'b');
        station.complete(at(4), None, Slot(0));
        let stats = station.close(at(10), None).unwrap();
        // busy on [0,10) of 10 ns; one waiting on [2,4): 2/10
        assert_eq!(stats.utilisation, 1.0);
        assert_eq!(stats.mean_queue, 0.2);
        assert_eq!((stats.max_queue, stats.completed), (1, 1));
    }
}
