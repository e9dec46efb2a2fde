//! Starting, stopping and ending.

use super::*;

fn entry(time: u64, actor: usize, what: &str) -> (u64, usize, String) {
    (time, actor, what.to_owned())
}

#[test]
fn actors_start_at_zero_and_stop_at_the_end_in_the_order_of_declaration() {
    let (ended, log) = play(|log| {
        let last = Script::new(log).starting(|context| {
            context.send_in(nanos(7), Rank::Delivery, actor(0), Note(1));
        });
        [Script::new(log), last]
    });
    let expected = [
        entry(0, 0, "started"),
        entry(0, 1, "started"),
        entry(7, 0, "1"),
        entry(7, 0, "stopped"),
        entry(7, 1, "stopped"),
    ];
    assert_eq!(log, expected);
    assert_eq!(ended.map(|ended| ended.time.as_nanos()), Ok(7));
}

#[test]
fn an_actor_that_stops_itself_stops_once_and_its_later_events_are_counted_and_discarded() {
    let (ended, log) = play(|log| {
        let script = Script::new(log).starting(|context| {
            context.send_in(nanos(1), Rank::Delivery, actor(0), Note(1));
            context.send_in(nanos(2), Rank::Delivery, actor(0), Note(2));
        });
        [script.noting(|_, context| {
            assert_eq!(context.state(), ActorState::Running);
            context.stop();
            assert_eq!(context.state(), ActorState::Stopping);
        })]
    });
    let expected =
        [entry(0, 0, "started"), entry(1, 0, "1"), entry(1, 0, "stopping"), entry(1, 0, "stopped")];
    assert_eq!(log, expected);
    assert_eq!(ended.map(|ended| (ended.time.as_nanos(), ended.events)), Ok((2, 2)));
}

#[test]
fn an_actor_may_object_to_its_stop_but_not_to_its_termination() {
    let (_, log) = play(|log| {
        let mut script = Script::new(log).starting(|context| {
            context.send_in(nanos(1), Rank::Delivery, actor(0), Note(1));
            context.send_in(nanos(2), Rank::Delivery, actor(0), Note(2));
            context.send_in(nanos(3), Rank::Delivery, actor(0), Note(3));
        });
        script.on_stopping = Running::Continue;
        [script.noting(|note, context| match note {
            Note(1) => context.stop(),
            _ => context.terminate(),
        })]
    });
    let expected = [
        entry(0, 0, "started"),
        entry(1, 0, "1"),
        entry(1, 0, "stopping"),
        entry(2, 0, "2"),
        entry(2, 0, "stopped"),
    ];
    assert_eq!(log, expected);
}

#[test]
fn an_actor_can_stop_while_it_starts() {
    let (_, log) = play(|log| [Script::new(log).starting(|context| context.stop())]);
    assert_eq!(log, [entry(0, 0, "started"), entry(0, 0, "stopping"), entry(0, 0, "stopped")]);
}

#[test]
fn a_run_ends_after_the_handler_that_ends_it() {
    let (ended, log) = play(|log| {
        let script = Script::new(log).starting(|context| {
            context.send_in(nanos(1), Rank::Delivery, actor(0), Note(1));
            context.send_in(nanos(1), Rank::Timer, actor(0), Note(2));
        });
        [script.noting(|_, context| context.end_run())]
    });
    assert_eq!(log, [entry(0, 0, "started"), entry(1, 0, "1"), entry(1, 0, "stopped")]);
    assert_eq!(ended.map(|ended| ended.events), Ok(1));
}

#[test]
fn a_simulation_without_actors_ends_at_once() {
    let (ended, _) = play(|_| []);
    assert_eq!(ended.map(|ended| (ended.time, ended.events)), Ok((SimTime::ZERO, 0)));
}

#[test]
fn several_threads_run_simulations_at_the_same_time() {
    let once = || {
        let (ended, _) = play(|log| {
            let script = Script::new(log).starting(|context| {
                context.send_in(nanos(1), Rank::Delivery, actor(0), Note(1));
            });
            [script.noting(|Note(number), context| {
                if number < 1000 {
                    context.send_in(nanos(1), Rank::Delivery, actor(0), Note(number + 1));
                }
            })]
        });
        ended.expect("nothing fails")
    };
    let alone = once();
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(once)).collect();
    for thread in threads {
        assert_eq!(thread.join().expect("no thread panics"), alone);
    }
}

#[test]
fn an_actor_costs_at_most_200_bytes_beside_its_own_state_and_name() {
    struct Stateless;
    impl SimActor<Note> for Stateless {}
    impl Actor for Stateless {
        type Context = SimContext<Self, Note>;
    }
    impl Handler<Note> for Stateless {
        type Result = ();
        fn handle(&mut self, _: Note, _: &mut Self::Context) {}
    }
    let cell = size_of::<super::super::cell::ActorCell<Stateless, Note>>();
    let pointer = size_of::<Box<dyn super::super::cell::Cell<Note>>>();
    let path = size_of::<Box<str>>();
    // Cell 32 (context 24, life 1, rounded) + fat pointer to it 16 + fat pointer to the path 16 + two heap blocks' headers and
    // rounding, at most 2 × 24, + the spare halves of both pointer vectors, 32: 144.
    let total = cell + 2 * (pointer + path) + 2 * 24;
    assert!(total <= 200, "{cell} + 2 · ({pointer} + {path}) + 48 = {total}");
}
