//! Who is the fastest where: a map over the uplink's and the device's rate.

use super::lone::{Simulated, simulate_all, simulate_class};
use super::offloaded::offloaded_at;
use super::{BoundsSettings, Cut, Offloaded};
use crate::cost::PartCost;
use crate::experiment::costing::Costing;
use crate::experiment::error::{ExperimentError, Rejection};
use crate::experiment::lone_times::class_rates;
use crate::quantity::{BitRate, FlopRate};
use crate::scenario::{Figure, OffloadSpec, OutcomeSpec, Scenario};
use crate::theory::split::{Fastest, Rates, Split};
use std::num::NonZeroU64;

/// Accuracies that differ by no more than this are equal: one point.
const EQUAL_ACCURACY: f64 = 0.01;

/// Shares of lost requests that differ by no more than this are equal: one point.
const EQUAL_LOSS: f64 = 0.01;

/// Rates in a decade of an axis.
const PER_DECADE: i32 = 3;

/// Decades of the uplink's rate, from 10⁵ bit/s to 10⁹.
const UPLINK_DECADES: std::ops::Range<i32> = 5..9;

/// Decades of the device's rate, from 10⁸ FLOP/s to 10¹².
const DEVICE_DECADES: std::ops::Range<i32> = 8..12;

/// The map.
#[derive(Debug, Clone)]
pub struct Regimes {
    /// The scenario's name.
    pub scenario: String,
    /// Its cut.
    pub cut: String,
    /// β, and SplitGP's accuracy with it.
    pub offloaded: Offloaded,
    /// Which of [`Fastest::ALL`] are as accurate as the most accurate one, within one point; all of
    /// them if accuracy is not known.
    pub eligible: [bool; 3],
    /// Which of them fit the device's memory.
    pub fits: [bool; 3],
    /// Uplink rates in bit/s, ascending.
    pub uplinks: Vec<u64>,
    /// Device rates in FLOP/s, ascending.
    pub devices: Vec<u64>,
    /// Row by row: all device rates at the first uplink rate, and so on.
    pub cells: Vec<Cell>,
    /// The formulas at the scenario's own rates.
    pub split: Split,
    /// Seconds a byte on the links behind the device's own on the way up.
    beyond: f64,
}

/// What was simulated of each of [`Fastest::ALL`]; `None` for who is not eligible or does not fit the
/// device's memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ways(pub [Option<Simulated>; 3]);

impl Ways {
    /// Who is the fastest of those that lose no more requests, within one point, than who loses
    /// the fewest: an answer that is never given is not a fast one.
    pub fn fastest(&self) -> Option<Fastest> {
        let least = self.0.iter().flatten().map(|way| way.lost).fold(f64::INFINITY, f64::min);
        let time = |way: Simulated| (way.lost <= least + EQUAL_LOSS).then_some(way.mean);
        Fastest::of(self.0.map(|way| way.and_then(time).unwrap_or(f64::INFINITY)))
    }

    /// The share of requests that the fastest one loses; 0 if nobody is.
    pub fn lost_by_fastest(&self) -> f64 {
        let fastest = self.fastest();
        let place = Fastest::ALL.iter().position(|way| Some(*way) == fastest);
        place.and_then(|place| self.0[place]).map_or(0.0, |way| way.lost)
    }
}

/// One pair of rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Bit/s.
    pub uplink: u64,
    /// FLOP/s.
    pub device: u64,
    /// Mean seconds by the closed form, in the order of [`Fastest::ALL`]; infinite for who is not
    /// eligible or does not fit the device's memory.
    pub closed: [f64; 3],
    /// Simulated, a device alone.
    pub alone: Ways,
    /// Simulated, the scenario's whole fleet and traffic, over its replications.
    pub contended: Ways,
}

impl Regimes {
    /// Whether the accuracies of all three are known, so that those less accurate are out.
    pub fn compares_accuracy(&self) -> bool {
        self.offloaded.accuracy.is_some() && self.offloaded.full_accuracy.is_some()
    }

    /// Who is the fastest of those eligible that fit by the formulas at these rates (bit/s, FLOP/s).
    pub fn by_formula(&self, uplink: f64, device: f64) -> Option<Fastest> {
        let uplink = 1.0 / (8.0 / uplink + self.beyond);
        let rates = Rates { uplink, client: device, ..self.split.rates };
        let split = Split { rates, ..self.split };
        Fastest::of(among(both(self.eligible, self.fits), split.times(self.offloaded.fraction)))
    }
}

fn both(these: [bool; 3], those: [bool; 3]) -> [bool; 3] {
    std::array::from_fn(|way| these[way] && those[way])
}

fn among(candidates: [bool; 3], times: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|way| if candidates[way] { times[way] } else { f64::INFINITY })
}

/// The map of the one device class of `scenario`. Its uplink's and its device's rates are replaced; all
/// else, delays and the server among it, stays.
///
/// # Errors
/// If there is more than one class or it has no access link of its own, if the scenario does not say
/// what is offloaded, or if a run fails.
pub fn regimes(scenario: &Scenario, settings: &BoundsSettings) -> Result<Regimes, ExperimentError> {
    if scenario.fleet.len() != 1 || scenario.fleet[0].access.is_none() {
        let message = "a map of regimes is one of a single device class with an access link of its \
                       own, whose rates it varies";
        return Err(Rejection { key: "fleet".to_owned(), message: message.to_owned() }.into());
    }
    let cut = Cut { scenario: scenario.clone(), costing: Costing::of(scenario)? };
    let offloaded = offloaded_at(scenario, settings)?;
    let eligible = eligible(offloaded.accuracy, offloaded.full_accuracy);
    let memory = scenario.fleet[0].device.memory;
    let holds = |part: &PartCost| part.inference_memory() <= memory;
    let fits = [holds(&cut.costing.full()), true, holds(&cut.costing.device_part())];
    let candidates = both(eligible, fits);
    let rates = class_rates(scenario, &cut.costing);
    let split = cut.split(&rates[0]);
    let own =
        scenario.fleet[0].access.as_ref().map_or(0.0, |access| seconds_a_byte(access.up.rate));
    let (uplinks, devices) = (axis(UPLINK_DECADES), axis(DEVICE_DECADES));
    let mut cells = Vec::with_capacity(uplinks.len() * devices.len());
    for &uplink in &uplinks {
        for &device in &devices {
            cells.push(cell(scenario, &offloaded, candidates, (uplink, device)));
        }
    }
    Ok(Regimes {
        scenario: scenario.name.clone(),
        cut: scenario.model.cut.clone(),
        offloaded,
        eligible,
        fits,
        uplinks,
        devices,
        cells,
        split,
        beyond: (1.0 / split.rates.uplink - own).max(0.0),
    })
}

#[expect(clippy::cast_precision_loss, reason = "rates as formulas have them")]
fn seconds_a_byte(rate: BitRate) -> f64 {
    8.0 / rate.0.get() as f64
}

/// Both full-model ways answer alike, SplitGP by its exits.
fn eligible(splitgp: Option<f64>, full: Option<f64>) -> [bool; 3] {
    let (Some(splitgp), Some(full)) = (splitgp, full) else { return [true; 3] };
    let as_good = |accuracy: f64| accuracy >= splitgp.max(full) - EQUAL_ACCURACY;
    [as_good(full), as_good(full), as_good(splitgp)]
}

/// Rates evenly spread over decades, both ends included.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 10⁵ and 10¹²")]
fn axis(decades: std::ops::Range<i32>) -> Vec<u64> {
    let (first, last) = (decades.start * PER_DECADE, decades.end * PER_DECADE);
    let rate = |step: i32| 10_f64.powf(f64::from(step) / f64::from(PER_DECADE)).round() as u64;
    (first..=last).map(rate).collect()
}

/// The scenario at these rates.
fn at_rates(scenario: &Scenario, (uplink, device): (u64, u64)) -> Scenario {
    let mut scenario = scenario.clone();
    let positive = |rate| NonZeroU64::new(rate).expect("rates of the axes are positive");
    let entry = &mut scenario.fleet[0];
    entry.device.rate = FlopRate(positive(device));
    entry.drawn.retain(|drawn| !matches!(drawn.figure, Figure::DeviceRate | Figure::Uplink));
    if let Some(access) = &mut entry.access {
        access.up.rate = BitRate(positive(uplink));
        access.up.schedule = None;
    }
    scenario
}

fn cell(
    scenario: &Scenario,
    offloaded: &Offloaded,
    candidates: [bool; 3],
    rates: (u64, u64),
) -> Cell {
    let scenario = at_rates(scenario, rates);
    let costing = Costing::of(&scenario).expect("the cut was found before");
    let beta = offloaded.fraction;
    let times = class_rates(&scenario, &costing)[0].times;
    let policies = [OffloadSpec::ClientOnly, OffloadSpec::ServerOnly, OffloadSpec::Random(beta)];
    let contention = std::array::from_fn(|way| {
        let run = || simulate_all(contended(&scenario, policies[way]));
        if candidates[way] { run() } else { None }
    });
    let alone = simulate_class(&scenario, 0, &times);
    let alone = alone.map(|simulated| simulated.ways(beta));
    Cell {
        uplink: rates.0,
        device: rates.1,
        closed: among(candidates, times.means(beta)),
        alone: Ways(std::array::from_fn(|way| {
            alone.map(|ways| ways[way]).filter(|_| candidates[way])
        })),
        contended: Ways(contention),
    }
}

/// The scenario with its own fleet and arrivals, but without learning.
fn contended(scenario: &Scenario, offload: OffloadSpec) -> Scenario {
    let mut scenario = Scenario { training: None, data: None, ..scenario.clone() };
    if let Some(inference) = &mut scenario.inference {
        inference.offload = offload;
        inference.outcomes = OutcomeSpec::Stated { client_accuracy: 1.0, server_accuracy: 1.0 };
    }
    scenario
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_even_in_the_logarithm_and_hold_both_ends() {
        let axis = axis(UPLINK_DECADES);
        assert_eq!(axis.len(), 13);
        assert_eq!((axis[0], axis[1], axis[12]), (100_000, 215_443, 1_000_000_000));
    }

    fn simulated(mean: f64, lost: f64) -> Option<Simulated> {
        Some(Simulated { mean, lost })
    }

    #[test]
    fn a_way_that_loses_requests_wins_only_where_all_do_and_is_marked() {
        let fast_but_lossy = Ways([simulated(0.3, 0.0), simulated(0.1, 0.2), None]);
        assert_eq!(fast_but_lossy.fastest(), Some(Fastest::ClientOnly));
        assert_eq!(fast_but_lossy.lost_by_fastest(), 0.0);
        let within_a_point = Ways([simulated(0.3, 0.0), simulated(0.1, 0.009), None]);
        assert_eq!(within_a_point.fastest(), Some(Fastest::ServerOnly));
        assert_eq!(within_a_point.lost_by_fastest(), 0.009, "and says so");
        let all_lose = Ways([None, simulated(0.1, 0.5), simulated(0.2, 0.495)]);
        assert_eq!(all_lose.fastest(), Some(Fastest::ServerOnly));
        assert_eq!(Ways([None; 3]).fastest(), None);
    }

    #[test]
    fn links_behind_the_devices_own_count_in_the_frontier() {
        // Behind 10 Mbit/s a link of 10 Mbit/s: as one of 5 Mbit/s.
        let scenario = |network: &str, attach: &str| {
            let text = format!(
                "\
name: t
model: {{ preset: digits-cnn, cut: conv1 }}
fleet:
  - name: a
    count: 1
    device: {{ rate: 1 GFLOP/s, memory: 1 GB }}
    access: {{ up: 10 Mbit/s, down: 10 Mbit/s, delay: 0 s }}
    {attach}
server: {{ device: {{ rate: 10 GFLOP/s, memory: 10 GB }} }}
{network}
inference:
  arrivals: {{ periodic: 1 s }}
  duration: 2 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 0.5 }}
"
            );
            crate::scenario::parse(&text, "t.yaml").unwrap().scenario
        };
        let settings =
            BoundsSettings { train_cuts: false, threads: std::num::NonZeroUsize::MIN, store: None };
        let backhaul = "network: { nodes: [ap], links: [{ from: ap, to: server, rate: 10 Mbit/s, delay: 0 s }] }";
        let map = regimes(&scenario(backhaul, "attach: ap"), &settings).unwrap();
        for cell in &map.cells {
            let formula = map.by_formula(cell.uplink as f64, cell.device as f64);
            // Nothing has an overhead or a delay here: rounding up to nanoseconds is all between them.
            let [first, second] = {
                let mut times = cell.closed;
                times.sort_by(f64::total_cmp);
                [times[0], times[1]]
            };
            assert!(
                formula == Fastest::of(cell.closed) || second - first < 1e-7,
                "{cell:?}: {formula:?}"
            );
        }
    }

    #[test]
    fn who_is_more_than_a_point_worse_is_out() {
        assert_eq!(eligible(Some(0.90), Some(0.905)), [true, true, true]);
        assert_eq!(eligible(Some(0.90), Some(0.92)), [true, true, false]);
        assert_eq!(eligible(Some(0.93), Some(0.90)), [false, false, true]);
        assert_eq!(eligible(None, Some(0.9)), [true; 3]);
    }
}
