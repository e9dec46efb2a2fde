//! In how many bits smashed data and their gradients travel.

use crate::quantity::Bytes;

/// The number format of smashed data, and of the gradient that comes back, on the wire. Weights
/// travel in single precision whatever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// IEEE 754 single precision: what is computed, 4 bytes a value.
    #[default]
    Float32,
    /// IEEE 754 half precision, 2 bytes a value.
    Float16,
    /// An 8-bit integer on a scale that each message chooses for itself, 1 byte a value. The scale
    /// and the zero point, 8 bytes a message, belong to the header: `network.header` counts them
    /// if anything does.
    Int8,
}

impl Precision {
    /// All formats, the widest first.
    pub const ALL: [Self; 3] = [Self::Float32, Self::Float16, Self::Int8];

    /// Its name in the scenario language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Float32 => "float32",
            Self::Float16 => "float16",
            Self::Int8 => "int8",
        }
    }

    /// `values` of it on the wire.
    pub const fn size(self, values: u64) -> Bytes {
        let width = match self {
            Self::Float32 => 4,
            Self::Float16 => 2,
            Self::Int8 => 1,
        };
        Bytes(width * values)
    }
}
