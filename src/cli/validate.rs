//! `validate`: checks a scenario without running it.

use super::exit::Failure;
use super::graph::GraphPath;
use super::load::{load, located, overload_warnings};
use super::output::print;
use super::study::document;
use crate::experiment::{ClassTimes, Experiment, class_times};
use crate::report::grid;
use crate::scenario::LoadedScenario;
use crate::study::sweep::Grid;
use crate::time::SimDuration;
use clap::Args;
use std::path::{Path, PathBuf};

/// Check scenarios; show each device class's times on an idle network.
#[derive(Debug, Args)]
#[command(after_help = "\
Reads the files that a scenario names (arrivals, rates, costs, outcomes), but no data set, and simulates
nothing. Times are closed forms without queueing, jitter or loss; a
round is one of full mini-batches, without the aggregation.

Examples:
  splitgp-sim validate scenarios/*.yaml
  splitgp-sim validate scenarios/two-cells.yaml --graph two-cells.svg")]
pub(super) struct ValidateArguments {
    /// The scenarios (YAML).
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
    /// Where to draw the one scenario's network: a file that ends in `.dot` (Graphviz) or `.svg`,
    /// or a folder for both.
    #[arg(long, value_name = "PATH")]
    graph: Option<PathBuf>,
}

/// Runs the command: all scenarios are checked, also after one is refused.
pub(super) fn validate(arguments: &ValidateArguments) -> Result<(), Failure> {
    let graph = arguments.graph.as_deref().map(GraphPath::of).transpose()?;
    if graph.is_some() && arguments.scenarios.len() > 1 {
        let count = arguments.scenarios.len();
        return Err(Failure::BadInput(format!(
            "error: --graph draws the network of one scenario, not of {count}"
        )));
    }
    let mut refused = Vec::new();
    for path in &arguments.scenarios {
        let described = load(path).and_then(|loaded| {
            Experiment::check_files(&loaded.scenario)
                .map_err(|error| located(error, &loaded.source))?;
            Ok((describe(path, &loaded)?, loaded))
        });
        match described {
            Ok((description, loaded)) => {
                print(&format!("{description}\n\n"))?;
                if let Some(graph) = &graph {
                    print(&graph.draw(&loaded.scenario)?)?;
                }
            }
            Err(failure) => refused.push(failure.message().to_owned()),
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Failure::BadInput(refused.join("\n\n"))) }
}

/// A time that a method may lack.
type Column = (&'static str, fn(&ClassTimes) -> Option<SimDuration>);

/// Who may answer.
const ANSWERS: [Column; 4] = [
    ("client exit ms", |class| class.client_exit),
    ("server exit ms", |class| class.server_exit),
    ("client only ms", |class| class.client_only),
    ("server only ms", |class| class.server_only),
];

/// The scenario's times, of each method if it compares several.
fn describe(path: &Path, loaded: &LoadedScenario) -> Result<String, Failure> {
    let mut lines = Vec::new();
    for scenario in loaded.scenario.each_method() {
        let times =
            class_times(&scenario).map_err(|error| located(error.into(), &loaded.source))?;
        let title = match scenario.training.filter(|_| loaded.scenario.compares_methods()) {
            Some(training) => format!("With `{}`", training.method.name()),
            None => format!("{} is valid;", path.display()),
        };
        lines.push(times_table(&format!("{title} a lone device of each class takes"), &times));
    }
    lines.extend(overload_warnings(&loaded.scenario));
    if loaded.sweep.is_some() {
        let grid = Grid::new(document(path)?);
        let cells =
            grid.map_err(|errors| Failure::BadInput(errors.to_string()))?.plan().cells.len();
        lines.push(format!("Its sweep has {cells} cells, all valid"));
    }
    Ok(lines.join("\n"))
}

fn times_table(title: &str, times: &[ClassTimes]) -> String {
    let answers: Vec<_> = ANSWERS
        .into_iter()
        .filter(|(_, time)| times.iter().any(|class| time(class).is_some()))
        .collect();
    let mut header = vec!["class", "devices"];
    header.extend(answers.iter().map(|(name, _)| *name));
    header.push("training round s");
    let shown = |time: Option<SimDuration>, scale: f64| {
        time.map_or("–".to_owned(), |time| format!("{:.3}", time.as_secs_f64() * scale))
    };
    let rows = times.iter().map(|class| {
        let mut row = vec![class.name.clone(), class.count.to_string()];
        row.extend(answers.iter().map(|(_, time)| shown(time(class), 1e3)));
        row.push(shown(class.round, 1.0));
        row
    });
    grid(title, &header, rows)
}
