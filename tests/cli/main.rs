//! The program as a user meets it: commands, files, exit codes and messages.

mod bad_input;
mod bounds;
mod browser;
mod check;
mod deciding;
mod explained;
mod files;
mod graph;
mod idx_files;
mod interrupted;
mod learned;
mod learned_by_the_clock;
mod outcome_files;
mod pages;
mod readme;
mod reports;
mod safety;
mod saved_runs;
mod schema;
mod studies;
mod support;
mod terminal;
mod traces;
