//! The committed JSON schema, and the committed reference of all keys.

use crate::support::Workplace;
use std::path::Path;

#[test]
fn the_committed_schema_is_what_the_command_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/schema.json");
    let outcome = Workplace::new().run(&["schema"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        outcome.stdout == committed,
        "the language has changed: `splitgp-sim schema > scenarios/schema.json`"
    );
}

#[test]
fn the_committed_reference_is_what_the_command_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md");
    let outcome = Workplace::new().run(&["schema", "--format", "markdown"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        outcome.stdout == committed,
        "the language has changed: `splitgp-sim schema --format markdown > docs/scenario.md`"
    );
}
