//! Where customers go from a node.

use rand::RngExt as _;
use splitgp_sim::kernel::ActorId;
use splitgp_sim::random::Stream;

/// Where a served customer goes.
#[derive(Debug, Clone)]
pub(crate) enum Routing {
    /// Out.
    Leave,
    /// Always to one actor.
    To(ActorId),
    /// To each actor with its probability, out with the rest.
    Random(Vec<(f64, ActorId)>),
}

impl Routing {
    /// The next actor; `None` is out.
    pub(crate) fn next(&self, stream: &mut Stream) -> Option<ActorId> {
        match self {
            Self::Leave => None,
            Self::To(actor) => Some(*actor),
            Self::Random(routes) => {
                let mut left: f64 = stream.random();
                routes.iter().find_map(|&(probability, actor)| {
                    left -= probability;
                    (left < 0.0).then_some(actor)
                })
            }
        }
    }
}
