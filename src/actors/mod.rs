//! Clients, links and the edge server.

mod record;

pub use record::*;
