//! What a link counts beside its station's statistics.

use std::ops::Add;

/// Messages that a link did not deliver, and those that were not ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkReport {
    /// The link's path name.
    pub name: String,
    /// What it counted over the whole run.
    pub counts: LinkCounts,
}

/// The counts of a link over the whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkCounts {
    /// Messages dropped because the buffer was full.
    pub overflowed: u64,
    /// Messages dropped because all retransmissions were lost.
    pub given_up: u64,
    /// Transmissions lost, those of messages given up included.
    pub lost: u64,
    /// Background messages transmitted.
    pub background: u64,
    /// Background messages dropped because the buffer was full.
    pub background_overflowed: u64,
}

impl LinkCounts {
    /// Whether anything was counted.
    pub(in crate::actors) fn any(&self) -> bool {
        *self != Self::default()
    }
}

impl Add for LinkCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            overflowed: self.overflowed + other.overflowed,
            given_up: self.given_up + other.given_up,
            lost: self.lost + other.lost,
            background: self.background + other.background,
            background_overflowed: self.background_overflowed + other.background_overflowed,
        }
    }
}
