//! Who writes down the sojourns that make a path.

use crate::actors::{Moment, Sojourn, StationId, Stations, Subject, Watcher};
use crate::time::SimTime;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// What was seen of a run.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) stations: Stations,
    pub(super) sojourns: Vec<Sojourn>,
    /// Deadlines and lost rounds.
    pub(super) moments: Vec<(SimTime, Moment)>,
}

/// What of a run is to be seen.
#[derive(Debug, Clone)]
pub(super) enum Sight {
    /// Training in this window; of this round alone, unless clients are in rounds of their own.
    Training { window: [SimTime; 2], round: Option<u32> },
    /// These requests.
    Requests(BTreeSet<u32>),
}

/// A watcher that sees only as much as is asked for, so that it holds little of a long run.
pub(super) struct Eye {
    sight: Sight,
    seen: Rc<RefCell<Seen>>,
}

impl Eye {
    /// An eye, and what it will have seen.
    pub(super) fn open(sight: Sight) -> (Box<dyn Watcher>, Rc<RefCell<Seen>>) {
        let stations = Stations { names: Vec::new(), clients: 0 };
        let seen = Seen { stations, sojourns: Vec::new(), moments: Vec::new() };
        let seen = Rc::new(RefCell::new(seen));
        (Box::new(Self { sight, seen: Rc::clone(&seen) }), seen)
    }
}

impl Sight {
    fn has(&self, sojourn: &Sojourn) -> bool {
        let in_window =
            |[from, to]: [SimTime; 2]| sojourn.delivered >= from && sojourn.arrived <= to;
        match (self, sojourn.subject) {
            (
                Self::Training { window, round },
                Subject::Round { round: present, .. } | Subject::Aggregation { round: present },
            ) => round.is_none_or(|round| round == present) && in_window(*window),
            (Self::Requests(requests), Subject::Request { request, .. }) => {
                requests.contains(&request)
            }
            _ => false,
        }
    }
}

impl Watcher for Eye {
    fn begins(&mut self, stations: &Stations) {
        self.seen.borrow_mut().stations = stations.clone();
    }

    fn sojourn(&mut self, _now: SimTime, sojourn: &Sojourn) {
        if self.sight.has(sojourn) {
            self.seen.borrow_mut().sojourns.push(*sojourn);
        }
    }

    fn queue(&mut self, _now: SimTime, _station: StationId, _waiting: u64) {}

    fn moment(&mut self, now: SimTime, _station: StationId, moment: Moment) {
        if let Sight::Training { window: [from, to], .. } = &self.sight
            && (*from..=*to).contains(&now)
            && matches!(moment, Moment::DeadlineOver | Moment::RoundLost { .. })
        {
            self.seen.borrow_mut().moments.push((now, moment));
        }
    }
}
