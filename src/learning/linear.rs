//! A fully connected layer as one matrix product.

use super::affine::{At, LinearMap};
use super::gemm::{accumulate, multiply, rows, rows_mut};

/// A linear map. Weights are a row-major matrix of inputs × outputs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Linear {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
}

impl LinearMap for Linear {
    fn inputs(&self) -> usize {
        self.inputs
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn apply(&self, x: &[f32], weight: &[f32], y: &mut [f32], _: &mut Vec<f32>) {
        accumulate(rows_mut(y, self.outputs), rows(x, self.inputs), rows(weight, self.outputs));
    }

    fn differentiate(
        &self,
        at: At<'_>,
        d_weight: &mut [f32],
        d_x: Option<&mut [f32]>,
        _: &mut Vec<f32>,
    ) {
        let d_y = rows(at.d_y, self.outputs);
        multiply(rows_mut(d_weight, self.outputs), rows(at.x, self.inputs).transpose(), d_y);
        if let Some(d_x) = d_x {
            let weight = rows(at.weight, self.outputs).transpose();
            accumulate(rows_mut(d_x, self.inputs), d_y, weight);
        }
    }
}
