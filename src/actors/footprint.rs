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
fn a_device_and_its_two_links_take_less_than_1150_bytes_without_their_work() {
    let (client, link) = (bytes_of::<Client>(), bytes_of::<Link>());
    let device = client + 2 * link;
    assert!(device < 1150, "{client} + 2 · {link} = {device} B");
}

#[test]
fn a_message_is_moved_in_two_words() {
    assert!(size_of::<Message>() <= 16, "{} B", size_of::<Message>());
}
