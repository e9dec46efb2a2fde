//! `completions`: what a shell needs to complete commands and options.

use super::Arguments;
use super::exit::Failure;
use super::output::print;
use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

/// Print a script with which a shell completes commands, options and their words.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  splitgp-sim completions bash > ~/.local/share/bash-completion/completions/splitgp-sim
  splitgp-sim completions zsh > ~/.zfunc/_splitgp-sim        # with ~/.zfunc in $fpath
  splitgp-sim completions fish > ~/.config/fish/completions/splitgp-sim.fish")]
pub(super) struct CompletionsArguments {
    /// The shell.
    shell: Shell,
}

/// Runs the command.
pub(super) fn completions(arguments: &CompletionsArguments) -> Result<(), Failure> {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    generate(arguments.shell, &mut command, name, &mut script);
    print(&String::from_utf8_lossy(&script))
}
