//! `access`: a device's link pair: a built-in profile, own figures, or a profile with some
//! figures replaced. Delay, jitter, loss and retries hold for both directions.

use super::drawn::nominal;
use super::jitter;
use crate::scenario::decode::Cursor;
use crate::scenario::model::{AccessSpec, LinkSpec};
use crate::scenario::numbers::{integer_u32, share_below_one};
use crate::scenario::profiles::{DEFAULT_RETRIES, link_profiles};
use crate::scenario::units::{bit_rate, duration};
use crate::scenario::vocabulary::{ACCESS, unknown};

/// More retransmissions of one message than any run would see.
const MAX_RETRIES: u32 = 1_000_000;

pub(super) fn decode(cursor: Cursor<'_>) -> Option<AccessSpec> {
    if cursor.as_text().is_some() {
        return profile(cursor);
    }
    let section = cursor.section(&ACCESS)?;
    let base = section.base(profile);
    let up = section.required_over(&base, "up", |base| base.up.rate, nominal(bit_rate));
    let down = section.required_over(&base, "down", |base| base.down.rate, nominal(bit_rate));
    let delay = section.required_over(&base, "delay", |base| base.up.delay, nominal(duration));
    let jitter = section.optional("jitter", jitter::decode);
    let loss = section.or_over(&base, "loss", |base| base.up.loss, 0.0, share_below_one);
    let retries = section.or_over(
        &base,
        "retries",
        |base| base.up.retries,
        DEFAULT_RETRIES,
        |value| integer_u32(&value, 0, MAX_RETRIES),
    );
    let up = LinkSpec { rate: up?, delay: delay?, jitter: jitter?, loss: loss?, retries: retries? };
    let down = LinkSpec { rate: down?, ..up.clone() };
    Some(AccessSpec { up, down })
}

fn profile(cursor: Cursor<'_>) -> Option<AccessSpec> {
    let name = cursor.text()?;
    if let Some(named) = link_profiles().iter().find(|named| named.name == name) {
        return Some(named.access.clone());
    }
    let names: Vec<_> = link_profiles().iter().map(|named| named.name).collect();
    cursor.refuse(unknown("link profile", name, &names, &names))
}
