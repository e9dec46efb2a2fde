//! Real computations beside the simulated clock.

use super::*;

fn threads(count: usize) -> RunOptions {
    let threads = NonZeroUsize::new(count).expect("some threads");
    RunOptions { threads, ..RunOptions::default() }
}

/// Starts a job at 0 ns whose output is taken at 10 ns · (1 + actor) and sent on as a note.
fn trainer(log: &Log, job: impl FnOnce() -> u64 + Send + 'static) -> Script {
    let (mut job, mut computation) = (Some(job), None);
    let shared = Rc::new(RefCell::new(None));
    let keep = Rc::clone(&shared);
    let script = Script::new(log).starting(move |context| {
        let job = job.take().expect("started once");
        *keep.borrow_mut() = Some(context.compute(job));
        let me = context.id();
        context.send_in(nanos(10 * (1 + me.index() as u64)), Rank::Timer, me, Note(0));
    });
    script.noting(move |note, context| {
        let me = context.id();
        match note {
            Note(0) => {
                let id = shared.borrow_mut().take().expect("computed at the start");
                computation = Some(id);
                assert_eq!(context.take_output(id), None, "nobody waited for it yet");
                context.send_when_computed(id, Rank::Completion, me, Note(1));
            }
            Note(1) => {
                let id = computation.expect("note 0 came before");
                let output = context.take_output(id).expect("the event waited for it");
                assert_eq!(context.take_output(id), None, "an output is taken once");
                let number = output.map_or(404, |value| u16::try_from(value).expect("small"));
                context.send_in(SimDuration::ZERO, Rank::Delivery, me, Note(number));
            }
            _ => {}
        }
    })
}

/// Four jobs, the first the slowest; the third panics.
fn trainers(log: &Log) -> [Script; 4] {
    let slow = |millis, value| {
        move || {
            std::thread::sleep(Duration::from_millis(millis));
            value
        }
    };
    [
        trainer(log, slow(40, 100)),
        trainer(log, slow(0, 101)),
        trainer(log, || panic!("diverged")),
        trainer(log, slow(10, 103)),
    ]
}

#[test]
fn an_event_waits_for_its_computation_and_simulated_time_does_not_show_it() {
    let (_, log) = play_with(threads(1), |_| {}, trainers);
    let outputs: Vec<_> = notes(&log).into_iter().filter(|(_, _, note)| *note > 1).collect();
    assert_eq!(outputs, [(10, 0, 100), (20, 1, 101), (30, 2, 404), (40, 3, 103)]);
}

#[test]
fn the_number_of_threads_never_shows() {
    let alone = play_with(threads(1), |_| {}, trainers);
    assert!(alone.0.is_ok(), "{:?}", alone.0);
    for count in [2, 3, 8] {
        assert_eq!(play_with(threads(count), |_| {}, trainers), alone, "{count} threads");
    }
}

#[test]
fn a_panicking_job_is_an_error_of_that_job_and_the_pool_lives_on() {
    let outputs = Rc::new(RefCell::new(Vec::new()));
    let tell = Rc::clone(&outputs);
    let (ended, _) = play(|log| {
        let mut ids = Vec::new();
        let script = Script::new(log).starting(|context| {
            context.send_in(nanos(1), Rank::Delivery, actor(0), Note(0));
        });
        [script.noting(move |note, context| match note {
            Note(0) => {
                ids.push(context.compute(|| panic!("diverged")));
                ids.push(context.compute(|| 7));
                for (id, number) in ids.iter().zip(1..) {
                    context.send_when_computed(*id, Rank::Completion, actor(0), Note(number));
                }
            }
            Note(number) => {
                let id = ids[usize::from(number) - 1];
                tell.borrow_mut().push(context.take_output(id).expect("waited for"));
            }
        })]
    });
    assert_eq!(ended.map(|ended| ended.events), Ok(3));
    let panicked = ComputationError::Panicked { message: "diverged".to_owned() };
    assert_eq!(*outputs.borrow(), [Err(panicked), Ok(7)]);
}

#[test]
fn a_run_can_end_before_its_computations() {
    let (ended, _) = play(|log| {
        [Script::new(log).starting(|context| {
            context.compute(|| {
                std::thread::sleep(Duration::from_millis(20));
                1
            });
        })]
    });
    assert_eq!(ended.map(|ended| ended.events), Ok(0));
}
