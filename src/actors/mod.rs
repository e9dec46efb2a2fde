//! Everything that acts in the simulated clock: every client, every link and the edge server is an
//! actix actor whose handlers the kernel calls in simulated time.
//!
//! ```text
//!  client ──packet──▶ link ──▶ … ──▶ link ──▶ edge server
//!    ▲                                            │
//!    └──────── link ◀── … ◀── link ◀──────────────┘
//! ```
//!
//! A packet follows its route hop by hop (store and forward); no actor knows the topology. What
//! really has to be learned or answered is asked of two small traits, [`Training`] and
//! [`AnswerSource`], so that no actor knows how models are made.

mod answers;
mod client;
mod edge_server;
mod energy;
#[cfg(test)]
mod footprint;
mod journal;
mod link;
mod message;
mod mixing;
mod noise;
mod participation;
mod record;
mod training;
mod watch;
mod world;

pub use answers::{Answer, AnswerSource};
pub use client::{Client, ClientInference, ClientSetup, InferenceServices, Outstanding};
pub use edge_server::{EdgeServer, EdgeServerSetup, ServerDiscipline, ServerInference};
pub use energy::{DeviceEnergy, EnergyMeter};
pub use journal::{Journal, StationReport, TrafficWindow};
pub use link::{
    Background, Channel, FairLink, Link, LinkCounts, LinkReport, LinkSetup, PlainLink, Segments,
};
pub use message::{Content, Message, Parcel, Payload};
pub use mixing::{Mixing, Staleness};
pub use participation::Participation;
pub use record::*;
pub use training::{
    Aggregation, RoundJob, RoundTasks, SharedTraining, SplitTasks, Training, TrainingPlan,
};
pub use watch::{Moment, Sojourn, StationId, Stations, Subject, Task, Watcher};
pub use world::World;
