//! Order, cancelling, the end and the fingerprint.

use super::*;
use std::cell::Cell;

#[test]
fn events_of_one_instant_go_by_rank_then_source_then_sequence() {
    let send = |context: &mut Context, rank, number| {
        context.send_in(nanos(5), rank, actor(0), Note(number));
    };
    let (ended, log) = play(|log| {
        [
            Script::new(log),
            Script::new(log).starting(move |context| {
                send(context, Rank::Timer, 6);
                send(context, Rank::Delivery, 3);
                send(context, Rank::Delivery, 4);
                send(context, Rank::Completion, 1);
            }),
            Script::new(log).starting(move |context| {
                send(context, Rank::Delivery, 5);
                send(context, Rank::Completion, 2);
            }),
        ]
    });
    let order: Vec<u16> = notes(&log).into_iter().map(|(_, _, number)| number).collect();
    assert_eq!(order, [1, 2, 3, 4, 5, 6]);
    assert_eq!(ended.map(|ended| ended.events), Ok(6));
}

#[test]
fn a_zero_delay_event_below_the_key_last_handled_comes_next() {
    // At 5 ns: timer 1 of actor 1 schedules completion 2 of source 0 ... which sorts below it.
    let (_, log) = play(|log| {
        [
            Script::new(log)
                .starting(|context| {
                    context.send_in(nanos(5), Rank::Timer, actor(0), Note(1));
                    context.send_in(nanos(5), Rank::Timer, actor(0), Note(3));
                })
                .noting(|note, context| {
                    if note == Note(1) {
                        context.send_in(SimDuration::ZERO, Rank::Completion, actor(1), Note(2));
                    }
                }),
            Script::new(log),
        ]
    });
    assert_eq!(notes(&log), [(5, 0, 1), (5, 1, 2), (5, 0, 3)]);
}

#[test]
fn cancelling_gives_the_message_once_and_the_event_never_comes() {
    let kept = Rc::new(Cell::new(None));
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (set, get, tell) = (Rc::clone(&kept), Rc::clone(&kept), Rc::clone(&seen));
    let (ended, log) = play(|log| {
        [Script::new(log)
            .starting(move |context| {
                set.set(Some(context.send_in(nanos(9), Rank::Delivery, actor(0), Note(9))));
                context.send_in(nanos(5), Rank::Delivery, actor(0), Note(5));
            })
            .noting(move |_, context| {
                let event = get.get().expect("sent at the start");
                tell.borrow_mut().extend([context.cancel(event), context.cancel(event)]);
            })]
    });
    assert_eq!(*seen.borrow(), [Some(Note(9)), None]);
    assert_eq!(notes(&log), [(5, 0, 5)]);
    assert_eq!(ended.map(|ended| (ended.time.as_nanos(), ended.events)), Ok((5, 1)));
}

#[test]
fn an_event_being_handled_cannot_be_cancelled_even_if_its_place_is_used_again() {
    let kept = Rc::new(Cell::new(None));
    let (set, get) = (Rc::clone(&kept), Rc::clone(&kept));
    let (_, log) = play(|log| {
        [Script::new(log)
            .starting(move |context| {
                set.set(Some(context.send_in(nanos(1), Rank::Delivery, actor(0), Note(1))));
            })
            .noting(move |note, context| {
                if note == Note(1) {
                    context.send_in(nanos(1), Rank::Delivery, actor(0), Note(2));
                    let event = get.get().expect("sent at the start");
                    assert_eq!(context.cancel(event), None);
                }
            })]
    });
    assert_eq!(notes(&log), [(1, 0, 1), (2, 0, 2)]);
}

/// Two actors that pass a note to and fro, one nanosecond a hop, for ever.
fn ping_pong(log: &Log) -> [Script; 2] {
    let pass = |target| {
        move |Note(number): Note, context: &mut Context| {
            context.send_in(nanos(1), Rank::Delivery, actor(target), Note(number + 1));
        }
    };
    let first = Script::new(log).starting(|context| {
        context.send_in(nanos(1), Rank::Delivery, actor(1), Note(1));
    });
    [first.noting(pass(1)), Script::new(log).noting(pass(0))]
}

#[test]
fn events_at_the_end_are_handled_and_later_ones_are_not() {
    let end = |simulation: &mut Simulation<Note>| simulation.set_end(SimTime::from_nanos(3));
    let (ended, log) = play_with(RunOptions::default(), end, ping_pong);
    assert_eq!(notes(&log), [(1, 1, 1), (2, 0, 2), (3, 1, 3)]);
    assert_eq!(ended.map(|ended| ended.time.as_nanos()), Ok(3));
}

#[test]
fn a_known_trajectory_has_its_pinned_fingerprint() {
    let end = |simulation: &mut Simulation<Note>| simulation.set_end(SimTime::from_nanos(3));
    let (ended, _) = play_with(RunOptions::default(), end, ping_pong);
    // XXH3-128 over three records of 26 bytes: (1, 0, 1, 1, 1), (2, 1, 0, 2, 2), (3, 0, 1, 3, 3).
    let mut bytes = Vec::new();
    for (time, source, target, number) in [(1_u64, 0_u32, 1_u32, 1_u16), (2, 1, 0, 2), (3, 0, 1, 3)]
    {
        bytes.extend(time.to_le_bytes());
        bytes.extend(source.to_le_bytes());
        bytes.extend(target.to_le_bytes());
        bytes.extend(number.to_le_bytes());
        bytes.extend(u64::from(number).to_le_bytes());
    }
    let fingerprint = ended.expect("nothing fails").fingerprint;
    assert_eq!(fingerprint, xxhash_rust::xxh3::xxh3_128(&bytes), "one-shot hash of {bytes:?}");
    assert_eq!(fingerprint, 0xa75a_21bd_f45e_3d02_d87a_6f6f_302d_f602, "pinned by value");
}

struct Counting(Rc<Cell<u64>>);

impl Observer for Counting {
    fn event(&mut self, event: &EventRecord) {
        assert_eq!((event.kind_name, event.size), ("note", u64::from(event.kind)));
        self.0.set(self.0.get() + 1);
    }
}

#[test]
fn observers_see_every_event_and_change_nothing() {
    let end = SimTime::from_nanos(100);
    let bare = play_with(RunOptions::default(), |s| s.set_end(end), ping_pong);
    let count = Rc::new(Cell::new(0));
    let observe = |simulation: &mut Simulation<Note>| {
        simulation.set_end(end);
        simulation.add_observer(Box::new(Counting(Rc::clone(&count))));
    };
    assert_eq!(play_with(RunOptions::default(), observe, ping_pong), bare);
    assert_eq!(count.get(), 100, "one event a nanosecond from 1 to 100");
}

#[test]
fn the_length_of_a_slice_changes_nothing_but_progress() {
    let end = |simulation: &mut Simulation<Note>| simulation.set_end(SimTime::from_nanos(100));
    let usual = play_with(RunOptions::default(), end, ping_pong);
    for (slice, most) in [(0, 102), (1, 102), (7, 16)] {
        let reports = Rc::new(RefCell::new(Vec::new()));
        let report = Rc::clone(&reports);
        let progress = Some(Box::new(move |progress: Progress| {
            report.borrow_mut().push(progress.events);
        }) as Box<dyn FnMut(Progress)>);
        let options = RunOptions { slice, progress, ..RunOptions::default() };
        assert_eq!(play_with(options, end, ping_pong), usual);
        let reports = reports.borrow();
        assert!(reports.is_sorted() && reports.last() == Some(&100), "{reports:?}");
        assert!((15..=most).contains(&reports.len()), "⌈100/{slice}⌉: {reports:?}");
    }
}
