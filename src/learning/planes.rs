//! Tiles of images in the transformed domain: a *plane* for each of the 36 points of a transform.
//!
//! Tiles are named by where their pixels begin, and hold a run of channels at each pixel.

use super::lanes::Lanes;
use super::minimal_filter::{POINTS, Transform};
use pulp::{Arch, Simd, WithSimd};
use std::marker::PhantomData;

/// Planes of a transform.
pub(super) const PLANES: usize = POINTS * POINTS;

/// Channels come in multiples of this: the widest register, and a line of the cache.
pub(super) const LANES: usize = 16;

/// Values between two planes that nobody uses: without them, planes as large as a power of two
/// would fight for the same lines of the cache.
const GAP: usize = 2 * LANES;

/// Where the pixels of a tile begin in a batch of images; `None` is outside of its image.
pub(super) type Pixels<const SIDE: usize> = [[Option<usize>; SIDE]; SIDE];

/// Values from the beginning of a plane with `rows` rows to the next.
pub(super) fn stride(rows: usize, columns: usize) -> usize {
    rows * columns + GAP
}

/// Transforms a tile and puts it at `place` into each plane; what is outside of the image is zero.
pub(super) fn spread<T: Transform<I, POINTS>, const I: usize>(
    images: &[f32],
    pixels: Pixels<I>,
    channels: usize,
    planes: &mut [f32],
    place: usize,
) {
    let transform = PhantomData::<T>;
    Arch::new().dispatch(Spread { transform, images, pixels, channels, planes, place });
}

/// Transforms what lies at `place` in each plane and adds it to a tile, as far as it is inside of
/// its image.
pub(super) fn collect<T: Transform<POINTS, O>, const O: usize>(
    planes: &[f32],
    place: usize,
    images: &mut [f32],
    pixels: Pixels<O>,
    channels: usize,
) {
    let transform = PhantomData::<T>;
    Arch::new().dispatch(Collect { transform, images, pixels, channels, planes, place });
}

struct Spread<'a, T, const I: usize> {
    transform: PhantomData<T>,
    images: &'a [f32],
    pixels: Pixels<I>,
    channels: usize,
    planes: &'a mut [f32],
    place: usize,
}

impl<T: Transform<I, POINTS>, const I: usize> WithSimd for Spread<'_, T, I> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let stride = self.planes.len() / PLANES;
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
                value.store(self.planes, plane * stride + self.place + channel);
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
    place: usize,
}

impl<T: Transform<POINTS, O>, const O: usize> WithSimd for Collect<'_, T, O> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let stride = self.planes.len() / PLANES;
        for channel in (0..self.channels).step_by(S::F32_LANES) {
            let mut points = [[Lanes::splat(simd, 0.0); POINTS]; POINTS];
            for (plane, value) in points.as_flattened_mut().iter_mut().enumerate() {
                *value = Lanes::load(simd, self.planes, plane * stride + self.place + channel);
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
