//! What dfdx is to the rest of this module: one type of activations, parameters, and a workspace.

use dfdx::prelude::{
    Cpu, Gradients, HasShape as _, Momentum, NoneTape, SgdConfig, Shape, Storage, Tensor,
    TensorFromVec as _,
};
use std::cell::RefCell;
use std::rc::Rc;

/// The activations of a batch: a row for each sample. One type for every layer, so that a network
/// is a list.
pub(super) type Activations<T = NoneTape> = Tensor<(usize, usize), f32, Cpu, T>;

/// Gradients by tensor.
pub(super) type Gradient = Gradients<f32, Cpu>;

/// The storage behind a tensor or a gradient.
type Values = <Cpu as Storage<f32>>::Vec;

/// What all layers of the networks of one thread share.
#[derive(Debug, Clone, Default)]
pub(super) struct Workspace {
    pub(super) device: Cpu,
    /// What a convolution makes of its inputs on the way to its outputs.
    pub(super) scratch: Rc<RefCell<Vec<f32>>>,
    /// Memory that was used before: fresh pages cost more than what is computed on them.
    pool: Rc<RefCell<Vec<Vec<f32>>>>,
}

impl Workspace {
    /// `length` values of no meaning, in memory that was given back if there is some.
    pub(super) fn buffer(&self, length: usize) -> Vec<f32> {
        let mut pool = self.pool.borrow_mut();
        let fitting = pool.iter().position(|values| values.len() == length);
        fitting.map_or_else(|| vec![0.0; length], |index| pool.swap_remove(index))
    }

    /// `length` zeros.
    pub(super) fn zeros(&self, length: usize) -> Vec<f32> {
        let mut values = self.buffer(length);
        values.fill(0.0);
        values
    }

    /// A copy of a tensor's values.
    pub(super) fn read<T>(&self, tensor: &Activations<T>) -> Vec<f32> {
        let mut values = self.buffer(tensor.shape().num_elements());
        tensor.copy_into(&mut values);
        values
    }

    /// Gives memory back.
    pub(super) fn reclaim(&self, values: Vec<f32>) {
        self.pool.borrow_mut().push(values);
    }
}

/// The way back through a layer: from the gradient with respect to its output to the one with
/// respect to its input. The gradients of its parameters are left in their places.
pub(super) type Backward = Box<dyn FnOnce(Vec<f32>, &mut Gradient) -> Vec<f32>>;

/// Trainable values. A clone shares them until a step changes one of both.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    pub(super) values: Rc<Vec<f32>>,
    /// A tensor without values: what the gradient is filed under.
    name: Tensor<(usize,), f32, Cpu>,
    /// What momentum keeps of earlier gradients; empty before the first one.
    velocity: Vec<f32>,
}

impl Parameter {
    pub(super) fn new(values: Vec<f32>, device: &Cpu) -> Self {
        let (values, velocity) = (Rc::new(values), Vec::new());
        Self { values, name: device.tensor_from_vec(Vec::new(), (0,)), velocity }
    }

    /// Files the gradient with respect to this parameter, in place of an earlier one.
    pub(super) fn set_gradient(&self, values: Vec<f32>, gradients: &mut Gradient) {
        **self.place(gradients) = values;
    }

    /// The gradient with respect to this parameter, moved out of its place; zeros without one.
    pub(super) fn gradient(&self, gradients: &mut Gradient) -> Vec<f32> {
        let mut gradient = take(self.place(gradients));
        gradient.resize(self.values.len(), 0.0);
        gradient
    }

    /// One SGD step along the gradient, whose memory is given back. Without a gradient nothing
    /// changes.
    #[expect(clippy::cast_possible_truncation, reason = "a learning rate to seven digits")]
    pub(super) fn step(&mut self, sgd: &SgdConfig, gradients: &mut Gradient, memory: &Workspace) {
        let (rate, gradient) = (sgd.lr as f32, take(self.place(gradients)));
        let values: &mut Vec<f32> = Rc::make_mut(&mut self.values);
        let slopes = match sgd.momentum {
            Some(Momentum::Classic(momentum)) => {
                accelerate(&mut self.velocity, momentum as f32, &gradient);
                &self.velocity
            }
            Some(Momentum::Nesterov(_)) => unreachable!("no scenario asks for it"),
            None => &gradient,
        };
        for (value, slope) in values.iter_mut().zip(slopes) {
            *value -= rate * slope;
        }
        memory.reclaim(gradient);
    }

    fn place<'a>(&self, gradients: &'a mut Gradient) -> &'a mut Values {
        gradients.get_or_alloc_mut(&self.name).expect("no memory is needed")
    }
}

/// v ← μ·v + gradient, from v = 0.
fn accelerate(velocity: &mut Vec<f32>, momentum: f32, gradient: &[f32]) {
    velocity.resize(gradient.len(), 0.0);
    for (velocity, slope) in velocity.iter_mut().zip(gradient) {
        *velocity = momentum * *velocity + slope;
    }
}

/// A copy of a tensor's values.
pub(super) fn read<S: Shape, T>(tensor: &Tensor<S, f32, Cpu, T>) -> Vec<f32> {
    let mut values = vec![0.0; tensor.shape().num_elements()];
    tensor.copy_into(&mut values);
    values
}

/// Moves a gradient out of its place. Nobody may ask for it again.
pub(super) fn take(gradient: &mut Values) -> Vec<f32> {
    std::mem::take(&mut **gradient)
}
