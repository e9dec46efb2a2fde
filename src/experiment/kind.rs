//! What devices that are alike share.

use super::costing::Costing;
use crate::actors::InferenceServices;
use crate::cost::DeviceProfile;
use std::rc::Rc;

/// A device's compute and what a request costs on it. A large fleet has few kinds of devices.
#[derive(Clone)]
pub(super) struct Kind {
    pub(super) device: Rc<DeviceProfile>,
    pub(super) services: Rc<InferenceServices>,
}

impl Kind {
    /// The kind of `device`: the one of the device `before` it, if they are alike.
    pub(super) fn of(device: DeviceProfile, before: Option<Self>, costing: &Costing) -> Self {
        before.filter(|kind| *kind.device == device).unwrap_or_else(|| Self {
            services: Rc::new(costing.inference(&device)),
            device: Rc::new(device),
        })
    }
}
