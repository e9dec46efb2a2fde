//! Event logs as a compact file: for each run a line of JSON with names and hashes, then its events
//! column by column as differences in variable-length integers, all of it gzip'ed. Equal logs give
//! equal bytes.

use super::log::{EventLog, FULL_EVENTS, LoggedEvent};
use super::trail::Trail;
use crate::time::SimTime;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Read, Write as _};

/// Bytes that a log may unpack to: many times what is ever written.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;

/// Columns of an event.
const COLUMNS: usize = 5;

#[derive(Serialize, Deserialize)]
struct Header {
    run: String,
    count: u64,
    kept: usize,
    actors: BTreeMap<u32, String>,
    kinds: BTreeMap<u16, String>,
    trail: Trail,
}

/// The file of these runs' logs.
pub(super) fn pack(logs: &IndexMap<String, EventLog>) -> io::Result<Vec<u8>> {
    let mut file = GzEncoder::new(Vec::new(), Compression::best());
    for (run, log) in logs {
        let header = Header {
            run: run.clone(),
            count: log.count,
            kept: log.events.len(),
            actors: log.actors.clone(),
            kinds: log.kinds.clone(),
            trail: log.trail.clone(),
        };
        serde_json::to_writer(&mut file, &header)?;
        file.write_all(b"\n")?;
        let mut columns = Vec::new();
        for column in 0..COLUMNS {
            let mut before = 0;
            for event in &log.events {
                let value = fields(event)[column];
                put_signed(&mut columns, value.wrapping_sub(before).cast_signed());
                before = value;
            }
        }
        file.write_all(&columns)?;
    }
    file.finish()
}

/// The logs in a file.
///
/// # Errors
/// If it is none of ours, or damaged.
pub(super) fn unpack(file: &[u8]) -> io::Result<IndexMap<String, EventLog>> {
    let mut bytes = Vec::new();
    GzDecoder::new(file).take(MAX_UNPACKED + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_UNPACKED {
        return Err(damaged("it is too large"));
    }
    let (mut rest, mut logs) = (&bytes[..], IndexMap::new());
    while !rest.is_empty() {
        let end =
            rest.iter().position(|byte| *byte == b'\n').ok_or_else(|| damaged("no header"))?;
        let header: Header = serde_json::from_slice(&rest[..end])?;
        rest = &rest[end + 1..];
        let events = events(&mut rest, header.kept)?;
        let Header { run, count, actors, kinds, trail, .. } = header;
        if !trail.is_sound() {
            return Err(damaged("its hashes do not fit its stride"));
        }
        logs.insert(run, EventLog { count, events, actors, kinds, trail });
    }
    Ok(logs)
}

fn events(bytes: &mut &[u8], count: usize) -> io::Result<Vec<LoggedEvent>> {
    if count > FULL_EVENTS {
        return Err(damaged("it has too many events"));
    }
    let mut columns: [Vec<u64>; COLUMNS] = Default::default();
    for column in &mut columns {
        let mut value: u64 = 0;
        for _ in 0..count {
            value = value.wrapping_add(take_signed(bytes)?.cast_unsigned());
            column.push(value);
        }
    }
    let narrow = |value: u64| u32::try_from(value).map_err(|_| damaged("a number is too large"));
    (0..count)
        .map(|index| {
            let [time, source, target, kind, size] = [0, 1, 2, 3, 4].map(|c| columns[c][index]);
            Ok(LoggedEvent {
                time: SimTime::from_nanos(time),
                source: narrow(source)?,
                target: narrow(target)?,
                kind: u16::try_from(kind).map_err(|_| damaged("a kind is too large"))?,
                size,
            })
        })
        .collect()
}

fn fields(event: &LoggedEvent) -> [u64; COLUMNS] {
    let LoggedEvent { time, source, target, kind, size } = *event;
    [time.as_nanos(), source.into(), target.into(), kind.into(), size]
}

/// Seven bits a byte, the lowest first; the sign goes to the lowest bit.
fn put_signed(bytes: &mut Vec<u8>, value: i64) {
    let mut rest = ((value << 1) ^ (value >> 63)).cast_unsigned();
    while rest >= 0x80 {
        bytes.push(low_bits(rest) | 0x80);
        rest >>= 7;
    }
    bytes.push(low_bits(rest));
}

fn low_bits(value: u64) -> u8 {
    (value & 0x7f) as u8
}

fn take_signed(bytes: &mut &[u8]) -> io::Result<i64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or_else(|| damaged("it ends too early"))?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed());
        }
    }
    Err(damaged("a number is too long"))
}

fn damaged(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> EventLog {
        let event = |time, source, size| LoggedEvent {
            time: SimTime::from_nanos(time),
            source,
            target: 2,
            kind: 7,
            size,
        };
        EventLog {
            count: 9,
            events: vec![event(0, 0, u64::MAX), event(0, u32::MAX, 0), event(u64::MAX, 5, 57_600)],
            actors: [(0, "server".to_owned())].into(),
            kinds: [(7, "model up".to_owned())].into(),
            trail: Trail::default(),
        }
    }

    #[test]
    fn logs_are_read_back_and_packed_alike() {
        let logs: IndexMap<_, _> =
            [("run".to_owned(), log()), ("other".to_owned(), EventLog::default())].into();
        let file = pack(&logs).unwrap();
        assert_eq!(unpack(&file).unwrap(), logs);
        assert_eq!(pack(&logs).unwrap(), file);
    }

    #[test]
    fn damaged_files_are_refused() {
        let file = pack(&[("run".to_owned(), log())].into()).unwrap();
        for length in 0..file.len() {
            // Nothing at all is an empty stream to the decoder.
            let cut = unpack(&file[..length]);
            assert!(cut.is_err() || length == 0, "{length} of {} bytes", file.len());
        }
        for place in 10..file.len() {
            let mut flipped = file.clone();
            flipped[place] ^= 0x10;
            // Whatever it reads, it does not panic; nearly always the checksum tells.
            let _ = unpack(&flipped);
        }
        assert!(unpack(b"no gzip").is_err());
    }

    #[test]
    fn every_number_survives_its_coding() {
        for value in [0, 1, -1, 63, 64, -64, -65, i64::MAX, i64::MIN] {
            let mut bytes = Vec::new();
            put_signed(&mut bytes, value);
            assert_eq!(take_signed(&mut &bytes[..]).unwrap(), value);
        }
    }
}
