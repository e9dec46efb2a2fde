//! All that learning depends on, as a text: what was learned is looked up by its hash.
//!
//! Values are stated one a line, `key=value`. What is optional is left out at its default, so that a
//! new option leaves the texts, and what was learned, of those who do not use it as they are.

use super::Federation;
use crate::cost::{Layer, LayerKind, Precision, SplitModel};
use crate::learning::{EvaluatedModels, LearningConfig, LearningRate, LocalWork, Partition, Sgd};
use std::fmt::{Display, Write as _};

/// Which numbers the same inputs lead to. Raise it when the numerics change: kernels, the order of
/// sums, what is drawn from which stream. What was learned before is not reused then.
pub const LEARNING_REVISION: u32 = 1;

impl Federation {
    /// All that the learning of a round depends on besides the rounds before it, as a text: the
    /// revision of the numerics, a hash of the data, and the configuration.
    pub fn inputs(&self) -> String {
        let mut inputs = Inputs::default();
        inputs.state("learning", LEARNING_REVISION);
        inputs.state("data", format_args!("{:032x}", self.data.hash()));
        inputs.state_config(&self.config);
        inputs.text
    }
}

#[derive(Default)]
struct Inputs {
    text: String,
}

impl Inputs {
    fn state(&mut self, key: &str, value: impl Display) {
        writeln!(self.text, "{key}={value}").expect("a text can always grow");
    }

    /// States `value` unless it is the default.
    fn state_unless<T: Display + PartialEq>(&mut self, default: T, key: &str, value: T) {
        if value != default {
            self.state(key, value);
        }
    }

    /// Every field has its place here, so that a new one cannot be forgotten.
    fn state_config(&mut self, config: &LearningConfig) {
        let LearningConfig {
            method,
            model,
            partition,
            clients,
            main_share,
            batch_size,
            local_work,
            sgd: Sgd { rate: LearningRate { initial, inverse }, momentum },
            gamma,
            lambda,
            evaluated,
            max_ood,
            seed,
        } = config;
        self.state("method", method.name());
        self.state_model(model);
        match partition {
            Partition::Shards { per_client } => self.state("shards", per_client),
            Partition::Dirichlet { alpha } => self.state("dirichlet", alpha),
            Partition::Iid => self.state("partition", "iid"),
        }
        self.state("main_share", main_share);
        self.state("batch_size", batch_size);
        match local_work {
            LocalWork::Updates(updates) => self.state("local_updates", updates),
            LocalWork::Epochs(epochs) => self.state("local_epochs", epochs),
        }
        self.state("learning_rate", initial);
        self.state_unless(0.0, "decay", *inverse);
        self.state_unless(0.0, "momentum", *momentum);
        if method.has_gamma() {
            self.state("gamma", gamma);
        }
        if method.has_lambda() {
            self.state("lambda", lambda);
        }
        match evaluated {
            EvaluatedModels::Mixed => {}
            EvaluatedModels::Local => self.state("evaluated", "local"),
        }
        self.state("max_ood", max_ood);
        self.state("seed", seed);
        clients.iter().for_each(|client| self.state("client", client));
    }

    fn state_model(&mut self, model: &SplitModel) {
        let SplitModel { phi, kappa, theta, input, classes, wire } = model;
        self.state("input", input);
        self.state("classes", classes);
        for (part, layers) in [("phi", phi), ("kappa", kappa), ("theta", theta)] {
            layers.iter().for_each(|layer| self.state(part, described(layer)));
        }
        self.state_unless(Precision::Float32.name(), "smashed", wire.name());
    }
}

/// What a layer computes; its name does not matter.
fn described(layer: &Layer) -> String {
    let kind = match layer.kind {
        LayerKind::Conv2d { out_channels, kernel, padding, stride } => {
            format!("conv {out_channels} kernel {kernel} padding {padding} stride {stride}")
        }
        LayerKind::MaxPool2d { kernel, stride } => format!("max-pool {kernel} stride {stride}"),
        LayerKind::BatchNorm => "batch-norm".to_owned(),
        LayerKind::Linear { outputs } => format!("linear {outputs}"),
        LayerKind::Stated { flops, parameters, outputs } => {
            format!("stated {flops} {parameters} {outputs}")
        }
    };
    let relu = if layer.relu { " relu" } else { "" };
    format!("{kind}{relu} on {}", layer.input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::ModelPreset;
    use crate::learning::{Dataset, Method};
    use std::sync::Arc;

    fn config() -> LearningConfig {
        LearningConfig {
            method: Method::SplitGp,
            model: SplitModel::preset(ModelPreset::DigitsCnn, "conv2").unwrap(),
            partition: Partition::Shards { per_client: 2 },
            clients: (0..3).map(|k| format!("pi/{k}")).collect(),
            main_share: 0.1,
            batch_size: 16,
            local_work: LocalWork::Updates(2),
            sgd: Sgd::constant(0.05),
            gamma: 0.5,
            lambda: 0.2,
            evaluated: EvaluatedModels::Mixed,
            max_ood: 0.4,
            seed: 1,
        }
    }

    fn federation(config: LearningConfig) -> Federation {
        Federation::new(config, Arc::new(Dataset::digits())).unwrap()
    }

    #[test]
    fn inputs_are_stated_one_a_line_without_defaults_of_options() {
        let inputs = federation(config()).inputs();
        let (head, rest) = inputs.split_once("data=").unwrap();
        assert_eq!(head, "learning=1\n");
        let (_, config) = rest.split_once('\n').unwrap();
        // A text that changes orphans what was learned by those who did not change anything.
        let expected = "\
method=splitgp
input=1×8×8
classes=10
phi=conv 16 kernel 3 padding 1 stride 1 relu on 1×8×8
";
        assert!(config.starts_with(expected), "{config}");
        let expected = "\
shards=2
main_share=0.1
batch_size=16
local_updates=2
learning_rate=0.05
gamma=0.5
lambda=0.2
max_ood=0.4
seed=1
client=pi/0
client=pi/1
client=pi/2
";
        assert!(config.ends_with(expected), "{config}");
    }

    #[test]
    fn what_learning_depends_on_tells_inputs_apart_and_what_has_no_meaning_does_not() {
        let text = |config: LearningConfig| federation(config).inputs();
        let base = text(config());
        let sgd = Sgd { momentum: 0.9, ..Sgd::constant(0.05) };
        let rate = LearningRate { initial: 0.05, inverse: 0.1 };
        let model = config().model.sending(Precision::Int8);
        let others = [
            LearningConfig { sgd, ..config() },
            LearningConfig { sgd: Sgd { rate, momentum: 0.0 }, ..config() },
            LearningConfig { model, ..config() },
            LearningConfig { evaluated: EvaluatedModels::Local, ..config() },
            LearningConfig { partition: Partition::Iid, ..config() },
            LearningConfig { lambda: 0.3, ..config() },
            LearningConfig { local_work: LocalWork::Epochs(2), ..config() },
            LearningConfig { seed: 2, ..config() },
        ];
        for other in others {
            assert_ne!(text(other.clone()), base, "{other:?}");
        }
        let fedavg = |gamma| text(LearningConfig { method: Method::FedAvg, gamma, ..config() });
        assert_eq!(fedavg(0.5), fedavg(0.9), "without a client exit there is no γ");
    }

    /// Vector widths and mathematical libraries change the last bits; anything else changes more.
    #[test]
    fn the_revision_stands_for_these_very_losses() {
        let mut federation = federation(config());
        let mut losses = Vec::new();
        for round in 0..3 {
            let jobs = (0..3).map(|client| federation.local_round(client, round));
            let updates: Vec<_> = jobs.map(|job| job().unwrap()).collect();
            losses = updates.iter().flat_map(|u| [u.client_loss.unwrap(), u.theta_loss]).collect();
            federation.aggregate(updates);
        }
        let pinned = (
            1,
            [
                2.004_671_752_452_850_3,
                2.200_526_595_115_661_6,
                2.128_081_023_693_084_7,
                2.122_557_520_866_394,
                1.942_607_760_429_382_3,
                1.946_645_855_903_625_5,
            ],
        );
        let is_near = |(loss, pinned): (&f64, &f64)| (loss / pinned - 1.0).abs() < 1e-6;
        assert!(
            LEARNING_REVISION == pinned.0 && losses.iter().zip(&pinned.1).all(is_near),
            "the same inputs lead to other losses than before: ({LEARNING_REVISION}, {losses:?}); \
             if that is meant, raise LEARNING_REVISION, so that nothing learned before is reused, \
             and pin the new pair here"
        );
    }
}
