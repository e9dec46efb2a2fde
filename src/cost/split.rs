//! What a split network puts on the wire and into the server's memory.

use super::model::SplitModel;
use super::part::{FLOAT, PartCost};
use crate::quantity::Bytes;

/// Bytes of an answer: one message with the class.
pub const ANSWER: Bytes = Bytes(8);

impl SplitModel {
    /// Smashed data of `samples`: a number for each activation at the cut, of 4, 2 or 1 bytes.
    pub fn smashed_size(&self, samples: u64) -> Bytes {
        self.wire.size(samples * self.smashed().elements())
    }

    /// The gradient of the loss with respect to the smashed data: as large as those.
    pub fn gradient_size(&self, samples: u64) -> Bytes {
        self.smashed_size(samples)
    }

    /// Labels of `samples`: a byte each.
    pub fn labels_size(&self, samples: u64) -> Bytes {
        Bytes(samples)
    }

    /// Raw input of `samples`: a byte for each pixel and channel.
    pub fn input_size(&self, samples: u64) -> Bytes {
        Bytes(samples * self.input.elements())
    }

    /// Memory of a server that keeps `copies` of θ and the last `device` part (φ, and κ if there is a
    /// client exit) of each of `clients`, while `workers` train on a batch each:
    /// copies·4·p_θ + K·4·(p_φ + p_κ) + workers·(4·p_θ + 4·batch·activations_θ). There is a working
    /// copy for each client, or one for all.
    pub fn server_memory(
        &self,
        device: &PartCost,
        clients: u64,
        copies: u64,
        workers: u64,
        batch: u64,
    ) -> Bytes {
        let theta = PartCost::of(&self.theta);
        let models = copies * FLOAT * theta.parameters + clients * device.model_size().0;
        let worker = FLOAT * (theta.parameters + batch * theta.activations);
        Bytes(models + workers * worker)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{ModelPreset, Precision};

    fn paper() -> SplitModel {
        SplitModel::preset(ModelPreset::PaperCnn, "conv4").unwrap()
    }

    fn device_part(model: &SplitModel) -> PartCost {
        PartCost::of(model.phi.iter().chain(&model.kappa))
    }

    fn server_memory(clients: u64, copies: u64, workers: u64) -> Bytes {
        let model = paper();
        model.server_memory(&device_part(&model), clients, copies, workers, 50)
    }

    #[test]
    fn a_round_of_the_paper_puts_these_bytes_on_the_wire() {
        let model = paper();
        let (steps, batch) = (12, 50);
        let smashed = model.smashed_size(batch).0 + model.labels_size(batch).0;
        let device = device_part(&model).model_size().0;
        // 12·(50·50,176 + 50) + 4·410,890
        assert_eq!(steps * smashed + device, 31_749_760);
        // 12·50·50,176 + 4·410,890
        let gradient = model.gradient_size(batch).0;
        assert_eq!(steps * gradient + device, 31_749_160);
        // 4·(387,840 + 3,480,330)
        let full = PartCost::of(model.phi.iter().chain(&model.theta));
        assert_eq!(full.model_size(), Bytes(15_472_680));
    }

    #[test]
    fn half_precision_halves_smashed_data_and_gradients_and_int8_quarters_them() {
        let round = |precision| {
            let model = paper().sending(precision);
            let up = model.smashed_size(50).0 + model.labels_size(50).0;
            let models = device_part(&model).model_size().0;
            (12 * up + models, 12 * model.gradient_size(50).0 + models)
        };
        // 12·(50·2·12,544 + 50) + 4·410,890 up, 12·50·2·12,544 + 4·410,890 down
        assert_eq!(round(Precision::Float16), (16_696_960, 16_696_360));
        // 12·(50·12,544 + 50) + 4·410,890 up, 12·50·12,544 + 4·410,890 down
        assert_eq!(round(Precision::Int8), (9_170_560, 9_169_960));
    }

    #[test]
    fn a_raw_image_is_a_64th_of_its_smashed_data() {
        // 28·28 = 784 B against 4·256·7·7 = 50,176 B
        let model = paper();
        assert_eq!((model.input_size(1), model.smashed_size(1)), (Bytes(784), Bytes(50_176)));
    }

    #[test]
    fn running_statistics_are_sent_with_the_parameters() {
        let model = SplitModel::preset(ModelPreset::Vgg11Bn, "conv4").unwrap();
        // 4·(962,304 + 10,250) + 8·(64 + 128 + 256 + 256)
        assert_eq!(device_part(&model).model_size(), Bytes(3_890_216 + 5_632));
        // 4·(962,304 + 8,268,810) + 8·(704 + 4·512)
        let full = PartCost::of(model.phi.iter().chain(&model.theta));
        assert_eq!(full.model_size(), Bytes(36_924_456 + 22_016));
    }

    #[test]
    fn fifty_clients_take_696_and_82_mb_of_the_servers_memory() {
        // 50·4·3,480,330 = 696,066,000; 50·4·410,890 = 82,178,000; no worker
        assert_eq!(server_memory(50, 50, 0), Bytes(696_066_000 + 82_178_000));
        // 4·3,480,330 = 13,921,320
        assert_eq!(server_memory(50, 1, 0), Bytes(13_921_320 + 82_178_000), "one θ for all");
    }

    #[test]
    fn each_worker_takes_a_copy_and_the_activations_of_a_batch() {
        // outputs of θ: 12,544 + 2,304 + 1,024 + 512 + 10 = 16,394
        assert_eq!(server_memory(0, 0, 2), Bytes(2 * 4 * (3_480_330 + 50 * 16_394)));
    }
}
