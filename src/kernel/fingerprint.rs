//! A run's fingerprint: equal trajectories have equal fingerprints.

use super::observer::EventRecord;
use xxhash_rust::xxh3::Xxh3;

/// The bytes that one event contributes.
const EVENT_BYTES: usize = 8 + 4 + 4 + 2 + 8;

/// Events hashed at a time: hashing each alone costs more than all the rest of its record.
const BATCH: usize = 32;

/// XXH3-128 over (time u64, source u32, target u32, kind u16, size u64), little-endian and
/// without padding, of every event in the order of handling.
pub(super) struct Fingerprint {
    hash: Xxh3,
    batch: [u8; BATCH * EVENT_BYTES],
    /// How many bytes of the batch are filled.
    filled: usize,
}

impl Fingerprint {
    pub(super) fn new() -> Self {
        Self { hash: Xxh3::new(), batch: [0; BATCH * EVENT_BYTES], filled: 0 }
    }

    pub(super) fn add(&mut self, event: &EventRecord) {
        let bytes = &mut self.batch[self.filled..self.filled + EVENT_BYTES];
        bytes[0..8].copy_from_slice(&event.time.as_nanos().to_le_bytes());
        bytes[8..12].copy_from_slice(&event.source.as_u32().to_le_bytes());
        bytes[12..16].copy_from_slice(&event.target.as_u32().to_le_bytes());
        bytes[16..18].copy_from_slice(&event.kind.to_le_bytes());
        bytes[18..26].copy_from_slice(&event.size.to_le_bytes());
        self.filled += EVENT_BYTES;
        if self.filled == self.batch.len() {
            self.hash.update(&self.batch);
            self.filled = 0;
        }
    }

    pub(super) fn value(&self) -> u128 {
        let mut hash = self.hash.clone();
        hash.update(&self.batch[..self.filled]);
        hash.digest128()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::ActorId;
    use crate::time::SimTime;

    fn event(time: u64) -> EventRecord {
        EventRecord {
            time: SimTime::from_nanos(time),
            source: ActorId::from_index(1),
            target: ActorId::from_index(2),
            kind: 3,
            kind_name: "names do not count",
            size: 4,
        }
    }

    fn of(events: &[EventRecord]) -> u128 {
        let mut fingerprint = Fingerprint::new();
        events.iter().for_each(|event| fingerprint.add(event));
        fingerprint.value()
    }

    #[test]
    fn batches_do_not_show() {
        for count in [0, 1, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH + 7] {
            let events: Vec<_> = (0..count as u64).map(event).collect();
            let bytes: Vec<u8> = (0..count as u64)
                .flat_map(|time| {
                    let rest =
                        [&1_u32.to_le_bytes()[..], &[2, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0, 0, 0]];
                    [time.to_le_bytes().to_vec(), rest.concat()].concat()
                })
                .collect();
            assert_eq!(of(&events), xxhash_rust::xxh3::xxh3_128(&bytes), "{count} events");
        }
    }

    #[test]
    fn every_field_and_the_order_count_but_the_name_does_not() {
        let base = event(7);
        let variants = [
            EventRecord { time: SimTime::from_nanos(8), ..base },
            EventRecord { source: ActorId::from_index(9), ..base },
            EventRecord { target: ActorId::from_index(9), ..base },
            EventRecord { kind: 9, ..base },
            EventRecord { size: 9, ..base },
        ];
        for variant in variants {
            assert_ne!(of(&[variant]), of(&[base]), "{variant:?}");
        }
        assert_ne!(of(&[event(7), event(8)]), of(&[event(8), event(7)]));
        assert_eq!(of(&[EventRecord { kind_name: "other", ..base }]), of(&[base]));
    }
}
