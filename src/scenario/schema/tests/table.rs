//! The table of keys against the decoder's own words.

use crate::scenario::schema::keys::SCENARIO;
use crate::scenario::schema::shape::{Choice, Form, SectionTable, Shape};
use crate::scenario::schema::{emit, json_schema};
use jsonschema::Validator;
use serde_json::{Value, json};

/// Visits every section and choice below `shape`, each section once.
#[derive(Default)]
struct Walk {
    sections: Vec<&'static SectionTable>,
    choices: Vec<&'static Choice>,
}

impl Walk {
    fn section(&mut self, table: &'static SectionTable) {
        if self.sections.iter().any(|known| known.name == table.name) {
            return;
        }
        self.sections.push(table);
        table.keys.iter().for_each(|key| self.shape(&key.shape));
    }

    fn shape(&mut self, shape: &Shape) {
        match *shape {
            Shape::Section(table) => self.section(table),
            Shape::List(item, ..) | Shape::Drawn(item) | Shape::Paths(item) => self.shape(item),
            Shape::Tuple(shapes) | Shape::AnyOf(shapes) => {
                shapes.iter().for_each(|shape| self.shape(shape));
            }
            Shape::Choice(choice) => {
                self.choices.push(choice);
                for alternative in choice.alternatives {
                    match &alternative.form {
                        Form::Bare => {}
                        Form::Argument(shape) => self.shape(shape),
                        Form::Section(table) => self.section(table),
                    }
                }
            }
            _ => {}
        }
    }
}

fn everything() -> Walk {
    let mut walk = Walk::default();
    walk.section(&SCENARIO);
    walk
}

#[test]
fn every_key_of_the_decoder_has_one_entry_and_every_entry_is_a_key() {
    let walk = everything();
    assert!(walk.sections.len() > 30, "{} sections are found", walk.sections.len());
    for table in walk.sections {
        let words = table.vocabulary;
        for word in words.known {
            let entries = table.keys.iter().filter(|key| key.name == *word).count();
            assert_eq!(entries, 1, "`{word}` of `{}` needs one entry in the table", table.name);
        }
        for key in table.keys {
            let is_word = words.known.contains(&key.name) || words.planned.contains(&key.name);
            assert!(is_word, "the decoder does not know `{}` of `{}`", key.name, table.name);
        }
        let required = table.required.iter().chain(table.one_of.iter().copied().flatten());
        for name in required {
            assert!(words.known.contains(name), "`{name}` of `{}` is required", table.name);
        }
    }
}

#[test]
fn every_alternative_of_the_decoder_has_one_entry_and_every_entry_is_an_alternative() {
    let walk = everything();
    assert!(walk.choices.len() > 8, "{} choices are found", walk.choices.len());
    for choice in walk.choices {
        let Choice { vocabulary, alternatives } = choice;
        for word in vocabulary.known {
            let entries = alternatives.iter().filter(|entry| entry.name == *word).count();
            assert_eq!(entries, 1, "the {} `{word}` needs one entry", vocabulary.kind);
        }
        for entry in *alternatives {
            assert!(vocabulary.recognise(entry.name).is_ok(), "`{}` is no word", entry.name);
        }
    }
}

#[test]
fn names_of_definitions_are_unique() {
    // Two tables with one name would share a definition and hide one another in the walk, too.
    let schema = json_schema();
    let definitions = schema["definitions"].as_object().unwrap();
    for table in everything().sections.iter().filter(|table| table.name != SCENARIO.name) {
        assert_eq!(definitions[table.name]["description"], json!(table.about), "{}", table.name);
    }
}

/// The schema of one key, which may refer to the definitions of the whole.
fn schema_of(key: &Value) -> Validator {
    let mut schema = key.clone();
    schema["definitions"] = json_schema()["definitions"].clone();
    jsonschema::draft7::new(&schema).unwrap()
}

#[test]
fn examples_and_defaults_satisfy_their_own_keys_and_every_key_is_explained() {
    let whole = emit::document(&SCENARIO);
    let mut sections = vec![whole.clone()];
    sections.extend(whole["definitions"].as_object().unwrap().values().cloned());
    let mut keys = 0;
    for section in sections {
        for (name, key) in section["properties"].as_object().unwrap() {
            let validator = schema_of(key);
            let stated = key["examples"].as_array().unwrap().iter().chain(key.get("default"));
            for value in stated {
                assert!(validator.is_valid(value), "{name}: {value}");
            }
            let about = key["description"].as_str().unwrap();
            assert!(about.len() > 8 && about.contains(['.', ')']), "{name}: {about}");
            keys += 1;
        }
    }
    assert!(keys > 120, "{keys} keys");
}

#[test]
fn the_schema_is_a_valid_one() {
    jsonschema::draft7::meta::validate(&json_schema()).unwrap();
}
