//! Whatever goes wrong ends the run with an error that says where.

use super::*;

fn failure<const N: usize>(scripts: impl FnOnce(&Log) -> [Script; N]) -> String {
    let (result, log) = play(scripts);
    assert!(log.iter().all(|(_, _, what)| what != "stopped"), "nobody is stopped after an error");
    result.expect_err("the script fails").to_string()
}

/// Sends itself note 1 at 5 ns and then does `act`.
fn acting(log: &Log, act: impl FnMut(Note, &mut Context) + 'static) -> Script {
    let script = Script::new(log).starting(|context| {
        let me = context.id();
        context.send_in(nanos(5), Rank::Delivery, me, Note(1));
    });
    script.noting(act)
}

#[test]
fn a_panic_names_the_actor_the_time_and_the_event() {
    let error = failure(|log| [Script::new(log), acting(log, |_, _| panic!("no {}", "luck"))]);
    assert_eq!(error, "actor a1 at 0.000000005 s panicked while handling note: no luck");
}

#[test]
fn a_panic_while_starting_is_an_error_too() {
    let error = failure(|log| [Script::new(log).starting(|_| panic!("cold"))]);
    assert_eq!(error, "actor a0 at 0.000000000 s panicked while handling started: cold");
}

#[test]
fn an_actor_can_fail_the_run_and_its_first_reason_counts() {
    let error = failure(|log| {
        let act = |_, context: &mut Context| {
            context.fail("the model diverged");
            context.fail("late excuse");
        };
        [acting(log, act)]
    });
    assert_eq!(error, "actor a0 at 0.000000005 s: the model diverged");
}

#[test]
fn a_delay_past_the_clock_fails_the_run_after_the_handler() {
    for delay in [SimDuration::BEYOND_CLOCK, nanos(u64::MAX - 4)] {
        let (result, log) = play(|log| {
            let act = move |note, context: &mut Context| {
                if note == Note(1) {
                    let event = context.send_in(delay, Rank::Delivery, actor(0), Note(2));
                    assert_eq!(context.cancel(event), None);
                    context.send_in(SimDuration::ZERO, Rank::Delivery, actor(0), Note(3));
                }
            };
            [acting(log, act)]
        });
        let time = SimTime::from_nanos(5);
        assert_eq!(result, Err(SimError::TimeOverflow { actor: "a0".to_owned(), time, delay }));
        assert_eq!(notes(&log), [(5, 0, 1)]);
    }
}

#[test]
fn the_last_instant_of_the_clock_can_be_reached() {
    let (ended, log) = play(|log| {
        let act = |note, context: &mut Context| {
            if note == Note(1) {
                context.send_in(nanos(u64::MAX - 5), Rank::Delivery, actor(0), Note(2));
            }
        };
        [acting(log, act)]
    });
    assert_eq!(notes(&log), [(5, 0, 1), (u64::MAX, 0, 2)]);
    assert_eq!(ended.map(|ended| ended.time.as_nanos()), Ok(u64::MAX));
}

#[test]
fn sequence_numbers_never_wrap() {
    let error = failure(|log| {
        let act = |_, context: &mut Context| {
            context.skip_to_sequence(u32::MAX - 1);
            context.send_in(nanos(1), Rank::Delivery, actor(0), Note(2));
            context.send_in(nanos(1), Rank::Delivery, actor(0), Note(3));
        };
        [acting(log, act)]
    });
    let reason = "more than 4294967295 events scheduled by one actor";
    assert_eq!(error, format!("actor a0 at 0.000000005 s: {reason}"));
}

#[test]
fn scheduling_into_the_past_or_for_nobody_is_a_bug_of_the_actor() {
    let past = |_, context: &mut Context| {
        context.send_at(SimTime::from_nanos(4), Rank::Delivery, actor(0), Note(2));
    };
    let error = failure(|log| [acting(log, past)]);
    assert!(error.contains("for 0.000000004 s cannot be scheduled at 0.000000005 s"), "{error}");
    let nobody = |_, context: &mut Context| {
        context.send_in(nanos(1), Rank::Delivery, actor(1), Note(2));
    };
    let error = failure(|log| [acting(log, nobody)]);
    assert!(error.contains("no actor ActorId(1)"), "{error}");
}

struct Fragile;

impl Observer for Fragile {
    fn event(&mut self, _: &EventRecord) {
        panic!("seen too much");
    }
}

#[test]
fn a_panic_of_an_observer_or_of_progress_is_an_error() {
    let scripts = |log: &Log| [acting(log, |_, _| {})];
    let observe = |simulation: &mut Simulation<Note>| simulation.add_observer(Box::new(Fragile));
    let (result, _) = play_with(RunOptions::default(), observe, scripts);
    let error = result.expect_err("the observer panics").to_string();
    assert_eq!(error, "the observer panicked at 0.000000005 s: seen too much");

    let progress = Some(Box::new(|_| -> () { panic!("no terminal") }) as Box<dyn FnMut(Progress)>);
    let options = RunOptions { progress, ..RunOptions::default() };
    let (result, _) = play_with(options, |_| {}, scripts);
    let error = result.expect_err("the callback panics").to_string();
    assert_eq!(error, "the progress callback panicked at 0.000000005 s: no terminal");
}

#[test]
fn a_run_whose_actix_system_is_stopped_is_interrupted() {
    let progress = Some(Box::new(|_| actix::System::current().stop()) as Box<dyn FnMut(Progress)>);
    let options = RunOptions { progress, slice: 1, ..RunOptions::default() };
    let forever = |log: &Log| {
        [acting(log, |note, context| {
            context.send_in(nanos(1), Rank::Delivery, actor(0), note);
        })]
    };
    let (result, _) = play_with(options, |_| {}, forever);
    assert!(matches!(result, Err(SimError::Interrupted { .. })), "{result:?}");
}
