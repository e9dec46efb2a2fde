//! What a device of a large fleet takes in memory.

use super::{Client, Link, Message};
use crate::kernel::{SimActor, SimContext};
use std::mem::size_of;

/// Bytes of an actor with what the kernel keeps of it: its context, whether it is alive, and the
/// (wide) pointers to the actor and to its path.
fn bytes_of<A: SimActor<Message>>() -> usize {
    size_of::<(A, SimContext<A, Message>, bool)>() + 2 * size_of::<Box<str>>()
}

#[test]
fn a_device_and_its_two_links_take_less_than_1400_bytes_without_their_work() {
    let (client, link) = (bytes_of::<Client>(), bytes_of::<Link>());
    let device = client + 2 * link;
    assert!(device < 1400, "{client} + 2 · {link} = {device} B");
}

#[test]
fn a_message_stays_small_enough_to_lie_in_the_event_list() {
    assert!(size_of::<Message>() <= 72, "{} B", size_of::<Message>());
}

#[test]
fn sizes() {
    use crate::station::*;
    panic!("client {} link {} channel {} outstanding {} inference {} audit {} fifo<u64> {} kernelcell<u8-ish> {} setup {} packet {}",
        bytes_of::<Client>(), bytes_of::<Link>(), size_of::<super::Channel>(), size_of::<super::Outstanding>(), size_of::<super::ClientInference>(),
        size_of::<Audit>(), size_of::<FifoStation<u64>>(), size_of::<SimContext<Link, Message>>(), size_of::<super::ClientSetup>(), size_of::<super::Parcel>());
}
