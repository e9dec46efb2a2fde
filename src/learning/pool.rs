//! Maxima over windows, channel by channel.

use super::tensor::{Backward, Workspace};
use crate::cost::Shape;

/// Max-pooling of images stored row by row, the channels innermost.
#[derive(Debug, Clone, Copy)]
pub(super) struct MaxPool2d {
    pub(super) input: Shape,
    pub(super) output: Shape,
    pub(super) kernel: u32,
    pub(super) stride: u32,
}

impl MaxPool2d {
    /// The maximum of each window, and the way back if it is `traced`. Of equal values the first
    /// (from the top left) passes the gradient.
    pub(super) fn forward(
        self,
        images: Vec<f32>,
        workspace: &Workspace,
        traced: bool,
    ) -> (Vec<f32>, Option<Backward>) {
        let inputs = images.len();
        let mut maxima = workspace.buffer(self.outputs(inputs));
        let winners = self.maxima(&images, &mut maxima);
        workspace.reclaim(images);
        let workspace = workspace.clone();
        let backward = move |d_y: Vec<f32>, _: &mut _| {
            let mut d_x = workspace.zeros(inputs);
            self.pass_back(&d_y, &winners, &mut d_x);
            workspace.reclaim(d_y);
            d_x
        };
        (maxima, traced.then(|| Box::new(backward) as Backward))
    }

    /// Values of the outputs for `inputs` values of a batch.
    fn outputs(self, inputs: usize) -> usize {
        let values = |shape: Shape| (shape.height * shape.width * shape.channels) as usize;
        inputs / values(self.input) * values(self.output)
    }

    /// Puts the maxima to `maxima`, and returns for each the place in its window where it was found.
    fn maxima(self, images: &[f32], maxima: &mut [f32]) -> Vec<u32> {
        let channels = self.input.channels as usize;
        let mut winners = vec![0; maxima.len()];
        let rows = maxima.chunks_exact_mut(channels).zip(winners.chunks_exact_mut(channels));
        for (window, (maxima, winners)) in rows.enumerate() {
            let mut pixels = (0_u32..).zip(self.pixels(window));
            if let Some((_, first)) = pixels.next() {
                maxima.copy_from_slice(&images[first..first + channels]);
            }
            for (place, pixel) in pixels {
                keep_larger(maxima, winners, &images[pixel..pixel + channels], place);
            }
        }
        winners
    }

    /// Adds each gradient to the pixel that was its window's maximum.
    fn pass_back(self, d_y: &[f32], winners: &[u32], d_x: &mut [f32]) {
        let channels = self.input.channels as usize;
        let rows = d_y.chunks_exact(channels).zip(winners.chunks_exact(channels));
        for (window, (d_y, winners)) in rows.enumerate() {
            for (place, pixel) in (0_u32..).zip(self.pixels(window)) {
                let d_x = &mut d_x[pixel..pixel + channels];
                for ((target, value), &winner) in d_x.iter_mut().zip(d_y).zip(winners) {
                    *target += if winner == place { *value } else { 0.0 };
                }
            }
        }
    }

    /// Where the pixels of a window begin; windows are counted over all images.
    fn pixels(self, window: usize) -> impl Iterator<Item = usize> {
        let (height, width) = (self.input.height as usize, self.input.width as usize);
        let (out_height, out_width) = (self.output.height as usize, self.output.width as usize);
        let (kernel, stride) = (self.kernel as usize, self.stride as usize);
        let (line, left) = (window / out_width, window % out_width * stride);
        let top = line / out_height * height + line % out_height * stride;
        let channels = self.input.channels as usize;
        (0..kernel * kernel)
            .map(move |place| ((top + place / kernel) * width + left + place % kernel) * channels)
    }
}

/// Puts `values` found at `place` where they exceed the `maxima` so far. Selects by bit masks:
/// with branches the compiler would not make vector instructions of it.
fn keep_larger(maxima: &mut [f32], winners: &mut [u32], values: &[f32], place: u32) {
    for ((maximum, winner), &value) in maxima.iter_mut().zip(winners).zip(values) {
        // A NaN must not be hidden: the loss reports it.
        let wins = (value > *maximum) | value.is_nan();
        let mask = u32::from(wins).wrapping_neg();
        *maximum = f32::from_bits((value.to_bits() & mask) | (maximum.to_bits() & !mask));
        *winner = (place & mask) | (*winner & !mask);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{Layer, LayerKind};
    use crate::learning::tensor::Gradient;

    /// A pooling of one channel of `side`×`side` pixels.
    fn pool(side: u32, kernel: u32, stride: u32) -> MaxPool2d {
        let input = Shape { channels: 1, height: side, width: side };
        let layer = Layer::new("pool", LayerKind::MaxPool2d { kernel, stride }, false, input);
        MaxPool2d { input, output: layer.output, kernel, stride }
    }

    fn maxima(pool: MaxPool2d, images: Vec<f32>) -> Vec<f32> {
        pool.forward(images, &Workspace::default(), false).0
    }

    /// The gradient of the sum of all outputs.
    fn slopes(pool: MaxPool2d, image: Vec<f32>) -> Vec<f32> {
        let (maxima, backward) = pool.forward(image, &Workspace::default(), true);
        backward.unwrap()(vec![1.0; maxima.len()], &mut Gradient::leaky())
    }

    #[test]
    fn each_output_is_the_maximum_of_its_window() {
        let image = vec![
            1.0, 5.0, 2.0, 0.0, //
            3.0, 4.0, 8.0, 1.0, //
            0.0, 0.0, -1.0, -2.0, //
            9.0, 0.0, -4.0, -3.0,
        ];
        let twice = [image.clone(), image.iter().map(|value| -value).collect()].concat();
        assert_eq!(maxima(pool(4, 2, 2), twice), [5.0, 8.0, 9.0, -1.0, -1.0, 0.0, 0.0, 4.0]);
    }

    #[test]
    fn a_nan_is_not_hidden() {
        for place in 0..4 {
            let mut image = vec![1.0; 4];
            image[place] = f32::NAN;
            assert!(maxima(pool(2, 2, 2), image)[0].is_nan(), "at {place}");
        }
    }

    #[test]
    fn channels_are_pooled_apart() {
        let shape = |side| Shape { channels: 2, height: side, width: side };
        let pool = MaxPool2d { input: shape(2), output: shape(1), kernel: 2, stride: 2 };
        let image = vec![1.0, -1.0, 2.0, -2.0, 4.0, -4.0, 3.0, -3.0];
        assert_eq!(maxima(pool, image), [4.0, -1.0]);
    }

    #[test]
    fn a_gradient_goes_to_the_first_maximum_and_adds_up_where_windows_overlap() {
        // 3×3 windows at stride 2 share the middle column and row of a 5×5 image.
        let mut image = vec![0.0; 25];
        image[12] = 1.0;
        let mut expected = vec![0.0; 25];
        expected[12] = 4.0;
        assert_eq!(slopes(pool(5, 3, 2), image), expected);

        let flat = slopes(pool(5, 3, 2), vec![7.0; 25]);
        let firsts: Vec<usize> = (0..25).filter(|&i| flat[i] > 0.0).collect();
        assert_eq!(firsts, [0, 2, 10, 12]);
    }
}
