//! How large a network may be, so that neither memory nor a counter overflows.

use super::layer::Layer;

/// Weights and biases of a network: ResNet-50 has 26 million.
const MAX_PARAMETERS: u64 = 100_000_000;

/// Output activations of a network for one sample: ResNet-50 at 224×224 has 11 million.
const MAX_ACTIVATIONS: u64 = 50_000_000;

/// Multiply-accumulate operations of a forward pass of one sample: ResNet-152 at 224×224 has 11
/// billion. A million of them in a batch, three passes each, still fit into 64 bits.
const MAX_MACS: u128 = 1_000_000_000_000;

/// What the layers so far add up to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    parameters: u128,
    activations: u128,
    macs: u128,
}

impl Totals {
    /// Takes in a layer, unless it makes the network too large: then says what is allowed.
    pub(super) fn add(&mut self, layer: &Layer) -> Result<(), String> {
        self.parameters += layer.wide_parameters();
        self.activations += layer.output.wide_elements();
        self.macs += layer.wide_macs();
        let checks = [
            ("parameters", self.parameters, u128::from(MAX_PARAMETERS)),
            ("activations", self.activations, u128::from(MAX_ACTIVATIONS)),
            ("multiply-accumulate operations", self.macs, MAX_MACS),
        ];
        match checks.into_iter().find(|(_, total, limit)| total > limit) {
            Some((what, total, limit)) => Err(format!(
                "with it the network has {total} {what} for one sample; allowed: at most {limit}"
            )),
            None => Ok(()),
        }
    }
}
