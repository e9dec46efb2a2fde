//! The scenario language.

mod model;

pub use model::*;
