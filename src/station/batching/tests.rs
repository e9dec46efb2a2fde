//! When batches start, who comes first, and that nobody is lost.

use super::*;
use JobClass::{Inference, Training};
use proptest::collection::vec;
use proptest::prelude::*;

const fn at(nanos: u64) -> SimTime {
    SimTime::from_nanos(nanos)
}

fn station(max: u32, wait: u64, first: Option<JobClass>) -> BatchStation<char> {
    let rule = BatchRule {
        max: NonZeroU32::new(max).unwrap(),
        wait: SimDuration::from_nanos(wait),
        first,
    };
    BatchStation::new(NonZeroU32::MIN, rule)
}

fn serving(station: &BatchStation<char>) -> String {
    station.in_service(Slot(0)).collect()
}

fn complete(station: &mut BatchStation<char>, now: u64) {
    station.complete(at(now), None, Slot(0), &mut Vec::new());
}

#[test]
fn a_batch_starts_as_soon_as_it_is_full() {
    let mut station = station(2, 100, None);
    station.arrive(at(0), None, Inference, 'a');
    assert_eq!(station.start(at(0), None, false), None);
    assert_eq!(station.until_wait_ends(at(0)), Some(SimDuration::from_nanos(100)));
    station.arrive(at(30), None, Inference, 'b');
    assert_eq!(station.start(at(30), None, false), Some(Slot(0)));
    assert_eq!(serving(&station), "ab");
}

#[test]
fn a_wait_ends_after_everything_that_happens_at_its_last_instant() {
    let mut station = station(3, 100, None);
    station.arrive(at(0), None, Inference, 'a');
    station.arrive(at(100), None, Inference, 'b');
    assert_eq!(station.start(at(100), None, false), None, "others may come at 100 ns");
    assert_eq!(station.until_wait_ends(at(100)), Some(SimDuration::ZERO));
    assert_eq!(station.start(at(100), None, true), Some(Slot(0)));
    assert_eq!(serving(&station), "ab", "inclusive");
}

#[test]
fn a_wait_that_ended_while_workers_were_busy_is_over() {
    let mut station = station(3, 10, None);
    station.arrive(at(0), None, Training, 't');
    assert_eq!(station.start(at(0), None, false), Some(Slot(0)));
    station.arrive(at(5), None, Inference, 'a');
    assert_eq!(station.until_wait_ends(at(5)), None, "no worker is free");
    complete(&mut station, 50);
    assert_eq!(station.start(at(50), None, false), Some(Slot(0)), "45 ns > 10 ns");
}

#[test]
fn the_priority_says_whom_a_free_worker_serves_first() {
    for (first, order) in [(None, "txuy"), (Some(Inference), "xytu"), (Some(Training), "tuxy")] {
        let mut station = station(1, 0, first);
        station.arrive(at(0), None, Training, '0');
        assert_eq!(station.start(at(0), None, false), Some(Slot(0)));
        for (class, job) in [(Training, 't'), (Inference, 'x'), (Training, 'u'), (Inference, 'y')] {
            station.arrive(at(1), None, class, job);
        }
        let mut served = String::new();
        for now in 2..6 {
            complete(&mut station, now);
            station.start(at(now), None, false).unwrap();
            served += &serving(&station);
        }
        assert_eq!(served, order, "{first:?}; the job in service is never interrupted");
        assert_eq!(station.close(at(9), None).unwrap().completed, 4);
    }
}

#[test]
fn training_is_not_held_up_by_a_batch_that_waits() {
    let mut station = station(8, 100, Some(Inference));
    station.arrive(at(0), None, Inference, 'a');
    station.arrive(at(1), None, Training, 't');
    assert_eq!(station.start(at(1), None, false), Some(Slot(0)));
    assert_eq!(serving(&station), "t");
}

#[test]
fn the_books_count_a_batch_as_one_busy_worker_and_all_its_jobs() {
    let mut station = station(3, 0, None);
    for job in ['a', 'b', 'c'] {
        station.arrive(at(0), None, Inference, job);
    }
    station.start(at(0), None, false).unwrap();
    station.arrive(at(5), None, Inference, 'd');
    complete(&mut station, 10);
    // Number present: 3 on [0,5), 4 on [5,10), 1 on [10,20): 45 = 3·10 + (20 − 5) sojourns
    let stats = station.close(at(20), None).unwrap();
    // Busy on [0,10) of 20 ns; d waits on [5,20)
    assert_eq!((stats.utilisation, stats.mean_queue), (0.5, 0.75));
    assert_eq!((stats.max_queue, stats.completed), (3, 3));
}

proptest! {
    /// Whatever comes, everybody is served, no batch is larger than it may be, training steps
    /// are served alone, and the books balance.
    #[test]
    fn everybody_is_served_and_the_books_balance(
        jobs in vec((0_u64..6, any::<bool>()), 1..60),
        (max, wait, workers, service) in (1_u32..5, 0_u64..10, 1_u32..4, 1_u64..9),
        first in prop_oneof![Just(None), Just(Some(Training)), Just(Some(Inference))],
    ) {
        let rule = BatchRule {
            max: NonZeroU32::new(max).unwrap(),
            wait: SimDuration::from_nanos(wait),
            first,
        };
        let mut station = BatchStation::new(NonZeroU32::new(workers).unwrap(), rule);
        let mut arrivals = Vec::new();
        let mut time = 0;
        for &(gap, trains) in &jobs {
            time += gap;
            arrivals.push((time, if trains { Training } else { Inference }));
        }
        let mut ends: Vec<(u64, Slot)> = Vec::new();
        let mut done = Vec::new();
        let mut now = 0;
        while done.len() < jobs.len() {
            prop_assert!(now < 10_000, "somebody is never served");
            for end in ends.extract_if(.., |(end, _)| *end == now) {
                station.complete(at(now), None, end.1, &mut done);
            }
            for &(_, class) in arrivals.iter().filter(|(time, _)| *time == now) {
                station.arrive(at(now), None, class, class);
            }
            while let Some(slot) = station.start(at(now), None, true) {
                let classes: Vec<JobClass> = station.in_service(slot).copied().collect();
                prop_assert!(classes.len() <= max as usize);
                prop_assert!(classes == [Training] || !classes.contains(&Training));
                ends.push((now + service, slot));
            }
            now += 1;
        }
        let stats = station.close(at(now), None);
        prop_assert_eq!(stats.map(|stats| stats.completed), Ok(jobs.len() as u64));
    }
}
