//! The sections of the language and where they stand, and the alternatives that a key has.

use super::super::shape::{Choice, Form, SectionTable, Shape};

/// Where a section stands: `fleet[].device`.
pub(super) type Place = String;

/// All sections from `root` on, in the order of the language, each with all its places.
pub(super) fn sections(root: &'static SectionTable) -> Vec<(&'static SectionTable, Vec<Place>)> {
    let mut found = vec![(root, Vec::new())];
    below(root, "", &mut found);
    found
}

fn below(
    table: &'static SectionTable,
    path: &str,
    found: &mut Vec<(&'static SectionTable, Vec<Place>)>,
) {
    for key in table.keys {
        let dot = if path.is_empty() { "" } else { "." };
        visit(&key.shape, &format!("{path}{dot}{}", key.name), found);
    }
}

/// Visits the sections that `shape` at `path` may be.
fn visit(shape: &Shape, path: &str, found: &mut Vec<(&'static SectionTable, Vec<Place>)>) {
    match *shape {
        Shape::Section(table) => meet(table, path, found),
        Shape::List(item, ..) => visit(item, &format!("{path}[]"), found),
        Shape::Paths(item) => visit(item, &format!("{path}.PATH"), found),
        Shape::Drawn(figure) => visit(figure, path, found),
        Shape::Tuple(shapes) | Shape::AnyOf(shapes) => {
            shapes.iter().for_each(|shape| visit(shape, path, found));
        }
        Shape::Choice(choice) => {
            for alternative in choice.alternatives {
                match &alternative.form {
                    Form::Bare => {}
                    Form::Argument(shape) => {
                        visit(shape, &format!("{path}.{}", alternative.name), found);
                    }
                    Form::Section(table) => meet(table, path, found),
                }
            }
        }
        _ => {}
    }
}

fn meet(
    table: &'static SectionTable,
    path: &str,
    found: &mut Vec<(&'static SectionTable, Vec<Place>)>,
) {
    match found.iter_mut().find(|(known, _)| known.name == table.name) {
        Some((_, places)) if places.iter().any(|place| place == path) => {}
        Some((_, places)) => places.push(path.to_owned()),
        None => {
            found.push((table, vec![path.to_owned()]));
            below(table, path, found);
        }
    }
}

/// The choices that `shape` leaves without another section's help.
pub(super) fn choices(shape: &Shape) -> Vec<&'static Choice> {
    match *shape {
        Shape::List(item, ..) | Shape::Drawn(item) | Shape::Paths(item) => choices(item),
        Shape::Tuple(shapes) | Shape::AnyOf(shapes) => shapes.iter().flat_map(choices).collect(),
        Shape::Choice(choice) => {
            let arguments =
                choice.alternatives.iter().flat_map(|alternative| match &alternative.form {
                    Form::Argument(shape) => choices(shape),
                    Form::Bare | Form::Section(_) => Vec::new(),
                });
            std::iter::once(choice).chain(arguments).collect()
        }
        _ => Vec::new(),
    }
}
