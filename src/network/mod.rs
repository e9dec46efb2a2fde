//! The network: which nodes are joined by which links, the routes over them, and the packets that
//! follow a route.

mod packet;
mod routes;
mod topology;

pub use packet::{Packet, Part};
pub use routes::{Direction, Hop, RouteId, Routes};
pub use topology::{LinkIndex, NoRoute, NodeIndex, Topology};
