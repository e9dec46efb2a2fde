//! What a device of a large fleet takes in memory.

use super::{Client, Message, PlainLink};
use crate::kernel::{SimActor, SimContext};
use std::any::Any;
use std::mem::size_of;

/// Bytes of an actor with what the kernel keeps of it: its context, whether it is alive, the (wide)
/// pointer to it and where its path ends; the path's text is not counted.
fn bytes_of<A: SimActor<Message>>() -> usize {
    size_of::<(A, SimContext<A, Message>, bool)>() + size_of::<Box<dyn Any>>() + size_of::<u32>()
}

#[test]
fn a_device_and_its_two_links_take_less_than_1080_bytes_without_their_work() {
    let (client, link) = (bytes_of::<Client>(), bytes_of::<PlainLink>());
    let device = client + 2 * link;
    assert!(device < 1080, "{client} + 2 · {link} = {device} B");
}

#[test]
fn a_message_is_moved_in_two_words() {
    assert!(size_of::<Message>() <= 16, "{} B", size_of::<Message>());
}
