//! Figures of `summary.json` by their paths: keys without the suffixes of units, list items by name.

use crate::scenario::{FigureKind, unknown};
use serde_json::Value;

/// Suffixes of keys, and the units that they stand for.
const SUFFIXES: [(&str, &str); 3] = [("_s", "s"), ("_j", "J"), ("_hz", "/s")];

/// Fields that name an item of a list.
const NAMES: [&str; 6] = ["name", "class", "ood", "seed", "rounds_done", "replication"];

/// Whether a field of this key names an item.
pub(in crate::report) fn is_name(key: &str) -> bool {
    NAMES.contains(&key)
}

/// Names that an error lists.
const MAX_LISTED: usize = 20;

/// A figure and its base unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figure<'a> {
    pub(super) value: &'a Value,
    /// Empty for counts, shares and texts.
    pub(super) unit: &'static str,
}

impl Figure<'_> {
    pub(super) fn kind(self) -> FigureKind {
        match self.value {
            Value::String(_) => FigureKind::Text,
            _ => FigureKind::Number(self.unit),
        }
    }
}

/// The `summary` without what no run can be expected to repeat.
pub(super) fn expectable(mut summary: Value) -> Value {
    if let Value::Object(fields) = &mut summary {
        fields.shift_remove("wall_time_s");
        fields.shift_remove("expectations");
    }
    summary
}

/// The figure at `path`. What the run did not determine is null, also where a whole group is.
///
/// # Errors
/// Where the path leaves the summary, with the nearest name.
pub(super) fn find<'a>(summary: &'a Value, path: &str) -> Result<Figure<'a>, String> {
    let (mut value, mut unit, mut rest) = (summary, "", path);
    while !rest.is_empty() && !value.is_null() {
        let children = children(value);
        let Some((name, child)) = longest(&children, rest) else {
            return Err(no_such(path, rest, &children));
        };
        unit = unit_of(child.key).unwrap_or(unit);
        value = child.value;
        rest = rest[name.len()..].strip_prefix('.').unwrap_or("");
    }
    // The verdict is its state.
    let value = value.get("state").unwrap_or(value);
    if value.is_object() || value.is_array() {
        let names: Vec<String> = children(value).into_iter().map(|(name, _)| name).collect();
        let names = listed(&names.iter().map(String::as_str).collect::<Vec<_>>());
        return Err(format!("is no single figure; add one of its parts: {names}"));
    }
    Ok(Figure { value, unit })
}

/// A value in a group or list, and its key.
#[derive(Clone, Copy)]
pub(super) struct Child<'a> {
    key: &'a str,
    pub(super) value: &'a Value,
}

/// What `value` holds, by the names that paths have for it.
pub(super) fn children(value: &Value) -> Vec<(String, Child<'_>)> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (without_unit(key).to_owned(), Child { key, value }))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (item_name(value, index), Child { key: "", value }))
            .collect(),
        _ => Vec::new(),
    }
}

/// The longest name that `path` begins with: names may hold dots, as levels of ρ do.
fn longest<'c, 'a>(
    children: &'c [(String, Child<'a>)],
    path: &str,
) -> Option<(&'c str, Child<'a>)> {
    children
        .iter()
        .filter(|(name, _)| {
            path.strip_prefix(name.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('.'))
        })
        .max_by_key(|(name, _)| name.len())
        .map(|(name, child)| (name.as_str(), *child))
}

/// What a list's item at `index` is called.
pub(in crate::report) fn item_name(item: &Value, index: usize) -> String {
    let name = NAMES.iter().find_map(|name| item.get(name));
    match name {
        Some(Value::String(name)) => name.clone(),
        // ρ is 0 and 1 in scenarios, 0.0 and 1.0 in JSON.
        Some(name) => name.as_f64().map_or_else(|| name.to_string(), |name| name.to_string()),
        None => index.to_string(),
    }
}

fn without_unit(key: &str) -> &str {
    SUFFIXES.iter().find_map(|(suffix, _)| key.strip_suffix(suffix)).unwrap_or(key)
}

fn unit_of(key: &str) -> Option<&'static str> {
    let suffixed = SUFFIXES.iter().find(|(suffix, _)| key.ends_with(suffix)).map(|(_, unit)| *unit);
    suffixed.or_else(|| (key == "bytes").then_some("B"))
}

fn no_such(path: &str, rest: &str, children: &[(String, Child<'_>)]) -> String {
    let names: Vec<&str> = children.iter().map(|(name, _)| name.as_str()).collect();
    let before = path[..path.len() - rest.len()].trim_end_matches('.');
    let place = if before.is_empty() { "summary.json".to_owned() } else { format!("`{before}`") };
    if names.is_empty() {
        return format!("{place} is a figure already; nothing is below it");
    }
    let word = rest.split('.').next().unwrap_or(rest);
    unknown(&format!("figure of {place}"), word, &names, &[&listed(&names)])
}

fn listed(names: &[&str]) -> String {
    let shown = names[..names.len().min(MAX_LISTED)].join(", ");
    if names.len() > MAX_LISTED { format!("{shown}, …") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn summary() -> Value {
        json!({
            "fingerprint": "04b0",
            "training": {
                "time_s": 6.1,
                "bytes": { "up": 7 },
                "accuracy": [
                    { "ood": 0.0, "server_exit": { "mean": 0.9 } },
                    { "ood": 0.4, "server_exit": { "mean": 0.8 } },
                ],
            },
            "inference": { "latency_s": { "p99": 0.1 }, "ci95": { "goodput_hz": 3.0 } },
            "energy_j": { "by_round": [1.0, 2.0], "request": null },
            "verdict": { "state": "stable", "station": "pi/0/up" },
            "stations": [{ "name": "pi/0/up", "utilisation": 0.5 }],
        })
    }

    #[test]
    fn paths_leave_suffixes_out_and_know_the_units_they_stand_for() {
        let summary = summary();
        for (path, value, unit) in [
            ("training.time", json!(6.1), "s"),
            ("training.bytes.up", json!(7), "B"),
            ("training.accuracy.0.server_exit.mean", json!(0.9), ""),
            ("training.accuracy.0.4.server_exit.mean", json!(0.8), ""),
            ("inference.latency.p99", json!(0.1), "s"),
            ("inference.ci95.goodput", json!(3.0), "/s"),
            ("energy.by_round.1", json!(2.0), "J"),
            ("energy.request", Value::Null, "J"),
            ("verdict", json!("stable"), ""),
            ("verdict.station", json!("pi/0/up"), ""),
            ("stations.pi/0/up.utilisation", json!(0.5), ""),
        ] {
            let figure = find(&summary, path).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!((figure.value, figure.unit), (&value, unit), "{path}");
        }
    }

    #[test]
    fn what_lies_in_a_group_that_does_not_exist_is_null() {
        let summary = json!({ "inference": { "latency_s": null } });
        let figure = find(&summary, "inference.latency.p99").unwrap();
        assert_eq!((figure.value, figure.unit), (&Value::Null, "s"));
    }

    #[test]
    fn a_path_that_leads_nowhere_is_told_where_it_leaves() {
        let summary = summary();
        let errors: Vec<String> = [
            "inference.latency.p98",
            "inferense.latency.p99",
            "training.time.mean",
            "training.bytes",
            "stations.pi/0/pu.utilisation",
            "",
        ]
        .map(|path| find(&summary, path).unwrap_err())
        .to_vec();
        insta::assert_snapshot!(errors.join("\n"));
    }
}
