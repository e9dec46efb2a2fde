//! Two-dimensional convolution as matrix products over chunks of windows.

use super::affine::{At, LinearMap};
use super::gemm::{accumulate, multiply, rows, rows_mut};
use super::patches::Patches;
use std::ops::Range;

/// Values in a chunk of windows: small enough to stay in a core's second-level cache, large
/// enough for the product to run at full speed.
const CHUNK: usize = 1 << 18;

/// A convolution with stride 1. Weights are a row-major matrix of window × output channels.
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
