//! What a part of a network (φ, κ, θ or several in a row) costs.

use super::device::Work;
use super::layer::Layer;
use crate::quantity::Bytes;

/// Bytes of a 32-bit float.
pub(super) const FLOAT: u64 = 4;

/// What a pass through a network is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CostProxy {
    /// Floating-point operations: 2 for each MAC.
    #[default]
    Flops,
    /// Parameters: a forward pass of one sample counts as many operations as the part has weights
    /// and biases, as the analysis in the paper has it (Han et al., INFOCOM 2023). A device's rate
    /// is then one of parameters a second.
    Parameters,
}

/// Sums over a chain of layers, for one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartCost {
    /// Weights and biases.
    pub parameters: u64,
    /// Floating-point operations of a forward pass: 2 for each MAC.
    pub flops: u64,
    /// Running means and variances, which are kept and sent with the parameters.
    pub running_statistics: u64,
    /// Output activations; a layer and its ReLU count once.
    pub activations: u64,
    /// Operations that a forward pass counts as.
    operations: u64,
    /// Inputs and outputs, summed over layers.
    traffic: u64,
    /// Most values that are an input and an output of one layer together.
    widest_layer: u64,
}

impl PartCost {
    /// The cost of `layers` in a chain.
    pub fn of<'a>(layers: impl IntoIterator<Item = &'a Layer>) -> Self {
        let none = Self {
            parameters: 0,
            flops: 0,
            running_statistics: 0,
            activations: 0,
            operations: 0,
            traffic: 0,
            widest_layer: 0,
        };
        layers.into_iter().fold(none, |sum, layer| {
            let values = layer.inputs() + layer.outputs();
            Self {
                parameters: sum.parameters + layer.parameters(),
                flops: sum.flops + layer.flops(),
                running_statistics: sum.running_statistics + layer.running_statistics(),
                activations: sum.activations + layer.outputs(),
                operations: sum.operations + layer.flops(),
                traffic: sum.traffic + values,
                widest_layer: sum.widest_layer.max(values),
            }
        })
    }

    /// The same part with its passes counted by `proxy`. An optimiser's step and the averaging of
    /// models, which go by parameters anyway, stay as they are, and so do the bytes moved.
    pub fn counted_by(self, proxy: CostProxy) -> Self {
        let operations = match proxy {
            CostProxy::Flops => self.flops,
            CostProxy::Parameters => self.parameters,
        };
        Self { operations, ..self }
    }

    /// The forward pass of `samples`: 2 FLOPs a MAC, or what the cost proxy says; parameters once and each layer's inputs and
    /// outputs moved.
    pub fn forward(&self, samples: u64) -> Work {
        Work {
            flops: self.operations * samples,
            bytes: FLOAT * (self.parameters + samples * self.traffic),
        }
    }

    /// The backward pass of `samples`: twice the forward pass.
    pub fn backward(&self, samples: u64) -> Work {
        let forward = self.forward(samples);
        forward + forward
    }

    /// The part as a message: 4 bytes for each parameter and each running statistic.
    pub fn model_size(&self) -> Bytes {
        Bytes(FLOAT * (self.parameters + self.running_statistics))
    }

    /// One SGD step: a multiplication and an addition for each parameter. Its bytes are those
    /// that the backward pass already counts twice.
    pub fn sgd_step(&self) -> Work {
        Work { flops: 2 * self.parameters, bytes: 0 }
    }

    /// What momentum adds to an SGD step, v ← μ·v + gradient: a multiplication and an addition for
    /// each parameter.
    pub fn momentum_step(&self) -> Work {
        self.sgd_step()
    }

    /// What momentum adds to the memory of training: v, a value for each parameter.
    pub fn momentum_memory(&self) -> Bytes {
        Bytes(FLOAT * self.parameters)
    }

    /// Memory that training holds: parameters, their gradients and all activations of a batch.
    pub fn training_memory(&self, batch: u64) -> Bytes {
        Bytes(FLOAT * (2 * self.parameters + batch * self.activations))
    }

    /// Memory that answering one request holds: parameters and the two largest adjacent
    /// activations.
    pub fn inference_memory(&self) -> Bytes {
        Bytes(FLOAT * (self.parameters + self.widest_layer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{ModelPreset, SplitModel};

    fn paper() -> SplitModel {
        SplitModel::preset(ModelPreset::PaperCnn, "conv4").unwrap()
    }

    #[test]
    fn a_forward_pass_moves_parameters_once_and_activations_for_each_sample() {
        let model = paper();
        let conv1 = PartCost::of(&model.phi[..1]);
        // (9+1)·32 = 320 parameters; 28²·1 in and 28²·32 out
        let expected = Work { flops: 3 * 2 * 225_792, bytes: 4 * (320 + 3 * (784 + 25_088)) };
        assert_eq!(conv1.forward(3), expected);
        assert_eq!(conv1.backward(3), expected + expected);
    }

    #[test]
    fn a_device_computes_78_9_gflop_in_a_round_of_12_batches_of_50() {
        let model = paper();
        let (phi, kappa) = (PartCost::of(&model.phi), PartCost::of(&model.kappa));
        let step = [&phi, &kappa]
            .map(|part| part.forward(50) + part.backward(50) + part.sgd_step())
            .map(|work| work.flops);
        // 12 · (50·6·(21,901,824 + 23,040) + 2·(387,840 + 23,050))
        assert_eq!(12 * (step[0] + step[1]), 78_939_371_760);
    }

    #[test]
    fn training_the_papers_cnn_takes_17_mb_on_the_device() {
        let model = paper();
        let device = PartCost::of(model.phi.iter().chain(&model.kappa));
        // outputs: 25,088 + 6,272 + 12,544 + 3,136 + 6,272 + 12,544 + 2,304 + 10 = 68,170
        // 4·(2·410,890 + 50·68,170) = 16,921,120
        assert_eq!(device.training_memory(50), Bytes(16_921_120));
    }

    #[test]
    fn momentum_adds_two_operations_and_four_bytes_for_each_parameter() {
        let kappa = PartCost::of(&paper().kappa);
        assert_eq!(kappa.momentum_step().flops, 2 * 23_050);
        assert_eq!(kappa.momentum_memory(), Bytes(4 * 23_050));
    }

    #[test]
    fn inference_holds_the_parameters_and_the_widest_layer() {
        let device = PartCost::of(&paper().phi);
        // conv1 reads 784 and writes 25,088; pool1 reads those and writes 6,272: 31,360
        assert_eq!(device.inference_memory(), Bytes(4 * (387_840 + 31_360)));
    }

    #[test]
    fn an_sgd_step_takes_two_operations_for_each_parameter() {
        assert_eq!(PartCost::of(&paper().kappa).sgd_step().flops, 2 * 23_050);
    }

    #[test]
    fn counted_by_parameters_a_pass_costs_its_weights_for_each_sample() {
        let kappa = PartCost::of(&paper().kappa).counted_by(CostProxy::Parameters);
        assert_eq!(kappa.forward(3).flops, 3 * 23_050);
        assert_eq!(kappa.backward(3).flops, 2 * 3 * 23_050);
        assert_eq!(kappa.sgd_step().flops, 2 * 23_050);
        assert_eq!(kappa.forward(3).bytes, PartCost::of(&paper().kappa).forward(3).bytes);
    }
}
