//! Links: what puts messages on a wire, loses some of them and delivers the others.
//!
//! A [`Channel`] is one direction: its rate over time, loss, delay, jitter and order. A [`Link`]
//! serialises first in, first out, what passes one channel, or both of a half-duplex pair. A
//! [`PlainLink`] does so without an event for each departure, where that can be foreseen. A
//! [`FairLink`] shares one channel's rate equally among the messages in transmission.

mod background;
mod buffer;
mod channel;
mod counts;
mod fair;
mod fifo;
mod passage;
mod plain;
mod propagation;
mod segments;

pub use background::Background;
pub use channel::{Channel, LinkSetup};
pub use counts::{LinkCounts, LinkReport};
pub use fair::FairLink;
pub use fifo::Link;
pub use plain::PlainLink;
pub use segments::Segments;
