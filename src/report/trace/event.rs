//! One event of the format as its line of JSON.

use crate::time::SimTime;
use std::fmt::{self, Write as _};

/// A thread of a process, as the format names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Track {
    pub(super) process: u32,
    pub(super) thread: u32,
}

/// Where an arrow passes a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) track: Track,
    pub(super) time: SimTime,
}

/// Which part of a flow a point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FlowPart {
    Start,
    Step,
    End,
}

/// What a process or a thread is told to be called, or where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Label<'a> {
    ProcessName(&'a str),
    ProcessOrder(u32),
    ThreadName(&'a str),
    ThreadOrder(u32),
}

/// An event of the format.
#[derive(Debug, Clone, Copy)]
pub(super) enum TraceEvent<'a> {
    Metadata {
        track: Track,
        label: Label<'a>,
    },
    /// `arguments` is a JSON object.
    Slice {
        track: Track,
        name: &'a str,
        category: &'a str,
        start: SimTime,
        end: SimTime,
        arguments: &'a str,
    },
    Flow {
        part: FlowPart,
        point: Point,
        name: &'static str,
        id: u64,
    },
    Counter {
        process: u32,
        name: &'a str,
        time: SimTime,
        waiting: u64,
    },
    Instant {
        track: Track,
        name: &'a str,
        time: SimTime,
    },
}

/// `text` as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// Microseconds, the format's unit, with all nanoseconds.
struct Micros(u64);

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

fn micros(time: SimTime) -> Micros {
    Micros(time.as_nanos())
}

impl TraceEvent<'_> {
    /// Its JSON object.
    pub(super) fn json(&self) -> String {
        let mut line = String::with_capacity(160);
        self.write(&mut line).expect("a text takes all that is written to it");
        line
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        match *self {
            Self::Metadata { track: Track { process, thread }, label } => {
                let (name, arguments) = match label {
                    Label::ProcessName(text) => {
                        ("process_name", format!("{{\"name\":{}}}", quoted(text)))
                    }
                    Label::ThreadName(text) => {
                        ("thread_name", format!("{{\"name\":{}}}", quoted(text)))
                    }
                    Label::ProcessOrder(order) => {
                        ("process_sort_index", format!("{{\"sort_index\":{order}}}"))
                    }
                    Label::ThreadOrder(order) => {
                        ("thread_sort_index", format!("{{\"sort_index\":{order}}}"))
                    }
                };
                write!(
                    out,
                    "{{\"ph\":\"M\",\"pid\":{process},\"tid\":{thread},\"name\":\"{name}\",\
                     \"args\":{arguments}}}"
                )
            }
            Self::Slice { track, name, category, start, end, arguments } => {
                write!(out, "{{\"ph\":\"X\",{},", placed(track, start))?;
                write!(
                    out,
                    "\"dur\":{},\"name\":{},\"cat\":\"{category}\",\"args\":{arguments}}}",
                    Micros(end.since(start).as_nanos()),
                    quoted(name),
                )
            }
            Self::Flow { part, point, name, id } => {
                // An end binds to the next slice unless it is told to bind to the one it is in.
                let (phase, binding) = match part {
                    FlowPart::Start => ("s", ""),
                    FlowPart::Step => ("t", ",\"bp\":\"e\""),
                    FlowPart::End => ("f", ",\"bp\":\"e\""),
                };
                let place = placed(point.track, point.time);
                write!(
                    out,
                    "{{\"ph\":\"{phase}\",{place},\"id\":{id},\"name\":\"{name}\",\
                     \"cat\":\"flow\"{binding}}}"
                )
            }
            Self::Counter { process, name, time, waiting } => write!(
                out,
                "{{\"ph\":\"C\",\"pid\":{process},\"ts\":{},\"name\":{},\
                 \"args\":{{\"waiting\":{waiting}}}}}",
                micros(time),
                quoted(name),
            ),
            Self::Instant { track, name, time } => write!(
                out,
                "{{\"ph\":\"i\",{},\"s\":\"t\",\"name\":{}}}",
                placed(track, time),
                quoted(name)
            ),
        }
    }
}

fn placed(Track { process, thread }: Track, time: SimTime) -> String {
    format!("\"pid\":{process},\"tid\":{thread},\"ts\":{}", micros(time))
}
