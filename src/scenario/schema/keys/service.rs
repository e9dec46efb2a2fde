//! `server`.

use super::devices::{BUFFER, DEVICE_OR_PROFILE};
use super::{COUNT, NAME, TIME};
use crate::scenario::schema::shape::{Choice, SectionTable, Shape, bare, from_to, key, with};
use crate::scenario::vocabulary;

pub(super) static SERVER: SectionTable = SectionTable {
    name: "server",
    about: "The edge server: equal workers behind one queue.",
    vocabulary: &vocabulary::SERVER,
    keys: &[
        key("device", "What one worker computes with.", DEVICE_OR_PROFILE, "edge-gpu-rtx2080"),
        key("workers", "How many workers.", COUNT, "2").or("1"),
        key(
            "queue",
            "In which order, and how many at once, jobs are served.",
            Shape::Choice(&QUEUE),
            "{ batch: { max: 8, wait: 5 ms } }",
        )
        .or("fifo"),
        key(
            "priority",
            "Whom a free worker serves first.",
            Shape::Word(&vocabulary::PRIORITY),
            "inference",
        )
        .or("none"),
        key(
            "buffer",
            "The most jobs that wait or are in service; more are dropped. Without bound unless \
             stated.",
            BUFFER,
            "100",
        ),
        key("attach", "The node it is at.", NAME, "core").or("server"),
    ],
    required: &["device"],
    one_of: &[],
};

const QUEUE: Choice = Choice {
    vocabulary: &vocabulary::QUEUE,
    alternatives: &[
        bare("fifo", "First in, first out."),
        bare("processor-sharing", "All jobs share the workers equally."),
        with("batch", "Requests are answered together.", Shape::Section(&BATCH)),
    ],
};

static BATCH: SectionTable = SectionTable {
    name: "batch",
    about: "Requests are answered together; training steps are served one by one.",
    vocabulary: &vocabulary::BATCH,
    keys: &[
        key("max", "The most requests of a batch.", Shape::Integer(1, 65_536), "8"),
        key("wait", "How long the oldest request waits for others.", TIME, "5 ms"),
        key(
            "efficiency",
            "Points [requests, factor]: how many times as fast a batch is computed as its requests \
             one by one.",
            Shape::List(&Shape::Tuple(&[Shape::Integer(1, 65_536), from_to(1e-6, 1e6)]), 1, 65_536),
            "[[1, 1], [8, 4]]",
        ),
    ],
    required: &["max", "wait"],
    one_of: &[],
};
