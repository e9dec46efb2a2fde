//! Convolution with 3×3 filters by Winograd's minimal filtering: a quarter of the products.
//!
//! Images are cut into tiles of 4×4 outputs. Inputs, filters and outputs are transformed, and all
//! channels of all tiles meet in one matrix product for each of the 36 points (Lavin & Gray, CVPR
//! 2016). Gradients take the same way back through the transposed transforms, so that they are
//! exactly those of what was computed.

use super::affine::{At, LinearMap};
use super::gemm::{accumulate, multiply, rows, rows_mut};
use super::minimal_filter::{
    Filter, FilterTransposed, Input, InputTransposed, OUTPUTS, Output, OutputTransposed, TAPS,
};
use super::planes::{LANES, PLANES, Pixels, collect, spread, stride};
use crate::cost::Shape;
use std::array;
use std::ops::Range;

/// Tiles that are transformed at once: few enough to stay in the caches, enough for the matrix
/// products to run at full speed.
const CHUNK: usize = 256;

/// A convolution of 3×3 windows with stride 1. Weights are a row-major matrix of window × output
/// channels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Winograd {
    input: Grid,
    output: Grid,
    padding: usize,
}

/// Images row by row, the channels innermost.
#[derive(Debug, Clone, Copy)]
struct Grid {
    height: usize,
    width: usize,
    channels: usize,
}

impl Winograd {
    /// The map from `input` to `output`, if it suits Winograd's tiles: channels fill vector
    /// registers, and the tiles spare at least half of the products.
    pub(super) fn new(input: Shape, output: Shape, kernel: u32, padding: u32) -> Option<Self> {
        let (input, output) = (Grid::new(input), Grid::new(output));
        let this = Self { input, output, padding: padding as usize };
        let fills = |grid: Grid| grid.channels.is_multiple_of(LANES);
        let products = output.height * output.width * TAPS * TAPS;
        let suits = kernel as usize == TAPS && fills(input) && fills(output);
        (suits && 2 * PLANES * this.tiles() <= products).then_some(this)
    }

    /// Tiles of one image.
    fn tiles(&self) -> usize {
        self.output.height.div_ceil(OUTPUTS) * self.output.width.div_ceil(OUTPUTS)
    }

    /// The tiles of `samples` samples in chunks.
    fn chunks(&self, samples: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let tiles = samples * self.tiles();
        (0..tiles).step_by(CHUNK).map(move |start| start..tiles.min(start + CHUNK))
    }

    /// The pixels of a tile's inputs or outputs; `grid` begins `margin` pixels late.
    fn pixels<const SIDE: usize>(&self, tile: usize, grid: Grid, margin: usize) -> Pixels<SIDE> {
        let columns = self.output.width.div_ceil(OUTPUTS);
        let (sample, tile) = (tile / self.tiles(), tile % self.tiles());
        let inside = |tile: usize, offset: usize, side: usize| {
            (tile * OUTPUTS + offset).checked_sub(margin).filter(|&place| place < side)
        };
        array::from_fn(|row| {
            let line = inside(tile / columns, row, grid.height);
            array::from_fn(|column| {
                let column = inside(tile % columns, column, grid.width)?;
                Some(((sample * grid.height + line?) * grid.width + column) * grid.channels)
            })
        })
    }

    /// V = Bᵀ x B.
    fn transform_inputs(&self, x: &[f32], tiles: Range<usize>, v: &mut [f32]) {
        let channels = self.input.channels;
        for (place, tile) in (0..).step_by(channels).zip(tiles) {
            let pixels = self.pixels(tile, self.input, self.padding);
            spread::<Input, _>(x, pixels, channels, v, place);
        }
    }

    /// U = G w Gᵀ.
    fn transform_weights(&self, weight: &[f32], u: &mut [f32]) {
        spread::<Filter, _>(weight, self.taps(), self.taps_size(), u, 0);
    }

    /// Filters lie like one tile whose channels are all pairs of channels.
    fn taps(&self) -> Pixels<TAPS> {
        let size = self.taps_size();
        array::from_fn(|row| array::from_fn(|column| Some((row * TAPS + column) * size)))
    }

    fn taps_size(&self) -> usize {
        self.input.channels * self.output.channels
    }

    /// The values of one plane of (weights, inputs, outputs), the latter for `tiles` tiles.
    fn strides(&self, tiles: usize) -> [usize; 3] {
        let (inputs, outputs) = (self.input.channels, self.output.channels);
        [stride(inputs, outputs), stride(tiles, inputs), stride(tiles, outputs)]
    }
}

impl Grid {
    fn new(shape: Shape) -> Self {
        let [height, width, channels] =
            [shape.height, shape.width, shape.channels].map(|n| n as usize);
        Self { height, width, channels }
    }

    fn values(self) -> usize {
        self.height * self.width * self.channels
    }
}

impl LinearMap for Winograd {
    fn inputs(&self) -> usize {
        self.input.values()
    }

    fn outputs(&self) -> usize {
        self.output.values()
    }

    fn apply(&self, x: &[f32], weight: &[f32], y: &mut [f32], scratch: &mut Vec<f32>) {
        let samples = x.len() / self.inputs();
        let (inputs, outputs) = (self.input.channels, self.output.channels);
        let [of_u, of_v, of_m] = self.strides(CHUNK.min(samples * self.tiles()));
        let [u, v, m] = split(scratch, [of_u, of_v, of_m].map(|stride| PLANES * stride));
        self.transform_weights(weight, u);
        for tiles in self.chunks(samples) {
            self.transform_inputs(x, tiles.clone(), v);
            let planes = u.chunks_exact(of_u).zip(v.chunks_exact(of_v));
            for ((u, v), m) in planes.zip(m.chunks_exact_mut(of_m)) {
                let (v, u) = (matrix(v, tiles.len(), inputs), matrix(u, inputs, outputs));
                multiply(matrix_mut(m, tiles.len(), outputs), v, u);
            }
            for (place, tile) in (0..).step_by(outputs).zip(tiles) {
                collect::<Output, _>(m, place, y, self.pixels(tile, self.output, 0), outputs);
            }
        }
    }

    fn differentiate(
        &self,
        at: At<'_>,
        d_weight: &mut [f32],
        mut d_x: Option<&mut [f32]>,
        scratch: &mut Vec<f32>,
    ) {
        let samples = at.x.len() / self.inputs();
        let (inputs, outputs) = (self.input.channels, self.output.channels);
        let [of_u, of_v, of_m] = self.strides(CHUNK.min(samples * self.tiles()));
        let [u, d_u, v, d_m] =
            split(scratch, [of_u, of_u, of_v, of_m].map(|stride| PLANES * stride));
        if d_x.is_some() {
            self.transform_weights(at.weight, u);
        }
        d_u.fill(0.0);
        for tiles in self.chunks(samples) {
            let count = tiles.len();
            self.transform_inputs(at.x, tiles.clone(), v);
            for (place, tile) in (0..).step_by(outputs).zip(tiles.clone()) {
                let pixels = self.pixels(tile, self.output, 0);
                spread::<OutputTransposed, _>(at.d_y, pixels, outputs, d_m, place);
            }
            let planes = v.chunks_exact_mut(of_v).zip(d_m.chunks_exact(of_m));
            for ((v, d_m), (u, d_u)) in
                planes.zip(u.chunks_exact(of_u).zip(d_u.chunks_exact_mut(of_u)))
            {
                let d_m = matrix(d_m, count, outputs);
                accumulate(
                    matrix_mut(d_u, inputs, outputs),
                    matrix(v, count, inputs).transpose(),
                    d_m,
                );
                if d_x.is_some() {
                    multiply(
                        matrix_mut(v, count, inputs),
                        d_m,
                        matrix(u, inputs, outputs).transpose(),
                    );
                }
            }
            if let Some(d_x) = d_x.as_deref_mut() {
                for (place, tile) in (0..).step_by(inputs).zip(tiles) {
                    let pixels = self.pixels(tile, self.input, self.padding);
                    collect::<InputTransposed, _>(v, place, d_x, pixels, inputs);
                }
            }
        }
        d_weight.fill(0.0);
        collect::<FilterTransposed, _>(d_u, 0, d_weight, self.taps(), self.taps_size());
    }
}

fn split<const N: usize>(scratch: &mut Vec<f32>, sizes: [usize; N]) -> [&mut [f32]; N] {
    let size: usize = sizes.iter().sum();
    scratch.resize(scratch.len().max(size), 0.0);
    let mut rest = scratch.as_mut_slice();
    sizes.map(|size| {
        let (part, others) = std::mem::take(&mut rest).split_at_mut(size);
        rest = others;
        part
    })
}

fn matrix(plane: &[f32], height: usize, width: usize) -> faer::MatRef<'_, f32> {
    rows(&plane[..height * width], width)
}

fn matrix_mut(plane: &mut [f32], height: usize, width: usize) -> faer::MatMut<'_, f32> {
    rows_mut(&mut plane[..height * width], width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{Layer, LayerKind};
    use crate::learning::conv::Conv2d;
    use crate::learning::patches::Patches;

    /// The same convolution by tiles and by windows.
    fn both(side: u32, channels: [u32; 2], padding: u32) -> (Winograd, Conv2d) {
        let input = Shape { channels: channels[0], height: side, width: side };
        let kind = LayerKind::Conv2d { out_channels: channels[1], kernel: 3, padding };
        let output = Layer::new("conv", kind, false, input).output;
        let winograd = Winograd::new(input, output, 3, padding).unwrap();
        let patches = Patches::new(input, output, 3, padding);
        (winograd, Conv2d { patches, inputs: winograd.inputs(), channels: channels[1] as usize })
    }

    /// Values in [−1, 1) without a pattern.
    fn values(count: usize, salt: usize) -> Vec<f32> {
        let value =
            |i: usize| u16::try_from((i * i % 9973 * 7919 + salt * 104_729) % 1009).unwrap();
        (0..count).map(|i| f32::from(value(i)) / 504.5 - 1.0).collect()
    }

    fn norm(values: impl IntoIterator<Item = f32>) -> f32 {
        values.into_iter().map(|value| value * value).sum::<f32>().sqrt()
    }

    /// ‖a − b‖ / ‖b‖
    fn distance(a: &[f32], b: &[f32]) -> f32 {
        norm(a.iter().zip(b).map(|(a, b)| a - b)) / norm(b.iter().copied())
    }

    /// Output and both gradients of a map, at values without a pattern.
    fn outcome(map: impl LinearMap, weights: usize, samples: usize) -> [Vec<f32>; 3] {
        let (x, weight) = (values(samples * map.inputs(), 1), values(weights, 2));
        let d_y = values(samples * map.outputs(), 3);
        let mut y = vec![0.0; d_y.len()];
        map.apply(&x, &weight, &mut y, &mut Vec::new());
        let (mut d_x, mut d_weight) = (vec![0.0; x.len()], vec![0.0; weights]);
        let at = At { x: &x, weight: &weight, d_y: &d_y };
        map.differentiate(at, &mut d_weight, Some(&mut d_x), &mut Vec::new());
        [y, d_weight, d_x]
    }

    #[test]
    fn a_convolution_by_tiles_is_the_convolution_by_windows() {
        // sides of 4k, 4k − 1 and 4k + 2 outputs; the last case fills more than one chunk
        for (side, channels, padding, samples) in
            [(8, [16, 32], 1, 3), (7, [32, 16], 1, 3), (12, [16, 16], 0, 3), (16, [16, 16], 1, 17)]
        {
            let (winograd, conv) = both(side, channels, padding);
            let weights = 9 * (channels[0] * channels[1]) as usize;
            let by_tiles = outcome(winograd, weights, samples);
            let by_windows = outcome(conv, weights, samples);
            for (a, b) in by_tiles.iter().zip(&by_windows) {
                assert!(distance(a, b) < 1e-5, "side {side}: {}", distance(a, b));
            }
        }
    }

    #[test]
    fn rounding_stays_small_with_as_many_channels_as_the_papers_network_has() {
        let (winograd, conv) = both(7, [256, 256], 1);
        let by_tiles = outcome(winograd, 9 * 256 * 256, 2);
        let by_windows = outcome(conv, 9 * 256 * 256, 2);
        for (a, b) in by_tiles.iter().zip(&by_windows) {
            println!("{}", distance(a, b));
            assert!(distance(a, b) < 1e-5, "{}", distance(a, b));
        }
    }

    #[test]
    fn gradients_are_the_adjoint_of_the_convolution() {
        // A map that is linear in x and in w: ⟨y(x, w), d⟩ = ⟨x, dx⟩ = ⟨w, dw⟩ for every d.
        let (winograd, _) = both(7, [16, 32], 1);
        let weights = 9 * 16 * 32;
        let [y, d_weight, d_x] = outcome(winograd, weights, 2);
        let dot = |a: &[f32], b: &[f32]| -> f64 {
            a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
        };
        let expected = dot(&y, &values(y.len(), 3));
        assert!(expected.abs() > 10.0, "the test must be able to fail");
        for (gradient, salt) in [(d_x, 1), (d_weight, 2)] {
            let product = dot(&gradient, &values(gradient.len(), salt));
            assert!((product / expected - 1.0).abs() < 1e-4, "{product} against {expected}");
        }
    }

    #[test]
    fn what_tiles_do_not_suit_is_refused() {
        let shape = |channels, side| Shape { channels, height: side, width: side };
        let suits = |input, output, kernel| Winograd::new(input, output, kernel, 1).is_some();
        assert!(suits(shape(16, 8), shape(32, 8), 3));
        assert!(!suits(shape(1, 8), shape(32, 8), 3), "one channel fills no register");
        assert!(!suits(shape(16, 8), shape(20, 8), 3), "a rest of channels");
        assert!(!suits(shape(16, 8), shape(32, 6), 5), "five taps");
        // 36 products instead of 9 · 2²: nothing is spared
        assert!(!suits(shape(16, 2), shape(32, 2), 3), "a small image");
    }
}
