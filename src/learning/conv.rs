//! Two-dimensional convolution as matrix products over chunks of windows.

use super::affine::{At, LinearMap};
use super::gemm::{accumulate, multiply, rows, rows_mut};
use super::patches::Patches;
use std::ops::Range;

/// Values in a chunk of windows: small enough to stay in a core's second-level cache, large
/// enough for the product to run at full speed.
const CHUNK: usize = 1 << 19;

/// A convolution. Weights are a row-major matrix of window × output channels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conv2d {
    pub(super) patches: Patches,
    pub(super) inputs: usize,
    pub(super) channels: usize,
}

impl Conv2d {
    /// The windows of `samples` samples in chunks.
    fn chunks(self, samples: usize) -> impl Iterator<Item = Range<usize>> {
        let windows = samples * self.patches.positions();
        let step = (CHUNK / self.patches.window()).max(1);
        (0..windows).step_by(step).map(move |start| start..windows.min(start + step))
    }

    /// The values of these windows' outputs.
    fn outputs_of(self, windows: &Range<usize>) -> Range<usize> {
        windows.start * self.channels..windows.end * self.channels
    }
}

impl LinearMap for Conv2d {
    fn inputs(&self) -> usize {
        self.inputs
    }

    fn outputs(&self) -> usize {
        self.patches.positions() * self.channels
    }

    fn apply(&self, x: &[f32], weight: &[f32], y: &mut [f32], scratch: &mut Vec<f32>) {
        let window = self.patches.window();
        for windows in self.chunks(x.len() / self.inputs) {
            scratch.resize(windows.len() * window, 0.0);
            self.patches.gather(x, windows.clone(), scratch);
            let target = rows_mut(&mut y[self.outputs_of(&windows)], self.channels);
            accumulate(target, rows(scratch, window), rows(weight, self.channels));
        }
    }

    fn differentiate(
        &self,
        at: At<'_>,
        d_weight: &mut [f32],
        mut d_x: Option<&mut [f32]>,
        scratch: &mut Vec<f32>,
    ) {
        let window = self.patches.window();
        d_weight.fill(0.0);
        for windows in self.chunks(at.x.len() / self.inputs) {
            scratch.resize(windows.len() * window, 0.0);
            self.patches.gather(at.x, windows.clone(), scratch);
            let d_y = rows(&at.d_y[self.outputs_of(&windows)], self.channels);
            let target = rows_mut(d_weight, self.channels);
            accumulate(target, rows(scratch, window).transpose(), d_y);
            if let Some(d_x) = d_x.as_deref_mut() {
                let weight = rows(at.weight, self.channels).transpose();
                multiply(rows_mut(scratch, window), d_y, weight);
                self.patches.scatter(scratch, windows, d_x);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{Layer, LayerKind, Shape};

    fn conv(input: Shape, channels: u32, padding: u32) -> (Conv2d, Shape) {
        let kind = LayerKind::Conv2d { out_channels: channels, kernel: 3, padding, stride: 1 };
        let output = Layer::new("conv", kind, false, input).output;
        let patches = Patches::new(input, output, 3, padding);
        let inputs = usize::try_from(input.elements()).unwrap();
        (Conv2d { patches, inputs, channels: channels as usize }, output)
    }

    /// Values in [−1, 1) without a pattern.
    fn values(count: usize, salt: usize) -> Vec<f32> {
        let value = |i: usize| u16::try_from((i * 7919 + salt * 104_729) % 1009).unwrap();
        (0..count).map(|i| f32::from(value(i)) / 504.5 - 1.0).collect()
    }

    /// The convolution by its definition, in double precision.
    fn direct(x: &[f32], weight: &[f32], input: Shape, output: Shape, padding: usize) -> Vec<f64> {
        let [channels, height, width] =
            [input.channels, input.height, input.width].map(|n| n as usize);
        let [filters, rows, columns] =
            [output.channels, output.height, output.width].map(|n| n as usize);
        let mut y = Vec::new();
        for sample in 0..x.len() / (channels * height * width) {
            for (row, column) in (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c))) {
                for filter in 0..filters {
                    let mut sum = 0.0;
                    for (dr, dc) in (0..3).flat_map(|r| (0..3).map(move |c| (r, c))) {
                        let (Some(r), Some(c)) =
                            ((row + dr).checked_sub(padding), (column + dc).checked_sub(padding))
                        else {
                            continue;
                        };
                        if r >= height || c >= width {
                            continue;
                        }
                        for channel in 0..channels {
                            let pixel = ((sample * height + r) * width + c) * channels + channel;
                            let tap = ((dr * 3 + dc) * channels + channel) * filters + filter;
                            sum += f64::from(x[pixel]) * f64::from(weight[tap]);
                        }
                    }
                    y.push(sum);
                }
            }
        }
        y
    }

    #[test]
    fn a_convolution_by_matrix_products_is_the_convolution_by_definition() {
        let input = Shape { channels: 3, height: 5, width: 4 };
        for padding in [0, 1] {
            let (conv, output) = conv(input, 6, padding);
            let (x, weight) = (values(2 * conv.inputs, 1), values(27 * 6, 2));
            let mut y = vec![0.0; 2 * conv.outputs()];
            conv.apply(&x, &weight, &mut y, &mut Vec::new());
            let expected = direct(&x, &weight, input, output, padding as usize);
            for (value, expected) in y.iter().zip(&expected) {
                assert!((f64::from(*value) - expected).abs() < 1e-5, "{value} against {expected}");
            }
        }
    }

    #[test]
    fn several_chunks_make_the_same_convolution() {
        // 128·9 = 1152 values a window: chunks of ⌊2¹⁹/1152⌋ = 455 of the 512 windows
        let input = Shape { channels: 128, height: 16, width: 16 };
        let (conv, output) = conv(input, 2, 1);
        assert_eq!(conv.chunks(2).map(|windows| windows.len()).collect::<Vec<_>>(), [455, 57]);
        let (x, weight) = (values(2 * conv.inputs, 3), values(9 * 128 * 2, 4));
        let mut y = vec![0.0; 2 * conv.outputs()];
        conv.apply(&x, &weight, &mut y, &mut Vec::new());
        for (value, expected) in y.iter().zip(direct(&x, &weight, input, output, 1)) {
            assert!((f64::from(*value) - expected).abs() < 1e-3, "{value} against {expected}");
        }
    }

    #[test]
    fn gradients_are_the_adjoint_of_the_convolution() {
        // A map that is linear in x and in w: ⟨y(x, w), d⟩ = ⟨x, dx⟩ = ⟨w, dw⟩ for every d.
        let (conv, _) = conv(Shape { channels: 3, height: 5, width: 4 }, 6, 1);
        let (x, weight) = (values(2 * conv.inputs, 1), values(27 * 6, 2));
        let d_y = values(2 * conv.outputs(), 5);
        let mut y = vec![0.0; d_y.len()];
        let (mut d_x, mut d_weight) = (vec![0.0; x.len()], vec![0.0; weight.len()]);
        conv.apply(&x, &weight, &mut y, &mut Vec::new());
        let at = At { x: &x, weight: &weight, d_y: &d_y };
        conv.differentiate(at, &mut d_weight, Some(&mut d_x), &mut Vec::new());
        let dot = |a: &[f32], b: &[f32]| -> f64 {
            a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
        };
        let expected = dot(&y, &d_y);
        assert!(expected.abs() > 1.0, "the test must be able to fail");
        assert!((dot(&x, &d_x) - expected).abs() < 1e-3, "{} against {expected}", dot(&x, &d_x));
        assert!((dot(&weight, &d_weight) - expected).abs() < 1e-3);
    }
}
