//! Whether the stations keep up with the traffic.

use super::result::StationResult;
use std::fmt;

/// From this utilisation on a station is saturated. In an M/M/1 queue a request then waits for
/// 0.95/(1 − 0.95) = 19 services on average, and a few per cent more traffic overload it.
const SATURATED_FROM: f64 = 0.95;

/// t for a one-sided doubt of 2.5 %.
const NORMAL_QUANTILE_975: f64 = 1.96;

/// Whether a station keeps up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoadState {
    /// It does.
    Stable,
    /// Only just, so that its waits are long and uncertain.
    Saturated,
    /// It does not: its queue grows for as long as requests arrive, and no latency is steady.
    Overloaded,
}

impl fmt::Display for LoadState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stable => "stable",
            Self::Saturated => "saturated",
            Self::Overloaded => "overloaded",
        })
    }
}

/// The judgement over a run with traffic: that over its worst station.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether that station keeps up.
    pub state: LoadState,
    /// The station with the largest offered load among those in the worst state.
    pub station: String,
    /// Its utilisation.
    pub utilisation: f64,
    /// Its offered load.
    pub offered_load: f64,
    /// Why, as a sentence.
    pub reason: String,
}

impl Verdict {
    /// Judges all stations; `None` if there are none.
    ///
    /// A queue without bound is stable iff its offered load, the arrival rate times the mean
    /// service time over the workers, is below 1 (Asmussen, "Applied Probability and Queues",
    /// chapter X). The load that a finite run offered varies around that with a relative standard
    /// error of about 1/√n for n services (exactly so for Poisson arrivals of equal services), so a
    /// station is **overloaded** if its offered load exceeds 1 + 1.96/√n; otherwise **saturated**
    /// if its utilisation or offered load is at least 0.95, and **stable** below. A finite buffer
    /// keeps the load that is let in below 1, so that such a station is saturated at worst.
    pub fn of(stations: &[StationResult]) -> Option<Self> {
        let worst = stations.iter().max_by(|a, b| {
            let by_state = state(a).cmp(&state(b));
            // Of equal ones the first declared: `max_by` would take the last.
            by_state
                .then(a.offered_load.total_cmp(&b.offered_load))
                .then(std::cmp::Ordering::Greater)
        })?;
        let state = state(worst);
        Some(Self {
            state,
            station: worst.name.to_string(),
            utilisation: worst.utilisation,
            offered_load: worst.offered_load,
            reason: reason(state, worst),
        })
    }
}

fn state(station: &StationResult) -> LoadState {
    if station.offered_load > 1.0 + tolerance(station) {
        LoadState::Overloaded
    } else if station.utilisation.max(station.offered_load) >= SATURATED_FROM {
        LoadState::Saturated
    } else {
        LoadState::Stable
    }
}

/// How far chance alone may carry the load that a station was offered.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
fn tolerance(station: &StationResult) -> f64 {
    NORMAL_QUANTILE_975 / (station.completed.max(1) as f64).sqrt()
}

fn reason(state: LoadState, station: &StationResult) -> String {
    let load = station.offered_load;
    match state {
        LoadState::Overloaded => format!(
            "its offered load of {load:.3} exceeds 1 by more than the chance of Poisson arrivals \
             ({:.3}) explains: its queue grew while requests arrived",
            tolerance(station)
        ),
        LoadState::Saturated => {
            let (figure, value) = if station.utilisation >= SATURATED_FROM {
                ("utilisation", station.utilisation)
            } else {
                ("offered load, with what was left at the window's end,", load)
            };
            format!(
                "its {figure} of {value:.3} is {SATURATED_FROM} or more: waits are long and uncertain"
            )
        }
        LoadState::Stable => {
            format!("the largest offered load, {load:.3}, is below {SATURATED_FROM}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn station(name: &str, offered_load: f64, completed: u64) -> StationResult {
        StationResult {
            name: name.into(),
            utilisation: offered_load.min(1.0),
            offered_load,
            mean_queue: 0.0,
            max_queue: 0,
            completed,
            half_widths: None,
        }
    }

    #[test]
    fn the_state_follows_the_offered_load() {
        for (load, state) in [
            (0.5, LoadState::Stable),
            (0.94, LoadState::Stable),
            (0.97, LoadState::Saturated),
            (1.2, LoadState::Overloaded),
        ] {
            let verdict = Verdict::of(&[station("server", load, 10_000)]).unwrap();
            assert_eq!(verdict.state, state, "load {load}");
        }
    }

    #[test]
    fn a_load_that_chance_explains_is_no_overload() {
        // 1.96/√100 = 0.196, 1.96/√10,000 = 0.0196
        let state = |completed| Verdict::of(&[station("s", 1.1, completed)]).unwrap().state;
        assert_eq!(state(100), LoadState::Saturated);
        assert_eq!(state(10_000), LoadState::Overloaded);
    }

    #[test]
    fn the_worst_station_is_named_and_of_equal_ones_the_first() {
        let verdict = |stations: &[StationResult]| Verdict::of(stations).unwrap().station;
        let stations =
            [station("a", 1.3, 10), station("b", 1.2, 10_000), station("c", 1.2, 10_000)];
        assert_eq!(verdict(&stations), "b", "ten services prove nothing of a");
        assert_eq!(verdict(&stations[..1]), "a");
        assert_eq!(Verdict::of(&[]), None);
    }
}
