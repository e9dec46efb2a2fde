//! What a key takes, in words.

use super::super::super::units::Dimension;
use super::super::shape::{Bounds, Shape};

/// What `shape` takes: `0 to 1`, `fifo or fair`, `a duration`.
pub(super) fn takes(shape: &Shape) -> String {
    match *shape {
        Shape::Text => "text".to_owned(),
        Shape::Pattern(_, message) => {
            message.strip_prefix("expected ").unwrap_or(message).to_owned()
        }
        Shape::Integer(low, u64::MAX) => format!("an integer from {low} on"),
        Shape::Integer(low, high) => format!("an integer from {low} to {high}"),
        Shape::Number(bounds) => number(bounds),
        Shape::Share => "a share: 0 to 1, or 0 % to 100 %".to_owned(),
        Shape::Truth => "`true` or `false`".to_owned(),
        Shape::Measure(dimension) => measure(dimension),
        Shape::Drawn(figure) => {
            format!("{}, or [drawn for each device](#drawn-for-each-device)", takes(figure))
        }
        Shape::Word(vocabulary) => either(vocabulary.known.iter().map(|word| code(word))),
        Shape::Profile(names) => {
            let names: Vec<String> = names().into_iter().map(code).collect();
            format!("a profile (`splitgp-sim profiles`): {}", names.join(", "))
        }
        Shape::Section(table) => format!("[{0}](#{0})", table.name),
        Shape::Choice(choice) => {
            let words = either(choice.vocabulary.known.iter().map(|word| code(word)));
            format!("{words}, see below")
        }
        Shape::List(item, low, high) => format!("a list of {low} to {high}: {}", takes(item)),
        Shape::Tuple(items) => {
            let items: Vec<String> = items.iter().map(takes).collect();
            format!("a list of {}: {}", items.len(), items.join("; "))
        }
        Shape::AnyOf(shapes) => shapes.iter().map(takes).collect::<Vec<_>>().join("; or "),
        Shape::Paths(value) => format!("a mapping of key paths, each to {}", takes(value)),
        Shape::Anything => "any value".to_owned(),
    }
}

fn measure(dimension: &Dimension) -> String {
    format!("[{}](#units)", dimension.name)
}

fn number(bounds: Bounds) -> String {
    if bounds.low == f64::MIN {
        return "a number".to_owned();
    }
    let low = match bounds.above {
        true => format!("above {}", bounds.low),
        false => format!("from {}", bounds.low),
    };
    match bounds.high {
        None => format!("a number {low}{}", if bounds.above { "" } else { " on" }),
        Some(high) => {
            format!("a number {low} to {}{high}", if bounds.below { "below " } else { "" })
        }
    }
}

/// Text as a user writes it.
pub(super) fn code(text: &str) -> String {
    format!("`{text}`")
}

/// Joins alternatives: `a, b or c`.
pub(super) fn either(items: impl Iterator<Item = String>) -> String {
    let mut items: Vec<String> = items.collect();
    match items.pop() {
        None => String::new(),
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} or {last}", items.join(", ")),
    }
}
