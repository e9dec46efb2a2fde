//! A dfdx operation: a linear map with weights, a bias for each channel and an optional ReLU.
//!
//! dfdx's own convolution needs a nightly compiler, and its matrix product spreads over a global
//! thread pool. This operation is written against dfdx's public interface instead: it computes on
//! plain slices and puts its backward pass on dfdx's tape.

use super::tensor::{Activations, Parameter, Workspace, take};
use dfdx::prelude::{HasShape as _, PutTape as _, SplitTape as _, Tape, TensorFromVec as _};

/// A map of samples that is linear in the sample and in its weights, on row-major slices.
pub(super) trait LinearMap: Copy + 'static {
    /// Values of one sample on its way in.
    fn inputs(&self) -> usize;

    /// Values of one sample on its way out, the channels innermost.
    fn outputs(&self) -> usize;

    /// Adds the map of all samples in `x` to `y`.
    fn apply(&self, x: &[f32], weight: &[f32], y: &mut [f32], scratch: &mut Vec<f32>);

    /// Adds the gradient with respect to the weights to `d_weight` and, if wanted, the one with
    /// respect to the input to `d_x`.
    fn differentiate(
        &self,
        at: At<'_>,
        d_weight: &mut [f32],
        d_x: Option<&mut [f32]>,
        scratch: &mut Vec<f32>,
    );
}

/// Where a [`LinearMap`] is differentiated, and the gradient with respect to its output.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) x: &'a [f32],
    pub(super) weight: &'a [f32],
    pub(super) d_y: &'a [f32],
}

/// The parameters of one layer, and whether a ReLU follows.
#[derive(Debug)]
pub(super) struct Affine {
    pub(super) weight: Parameter,
    pub(super) bias: Parameter,
    pub(super) relu: bool,
}

impl Affine {
    /// `relu(map(input) + bias)`. With `leaf`, nobody wants the gradient of `input`.
    pub(super) fn forward<M: LinearMap, T: Tape<f32, dfdx::tensor::Cpu>>(
        &self,
        map: M,
        input: Activations<T>,
        leaf: bool,
        workspace: &Workspace,
    ) -> Activations<T> {
        let (input, mut tape) = input.split_tape();
        let batch = input.shape().0;
        debug_assert_eq!(input.shape().1, map.inputs());
        let (x, weight) = (workspace.read(&input), self.weight.plain.clone());
        let mut y = repeat(&self.bias.plain, batch * map.outputs());
        map.apply(&x, &weight, &mut y, &mut workspace.scratch.borrow_mut());
        let mask = self.relu.then(|| rectify(&mut y));
        let output = workspace.device.tensor_from_vec(y, (batch, map.outputs()));
        if T::OWNS_TAPE {
            let (input, output) = (input.ghost(), output.ghost());
            let (weight_id, bias_id) = (self.weight.value.ghost(), self.bias.value.ghost());
            let channels = self.bias.plain.len();
            let workspace = workspace.clone();
            tape.add_backward_op(move |gradients| {
                let mut d_y = take(gradients.get_or_alloc_mut(&output)?);
                if let Some(mask) = mask {
                    silence(&mut d_y, &mask);
                }
                add_rows(&d_y, channels, gradients.get_or_alloc_mut(&bias_id)?);
                let mut d_weight = take(gradients.get_or_alloc_mut(&weight_id)?);
                let at = At { x: &x, weight: &weight, d_y: &d_y };
                let d_x = if leaf { None } else { Some(gradients.get_or_alloc_mut(&input)?) };
                let d_x = d_x.map(|d_x| d_x.as_mut_slice());
                map.differentiate(at, &mut d_weight, d_x, &mut workspace.scratch.borrow_mut());
                workspace.reclaim(x);
                **gradients.get_or_alloc_mut(&weight_id)? = d_weight;
                Ok(())
            });
        } else {
            workspace.reclaim(x);
        }
        output.put_tape(tape)
    }
}

/// `row` again and again, `length` values in all.
fn repeat(row: &[f32], length: usize) -> Vec<f32> {
    let mut values = Vec::with_capacity(length);
    while values.len() < length {
        values.extend_from_slice(row);
    }
    values
}

/// Sets negative values to zero and returns which were positive: those alone pass a gradient.
pub(super) fn rectify(values: &mut [f32]) -> Vec<bool> {
    values
        .iter_mut()
        .map(|value| {
            let positive = *value > 0.0;
            // A NaN must not be hidden: the loss reports it.
            *value = if *value <= 0.0 { 0.0 } else { *value };
            positive
        })
        .collect()
}

/// Sets to zero what did not pass the ReLU.
pub(super) fn silence(gradient: &mut [f32], mask: &[bool]) {
    for (value, &positive) in gradient.iter_mut().zip(mask) {
        *value = if positive { *value } else { 0.0 };
    }
}

/// Adds all rows of `values` to `sum`.
fn add_rows(values: &[f32], columns: usize, sum: &mut [f32]) {
    for row in values.chunks_exact(columns) {
        for (sum, value) in sum.iter_mut().zip(row) {
            *sum += value;
        }
    }
}
