//! All models between two rounds, taken out and put back.

use super::Federation;
use crate::learning::weights::Weights;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All models between two rounds: what a later round depends on besides the configuration and the
/// data.
#[derive(Debug, Clone, PartialEq)]
pub struct FederationState {
    /// The values of each model by its name: `theta`; `mean-phi`, `mean-kappa` once there was an
    /// aggregation; `phi-0`, `kappa-0` and so on for each client.
    pub weights: BTreeMap<String, Vec<f32>>,
    /// For each client whether its personalised aggregate is still to be mixed.
    pub unmixed: Vec<bool>,
}

/// A state that belongs to another federation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("belongs to another training: `{part}` is missing or of another size")]
pub struct StateError {
    /// The model that does not fit.
    pub part: String,
}

/// The models of a state, as long as a federation has not taken them over.
struct Restored {
    theta: Weights,
    means: Option<(Weights, Weights)>,
    clients: Vec<(Weights, Weights)>,
}

impl Federation {
    /// All models as they are now. A client that has been given its aggregate since the last
    /// aggregation is mixed already; restored, it is not mixed once more, so that the next round
    /// starts from the same models.
    pub fn state(&self) -> FederationState {
        let mut weights = BTreeMap::new();
        let mut put =
            |name: String, model: &Weights| weights.insert(name, model.values().collect());
        put("theta".to_owned(), &self.theta);
        if let Some((phi, kappa)) = &self.means {
            put("mean-phi".to_owned(), phi);
            put("mean-kappa".to_owned(), kappa);
        }
        for (number, client) in self.clients.iter().enumerate() {
            put(format!("phi-{number}"), &client.phi);
            put(format!("kappa-{number}"), &client.kappa);
        }
        FederationState { weights, unmixed: self.clients.iter().map(|c| c.unmixed).collect() }
    }

    /// The names of all models of [`Self::state`] once there was an aggregation.
    pub fn state_names(&self) -> Vec<String> {
        let common = ["theta", "mean-phi", "mean-kappa"].map(str::to_owned);
        let own = (0..self.clients.len()).flat_map(|k| [format!("phi-{k}"), format!("kappa-{k}")]);
        common.into_iter().chain(own).collect()
    }

    /// Puts `state` in place of the present models.
    ///
    /// # Errors
    /// If it has other models than this federation; nothing has changed then.
    pub fn restore(&mut self, state: &FederationState) -> Result<(), StateError> {
        let Restored { theta, means, clients } = self.restored(state)?;
        self.theta = Arc::new(theta);
        self.means = means;
        let clients = clients.into_iter().zip(&state.unmixed);
        for (client, ((phi, kappa), &unmixed)) in self.clients.iter_mut().zip(clients) {
            (client.phi, client.kappa) = (Arc::new(phi), Arc::new(kappa));
            client.unmixed = unmixed;
        }
        Ok(())
    }

    /// Checks that `state` has the models of this federation.
    ///
    /// # Errors
    /// With the first model that is missing or of another size.
    pub fn fits_state(&self, state: &FederationState) -> Result<(), StateError> {
        self.restored(state).map(|_| ())
    }

    fn restored(&self, state: &FederationState) -> Result<Restored, StateError> {
        let error = |name: &str| StateError { part: name.to_owned() };
        let model = |name: &str, like: &Weights| {
            let values = state.weights.get(name);
            values.and_then(|values| like.with_values(values)).ok_or_else(|| error(name))
        };
        if state.unmixed.len() != self.clients.len() {
            return Err(error("unmixed"));
        }
        let means = match self.clients.first() {
            Some(client) if state.weights.contains_key("mean-phi") => {
                Some((model("mean-phi", &client.phi)?, model("mean-kappa", &client.kappa)?))
            }
            _ => None,
        };
        let own = self.clients.iter().enumerate().map(|(number, client)| {
            let phi = model(&format!("phi-{number}"), &client.phi)?;
            Ok((phi, model(&format!("kappa-{number}"), &client.kappa)?))
        });
        Ok(Restored {
            theta: model("theta", &self.theta)?,
            means,
            clients: own.collect::<Result<_, _>>()?,
        })
    }
}
