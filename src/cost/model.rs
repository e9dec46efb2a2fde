//! A network cut in two, with the auxiliary classifier at the cut.

use super::architecture::ModelError;
use super::layer::{Layer, LayerKind, Shape};
use super::precision::Precision;
use super::preset::ModelPreset;

/// A split network: φ and κ on the device, θ on the edge server (Han et al., INFOCOM 2023).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitModel {
    /// φ: from the input to the cut.
    pub phi: Vec<Layer>,
    /// κ: from the cut to the client exit.
    pub kappa: Vec<Layer>,
    /// θ: from the cut to the server exit.
    pub theta: Vec<Layer>,
    /// One input sample, of 8-bit pixels.
    pub input: Shape,
    /// Classes that both exits tell apart.
    pub classes: u32,
    /// How smashed data, and the gradients that come back, travel.
    pub wire: Precision,
}

impl SplitModel {
    /// `preset` with everything up to the layer `cut`, and what belongs to it, on the device.
    ///
    /// # Errors
    /// If `cut` is not a convolution or linear layer with something behind it.
    pub fn preset(preset: ModelPreset, cut: &str) -> Result<Self, ModelError> {
        preset.architecture().split(cut)
    }

    /// The same with smashed data in this `precision` on the wire.
    pub fn sending(self, precision: Precision) -> Self {
        Self { wire: precision, ..self }
    }

    /// All of its layers: φ, κ, θ.
    pub fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.phi.iter().chain(&self.kappa).chain(&self.theta)
    }

    /// Whether it can be computed: no layer is known by its costs alone.
    pub fn is_computable(&self) -> bool {
        !self.layers().any(|layer| matches!(layer.kind, LayerKind::Stated { .. }))
    }

    /// The shape of one sample's smashed data.
    pub fn smashed(&self) -> Shape {
        self.theta[0].input
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(preset: ModelPreset) -> SplitModel {
        SplitModel::preset(preset, preset.default_cut()).unwrap()
    }

    fn names(layers: &[Layer]) -> Vec<&str> {
        layers.iter().map(|layer| layer.name.as_str()).collect()
    }

    fn parameters(layers: &[Layer]) -> u64 {
        layers.iter().map(Layer::parameters).sum()
    }

    fn macs(layers: &[Layer]) -> Vec<u64> {
        layers.iter().map(Layer::macs).filter(|&macs| macs > 0).collect()
    }

    #[test]
    fn the_papers_cnn_has_the_published_parameters() {
        let model = model(ModelPreset::PaperCnn);
        assert_eq!(parameters(&model.phi), 387_840);
        assert_eq!(parameters(&model.kappa), 23_050);
        assert_eq!(parameters(&model.theta), 3_480_330);
    }

    #[test]
    fn the_papers_cnn_has_these_macs_for_each_layer() {
        let model = model(ModelPreset::PaperCnn);
        // 28²·9·32; 14²·9·32·64; 7²·9·64·128; 7²·9·128·256
        assert_eq!(macs(&model.phi), [225_792, 3_612_672, 3_612_672, 14_450_688]);
        assert_eq!(macs(&model.kappa), [23_040]);
        assert_eq!(macs(&model.theta), [28_901_376, 2_359_296, 524_288, 5_120]);
    }

    #[test]
    fn the_digits_cnn_is_cut_behind_the_pooling_of_conv2() {
        let model = model(ModelPreset::DigitsCnn);
        assert_eq!(names(&model.phi), ["conv1", "conv2", "pool1"]);
        assert_eq!(names(&model.kappa), ["aux-fc1"]);
        assert_eq!(names(&model.theta), ["conv3", "pool2", "fc1", "fc2"]);
        assert_eq!(model.smashed(), Shape { channels: 32, height: 4, width: 4 });
        assert_eq!(model.kappa[0].inputs(), 512);
        // (9+1)·16 + (9·16+1)·32; (512+1)·10; (9·32+1)·64 + (256+1)·64 + (64+1)·10
        assert_eq!(parameters(&model.phi), 160 + 4_640);
        assert_eq!(parameters(&model.kappa), 5_130);
        assert_eq!(parameters(&model.theta), 18_496 + 16_448 + 650);
    }

    #[test]
    fn vgg_11_with_batch_norm_has_the_published_parameters() {
        let model = model(ModelPreset::Vgg11Bn);
        // Convolutions 960,896 and batch norms 2·(64 + 128 + 256 + 256)
        assert_eq!(parameters(&model.phi), 962_304);
        assert_eq!(parameters(&model.kappa), 10_250);
        assert_eq!(parameters(&model.theta), 8_268_810);
        assert_eq!(names(&model.kappa), ["aux-pool1", "aux-fc1"]);
        assert_eq!(model.kappa[1].input, Shape { channels: 256, height: 2, width: 2 });
        assert_eq!(names(&model.theta)[..3], ["conv5", "bn5", "conv6"]);
    }

    #[test]
    fn vgg_11_has_these_macs_for_each_layer() {
        let model = model(ModelPreset::Vgg11Bn);
        // 32²·27·64; 16²·9·64·128; 8²·9·128·256; 8²·9·256·256
        assert_eq!(macs(&model.phi), [1_769_472, 18_874_368, 18_874_368, 37_748_736]);
        assert_eq!(macs(&model.kappa), [10_240]);
        // 4²·9·256·512, 4²·9·512², then 2²·9·512² twice, 512·10
        assert_eq!(macs(&model.theta), [18_874_368, 37_748_736, 9_437_184, 9_437_184, 5_120]);
    }

    #[test]
    fn every_cut_leaves_the_full_network_as_it_is() {
        for (preset, cuts) in
            [(ModelPreset::DigitsCnn, 4), (ModelPreset::PaperCnn, 7), (ModelPreset::Vgg11Bn, 8)]
        {
            let Err(ModelError::Cut(error)) = SplitModel::preset(preset, "") else {
                panic!("no cut has an empty name")
            };
            assert_eq!(error.allowed.len(), cuts);
            let model = model(preset);
            let full = [model.phi, model.theta].concat();
            for cut in error.allowed {
                let model = SplitModel::preset(preset, &cut).unwrap();
                assert_eq!([model.phi, model.theta].concat(), full, "{cut}");
                assert_eq!(model.kappa.last().unwrap().outputs(), 10, "{cut}");
            }
        }
    }

    #[test]
    fn kappa_pools_an_early_cut_down_to_a_small_image() {
        let kappa = SplitModel::preset(ModelPreset::PaperCnn, "conv1").unwrap().kappa;
        // 14 → (14−3)/2+1 = 6 → (6−3)/2+1 = 2
        assert_eq!(names(&kappa), ["aux-pool1", "aux-pool2", "aux-fc1"]);
        assert_eq!(kappa[2].inputs(), 2 * 2 * 32);
    }

    #[test]
    fn a_cut_behind_the_last_layer_or_at_a_pooling_is_refused_with_what_is_allowed() {
        for cut in ["fc2", "pool1", "conv9"] {
            let error = SplitModel::preset(ModelPreset::DigitsCnn, cut).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("there is no cut behind `{cut}`; allowed: conv1, conv2, conv3, fc1")
            );
        }
    }
}
