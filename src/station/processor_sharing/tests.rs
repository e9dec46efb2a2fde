//! Closed forms of processor sharing, and conservation of work on random input.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

const fn at(nanos: u64) -> SimTime {
    SimTime::from_nanos(nanos)
}

fn station<J>(workers: u32, rate: u64) -> ProcessorSharing<J> {
    ProcessorSharing::new(NonZeroU32::new(workers).unwrap(), rate)
}

/// Serves `arrivals` (time, work), in order of time: each job's completion, in the order of
/// completions.
fn serve(
    station: &mut ProcessorSharing<usize>,
    arrivals: impl IntoIterator<Item = (u64, u128)>,
) -> Vec<(usize, u64)> {
    let mut finished = Vec::new();
    let mut last = 0;
    for (job, (time, work)) in arrivals.into_iter().enumerate() {
        drain(station, &mut last, Some(time), &mut finished);
        station.arrive(at(time), None, work, job);
        last = time;
    }
    drain(station, &mut last, None, &mut finished);
    finished
}

/// Lets all jobs complete that are done by `until`.
fn drain(
    station: &mut ProcessorSharing<usize>,
    last: &mut u64,
    until: Option<u64>,
    finished: &mut Vec<(usize, u64)>,
) {
    let mut done = Vec::new();
    while let Some(wait) = station.until_completion() {
        let time = *last + wait.as_nanos();
        if until.is_some_and(|until| time > until) {
            return;
        }
        station.complete(at(time), None, &mut done);
        *last = time;
        finished.extend(done.drain(..).map(|completed| (completed.job, time)));
    }
}

#[test]
fn a_lone_flow_takes_its_work_over_the_rate_rounded_up() {
    // A smashed sample on wifi-classic: ⌈50,176·8·10⁹ / 18,880,000⌉ = 21,261,017 ns, as a FIFO link
    let work = 50_176 * 8 * 1_000_000_000;
    assert_eq!(serve(&mut station(1, 18_880_000), [(5, work)]), [(0, 5 + 21_261_017)]);
    assert_eq!(serve(&mut station(1, 3), [(0, 10)]), [(0, 4)], "⌈10/3⌉");
}

#[test]
fn two_equal_flows_take_twice_as_long_and_complete_in_order_of_arrival() {
    assert_eq!(serve(&mut station(1, 1), [(0, 100), (0, 100)]), [(0, 200), (1, 200)]);
}

#[test]
fn an_arrival_slows_the_others_down_from_its_time_on() {
    // [0,40): a does 40. [40,…) at 1/2: b's 20 take 40 ns to 80, a is at 60; then a's 40 alone to 120
    assert_eq!(serve(&mut station(1, 1), [(0, 100), (40, 20)]), [(1, 80), (0, 120)]);
}

#[test]
fn up_to_c_jobs_are_served_at_full_rate() {
    assert_eq!(serve(&mut station(2, 1), [(0, 10), (0, 30)]), [(0, 10), (1, 30)]);
    // Three on two workers at 2/3: 10 units take 15 ns, then two at full rate: 15 + 10 = 25
    assert_eq!(serve(&mut station(2, 1), [(0, 10), (0, 20), (0, 20)]), [(0, 15), (1, 25), (2, 25)]);
}

#[test]
fn a_third_of_a_nanosecond_is_neither_lost_nor_won() {
    // Three at 1/3: after 1 ns V = ⌊2³²/3⌋ and after 3 ns, in one step, exactly 1
    assert_eq!(serve(&mut station(1, 1), [(0, 1), (0, 1), (0, 1)]), [(0, 3), (1, 3), (2, 3)]);
}

#[test]
fn a_change_of_rate_keeps_the_work_done() {
    let mut station = station(1, 2);
    station.arrive(at(0), None, 100, 'a');
    // [0,30) at 2: 60 done; 40 left at 1 take 40 ns
    station.set_rate(at(30), 1);
    assert_eq!(station.until_completion(), Some(SimDuration::from_nanos(40)));
    // [30,40) at 1: 30 left; nothing while it pauses on [40,90)
    station.set_rate(at(40), 0);
    assert_eq!(station.until_completion(), None);
    station.set_rate(at(90), 10);
    assert_eq!(station.until_completion(), Some(SimDuration::from_nanos(3)));
}

#[test]
fn the_books_count_at_most_c_jobs_as_in_service() {
    let mut station = station(1, 1);
    assert_eq!(serve(&mut station, [(0, 10), (0, 10)]).len(), 2);
    let stats = station.close(at(40), None).unwrap();
    // Two present on [0,20) of 40 ns: one in service, one waiting
    assert_eq!((stats.utilisation, stats.mean_queue), (0.5, 0.5));
    assert_eq!((stats.max_queue, stats.completed), (1, 2));
}

#[test]
fn a_wait_past_the_clock_is_marked() {
    let mut station = station(1, 1);
    station.arrive(at(0), None, 1 << 70, 'a');
    assert_eq!(station.until_completion(), Some(SimDuration::BEYOND_CLOCK));
}

proptest! {
    /// A busy server works at full rate: while jobs are present its work is done within a
    /// nanosecond a completion, in which the next integer nanosecond is awaited, and 2⁻³² of one
    /// for each event and job.
    #[test]
    fn work_is_conserved_and_all_jobs_complete(
        gaps_and_work in vec((0_u64..40, 1_u64..60), 1..40),
        workers in 1_u32..4,
    ) {
        let mut now = 0;
        let arrivals: Vec<(u64, u128)> = gaps_and_work
            .iter()
            .map(|&(gap, work)| {
                now += gap;
                (now, u128::from(work))
            })
            .collect();
        let mut station = station(workers, 1);
        let finished = serve(&mut station, arrivals.iter().copied());
        let mut jobs: Vec<usize> = finished.iter().map(|(job, _)| *job).collect();
        jobs.sort_unstable();
        prop_assert_eq!(jobs, (0..arrivals.len()).collect::<Vec<_>>());
        for &(job, time) in &finished {
            let (arrived, work) = arrivals[job];
            prop_assert!(u128::from(time - arrived) >= work, "no job outruns a worker of its own");
        }
        let end = at(finished.last().unwrap().1);
        let busy = station.close(end, None).unwrap().utilisation
            * f64::from(workers) * end.as_secs_f64() * 1e9;
        let work: u64 = gaps_and_work.iter().map(|(_, work)| work).sum();
        // Each completion may come up to 1 ns late at each of the busy workers.
        let slack = f64::from(workers) * (finished.len() as f64 + 1.0);
        prop_assert!(busy + 1e-6 >= work as f64 && busy <= work as f64 + slack, "{busy} {work}");
    }
}
