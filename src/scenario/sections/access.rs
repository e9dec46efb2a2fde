//! `access`: a device's link pair: a built-in profile, own figures, or a profile with some
//! figures replaced. `rate` stands for `up` and `down` alike; everything but the rates holds for
//! both directions.

use super::{background, jitter, outages, rate};
use crate::quantity::Bytes;
use crate::scenario::decode::Cursor;
use crate::scenario::model::{AccessSpec, Discipline, Duplex, LinkSpec};
use crate::scenario::numbers::{integer_u32, share_below_one};
use crate::scenario::profiles::{DEFAULT_RETRIES, link_profiles};
use crate::scenario::section::{Base, Section};
use crate::scenario::units::{duration, not_drawn, size_up_to};
use crate::scenario::vocabulary::{ACCESS, ACCESS_DUPLEX, DISCIPLINE, unknown};
use rate::LinkRate;
use std::num::{NonZeroU16, NonZeroU32};

/// More retransmissions of one message than any run would see.
const MAX_RETRIES: u32 = 1_000_000;

/// More messages than any run would keep at one link.
const MAX_BUFFER: u32 = 1_000_000_000;

/// The smallest segment: the least that IPv4 lets every host receive is 68 bytes.
const MIN_MTU: u16 = 64;

pub(super) fn decode(cursor: Cursor<'_>) -> Option<AccessSpec> {
    if cursor.as_text().is_some() {
        return profile(cursor);
    }
    let section = cursor.section(&ACCESS)?;
    let duplex = section.or("duplex", "full", |value| value.word(&ACCESS_DUPLEX));
    pair(&section, duplex)
}

/// The link pair that the keys of `section` describe, with the word that `duplex` says.
pub(super) fn pair(section: &Section<'_>, duplex: Option<&str>) -> Option<AccessSpec> {
    let base = section.base(profile);
    let rates = rates(section, &base);
    let delay = section.required_over(&base, "delay", |base| base.up.delay, not_drawn(duration));
    let jitter = section.optional("jitter", jitter::decode);
    let loss = section.or_over(&base, "loss", |base| base.up.loss, 0.0, share_below_one);
    let retries = section.or_over(
        &base,
        "retries",
        |base| base.up.retries,
        DEFAULT_RETRIES,
        |value| integer_u32(&value, 0, MAX_RETRIES),
    );
    let discipline = section.or("discipline", Discipline::Fifo, discipline);
    let buffer = section
        .optional("buffer", |value| integer_u32(&value, 1, MAX_BUFFER).and_then(NonZeroU32::new));
    let mtu = section.optional("mtu", |value| mtu(&value));
    let outages = section.optional("outages", |value| outages::decode(&value));
    let background = section.optional("background", |value| background::decode(&value));
    let [up, down] = rates?;
    let link = LinkSpec {
        rate: up.rate,
        schedule: up.schedule,
        delay: delay?,
        jitter: jitter?,
        loss: loss?,
        retries: retries?,
        discipline: discipline?,
        buffer: buffer?,
        mtu: mtu?,
        outages: outages?,
        background: background?,
    };
    let pair = AccessSpec {
        down: LinkSpec { rate: down.rate, schedule: down.schedule, ..link.clone() },
        up: link,
        duplex: if duplex? == "half" { Duplex::Half } else { Duplex::Full },
    };
    agrees(section, &pair)?;
    Some(pair)
}

/// The rates up and down.
fn rates(section: &Section<'_>, base: &Base<AccessSpec>) -> Option<[LinkRate; 2]> {
    let Some(both) = section.get("rate") else {
        let up = section.required_over(base, "up", |base| base.up.rate.into(), rate::decode);
        let down = section.required_over(base, "down", |base| base.down.rate.into(), rate::decode);
        return Some([up?, down?]);
    };
    let rate = rate::decode(both);
    for key in ["up", "down"] {
        if let Some(one) = section.get(key) {
            return one.refuse("`rate` gives both directions' rates; leave one of the two out");
        }
    }
    let rate = rate?;
    Some([rate.clone(), rate])
}

fn discipline(cursor: Cursor<'_>) -> Option<Discipline> {
    match cursor.word(&DISCIPLINE)? {
        "fifo" => Some(Discipline::Fifo),
        "fair" => Some(Discipline::Fair),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

/// Bytes of a segment: as many as an IP packet has at most.
fn mtu(cursor: &Cursor<'_>) -> Option<NonZeroU16> {
    let size = size_up_to(cursor, Bytes(u64::from(u16::MAX)))?;
    match u16::try_from(size.0) {
        Ok(size) if size >= MIN_MTU => NonZeroU16::new(size),
        _ => cursor.refuse(format!("{size} is too small: a segment has at least {MIN_MTU} B")),
    }
}

/// Refuses figures that contradict one another.
fn agrees(section: &Section<'_>, pair: &AccessSpec) -> Option<()> {
    let AccessSpec { up, down, duplex } = pair;
    if up.discipline == Discipline::Fair {
        if let Some(mtu) = section.get("mtu") {
            return mtu.refuse(
                "segments of one message cannot share a `fair` link with one another; leave `mtu` \
                 out, or use `discipline: fifo`",
            );
        }
        let differ = up.rate != down.rate || up.schedule != down.schedule;
        if *duplex == Duplex::Half && differ {
            return section.get("duplex")?.refuse(
                "both ways of a half-duplex `fair` link have one rate; give it as `rate`, or use \
                 `discipline: fifo`",
            );
        }
    }
    let Some(background) = up.background else { return Some(()) };
    let slowest = up.rate.min(down.rate);
    if slowest.serialisation_time(background.size) >= background.arrivals.mean_gap() {
        return section
            .get("background")?
            .refuse("it takes all of the link's rate, and nothing else would ever be transmitted");
    }
    Some(())
}

fn profile(cursor: Cursor<'_>) -> Option<AccessSpec> {
    let name = cursor.text()?;
    if let Some(named) = link_profiles().iter().find(|named| named.name == name) {
        return Some(named.access.clone());
    }
    let names: Vec<_> = link_profiles().iter().map(|named| named.name).collect();
    cursor.refuse(unknown("link profile", name, &names, &names))
}
