//! All models between two rounds, taken out and put back.

use super::Federation;
use crate::learning::parts::Models;
use crate::learning::weights::Weights;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All models between two rounds: what a later round depends on besides the configuration and the
/// data.
#[derive(Debug, Clone, PartialEq)]
pub struct FederationState {
    /// The values of each part by its name: `mean-phi`, `mean-kappa`, `mean-theta`, and `phi-0`,
    /// `kappa-0`, `theta-0` and so on of the clients. A part of a client that is not here is the
    /// mean's.
    pub weights: BTreeMap<String, Vec<f32>>,
    /// For each client whether its personalised aggregate is still to be mixed.
    pub unmixed: Vec<bool>,
}

impl FederationState {
    /// Whether all values are numbers and finite.
    pub fn is_finite(&self) -> bool {
        self.weights.values().flatten().all(|value| value.is_finite())
    }
}

/// A state that belongs to another federation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("belongs to another training: `{part}` is missing or of another size")]
pub struct StateError {
    /// The part that does not fit.
    pub part: String,
}

/// A model's parts by their names, those that it has.
fn parts(models: &Models) -> impl Iterator<Item = (&'static str, &Arc<Weights>)> {
    let kappa = models.kappa.as_ref().map(|kappa| ("kappa", kappa));
    [("phi", &models.phi), ("theta", &models.theta)].into_iter().chain(kappa)
}

impl Federation {
    /// All models as they are now. A client that has been given its aggregate since the last
    /// aggregation is mixed already; restored, it is not mixed once more, so that the next round
    /// starts from the same models.
    pub fn state(&self) -> FederationState {
        let means: BTreeMap<_, _> = parts(&self.means).collect();
        let mut weights = BTreeMap::new();
        for (name, mean) in &means {
            weights.insert(format!("mean-{name}"), mean.values().collect());
        }
        for (number, client) in self.clients.iter().enumerate() {
            // What will be replaced by the mean whatever it is need not be kept.
            if client.unmixed && !self.keeps_own() {
                continue;
            }
            for (name, own) in parts(&client.own) {
                let is_servers = name == "theta" && self.config.method.layout().is_split();
                if !is_servers && !Arc::ptr_eq(own, means[name]) {
                    weights.insert(format!("{name}-{number}"), own.values().collect());
                }
            }
        }
        FederationState { weights, unmixed: self.clients.iter().map(|c| c.unmixed).collect() }
    }

    /// The names that parts can have in [`Self::state`], with the number of values of each.
    pub fn state_parts(&self) -> Vec<(String, usize)> {
        let lengths: Vec<(&str, usize)> =
            parts(&self.means).map(|(part, mean)| (part, mean.values().count())).collect();
        let owners = std::iter::once(None).chain((0..self.clients.len()).map(Some));
        let named = |owner: Option<usize>, (part, length): (&str, usize)| match owner {
            Some(number) => (format!("{part}-{number}"), length),
            None => (format!("mean-{part}"), length),
        };
        owners.flat_map(|owner| lengths.iter().map(move |&part| named(owner, part))).collect()
    }

    /// Puts `state` in place of the present models.
    ///
    /// # Errors
    /// If it has other models than this federation; nothing has changed then.
    pub fn restore(&mut self, state: &FederationState) -> Result<(), StateError> {
        let (means, own) = self.restored(state)?;
        self.means = means;
        for ((client, own), &unmixed) in self.clients.iter_mut().zip(own).zip(&state.unmixed) {
            (client.own, client.unmixed) = (own, unmixed);
        }
        Ok(())
    }

    /// Checks that `state` has the models of this federation.
    ///
    /// # Errors
    /// With the first part that is missing or of another size.
    pub fn fits_state(&self, state: &FederationState) -> Result<(), StateError> {
        self.restored(state).map(|_| ())
    }

    /// The means and each client's models in `state`.
    fn restored(&self, state: &FederationState) -> Result<(Models, Vec<Models>), StateError> {
        let error = |name: &str| StateError { part: name.to_owned() };
        if state.unmixed.len() != self.clients.len() {
            return Err(error("unmixed"));
        }
        let part = |name: String, like: &Arc<Weights>| match state.weights.get(&name) {
            None => Ok(None),
            Some(values) => like
                .with_values(values)
                .map(|part| Some(Arc::new(part)))
                .ok_or_else(|| error(&name)),
        };
        let mean = |name: &str, like: &Arc<Weights>| {
            let name = format!("mean-{name}");
            part(name.clone(), like)?.ok_or_else(|| error(&name))
        };
        let Models { phi, kappa, theta } = &self.means;
        let means = Models {
            phi: mean("phi", phi)?,
            kappa: kappa.as_ref().map(|kappa| mean("kappa", kappa)).transpose()?,
            theta: mean("theta", theta)?,
        };
        let own = |number: usize| {
            let own = |name: &str, mean: &Arc<Weights>| {
                let own = part(format!("{name}-{number}"), mean)?;
                Ok(own.unwrap_or_else(|| Arc::clone(mean)))
            };
            let Models { phi, kappa, theta } = &means;
            Ok(Models {
                phi: own("phi", phi)?,
                kappa: kappa.as_ref().map(|kappa| own("kappa", kappa)).transpose()?,
                theta: own("theta", theta)?,
            })
        };
        let own = (0..self.clients.len()).map(own).collect::<Result<_, StateError>>()?;
        Ok((means, own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_that_is_no_number_makes_a_state_useless() {
        let state = |value: f32| FederationState {
            weights: BTreeMap::from([("mean-phi".to_owned(), vec![0.0, value])]),
            unmixed: vec![false],
        };
        assert!(state(f32::MAX).is_finite());
        assert!(!state(f32::NAN).is_finite() && !state(f32::INFINITY).is_finite());
    }
}
