//! The future event list against an oracle: a sorted vector.

use super::*;
use crate::kernel::event::Rank;
use crate::time::SimTime;
use proptest::collection::vec;
use proptest::prelude::*;

/// One step of a test; indices are taken modulo what there is.
#[derive(Debug, Clone)]
enum Step {
    /// Inserts an event so long after the one popped last, saturating at the clock's end.
    Insert {
        delay: u64,
        rank: Rank,
    },
    Pop,
    Cancel {
        index: usize,
    },
    /// Cancels an event that was popped or cancelled before.
    CancelGone {
        index: usize,
    },
}

/// A list and the oracle that every operation on it is compared with.
struct Compared {
    list: FutureEventList<u32>,
    /// Ascending keys with ids and messages.
    oracle: Vec<(EventKey, EventId, u32)>,
    gone: Vec<EventId>,
    now: u64,
    sequence: u32,
}

impl Compared {
    fn new() -> Self {
        let (list, oracle) = (FutureEventList::new(), Vec::new());
        Self { list, oracle, gone: Vec::new(), now: 0, sequence: 0 }
    }

    fn insert(&mut self, delay: u64, rank: Rank) {
        // Sources alternate so that a later event can sort below an earlier one of its instant.
        let source = ActorId::from_index(self.sequence as usize * 7 % 5);
        let time = SimTime::from_nanos(self.now.saturating_add(delay));
        let key = EventKey::new(time, rank, source, self.sequence);
        let message = self.sequence;
        let payload = Payload { needs: None, message };
        let id = self.list.insert(key, source, payload);
        let position = self.oracle.partition_point(|(other, _, _)| *other < key);
        self.oracle.insert(position, (key, id, message));
        self.sequence += 1;
    }

    fn pop(&mut self) -> bool {
        let popped = self.list.pop().map(|event| (event.key, event.payload.message));
        if self.oracle.is_empty() {
            assert_eq!(popped, None);
            return false;
        }
        let (key, id, message) = self.oracle.remove(0);
        assert_eq!(popped, Some((key, message)));
        self.now = key.time;
        self.gone.push(id);
        true
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Insert { delay, rank } => self.insert(delay, rank),
            Step::Pop => {
                self.pop();
            }
            Step::Cancel { index } if !self.oracle.is_empty() => {
                let (_, id, message) = self.oracle.remove(index % self.oracle.len());
                assert_eq!(self.list.cancel(id), Some(message));
                self.gone.push(id);
            }
            Step::CancelGone { index } if !self.gone.is_empty() => {
                let id = self.gone[index % self.gone.len()];
                assert_eq!(self.list.cancel(id), None);
            }
            Step::Cancel { .. } | Step::CancelGone { .. } => {}
        }
    }

    fn drain(&mut self) {
        while self.pop() {}
    }
}

fn rank() -> impl Strategy<Value = Rank> {
    prop_oneof![Just(Rank::Completion), Just(Rank::Delivery), Just(Rank::Timer)]
}

/// Delays of very different lengths, many of them ties.
fn delay() -> impl Strategy<Value = u64> {
    prop_oneof![
        3 => Just(0),
        3 => 0_u64..4,
        9 => Just(1_000),
        1 => Just(1_000_000_000),
        4 => 0_u64..1_000_000_000,
        1 => any::<u64>(),
        1 => Just(u64::MAX),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (delay(), rank()).prop_map(|(delay, rank)| Step::Insert { delay, rank }),
        5 => Just(Step::Pop),
        2 => any::<usize>().prop_map(|index| Step::Cancel { index }),
        1 => any::<usize>().prop_map(|index| Step::CancelGone { index }),
    ]
}

/// A cheap pinned sequence of numbers.
fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut stream = crate::random::Streams::new(seed, 0).stream("fel", "test");
    move || rand::Rng::next_u64(&mut stream)
}

proptest! {
    #[test]
    fn events_come_in_the_order_of_a_sorted_vector(steps in vec(step(), 0..3000)) {
        let mut compared = Compared::new();
        steps.iter().for_each(|step| compared.step(step));
        compared.drain();
    }

    #[test]
    fn a_large_population_comes_in_the_order_of_a_sorted_vector(
        seed in any::<u64>(),
        population in 1_u64..3000,
        scale in 0_u32..60,
    ) {
        let mut next = numbers(seed);
        let mut compared = Compared::new();
        (0..population).for_each(|_| compared.insert(next() >> scale, Rank::Delivery));
        for _ in 0..2 * population {
            compared.pop();
            compared.insert(next() >> scale >> (next() % 8), Rank::Timer);
        }
        compared.drain();
    }
}

#[test]
fn skewed_timers_come_in_the_order_of_a_sorted_vector() {
    // 10 % at 1 s, the rest at 1 µs: most events are inserted into the bucket being popped.
    let mut compared = Compared::new();
    let delay = |i: u64| if i.is_multiple_of(10) { 1_000_000_000 } else { 1_000 };
    (0..2000).for_each(|i| compared.insert(delay(i) + i % 13, Rank::Delivery));
    for i in 0..20_000 {
        compared.pop();
        compared.insert(delay(i), Rank::Delivery);
    }
    compared.drain();
}

#[test]
fn skewed_timers_take_no_more_steps_each_in_a_large_population() {
    // Quadratic cost would be 100,000² / 4 moves, minutes even in release; this takes moments.
    let mut list = FutureEventList::new();
    let actor = ActorId::from_index(0);
    let mut sequence = 0;
    let mut insert = |list: &mut FutureEventList<()>, now: u64| {
        let delay = if sequence % 10 == 0 { 1_000_000_000 } else { 1_000 };
        let time = SimTime::from_nanos(now + delay);
        let key = EventKey::new(time, Rank::Delivery, actor, sequence);
        list.insert(key, actor, Payload { needs: None, message: () });
        sequence += 1;
    };
    (0..100_000).for_each(|now| insert(&mut list, now));
    let mut last = 0;
    for _ in 0..500_000 {
        let time = list.pop().expect("the population is constant").key.time;
        assert!(last <= time, "{time} came after {last}");
        last = time;
        insert(&mut list, time);
    }
}

#[test]
fn cancelled_entries_never_outnumber_live_ones_for_long() {
    let mut compared = Compared::new();
    let ids =
        |compared: &Compared| -> Vec<_> { compared.oracle.iter().map(|(_, id, _)| *id).collect() };
    for round in 0..50 {
        (0..1000).for_each(|i| compared.insert(round + 997 * i, Rank::Timer));
        for id in ids(&compared) {
            compared.list.cancel(id).expect("it is still to come");
        }
        compared.oracle.clear();
        compared.insert(0, Rank::Delivery);
        compared.pop();
        // 50,000 events were cancelled; at most PURGE_FROM and the last insert are left.
        assert!(compared.list.queue.len() <= PURGE_FROM + 1, "{}", compared.list.queue.len());
    }
    assert!(compared.list.payloads.len() == 0);
}

#[test]
fn after_a_purge_the_queue_is_as_long_as_there_are_entries_to_pop() {
    let mut compared = Compared::new();
    (1..=200).for_each(|time| compared.insert(1_000 * time, Rank::Timer));
    compared.pop();
    // Late ones, before the buckets that are left, and far ones, after all of them.
    (1..=20).for_each(|delay| compared.insert(delay, Rank::Timer));
    (1..=20).for_each(|delay| compared.insert(1_000_000 + delay, Rank::Timer));
    (0..150).for_each(|_| compared.step(&Step::Cancel { index: 60 }));
    let queue = &mut compared.list.queue;
    let length = queue.len();
    assert!(length < 239, "150 of 239 are cancelled: they are purged as soon as 120 are");
    let popped = std::iter::from_fn(|| queue.pop_before(EventKey::LAST)).count();
    assert_eq!(length, popped, "its length against the entries that come out of it");
}
