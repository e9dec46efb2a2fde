//! What dfdx is to the rest of this module: one type of activations, parameters, and a workspace.

use dfdx::prelude::{
    Cpu, Gradients, HasShape as _, NoneTape, SgdConfig, Shape, Storage, Tensor, TensorFromVec as _,
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
    /// Windows of a convolution; kept between layers to spare the allocation.
    pub(super) scratch: Rc<RefCell<Vec<f32>>>,
    /// Memory that was used before: fresh pages cost more than what is computed on them.
    pool: Rc<RefCell<Vec<Vec<f32>>>>,
}

impl Workspace {
    /// A copy of a tensor's values, in memory that was given back if there is some.
    pub(super) fn read<T>(&self, tensor: &Activations<T>) -> Vec<f32> {
        let mut values = self.pool.borrow_mut().pop().unwrap_or_default();
        values.resize(tensor.shape().num_elements(), 0.0);
        tensor.copy_into(&mut values);
        values
    }

    /// Gives back the memory of a copy.
    pub(super) fn reclaim(&self, values: Vec<f32>) {
        self.pool.borrow_mut().push(values);
    }
}

/// A trainable tensor.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) value: Tensor<(usize,), f32, Cpu>,
    /// Its values for our own operations: dfdx lends nobody a tensor's storage.
    pub(super) plain: Rc<Vec<f32>>,
    /// What momentum keeps of earlier gradients, 0 at first. dfdx's SGD asks for it even without
    /// momentum, and then never touches it.
    velocity: Values,
}

impl Parameter {
    pub(super) fn new(values: Vec<f32>, device: &Cpu) -> Self {
        let shape = (values.len(),);
        let velocity = device.try_alloc_len(values.len()).expect("memory is allocated or aborts");
        let plain = Rc::new(values.clone());
        Self { value: device.tensor_from_vec(values, shape), plain, velocity }
    }

    /// This parameter's gradient, moved out of `gradients`.
    pub(super) fn gradient(&self, gradients: &mut Gradient) -> Vec<f32> {
        take(gradients.get_or_alloc_mut(&self.value).expect("memory is allocated or aborts"))
    }

    /// One SGD step along this parameter's gradient.
    pub(super) fn step(&mut self, sgd: &SgdConfig, gradients: &mut Gradient) {
        gradients
            .get_or_alloc_mut(&self.value)
            .and_then(|gradient| sgd.try_update(&mut self.value, &mut self.velocity, gradient))
            .expect("a gradient is as long as its parameter");
        let plain: &mut Vec<f32> = Rc::make_mut(&mut self.plain);
        self.value.copy_into(plain);
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
