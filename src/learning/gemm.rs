//! Matrix products over row-major slices, on the calling thread alone.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// A row-major matrix with `columns` columns.
pub(super) fn rows(values: &[f32], columns: usize) -> MatRef<'_, f32> {
    MatRef::from_row_major_slice(values, values.len() / columns, columns)
}

/// A row-major matrix with `columns` columns, to be written to.
pub(super) fn rows_mut(values: &mut [f32], columns: usize) -> MatMut<'_, f32> {
    MatMut::from_row_major_slice_mut(values, values.len() / columns, columns)
}

/// `target ← left · right`.
pub(super) fn multiply(target: MatMut<'_, f32>, left: MatRef<'_, f32>, right: MatRef<'_, f32>) {
    matmul(target, Accum::Replace, left, right, 1.0, Par::Seq);
}

/// `target ← target + left · right`.
pub(super) fn accumulate(target: MatMut<'_, f32>, left: MatRef<'_, f32>, right: MatRef<'_, f32>) {
    matmul(target, Accum::Add, left, right, 1.0, Par::Seq);
}
