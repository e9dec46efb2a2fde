//! Convolution with 3×3 filters by Winograd's minimal filtering: a quarter of the products.
//!
//! Images are cut into tiles of 4×4 outputs. Inputs, filters and outputs are transformed, and all
//! channels of all tiles meet in one matrix product for each of the 36 points (Lavin & Gray, CVPR
//! 2016). Gradients take the same way back through the transposed transforms.

use super::affine::{At, LinearMap};
use super::gemm::{accumulate, multiply};
use super::minimal_filter::{
    Filter, FilterTransposed, Input, InputTransposed, OUTPUTS, Output, OutputTransposed, POINTS,
    TAPS, Transform,
};
use super::planes::{LANES, PLANES, Pixels, Planes};
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
}

/// Images row by row, the channels innermost.
#[derive(Debug, Clone, Copy)]
struct Grid {
    height: usize,
    width: usize,
    channels: usize,
    /// Rows and columns of zeros around an image.
    padding: usize,
}

impl Winograd {
    /// The map from `input` to `output`, if it suits Winograd's tiles: channels fill vector
    /// registers, and the tiles spare at least half of the products.
    pub(super) fn new(input: Shape, output: Shape, kernel: u32, padding: u32) -> Option<Self> {
        let (input, output) = (Grid::new(input, padding), Grid::new(output, 0));
        let this = Self { input, output };
        let fills = |grid: Grid| grid.channels.is_multiple_of(LANES);
        let products = output.height * output.width * TAPS * TAPS;
        let suits = kernel as usize == TAPS && fills(input) && fills(output);
        (suits && 2 * PLANES * this.tiles() <= products).then_some(this)
    }

    /// Rows and columns of tiles that cover an image.
    fn tiling(&self) -> [usize; 2] {
        [self.output.height, self.output.width].map(|side| side.div_ceil(OUTPUTS))
    }

    /// Tiles of one image.
    fn tiles(&self) -> usize {
        self.tiling().iter().product()
    }

    /// The tiles of `samples` samples in chunks.
    fn chunks(&self, samples: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let tiles = samples * self.tiles();
        (0..tiles).step_by(CHUNK).map(move |start| start..tiles.min(start + CHUNK))
    }

    /// The shapes of the planes of (filters, inputs, outputs) of a chunk.
    fn planes(&self, samples: usize) -> [[usize; 2]; 3] {
        let tiles = CHUNK.min(samples * self.tiles());
        let (inputs, outputs) = (self.input.channels, self.output.channels);
        [[inputs, outputs], [tiles, inputs], [tiles, outputs]]
    }

    /// Where a tile's pixels of `grid` begin.
    fn pixels<const SIDE: usize>(&self, tile: usize, grid: Grid) -> Pixels<SIDE> {
        let [_, columns] = self.tiling();
        let (sample, tile) = (tile / self.tiles(), tile % self.tiles());
        let inside = |tile: usize, offset: usize, side: usize| {
            (tile * OUTPUTS + offset).checked_sub(grid.padding).filter(|&place| place < side)
        };
        array::from_fn(|row| {
            let line = inside(tile / columns, row, grid.height);
            array::from_fn(|column| {
                let column = inside(tile % columns, column, grid.width)?;
                Some(((sample * grid.height + line?) * grid.width + column) * grid.channels)
            })
        })
    }

    /// Transforms tiles of `images`.
    fn spread<T: Transform<I, POINTS>, const I: usize>(
        &self,
        images: &[f32],
        grid: Grid,
        tiles: &Range<usize>,
        planes: &mut Planes<'_>,
    ) {
        for (row, tile) in tiles.clone().enumerate() {
            planes.spread::<T, I>(row, images, self.pixels(tile, grid));
        }
    }

    /// Adds what planes become to tiles of `images`.
    fn collect<T: Transform<POINTS, O>, const O: usize>(
        &self,
        planes: &Planes<'_>,
        tiles: &Range<usize>,
        images: &mut [f32],
        grid: Grid,
    ) {
        for (row, tile) in tiles.clone().enumerate() {
            planes.collect::<T, O>(row, images, self.pixels(tile, grid));
        }
    }

    /// The filters of each input channel lie like a tile whose channels are the outputs.
    fn filters(&self) -> impl Iterator<Item = (usize, Pixels<TAPS>)> {
        let (inputs, outputs) = (self.input.channels, self.output.channels);
        let place = move |tap: usize, input: usize| Some((tap * inputs + input) * outputs);
        (0..inputs).map(move |input| {
            let row = |row: usize| array::from_fn(|column| place(row * TAPS + column, input));
            (input, array::from_fn(row))
        })
    }

    /// Transforms the filters.
    fn spread_filters(&self, weight: &[f32], planes: &mut Planes<'_>) {
        for (input, taps) in self.filters() {
            planes.spread::<Filter, TAPS>(input, weight, taps);
        }
    }
}

impl Grid {
    fn new(shape: Shape, padding: u32) -> Self {
        let [height, width, channels, padding] =
            [shape.height, shape.width, shape.channels, padding].map(|n| n as usize);
        Self { height, width, channels, padding }
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
        let [mut u, mut v, mut m] = Planes::carve(scratch, self.planes(samples));
        self.spread_filters(weight, &mut u);
        for tiles in self.chunks(samples) {
            self.spread::<Input, POINTS>(x, self.input, &tiles, &mut v);
            let factors = v.matrices(tiles.len()).zip(u.matrices(self.input.channels));
            for (m, (v, u)) in m.matrices_mut(tiles.len()).zip(factors) {
                multiply(m, v, u);
            }
            self.collect::<Output, OUTPUTS>(&m, &tiles, y, self.output);
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
        let inputs = self.input.channels;
        let [of_filters, of_inputs, of_outputs] = self.planes(samples);
        let shapes = [of_filters, of_filters, of_inputs, of_outputs];
        let [mut u, mut d_u, mut v, mut d_m] = Planes::carve(scratch, shapes);
        if d_x.is_some() {
            self.spread_filters(at.weight, &mut u);
        }
        d_u.clear();
        for tiles in self.chunks(samples) {
            self.spread::<Input, POINTS>(at.x, self.input, &tiles, &mut v);
            self.spread::<OutputTransposed, OUTPUTS>(at.d_y, self.output, &tiles, &mut d_m);
            let factors = v.matrices(tiles.len()).zip(d_m.matrices(tiles.len()));
            for (d_u, (v, d_m)) in d_u.matrices_mut(inputs).zip(factors) {
                accumulate(d_u, v.transpose(), d_m);
            }
            if let Some(d_x) = d_x.as_deref_mut() {
                // In the place of the inputs, which are not needed any more.
                let d_v = &mut v;
                let factors = d_m.matrices(tiles.len()).zip(u.matrices(inputs));
                for (d_v, (d_m, u)) in d_v.matrices_mut(tiles.len()).zip(factors) {
                    multiply(d_v, d_m, u.transpose());
                }
                self.collect::<InputTransposed, POINTS>(d_v, &tiles, d_x, self.input);
            }
        }
        d_weight.fill(0.0);
        for (input, taps) in self.filters() {
            d_u.collect::<FilterTransposed, TAPS>(input, d_weight, taps);
        }
    }
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
        let kind = LayerKind::Conv2d { out_channels: channels[1], kernel: 3, padding, stride: 1 };
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
