//! The schema and the decoder say the same.

mod documents;
mod generator;
mod table;
