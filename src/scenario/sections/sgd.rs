//! `learning_rate` and `momentum` of `training`: how models step along their gradients.

use crate::scenario::decode::Cursor;
use crate::scenario::model::{LearningRate, Sgd};
use crate::scenario::numbers::number;
use crate::scenario::section::Section;
use crate::scenario::vocabulary::{DECAY, LEARNING_RATE};

/// Decodes both keys of the section `training`.
pub(super) fn decode(training: &Section<'_>) -> Option<Sgd> {
    let rate = training.required("learning_rate", learning_rate);
    let momentum = training.or("momentum", 0.0, momentum);
    Some(Sgd { rate: rate?, momentum: momentum? })
}

/// A number, or `{ initial: 0.05, decay: { inverse: 0.01 } }`.
fn learning_rate(cursor: Cursor<'_>) -> Option<LearningRate> {
    if !cursor.value().is_mapping() {
        return rate(cursor).map(LearningRate::constant);
    }
    let section = cursor.section(&LEARNING_RATE)?;
    let initial = section.required("initial", rate);
    let inverse = section.required("decay", |value| {
        let decay = value.variant(&DECAY)?;
        let inverse = decay.argument("inverse: 0.01")?;
        number(inverse, "from 0 to 1000", |inverse| (0.0..=1000.0).contains(&inverse))
    });
    Some(LearningRate { initial: initial?, inverse: inverse? })
}

fn rate(cursor: Cursor<'_>) -> Option<f64> {
    number(&cursor, "above 0, at most 1000", |rate| rate > 0.0 && rate <= 1000.0)
}

fn momentum(cursor: Cursor<'_>) -> Option<f64> {
    number(&cursor, "from 0 to below 1", |momentum| (0.0..1.0).contains(&momentum))
}
