//! What the kernel asks of messages and actors.

use super::context::SimContext;
use actix::{Actor, Handler};

/// A message that simulated actors exchange; usually one enum for a whole simulation.
///
/// Messages are stored inline in the future event list: keep them small and box what is large.
pub trait SimMessage: actix::Message<Result = ()> + 'static {
    /// What a real computation started by [`SimContext::compute`] yields.
    type Output: Send + 'static;

    /// A number that names the kind of message for ever; part of the fingerprint.
    fn kind(&self) -> u16;

    /// The kind's name for errors and traces.
    fn kind_name(&self) -> &'static str;

    /// The bytes that the message stands for; part of the fingerprint.
    fn size(&self) -> u64;
}

/// An actix actor that lives in simulated time and handles `M`.
pub trait SimActor<M: SimMessage>:
    Actor<Context = SimContext<Self, M>> + Handler<M, Result = ()>
{
    /// Reads a little of every part of the actor that its handlers need, in vain: the kernel calls
    /// this for actors whose turn comes soon. In a large simulation an actor lies far from the
    /// processor, and to have the parts of several actors fetched at once costs hardly more than
    /// to wait for one of them. An actor of which there are few need not care.
    fn touch(&self) {}
}
