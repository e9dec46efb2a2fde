//! A few neighbouring channels at once, in the widest vector register of the machine.
//!
//! Additions and products are rounded one by one, so that the width changes no bit.

use pulp::Simd;
use std::ops::{Add, Mul, Neg, Sub};

/// What linear transforms compute with.
pub(super) trait Number:
    Copy + Add<Output = Self> + Sub<Output = Self> + Neg<Output = Self> + Mul<f32, Output = Self>
{
}

/// As many values as a register of `S` holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lanes<S: Simd> {
    simd: S,
    values: S::f32s,
}

impl<S: Simd> Lanes<S> {
    /// Equal values in all lanes.
    #[inline(always)]
    pub(super) fn splat(simd: S, value: f32) -> Self {
        Self { simd, values: simd.splat_f32s(value) }
    }

    /// The values from `start` on.
    #[inline(always)]
    pub(super) fn load(simd: S, source: &[f32], start: usize) -> Self {
        let (values, _) = S::as_simd_f32s(&source[start..start + S::F32_LANES]);
        Self { simd, values: values[0] }
    }

    /// Puts the values to `start` and on.
    #[inline(always)]
    pub(super) fn store(self, target: &mut [f32], start: usize) {
        let (target, _) = S::as_mut_simd_f32s(&mut target[start..start + S::F32_LANES]);
        target[0] = self.values;
    }
}

impl<S: Simd> Number for Lanes<S> {}

impl<S: Simd> Add for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self { values: self.simd.add_f32s(self.values, other.values), ..self }
    }
}

impl<S: Simd> Sub for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self { values: self.simd.sub_f32s(self.values, other.values), ..self }
    }
}

impl<S: Simd> Neg for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self { values: self.simd.neg_f32s(self.values), ..self }
    }
}

impl<S: Simd> Mul<f32> for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, factor: f32) -> Self {
        let factor = self.simd.splat_f32s(factor);
        Self { values: self.simd.mul_f32s(self.values, factor), ..self }
    }
}
