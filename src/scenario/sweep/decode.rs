//! From the section `sweep` to a grid.

use super::overlap::conflict;
use super::{Axis, MAX_CELLS, Sweep, SweptValue, range};
use crate::scenario::decode::Cursor;
use serde_yaml::Value;

/// Decodes `sweep`. Whether a path leads somewhere, and whether its values fit there, the cells
/// show: each is decoded as a scenario of its own.
pub(in crate::scenario) fn decode(cursor: &Cursor<'_>) -> Option<Sweep> {
    let entries = cursor.entries("key paths to their values, such as `fleet.pi.count: [2, 4]`")?;
    let mut known: Vec<String> = Vec::new();
    // All axes are decoded before the first `None` ends the collection.
    let axes: Vec<Option<Axis>> = entries
        .map(|(key, values)| {
            let paths: Vec<String> = key.split(',').map(|path| path.trim().to_owned()).collect();
            for path in &paths {
                if let Some(why) = known.iter().find_map(|other| conflict(path, other)) {
                    return values.refuse_key(why);
                }
                known.push(path.clone());
            }
            axis(paths, &values)
        })
        .collect();
    let axes: Vec<Axis> = axes.into_iter().collect::<Option<_>>()?;
    let cells = axes.iter().fold(1_usize, |cells, axis| cells.saturating_mul(axis.points.len()));
    if axes.is_empty() {
        return cursor.refuse("sweeps nothing; give a key path and its values");
    }
    if cells > MAX_CELLS {
        return cursor.refuse(format!("has {cells} cells; at most {MAX_CELLS} are run"));
    }
    Some(Sweep { axes })
}

fn axis(paths: Vec<String>, values: &Cursor<'_>) -> Option<Axis> {
    let key = values.spot().key;
    let swept = |value: Value, at: &Cursor<'_>| SweptValue {
        value,
        spot: at.spot().clone().under_key(key),
    };
    if matches!(values.value(), Value::Mapping(_)) {
        if paths.len() > 1 {
            return values.refuse("keys that move together take a list of lists, not a range");
        }
        let points = range::decode(values)?;
        // A range's values stand where the range does, and have no places of their own.
        let at = crate::scenario::positions::Spot::scalar(values.spot().place());
        let points = points.into_iter().map(|value| vec![SweptValue { value, spot: at.clone() }]);
        return Some(Axis { paths, points: points.collect() });
    }
    let points: Vec<Option<Vec<SweptValue>>> = values
        .items("values, or a range `{ from: , to: , steps: }`")?
        .map(|item| {
            if paths.len() == 1 {
                return Some(vec![swept(item.value().clone(), &item)]);
            }
            let together: Vec<_> = item
                .items("values, one for each key that moves")?
                .map(|value| swept(value.value().clone(), &value))
                .collect();
            if together.len() != paths.len() {
                return item.refuse(format!(
                    "has {} values for the {} keys that move together",
                    together.len(),
                    paths.len()
                ));
            }
            Some(together)
        })
        .collect();
    if points.is_empty() {
        return values.refuse("has no value");
    }
    Some(Axis { paths, points: points.into_iter().collect::<Option<_>>()? })
}
