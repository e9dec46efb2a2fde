//! The language as its users meet it: what shipped scenarios mean, what defaults are, and what
//! mistakes are told.

mod errors;
mod hostile;
mod learning;
mod meaning;
mod methods;
mod models;
mod network;
mod policies;
mod rounds;
mod service;
