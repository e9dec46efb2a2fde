//! `schema`: the scenario language for editors.

use super::exit::Failure;
use super::output::print;
use crate::scenario::json_schema;
use clap::Args;

/// Print the JSON schema of scenarios, with which editors complete and check them.
#[derive(Debug, Args)]
#[command(after_help = "\
Editors with a YAML language server read the schema that a scenario's first line names, relative to it:

  # yaml-language-server: $schema=schema.json

The schema knows every key with its meaning, units, default and an example. `validate` knows more: what
several keys have to do with one another.

Example:
  splitgp-sim schema > scenarios/schema.json")]
pub(super) struct SchemaArguments {}

/// Runs the command.
pub(super) fn schema(_: &SchemaArguments) -> Result<(), Failure> {
    print(&format!("{:#}\n", json_schema()))
}
