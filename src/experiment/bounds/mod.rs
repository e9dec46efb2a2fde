//! Where to cut: closed forms of client-only, server-only and SplitGP at every cut, with the bounds on
//! the client's share, and short simulations of the same at next to no load.

mod lone;
mod offloaded;
mod regimes;

pub use lone::{Simulated, SimulatedTimes};
pub use offloaded::{Basis, Offloaded};
pub use regimes::{Cell, Regimes, Ways, regimes};

use super::costing::Costing;
use super::error::{ExperimentError, Rejection};
use super::lone_times::{ClassRates, PathTimes, class_rates};
use super::store::StoreSettings;
use crate::learning::Layout;
use crate::quantity::Bytes;
use crate::scenario::Scenario;
use crate::theory::split::{Fastest, Split, SplitCosts};
use lone::simulate_class;
use offloaded::offloaded;
use std::num::NonZeroUsize;

/// How to answer.
#[derive(Debug, Clone)]
pub struct BoundsSettings {
    /// Whether the scenario's models are trained at every cut and not at its own alone.
    pub train_cuts: bool,
    /// Threads for real training.
    pub threads: NonZeroUsize,
    /// Where what is learned is kept, if anywhere.
    pub store: Option<StoreSettings>,
}

/// The comparison at every cut, for every device class.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// The scenario's name.
    pub scenario: String,
    /// Its own cut.
    pub cut: String,
    /// The device classes, in declaration order.
    pub classes: Vec<ClassBounds>,
}

/// The comparison for one device class.
#[derive(Debug, Clone)]
pub struct ClassBounds {
    /// The class.
    pub class: String,
    /// Whether the full model fits its memory.
    pub holds_full_model: bool,
    /// The cuts from the input on.
    pub cuts: Vec<CutBounds>,
}

/// The comparison at one cut.
#[derive(Debug, Clone)]
pub struct CutBounds {
    /// The last layer on the device.
    pub cut: String,
    /// The client's share of the model in parameters.
    pub alpha_parameters: f64,
    /// The same in FLOPs.
    pub alpha_flops: f64,
    /// q: a sample's smashed data on the wire, without header.
    pub smashed: Bytes,
    /// d: its raw input.
    pub input: Bytes,
    /// Whether φ and κ fit the device's memory.
    pub fits: bool,
    /// β and the exits' accuracy.
    pub offloaded: Offloaded,
    /// The formulas, by rates alone.
    pub split: Split,
    /// Each way's time to the nanosecond.
    pub times: PathTimes,
    /// The simulated means; `None` if a part does not fit its memory.
    pub simulated: Option<SimulatedTimes>,
}

impl CutBounds {
    /// Seconds of client-only, server-only and SplitGP, which is a mean of its two exits.
    pub fn seconds(&self) -> [f64; 3] {
        self.times.means(self.offloaded.fraction)
    }

    /// Simulated seconds of the same three; infinite for what fits no memory.
    pub fn simulated_seconds(&self) -> Option<[f64; 3]> {
        self.simulated.map(|simulated| simulated.means(self.offloaded.fraction))
    }
}

impl ClassBounds {
    /// The cut at which SplitGP is the fastest among those that fit the device's memory.
    pub fn fastest_cut(&self) -> Option<&CutBounds> {
        let fitting = self.cuts.iter().filter(|cut| cut.fits);
        fitting.min_by(|a, b| a.seconds()[2].total_cmp(&b.seconds()[2]))
    }

    /// Who is the fastest at a cut of this class, within its memory.
    pub fn fastest(&self, cut: &CutBounds) -> Option<Fastest> {
        let [client_only, server_only, splitgp] = cut.seconds();
        let within = |fits: bool, time: f64| if fits { time } else { f64::INFINITY };
        Fastest::of([
            within(self.holds_full_model, client_only),
            server_only,
            within(cut.fits, splitgp),
        ])
    }
}

/// Compares the ways at every cut of the model of `scenario`.
///
/// # Errors
/// If the scenario does not say what is offloaded, has no two exits, or a run fails.
pub fn bounds(scenario: &Scenario, settings: &BoundsSettings) -> Result<Bounds, ExperimentError> {
    let costing = Costing::of(scenario)?;
    if costing.layout != Layout::TwoExits {
        return Err(Rejection {
            key: "training.method".to_owned(),
            message: "bounds are those of a model with two exits; use `splitgp` or `multi-exit`"
                .to_owned(),
        }
        .into());
    }
    let cuts = cuts(scenario, &costing);
    let betas = offloaded(scenario, &cuts, settings)?;
    let mut classes: Vec<ClassBounds> = scenario
        .fleet
        .iter()
        .map(|entry| ClassBounds {
            class: entry.name.clone(),
            holds_full_model: costing.full().inference_memory() <= entry.device.memory,
            cuts: Vec::new(),
        })
        .collect();
    for (cut, beta) in cuts.iter().zip(betas) {
        let rates = class_rates(&cut.scenario, &cut.costing);
        for (index, (class, rates)) in classes.iter_mut().zip(rates).enumerate() {
            let device = scenario.fleet[index].device;
            let fits = cut.costing.device_part().inference_memory() <= device.memory;
            let simulated = simulate_class(&cut.scenario, index, &rates.times);
            class.cuts.push(cut.bounds(fits, beta, &rates, simulated));
        }
    }
    Ok(Bounds { scenario: scenario.name.clone(), cut: scenario.model.cut.clone(), classes })
}

/// The scenario at another cut.
struct Cut {
    scenario: Scenario,
    costing: Costing,
}

impl Cut {
    fn name(&self) -> &str {
        &self.scenario.model.cut
    }

    /// The formulas for a device class of these rates.
    #[expect(clippy::cast_precision_loss, reason = "costs as formulas have them")]
    fn split(&self, rates: &ClassRates) -> Split {
        let Costing { model, phi, kappa, theta, .. } = &self.costing;
        let [phi, kappa, theta] = [phi, kappa, theta].map(|part| part.forward(1).flops as f64);
        let (input, smashed) = (model.input_size(1).0 as f64, model.smashed_size(1).0 as f64);
        Split { costs: SplitCosts { phi, kappa, theta, input, smashed }, rates: rates.rates }
    }

    #[expect(clippy::cast_precision_loss, reason = "shares of the model")]
    fn bounds(
        &self,
        fits: bool,
        offloaded: Offloaded,
        rates: &ClassRates,
        simulated: Option<SimulatedTimes>,
    ) -> CutBounds {
        let Costing { model, phi, theta, .. } = &self.costing;
        let share = |phi: u64, theta: u64| phi as f64 / (phi + theta) as f64;
        CutBounds {
            cut: self.name().to_owned(),
            alpha_parameters: share(phi.parameters, theta.parameters),
            alpha_flops: share(phi.flops, theta.flops),
            smashed: model.smashed_size(1),
            input: model.input_size(1),
            fits,
            offloaded,
            split: self.split(rates),
            times: rates.times,
            simulated,
        }
    }
}

/// The scenario at each cut of its model: behind each layer that can be the last on the device.
fn cuts(scenario: &Scenario, costing: &Costing) -> Vec<Cut> {
    let layers = costing.model.phi.iter().chain(&costing.model.theta);
    let at = |layer: &crate::cost::Layer| {
        let mut scenario = scenario.clone();
        scenario.model.cut.clone_from(&layer.name);
        let costing = Costing::of(&scenario).ok()?;
        Some(Cut { scenario, costing })
    };
    layers.filter_map(at).collect()
}
