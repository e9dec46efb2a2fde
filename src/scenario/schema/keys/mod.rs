//! The table of all keys: what each means, takes and defaults to.

mod devices;
mod inference;
mod links;
mod model;
mod scenario;
mod service;
mod training;

pub(super) use scenario::SCENARIO;

use super::shape::Shape;
use crate::scenario::units::{BIT_RATE, DURATION, FREQUENCY, SIZE};

/// A duration.
const TIME: Shape = Shape::Measure(&DURATION);

/// A link's rate.
const LINK_RATE: Shape = Shape::Measure(&BIT_RATE);

/// A size.
const BYTES: Shape = Shape::Measure(&SIZE);

/// A frequency.
const PER_TIME: Shape = Shape::Measure(&FREQUENCY);

/// A number from 0 to 1.
const UNIT: Shape = super::shape::from_to(0.0, 1.0);

/// The name of a device class, a node or a link.
const NAME: Shape =
    Shape::Pattern("^[A-Za-z0-9_-]{1,64}$", "a name has 1 to 64 letters, digits, `-` or `_`");

/// A count of things of which a run has at most a million.
const COUNT: Shape = Shape::Integer(1, 1_000_000);
