//! What learning depends on besides the data set.

use super::error::LearningError;
use super::evaluation::EvaluatedModels;
use super::local_work::LocalWork;
use super::method::Method;
use super::partition::Partition;
use super::sgd::Sgd;
use crate::cost::{Layer, Precision, SplitModel};

/// Everything that learning depends on besides the data set.
#[derive(Debug, Clone, PartialEq)]
pub struct LearningConfig {
    /// The training method.
    pub method: Method,
    /// The layers and the cut.
    pub model: SplitModel,
    /// How the training samples are dealt to the clients.
    pub partition: Partition,
    /// The clients' names, at least one: they seed their streams and stand in errors.
    pub clients: Vec<String>,
    /// The share of a client's samples from which on a class is one of its main classes, in
    /// [0, 1].
    pub main_share: f64,
    /// Samples of a mini-batch, at least 1; a client with fewer uses all of them.
    pub batch_size: u32,
    /// Each client's work in a round, at least 1 of what it is stated in.
    pub local_work: LocalWork,
    /// How models step.
    pub sgd: Sgd,
    /// γ: weight of the client exit's loss, in [0, 1]; without meaning where the method has none.
    pub gamma: f64,
    /// λ: weight of a client's own model in its personalised aggregate, in [0, 1]; without meaning
    /// where the method has none.
    pub lambda: f64,
    /// Whose answers are evaluated.
    pub evaluated: EvaluatedModels,
    /// The largest ρ that will be asked for, not negative.
    pub max_ood: f64,
    /// Seeds the partition, the initialisation and the batches.
    pub seed: u64,
}

impl LearningConfig {
    /// K: how many clients there are.
    ///
    /// # Panics
    /// If there are 2³² or more.
    pub fn client_count(&self) -> u32 {
        u32::try_from(self.clients.len()).expect("fewer than 2³² clients")
    }

    /// γ in force: 0 where θ answers alone.
    #[expect(clippy::cast_possible_truncation, reason = "γ is stated to a few digits")]
    pub(super) fn gamma_in_force(&self) -> f32 {
        if self.method.has_gamma() { self.gamma as f32 } else { 0.0 }
    }

    /// λ in force: 0 where nobody keeps anything of its own.
    #[expect(clippy::cast_possible_truncation, reason = "λ is stated to a few digits")]
    pub(super) fn lambda_in_force(&self) -> f32 {
        if self.method.has_lambda() { self.lambda as f32 } else { 0.0 }
    }

    /// How what crosses the cut travels; where the full model is on the device nothing does.
    pub(super) fn wire(&self) -> Precision {
        if self.method.layout().is_split() { self.model.wire } else { Precision::Float32 }
    }

    /// The layers that are trained: without a client exit not κ's.
    pub(super) fn trained_layers(&self) -> impl Iterator<Item = &Layer> {
        let kappa = self.model.kappa.iter().filter(|_| self.method.layout().has_client_exit());
        self.model.phi.iter().chain(kappa).chain(&self.model.theta)
    }

    /// The name of `client`.
    pub(super) fn name(&self, client: u32) -> &str {
        &self.clients[client as usize]
    }

    /// Checks that every number is in its range.
    ///
    /// # Errors
    /// With the first one that is not.
    pub(super) fn validate(&self) -> Result<(), LearningError> {
        let at_least_one = |value: u32| (f64::from(value), value >= 1, "1 or more");
        let share = |value: f64| (value, (0.0..=1.0).contains(&value), "0 to 1");
        let Sgd { rate, momentum } = self.sgd;
        let positive = |value: f64| (value, value.is_finite() && value > 0.0, "finite and above 0");
        let not_negative =
            |value: f64| (value, value.is_finite() && value >= 0.0, "finite and at least 0");
        let below_one = (momentum, (0.0..1.0).contains(&momentum), "0 to below 1");
        let local_work = match self.local_work {
            LocalWork::Updates(updates) => ("local_updates", at_least_one(updates)),
            LocalWork::Epochs(epochs) => ("local_epochs", at_least_one(epochs)),
        };
        let checks = [
            ("clients", at_least_one(self.client_count())),
            ("partition", self.partition.range()),
            ("batch_size", at_least_one(self.batch_size)),
            local_work,
            ("main_share", share(self.main_share)),
            ("gamma", share(self.gamma)),
            ("lambda", share(self.lambda)),
            ("learning_rate", positive(rate.initial)),
            ("decay", not_negative(rate.inverse)),
            ("momentum", below_one),
            ("ood", not_negative(self.max_ood)),
        ];
        match checks.into_iter().find(|(_, (_, valid, _))| !valid) {
            Some((key, (value, _, allowed))) => {
                Err(LearningError::OutOfRange { key, value, allowed })
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::ModelPreset;

    fn config() -> LearningConfig {
        LearningConfig {
            method: Method::SplitGp,
            model: SplitModel::preset(ModelPreset::DigitsCnn, "conv2").unwrap(),
            partition: Partition::Shards { per_client: 2 },
            clients: (0..10).map(|k| format!("pi/{k}")).collect(),
            main_share: 0.1,
            batch_size: 16,
            local_work: LocalWork::Updates(10),
            sgd: Sgd::constant(0.05),
            gamma: 0.5,
            lambda: 0.2,
            evaluated: EvaluatedModels::Mixed,
            max_ood: 1.0,
            seed: 1,
        }
    }

    #[test]
    fn a_number_out_of_its_range_is_refused_with_what_is_allowed() {
        assert_eq!(config().validate(), Ok(()));
        let cases = [
            (LearningConfig { gamma: 1.5, ..config() }, "gamma is 1.5; allowed: 0 to 1"),
            (LearningConfig { lambda: f64::NAN, ..config() }, "lambda is NaN; allowed: 0 to 1"),
            (
                LearningConfig { partition: Partition::Shards { per_client: 0 }, ..config() },
                "partition is 0; allowed: 1 or more",
            ),
            (
                LearningConfig { partition: Partition::Dirichlet { alpha: 0.0 }, ..config() },
                "partition is 0; allowed: finite and above 0",
            ),
            (
                LearningConfig { sgd: Sgd::constant(0.0), ..config() },
                "learning_rate is 0; allowed: finite and above 0",
            ),
            (
                LearningConfig { sgd: Sgd { momentum: 1.0, ..Sgd::constant(0.1) }, ..config() },
                "momentum is 1; allowed: 0 to below 1",
            ),
            (
                LearningConfig { local_work: LocalWork::Epochs(0), ..config() },
                "local_epochs is 0; allowed: 1 or more",
            ),
            (
                LearningConfig { max_ood: f64::INFINITY, ..config() },
                "ood is inf; allowed: finite and at least 0",
            ),
        ];
        for (config, expected) in cases {
            assert_eq!(config.validate().unwrap_err().to_string(), expected);
        }
    }
}
