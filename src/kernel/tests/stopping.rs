//! Runs that are ended from outside.

use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

#[test]
fn a_raised_flag_ends_a_run_that_would_never_end_between_two_slices() {
    let stop = StopFlag::default();
    let raise = stop.clone();
    let progress = move |at: Progress| {
        if at.events >= 100 {
            raise.raise();
        }
    };
    let options = RunOptions {
        slice: 10,
        progress: Some(Box::new(progress)),
        stop: Some(stop),
        ..RunOptions::default()
    };
    let forever = |log: &Log| {
        let again = |_: Note, context: &mut Context| {
            let me = context.id();
            context.send_in(nanos(1), Rank::Timer, me, Note(0));
        };
        let start = |context: &mut Context| {
            let me = context.id();
            context.send_in(nanos(1), Rank::Timer, me, Note(0));
        };
        [Script::new(log).starting(start).noting(again)]
    };
    let (ended, _) = play_with(options, |_| {}, forever);
    let ended = ended.unwrap();
    // The flag is raised after ten slices of ten events.
    assert_eq!((ended.events, ended.interrupted), (100, true));
}

#[test]
fn a_clock_that_waits_for_a_computation_stops_and_jobs_behind_it_are_never_begun() {
    let (stop, begun) = (StopFlag::default(), Arc::new(AtomicU32::new(0)));
    let (raise, count) = (stop.clone(), Arc::clone(&begun));
    let options = RunOptions { stop: Some(stop), ..RunOptions::default() };
    let script = move |log: &Log| {
        let start = move |context: &mut Context| {
            let me = context.id();
            // One thread: the first job is under way while the others wait.
            let jobs: Vec<_> = (0..5)
                .map(|_| {
                    let (raise, count) = (raise.clone(), Arc::clone(&count));
                    context.compute(move || {
                        count.fetch_add(1, Ordering::SeqCst);
                        raise.raise();
                        std::thread::sleep(Duration::from_millis(500));
                        0
                    })
                })
                .collect();
            context.send_when_computed(jobs[4], Rank::Completion, me, Note(1));
        };
        [Script::new(log).starting(start)]
    };
    let (ended, _) = play_with(options, |_| {}, script);
    let ended = ended.unwrap();
    assert_eq!((ended.events, ended.interrupted), (0, true));
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(begun.load(Ordering::SeqCst), 1, "the others were dropped with the run");
}
