//! A linear map with weights, a bias for each channel and an optional ReLU, forward and back.

use super::tensor::{Backward, Parameter, Workspace};

/// A map of samples that is linear in the sample and in its weights, on row-major slices.
pub(super) trait LinearMap: Copy + 'static {
    /// Values of one sample on its way in.
    fn inputs(&self) -> usize;

    /// Values of one sample on its way out, the channels innermost.
    fn outputs(&self) -> usize;

    /// Adds the map of all samples in `x` to `y`.
    fn apply(&self, x: &[f32], weight: &[f32], y: &mut [f32], scratch: &mut Vec<f32>);

    /// Writes the gradient with respect to the weights to `d_weight` and, if wanted, adds the one
    /// with respect to the input to `d_x`.
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
    /// `relu(map(x) + bias)` of all samples in `x`, and the way back if it is `traced`. With
    /// `leaf`, nobody wants the gradient of `x`: the way back ends in no values.
    pub(super) fn forward<M: LinearMap>(
        &self,
        map: M,
        x: Vec<f32>,
        workspace: &Workspace,
        Wanted { traced, leaf }: Wanted,
    ) -> (Vec<f32>, Option<Backward>) {
        let mut y = workspace.buffer(x.len() / map.inputs() * map.outputs());
        repeat(&self.bias.values, &mut y);
        map.apply(&x, &self.weight.values, &mut y, &mut workspace.scratch.borrow_mut());
        if !traced {
            workspace.reclaim(x);
            if self.relu {
                rectify(&mut y);
            }
            return (y, None);
        }
        let mask = self.relu.then(|| rectify(&mut y));
        let (weight, bias) = (self.weight.clone(), self.bias.clone());
        let workspace = workspace.clone();
        let backward = move |mut d_y: Vec<f32>, gradients: &mut _| {
            if let Some(mask) = mask {
                silence(&mut d_y, &mask);
            }
            let mut d_bias = workspace.zeros(bias.values.len());
            add_rows(&d_y, &mut d_bias);
            let mut d_weight = workspace.buffer(weight.values.len());
            let mut d_x = workspace.zeros(if leaf { 0 } else { x.len() });
            let at = At { x: &x, weight: &weight.values, d_y: &d_y };
            let wanted = (!leaf).then_some(d_x.as_mut_slice());
            map.differentiate(at, &mut d_weight, wanted, &mut workspace.scratch.borrow_mut());
            workspace.reclaim(x);
            workspace.reclaim(d_y);
            bias.set_gradient(d_bias, gradients);
            weight.set_gradient(d_weight, gradients);
            d_x
        };
        (y, Some(Box::new(backward)))
    }
}

/// What is wanted of a layer beside its output.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Gradients.
    pub(super) traced: bool,
    /// None with respect to the input.
    pub(super) leaf: bool,
}

/// Fills `rows` with `row` again and again.
fn repeat(row: &[f32], rows: &mut [f32]) {
    rows.chunks_exact_mut(row.len()).for_each(|target| target.copy_from_slice(row));
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
fn add_rows(values: &[f32], sum: &mut [f32]) {
    for row in values.chunks_exact(sum.len()) {
        for (sum, value) in sum.iter_mut().zip(row) {
            *sum += value;
        }
    }
}
