//! What is done to a good input.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One change.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    /// A byte takes another value.
    Flip(Index, u8),
    /// Bytes are put in.
    Insert(Index, Vec<u8>),
    /// Bytes are taken out.
    Delete(Index, usize),
    /// The end is cut off.
    Cut(Index),
    /// Some of the input stands twice.
    Repeat(Index, usize, Index),
    /// A number of so many bytes takes an extreme value, in either byte order.
    Extreme(Index, usize, u64, bool),
    /// A line is taken out, or stands elsewhere a second time.
    Line(Index, Option<Index>),
    /// A word or number is replaced.
    Token(Index, &'static str),
}

/// Words that stand somewhere in the language, numbers at the ends of their ranges, and what YAML, CSV
/// and floats have of their own.
#[rustfmt::skip]
const TOKENS: [&str; 64] = [
    "", "0", "1", "-1", "2", "1000", "1000000", "4294967295", "4294967296", "18446744073709551615",
    "18446744073709551616", "1e308", "1e-308", "-0.0", "0.999999999999", ".nan", ".inf", "~",
    "true", "{}", "[]", "[[]]", "1 ns", "0 s", "31 h", "277777 h", "1e18 ns", "1 bit/s",
    "1e18 bit/s", "1 FLOP/s", "1e18 FLOP/s", "1 B", "18 TB", "1e9 /s", "1 /h", "100%", "0%",
    "99.99%", "fifo", "fair", "processor-sharing", "{ batch: { max: 65536, wait: 0 s } }",
    "{ exponential: 1 ns }", "{ lognormal: { median: 1 s, sigma: 10 } }",
    "{ uniform: [1 ns, 9 h] }", "splitfed", "local", "[splitgp, fedavg]", "client-only", "oracle",
    "{ random: 1 }", "{ deadline: 1 ns }", "{ adaptive: 1 s }", "{ asynchronous: {} }", "shared",
    "{ mean_up: 10 ms, mean_down: 10 ms }", "[{ at: 0 s, for: 1 s }]",
    "{ trace: ../tests/fuzz/corpus/arrivals/by-client.csv }", "{ closed: { think: 1 ns } }",
    "mser-5", "\u{feff}", "\"", ",", "\n",
];

/// One or two changes, which often leave an input good, or up to six.
pub(crate) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let place = any::<Index>;
    let extreme = prop_oneof![
        select(vec![0, 1, 0x7f, 0xff, 0x7fff_ffff, 0xffff_ffff, 1 << 32, 1 << 60, u64::MAX]),
        any::<u64>(),
    ];
    let edit = prop_oneof![
        2 => (place(), any::<u8>()).prop_map(|(at, byte)| Edit::Flip(at, byte)),
        1 => (place(), vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        1 => (place(), 1..40_usize).prop_map(|(at, count)| Edit::Delete(at, count)),
        1 => place().prop_map(Edit::Cut),
        1 => (place(), 1..200_usize, place()).prop_map(|(from, n, to)| Edit::Repeat(from, n, to)),
        2 => (place(), select(vec![1, 2, 4, 8]), extreme, any::<bool>())
            .prop_map(|(at, width, value, big)| Edit::Extreme(at, width, value, big)),
        2 => (place(), prop::option::of(place())).prop_map(|(at, to)| Edit::Line(at, to)),
        4 => (place(), select(&TOKENS[..])).prop_map(|(at, token)| Edit::Token(at, token)),
    ];
    prop_oneof![3 => vec(edit.clone(), 1..3), 1 => vec(edit, 3..7)]
}

/// `input` after `edits`.
pub(crate) fn apply(input: &[u8], edits: &[Edit]) -> Vec<u8> {
    edits.iter().fold(input.to_vec(), |mut bytes, edit| {
        if !bytes.is_empty() {
            change(&mut bytes, edit);
        }
        bytes
    })
}

fn change(bytes: &mut Vec<u8>, edit: &Edit) {
    let size = bytes.len();
    match edit {
        Edit::Flip(at, byte) => bytes[at.index(size)] = *byte,
        Edit::Insert(at, new) => {
            let at = at.index(size);
            bytes.splice(at..at, new.iter().copied());
        }
        Edit::Delete(at, count) => {
            let at = at.index(size);
            bytes.drain(at..size.min(at + count));
        }
        Edit::Cut(at) => bytes.truncate(at.index(size)),
        Edit::Repeat(from, count, to) => {
            let from = from.index(size);
            let part = bytes[from..size.min(from + count)].to_vec();
            let to = to.index(size);
            bytes.splice(to..to, part);
        }
        Edit::Extreme(at, width, value, is_big) => {
            let at = at.index(size);
            let digits = if *is_big {
                value.to_be_bytes()[8 - width..].to_vec()
            } else {
                value.to_le_bytes()[..*width].to_vec()
            };
            bytes.splice(at..size.min(at + width), digits);
        }
        Edit::Line(at, to) => {
            let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            let from = at.index(lines.len());
            match to {
                Some(to) => lines.insert(to.index(lines.len()), lines[from]),
                None => _ = lines.remove(from),
            }
            *bytes = lines.concat();
        }
        Edit::Token(at, token) => {
            let tokens = tokens(bytes);
            if !tokens.is_empty() {
                bytes.splice(tokens[at.index(tokens.len())].clone(), token.bytes());
            }
        }
    }
}

/// Where words and numbers stand: what the language's signs part. Comments are left alone.
fn tokens(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    let mut in_comment = false;
    for (place, byte) in bytes.iter().chain(b"\n").enumerate() {
        in_comment = *byte == b'#' || (in_comment && *byte != b'\n');
        let is_sign = in_comment || b" \t\r\n:,{}[]#".contains(byte);
        match (start, is_sign) {
            (None, false) => start = Some(place),
            (Some(from), true) => {
                found.push(from..place);
                start = None;
            }
            _ => {}
        }
    }
    found
}
