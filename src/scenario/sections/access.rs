//! `access`: a device's link pair: a built-in profile, own figures, or a profile with some
//! figures replaced. `rate` stands for `up` and `down` alike; everything but the rates holds for
//! both directions.

use super::jitter;
use crate::quantity::BitRate;
use crate::scenario::decode::Cursor;
use crate::scenario::model::{AccessSpec, LinkSpec};
use crate::scenario::numbers::{integer_u32, share_below_one};
use crate::scenario::profiles::{DEFAULT_RETRIES, link_profiles};
use crate::scenario::section::{Base, Section};
use crate::scenario::units::{bit_rate, duration, not_drawn};
use crate::scenario::vocabulary::{ACCESS, ACCESS_DUPLEX, unknown};

/// More retransmissions of one message than any run would see.
const MAX_RETRIES: u32 = 1_000_000;

pub(super) fn decode(cursor: Cursor<'_>) -> Option<AccessSpec> {
    if cursor.as_text().is_some() {
        return profile(cursor);
    }
    let section = cursor.section(&ACCESS)?;
    let duplex = section.or("duplex", "full", |value| value.word(&ACCESS_DUPLEX));
    let pair = pair(&section);
    duplex?;
    pair
}

/// The link pair that the keys of `section` describe.
pub(super) fn pair(section: &Section<'_>) -> Option<AccessSpec> {
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
    let [up, down] = rates?;
    let up = LinkSpec { rate: up, delay: delay?, jitter: jitter?, loss: loss?, retries: retries? };
    let down = LinkSpec { rate: down, ..up.clone() };
    Some(AccessSpec { up, down })
}

/// The rates up and down.
fn rates(section: &Section<'_>, base: &Base<AccessSpec>) -> Option<[BitRate; 2]> {
    let Some(both) = section.get("rate") else {
        let up = section.required_over(base, "up", |base| base.up.rate, not_drawn(bit_rate));
        let down = section.required_over(base, "down", |base| base.down.rate, not_drawn(bit_rate));
        return Some([up?, down?]);
    };
    let rate = not_drawn(bit_rate)(both);
    for key in ["up", "down"] {
        if let Some(one) = section.get(key) {
            return one.refuse("`rate` gives both directions' rates; leave one of the two out");
        }
    }
    Some([rate?; 2])
}

fn profile(cursor: Cursor<'_>) -> Option<AccessSpec> {
    let name = cursor.text()?;
    if let Some(named) = link_profiles().iter().find(|named| named.name == name) {
        return Some(named.access.clone());
    }
    let names: Vec<_> = link_profiles().iter().map(|named| named.name).collect();
    cursor.refuse(unknown("link profile", name, &names, &names))
}
