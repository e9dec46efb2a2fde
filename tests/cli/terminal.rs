//! What a user meets in a terminal before any scenario: help, completions, typos, silence.

use crate::support::{SMALL, Workplace};

/// The names of all commands, from the program's own help.
fn commands(place: &Workplace) -> Vec<String> {
    let help = place.run(&["--help"]).stdout;
    let list = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let names = list.lines().filter_map(|line| {
        let name = line.strip_prefix("  ")?.split(' ').next()?;
        (!name.is_empty() && name != "help").then(|| name.to_owned())
    });
    names.collect()
}

#[test]
fn every_command_has_examples_in_its_help() {
    let place = Workplace::new();
    let commands = commands(&place);
    assert!(commands.len() >= 15, "{commands:?}");
    for command in commands {
        let help = place.run(&[&command, "--help"]).stdout;
        let example = format!("  splitgp-sim {command}");
        assert!(help.contains("Example") && help.contains(&example), "{command}: {help}");
    }
}

#[test]
fn completions_of_every_shell_know_every_command() {
    let place = Workplace::new();
    let commands = commands(&place);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let outcome = place.run(&["completions", shell]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{shell}");
        for command in &commands {
            assert!(outcome.stdout.contains(command), "{shell} does not complete {command}");
        }
    }
}

#[test]
fn a_mistyped_command_is_told_its_nearest_name() {
    let outcome = Workplace::new().run(&["validat", "small.yaml"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("'validate'"), "{}", outcome.stderr);
}

#[test]
fn quiet_says_nothing_but_errors_and_changes_no_result() {
    let place = Workplace::new();
    place.put("swept.yaml", format!("{SMALL}sweep: {{ seed: [1, 2] }}\n"));
    let [loud, quiet] =
        [["run", "swept.yaml", "--out", "loud"], ["run", "-q", "swept.yaml", "--fresh"]]
            .map(|arguments| place.run(&arguments));
    assert!(
        loud.stderr.contains("note:"),
        "the scenario has something to be told: {}",
        loud.stderr
    );
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
    let table = |stdout: &str| stdout.split("Learned:").next().unwrap().to_owned();
    assert_eq!(table(&quiet.stdout), table(&loud.stdout));
    let wrong = place.run(&["--quiet", "run", "missing.yaml"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("missing.yaml"), "{}", wrong.stderr);
}

#[test]
fn what_is_piped_has_neither_colours_nor_progress() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    for arguments in [vec!["--help"], vec!["run", "small.yaml"], vec!["run", "--no-such-option"]] {
        let outcome = place.run(&arguments);
        let said = outcome.stdout + &outcome.stderr;
        assert!(!said.contains(['\u{1b}', '\r']), "{arguments:?}: {said:?}");
    }
}
