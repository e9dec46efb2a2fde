//! The domain of Winograd's transforms: a matrix, called plane, for each of their 36 points.
//!
//! A row of each plane belongs to one tile of images, a square of pixels that have a run of
//! channels each. Channels are transformed side by side in vector registers.

use super::gemm::{rows, rows_mut};
use super::lanes::Lanes;
use super::minimal_filter::{POINTS, Transform};
use faer::{MatMut, MatRef};
use pulp::{Arch, Simd, WithSimd};
use std::marker::PhantomData;

/// Planes of a transform.
pub(super) const PLANES: usize = POINTS * POINTS;

/// Channels come in multiples of this: the widest vector register, and a line of the cache.
pub(super) const LANES: usize = 16;

/// Values between two planes that nobody uses: without them, planes as large as a power of two
/// would fight for the same lines of the cache.
const GAP: usize = 2 * LANES;

/// Where the pixels of a tile begin in a batch of images; `None` is outside of its image.
pub(super) type Pixels<const SIDE: usize> = [[Option<usize>; SIDE]; SIDE];

/// The planes of many tiles.
pub(super) struct Planes<'a> {
    values: &'a mut [f32],
    columns: usize,
}

impl<'a> Planes<'a> {
    /// Planes with these numbers of rows and columns in the memory of `scratch`, whose old values
    /// they hold.
    pub(super) fn carve<const N: usize>(
        scratch: &'a mut Vec<f32>,
        shapes: [[usize; 2]; N],
    ) -> [Self; N] {
        let size = |[rows, columns]: [usize; 2]| PLANES * (rows * columns + GAP);
        let total = shapes.into_iter().map(size).sum();
        if scratch.len() < total {
            scratch.resize(total, 0.0);
        }
        let mut rest = scratch.as_mut_slice();
        shapes.map(|shape| {
            let (values, others) = std::mem::take(&mut rest).split_at_mut(size(shape));
            rest = others;
            Self { values, columns: shape[1] }
        })
    }

    /// Sets all values to zero.
    pub(super) fn clear(&mut self) {
        self.values.fill(0.0);
    }

    /// The first `height` rows of each plane.
    pub(super) fn matrices(&self, height: usize) -> impl Iterator<Item = MatRef<'_, f32>> {
        let planes = self.values.chunks_exact(self.stride());
        planes.map(move |plane| rows(&plane[..height * self.columns], self.columns))
    }

    /// The first `height` rows of each plane, to be written to.
    pub(super) fn matrices_mut(&mut self, height: usize) -> impl Iterator<Item = MatMut<'_, f32>> {
        let (stride, columns) = (self.stride(), self.columns);
        let planes = self.values.chunks_exact_mut(stride);
        planes.map(move |plane| rows_mut(&mut plane[..height * columns], columns))
    }

    /// Transforms a tile into row `row` of all planes; what is outside of the image is zero.
    pub(super) fn spread<T: Transform<I, POINTS>, const I: usize>(
        &mut self,
        row: usize,
        images: &[f32],
        pixels: Pixels<I>,
    ) {
        let (transform, stride, channels) = (PhantomData::<T>, self.stride(), self.columns);
        let planes = &mut self.values[row * channels..];
        Arch::new().dispatch(Spread { transform, images, pixels, channels, planes, stride });
    }

    /// Transforms row `row` of all planes and adds it to a tile, as far as that is inside of its
    /// image.
    pub(super) fn collect<T: Transform<POINTS, O>, const O: usize>(
        &self,
        row: usize,
        images: &mut [f32],
        pixels: Pixels<O>,
    ) {
        let (transform, stride, channels) = (PhantomData::<T>, self.stride(), self.columns);
        let planes = &self.values[row * channels..];
        Arch::new().dispatch(Collect { transform, images, pixels, channels, planes, stride });
    }

    /// Values from the beginning of one plane to that of the next.
    fn stride(&self) -> usize {
        self.values.len() / PLANES
    }
}

struct Spread<'a, T, const I: usize> {
    transform: PhantomData<T>,
    images: &'a [f32],
    pixels: Pixels<I>,
    channels: usize,
    planes: &'a mut [f32],
    stride: usize,
}

impl<T: Transform<I, POINTS>, const I: usize> WithSimd for Spread<'_, T, I> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let zero = Lanes::splat(simd, 0.0);
        for channel in (0..self.channels).step_by(S::F32_LANES) {
            let mut tile = [[zero; I]; I];
            for (values, pixels) in tile.iter_mut().zip(&self.pixels) {
                for (value, pixel) in values.iter_mut().zip(pixels) {
                    if let Some(pixel) = pixel {
                        *value = Lanes::load(simd, self.images, pixel + channel);
                    }
                }
            }
            let points = T::square(&tile);
            for (plane, value) in points.as_flattened().iter().enumerate() {
                value.store(self.planes, plane * self.stride + channel);
            }
        }
    }
}

struct Collect<'a, T, const O: usize> {
    transform: PhantomData<T>,
    images: &'a mut [f32],
    pixels: Pixels<O>,
    channels: usize,
    planes: &'a [f32],
    stride: usize,
}

impl<T: Transform<POINTS, O>, const O: usize> WithSimd for Collect<'_, T, O> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for channel in (0..self.channels).step_by(S::F32_LANES) {
            let mut points = [[Lanes::splat(simd, 0.0); POINTS]; POINTS];
            for (plane, value) in points.as_flattened_mut().iter_mut().enumerate() {
                *value = Lanes::load(simd, self.planes, plane * self.stride + channel);
            }
            let tile = T::square(&points);
            for (values, pixels) in tile.iter().zip(&self.pixels) {
                for (&value, pixel) in values.iter().zip(pixels) {
                    if let Some(pixel) = pixel {
                        let place = pixel + channel;
                        let sum = Lanes::load(simd, self.images, place) + value;
                        sum.store(self.images, place);
                    }
                }
            }
        }
    }
}
