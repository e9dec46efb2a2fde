//! A dfdx operation: maxima over windows, channel by channel.

use super::tensor::{Activations, Workspace, read, take};
use crate::cost::Shape;
use dfdx::prelude::{HasShape as _, PutTape as _, SplitTape as _, Tape, TensorFromVec as _};

/// Max-pooling of images stored row by row, the channels innermost.
#[derive(Debug, Clone, Copy)]
pub(super) struct MaxPool2d {
    pub(super) input: Shape,
    pub(super) output: Shape,
    pub(super) kernel: u32,
    pub(super) stride: u32,
}

impl MaxPool2d {
    /// The maximum of each window. Of equal values the first (from the top left) passes the
    /// gradient.
    pub(super) fn forward<T: Tape<f32, dfdx::tensor::Cpu>>(
        self,
        input: Activations<T>,
        workspace: &Workspace,
    ) -> Activations<T> {
        let (input, mut tape) = input.split_tape();
        let batch = input.shape().0;
        let (maxima, winners) = self.maxima(&read(&input), batch);
        let shape = (batch, maxima.len() / batch);
        let output = workspace.device.tensor_from_vec(maxima, shape);
        if T::OWNS_TAPE {
            let (input, output) = (input.ghost(), output.ghost());
            tape.add_backward_op(move |gradients| {
                let d_y = take(gradients.get_or_alloc_mut(&output)?);
                self.pass_back(&d_y, &winners, gradients.get_or_alloc_mut(&input)?);
                Ok(())
            });
        }
        output.put_tape(tape)
    }

    /// The maxima, and for each the place in its window where it was found.
    fn maxima(self, images: &[f32], batch: usize) -> (Vec<f32>, Vec<u8>) {
        let channels = self.input.channels as usize;
        let outputs = batch * (self.output.height * self.output.width) as usize * channels;
        let mut maxima = Vec::with_capacity(outputs);
        let mut winners = vec![0; outputs];
        for (window, winners) in winners.chunks_exact_mut(channels).enumerate() {
            let mut pixels = (0_u8..).zip(self.pixels(window));
            if let Some((_, first)) = pixels.next() {
                maxima.extend_from_slice(&images[first..first + channels]);
            }
            let maxima = &mut maxima[window * channels..];
            for (place, pixel) in pixels {
                let values = &images[pixel..pixel + channels];
                for ((maximum, winner), &value) in maxima.iter_mut().zip(&mut *winners).zip(values)
                {
                    // A NaN must not be hidden: the loss reports it.
                    let wins = value > *maximum || value.is_nan();
                    *maximum = if wins { value } else { *maximum };
                    *winner = if wins { place } else { *winner };
                }
            }
        }
        (maxima, winners)
    }

    /// Adds each gradient to the pixel that was its window's maximum.
    fn pass_back(self, d_y: &[f32], winners: &[u8], d_x: &mut [f32]) {
        let channels = self.input.channels as usize;
        let rows = d_y.chunks_exact(channels).zip(winners.chunks_exact(channels));
        for (window, (d_y, winners)) in rows.enumerate() {
            for (place, pixel) in (0_u8..).zip(self.pixels(window)) {
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
