//! `schema`: the scenario language for editors and readers.

use super::exit::Failure;
use super::output::print;
use crate::scenario::{json_schema, reference};
use clap::{Args, ValueEnum};

/// Print the language of scenarios: a JSON schema for editors, or a reference of every key.
#[derive(Debug, Args)]
#[command(after_help = "\
Editors with a YAML language server read the schema that a scenario's first line names, relative to it:

  # yaml-language-server: $schema=schema.json

The schema knows every key with its meaning, units, default and an example. `validate` knows more: what
several keys have to do with one another.

Examples:
  splitgp-sim schema > scenarios/schema.json
  splitgp-sim schema --format markdown > docs/scenario.md")]
pub(super) struct SchemaArguments {
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

/// How the language is printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A JSON schema (draft-07), which editors complete and check scenarios with.
    Json,
    /// A reference of every key, to read.
    Markdown,
}

/// Runs the command.
pub(super) fn schema(arguments: &SchemaArguments) -> Result<(), Failure> {
    print(&match arguments.format {
        Format::Json => format!("{:#}\n", json_schema()),
        Format::Markdown => reference(),
    })
}
