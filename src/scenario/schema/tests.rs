//! The schema and the decoder say the same.

mod documents;
mod table;
