//! Who is the fastest where: a map over the uplink's and the device's rate.

use super::lone::{mean_latency, simulate_class};
use super::offloaded::offloaded_at;
use super::{BoundsSettings, Cut, Offloaded};
use crate::cost::PartCost;
use crate::experiment::costing::Costing;
use crate::experiment::error::{ExperimentError, Rejection};
use crate::experiment::lone_times::class_rates;
use crate::quantity::{BitRate, FlopRate};
use crate::scenario::{OffloadSpec, OutcomeSpec, Scenario};
use crate::theory::split::{Fastest, Rates, Split};
use std::num::NonZeroU64;

/// Accuracies that differ by no more than this are equal: one point.
const EQUAL_ACCURACY: f64 = 0.01;

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
}

/// One pair of rates. Times are mean seconds in the order of [`Fastest::ALL`]; infinite for who is not
/// eligible, does not fit the device's memory or has no answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Bit/s.
    pub uplink: u64,
    /// FLOP/s.
    pub device: u64,
    /// By the closed form.
    pub closed: [f64; 3],
    /// Simulated, a device alone.
    pub alone: [f64; 3],
    /// Simulated, the scenario's whole fleet and traffic.
    pub contended: [f64; 3],
}

impl Regimes {
    /// Whether the accuracies of all three are known, so that those less accurate are out.
    pub fn compares_accuracy(&self) -> bool {
        self.offloaded.accuracy.is_some() && self.offloaded.full_accuracy.is_some()
    }

    /// Who is the fastest of those eligible that fit by the formulas at these rates (bit/s, FLOP/s).
    pub fn by_formula(&self, uplink: f64, device: f64) -> Option<Fastest> {
        let rates = Rates { uplink: uplink / 8.0, client: device, ..self.split.rates };
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
    })
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
    entry.drawn.clear();
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
    let contention = std::array::from_fn(|way| match candidates[way] {
        true => mean_latency(contended(&scenario, policies[way])).unwrap_or(f64::INFINITY),
        false => f64::INFINITY,
    });
    let alone = simulate_class(&scenario, 0, &times);
    let alone = alone.map_or([f64::INFINITY; 3], |simulated| simulated.means(beta));
    Cell {
        uplink: rates.0,
        device: rates.1,
        closed: among(candidates, times.means(beta)),
        alone: among(candidates, alone),
        contended: contention,
    }
}

/// The scenario with its own fleet and arrivals, but without learning.
fn contended(scenario: &Scenario, offload: OffloadSpec) -> Scenario {
    let mut scenario = Scenario { training: None, data: None, replications: 1, ..scenario.clone() };
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

    #[test]
    fn who_is_more_than_a_point_worse_is_out() {
        assert_eq!(eligible(Some(0.90), Some(0.905)), [true, true, true]);
        assert_eq!(eligible(Some(0.90), Some(0.92)), [true, true, false]);
        assert_eq!(eligible(Some(0.93), Some(0.90)), [false, false, true]);
        assert_eq!(eligible(None, Some(0.9)), [true; 3]);
    }
}
