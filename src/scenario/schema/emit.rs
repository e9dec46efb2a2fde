//! From the table of keys to a JSON schema.

use super::super::units::Dimension;
use super::super::vocabulary::DRAWN_ONCE;
use super::shape::{Bounds, Choice, Form, Key, SectionTable, Shape};
use serde_json::{Map, Value, json};

/// A non-negative number, as the decoder reads it.
const NUMBER: &str = r"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?";

/// The σ that a drawn figure's log-normal may have at most.
const MAX_SIGMA: u32 = 10;

/// The whole schema of the document that `root` describes.
pub(super) fn document(root: &SectionTable) -> Value {
    let mut emitter = Emitter::default();
    let Value::Object(body) = emitter.section_body(root) else {
        unreachable!("a section is an object")
    };
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".to_owned(), json!("Scenario of splitgp-sim"));
    schema.extend(body);
    schema.insert("definitions".to_owned(), Value::Object(emitter.definitions));
    Value::Object(schema)
}

/// Gathers the definitions of all sections that are referred to.
#[derive(Default)]
struct Emitter {
    definitions: Map<String, Value>,
}

impl Emitter {
    fn section_body(&mut self, table: &SectionTable) -> Value {
        let known = |key: &&Key| table.vocabulary.known.contains(&key.name);
        let properties: Map<String, Value> = table
            .keys
            .iter()
            .filter(known)
            .map(|key| (key.name.to_owned(), self.key(key)))
            .collect();
        let mut body = json!({
            "type": "object",
            "description": table.about,
            "additionalProperties": false,
            "properties": properties,
        });
        if !table.required.is_empty() {
            body["required"] = json!(table.required);
        }
        if !table.one_of.is_empty() {
            body["anyOf"] = table.one_of.iter().map(|keys| json!({ "required": keys })).collect();
        }
        body
    }

    fn key(&mut self, key: &Key) -> Value {
        let mut schema = Map::new();
        let about = match unit_note(&key.shape) {
            Some(units) => format!("{} ({units})", key.about),
            None => key.about.to_owned(),
        };
        schema.insert("description".to_owned(), json!(about));
        if let Value::Object(shape) = self.shape(&key.shape) {
            schema.extend(shape);
        }
        if let Some(default) = key.default {
            schema.insert("default".to_owned(), yaml(default));
        }
        schema.insert("examples".to_owned(), json!([yaml(key.example)]));
        Value::Object(schema)
    }

    fn shape(&mut self, shape: &Shape) -> Value {
        match *shape {
            Shape::Text => json!({ "type": "string", "minLength": 1 }),
            Shape::Pattern(pattern, message) => {
                json!({ "type": "string", "pattern": pattern, "patternErrorMessage": message })
            }
            Shape::Integer(low, high) => {
                json!({ "type": "integer", "minimum": low, "maximum": high })
            }
            Shape::Number(bounds) => number(bounds),
            Shape::Share => any_of([
                json!({ "type": "number", "minimum": 0, "maximum": 1 }),
                json!({ "type": "string", "pattern": format!(r"^{NUMBER}\s*%\s*$") }),
            ]),
            Shape::Truth => json!({ "type": "boolean" }),
            Shape::Measure(dimension) => measure(dimension),
            Shape::Drawn(figure) => self.drawn(figure),
            Shape::Word(vocabulary) => json!({ "enum": vocabulary.known }),
            Shape::Profile(names) => json!({ "enum": names() }),
            Shape::Section(table) => self.refer(table),
            Shape::Choice(choice) => self.choice(choice),
            Shape::List(items, low, high) => json!({
                "type": "array",
                "items": self.shape(items),
                "minItems": low,
                "maxItems": high,
            }),
            Shape::Tuple(items) => {
                let items: Vec<Value> = items.iter().map(|item| self.shape(item)).collect();
                let count = items.len();
                json!({
                    "type": "array",
                    "items": items,
                    "minItems": count,
                    "maxItems": count,
                })
            }
            Shape::AnyOf(shapes) => any_of(shapes.iter().map(|shape| self.shape(shape))),
            Shape::Paths(value) => json!({
                "type": "object",
                "minProperties": 1,
                "additionalProperties": self.shape(value),
            }),
            Shape::Anything => json!({}),
        }
    }

    /// A reference to the section's definition. What stands beside a `$ref` is ignored in draft-07, so
    /// that it needs a wrapping of its own.
    fn refer(&mut self, table: &SectionTable) -> Value {
        if !self.definitions.contains_key(table.name) {
            // Its place comes first: sections stand in the order of the language.
            self.definitions.insert(table.name.to_owned(), Value::Null);
            self.definitions[table.name] = self.section_body(table);
        }
        json!({ "allOf": [{ "$ref": format!("#/definitions/{}", table.name) }] })
    }

    fn choice(&mut self, choice: &Choice) -> Value {
        let known = |name: &str| choice.vocabulary.known.contains(&name);
        let alternatives: Vec<Value> = choice
            .alternatives
            .iter()
            .filter(|alternative| known(alternative.name))
            .map(|alternative| match &alternative.form {
                Form::Bare => {
                    json!({ "const": alternative.name, "description": alternative.about })
                }
                Form::Argument(argument) => {
                    let argument = self.shape(argument);
                    variant(alternative.name, Some(alternative.about), argument)
                }
                Form::Section(table) => self.refer(table),
            })
            .collect();
        any_of(alternatives)
    }

    fn drawn(&mut self, figure: &Shape) -> Value {
        let figure = self.shape(figure);
        let median = figure.clone();
        let distributions = DRAWN_ONCE.known.iter().map(|&name| match name {
            "uniform" => variant(
                name,
                Some("Drawn once for each device: the smallest and the largest figure."),
                json!({
                    "type": "array",
                    "items": [figure.clone(), figure.clone()],
                    "minItems": 2,
                    "maxItems": 2,
                }),
            ),
            "lognormal" => variant(
                name,
                Some("Drawn once for each device: the median, and σ of the logarithm."),
                json!({
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["median", "sigma"],
                    "properties": {
                        "median": median.clone(),
                        "sigma": { "type": "number", "minimum": 0, "maximum": MAX_SIGMA },
                    },
                }),
            ),
            other => unreachable!("`{other}` is in the vocabulary and not described"),
        });
        any_of(std::iter::once(figure.clone()).chain(distributions))
    }
}

/// A mapping of one word to its argument.
fn variant(name: &str, about: Option<&str>, argument: Value) -> Value {
    let mut schema = json!({
        "type": "object",
        "additionalProperties": false,
        "required": [name],
        "properties": { name: argument },
    });
    if let Some(about) = about {
        schema["description"] = json!(about);
    }
    schema
}

fn any_of(schemas: impl IntoIterator<Item = Value>) -> Value {
    json!({ "anyOf": schemas.into_iter().collect::<Vec<_>>() })
}

fn number(bounds: Bounds) -> Value {
    let mut schema = json!({ "type": "number" });
    let low = if bounds.above { "exclusiveMinimum" } else { "minimum" };
    schema[low] = json!(bounds.low);
    if let Some(high) = bounds.high {
        schema[if bounds.below { "exclusiveMaximum" } else { "maximum" }] = json!(high);
    }
    schema
}

fn measure(dimension: &Dimension) -> Value {
    let units: Vec<&str> = dimension.units.iter().map(|(unit, _)| *unit).collect();
    json!({
        "type": "string",
        "pattern": format!(r"^\s*{NUMBER}\s*({})\s*$", units.join("|")),
        "patternErrorMessage": format!(
            "expected {} such as `{}`; units: {}", dimension.name, dimension.example, units.join(", ")
        ),
    })
}

/// The units of a number with a dimension, for its description.
fn unit_note(shape: &Shape) -> Option<String> {
    match shape {
        Shape::Measure(dimension) => {
            let units: Vec<&str> = dimension.units.iter().map(|(unit, _)| *unit).collect();
            Some(format!("{}; units: {}", dimension.name, units.join(", ")))
        }
        Shape::Drawn(figure) => unit_note(figure),
        Shape::AnyOf(shapes) => shapes.iter().find_map(unit_note),
        _ => None,
    }
}

/// A value of the table, which is written as a scenario would state it.
fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text)
        .unwrap_or_else(|error| unreachable!("`{text}` of the table is no YAML: {error}"))
}
