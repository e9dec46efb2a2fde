//! `capacity`: the largest fleet, or the smallest server, that is still good enough.

use super::exit::Failure;
use super::output::print;
use super::study::{default_folder, document, failed, lost, settings};
use super::talk::tell;
use crate::report::csv::write_capacity;
use crate::report::figures::draw_capacity;
use crate::report::{OutputFolder, capacity_answer, probe_line};
use crate::scenario::Measure;
use crate::study::capacity::{Goal, Question, Slo, Vary, search};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Find the largest fleet, smallest server or best threshold that meets an objective.
#[derive(Debug, Args)]
#[command(after_help = "\
An objective is METRIC OP VALUE, several are joined by `and`: metrics are mean, p50, p90, p99 and max
(latencies, such as `100 ms`), accuracy, offloaded, drops and utilisation of the server (shares, such as
`0.9` or `90 %`), energy (joules a request) and training (a time); operators <, <=, > and >=.

A value meets it if the unfavourable end of the 95 % interval over replications does and no station is
overloaded. The search doubles or halves from the scenario's own value until the answer is bracketed,
then bisects; it takes the objective to be met on one side of the answer and missed on the other, and
says so if the values it tried contradict that. If what is missed is missed by more where it should be
met (a utilisation that shall be high, say), it turns round. It ends without a boundary, and says which
limit ended it, where a probe would create more than --max-requests, where nothing changes any more, and
at the ends of what is bounded: shares at 1, entropy thresholds at ln C. Of device counts, request rates (poisson) and ρ the
largest is found, of everything else the smallest; of a threshold that is the one that offloads most,
unless accuracy alone is asked for. --goal says otherwise.

Examples:
  splitgp-sim capacity scenarios/capacity.yaml --slo \"p99 < 100 ms\"
  splitgp-sim capacity s.yaml --slo \"p99 < 80 ms and drops < 1 %\" --vary fleet.pi.count
  splitgp-sim capacity s.yaml --slo \"mean < 50 ms\" --vary server.device.rate
  splitgp-sim capacity s.yaml --slo \"accuracy >= 0.93\" --vary inference.offload.entropy")]
pub(super) struct CapacityArguments {
    /// The scenario (YAML).
    scenario: PathBuf,
    /// What is good enough.
    #[arg(long, value_parser = Slo::read)]
    slo: Slo,
    /// The key to vary [default: the count of the only device class].
    #[arg(long, value_name = "KEY.PATH")]
    vary: Option<String>,
    /// Which end is wanted.
    #[arg(long, requires = "vary")]
    goal: Option<GoalArgument>,
    /// Where the search begins [default: what the scenario states].
    #[arg(long, value_name = "VALUE", requires = "vary", value_parser = measure)]
    from: Option<Measure>,
    /// The search ends when the last value that is met and the first that is missed differ by this
    /// share at most; integers are told apart if they are neighbours.
    #[arg(long, value_name = "SHARE", default_value = "1%", value_parser = precision)]
    precision: f64,
    /// How often traffic and network are drawn for each value.
    #[arg(long, value_name = "N", default_value_t = 5,
          value_parser = clap::value_parser!(u32).range(2..=1000))]
    replications: u32,
    /// The most requests that a probe after the first may create, all replications together.
    #[arg(long, value_name = "N", default_value_t = 2_000_000)]
    max_requests: u64,
    /// The folder for capacity.csv and figures [default: out/<name>].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The folder in which what is learned is kept and looked up.
    #[arg(long, value_name = "DIR", default_value = "out/.learned")]
    cache: PathBuf,
    /// Threads; results are the same for any number [default: all cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// Which end of the good values is wanted.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum GoalArgument {
    Largest,
    Smallest,
}

/// Runs the command.
pub(super) fn capacity(arguments: &CapacityArguments) -> Result<(), Failure> {
    let document = document(&arguments.scenario)?;
    let bad = |message: String| Failure::BadInput(format!("error: {message}"));
    let loaded = super::load::load(&arguments.scenario)?;
    let (scenario, slo) = (&loaded.scenario, &arguments.slo);
    let vary = match &arguments.vary {
        None => Vary::fleet(scenario).map_err(bad)?,
        Some(path) => {
            let goal = arguments.goal.map(|goal| match goal {
                GoalArgument::Largest => Goal::Largest,
                GoalArgument::Smallest => Goal::Smallest,
            });
            Vary::key(path, arguments.from.clone(), goal, (&document, scenario), slo)
                .map_err(bad)?
        }
    };
    let out = arguments.out.clone().unwrap_or_else(|| default_folder(&scenario.name));
    let folder = OutputFolder::claim(out).map_err(|error| bad(error.to_string()))?;
    let settings = settings(arguments.threads, &arguments.cache);
    let question = Question {
        document: &document,
        slo,
        vary: &vary,
        replications: arguments.replications,
        precision: arguments.precision,
        most_requests: arguments.max_requests,
        settings: &settings,
    };
    let answer = search(&question, |probe| tell(probe_line(slo, &vary, probe))).map_err(failed)?;
    let path =
        folder.write("capacity.csv", |out| write_capacity(out, slo, &answer)).map_err(lost)?;
    draw_capacity(slo, &vary, &answer, &folder).map_err(lost)?;
    let told = capacity_answer(&question, &answer);
    print(&format!("{told}\nWritten to {}\n", path.display()))?;
    match answer.met {
        Some(_) => Ok(()),
        None => Err(Failure::Unmet(format!("error: no {} that was tried meets {slo}", vary.path))),
    }
}

fn measure(text: &str) -> Result<Measure, String> {
    Measure::read(text).ok_or_else(|| format!("`{text}` is no number with a unit of the language"))
}

/// A share from 0.01 % to 50 %.
fn precision(text: &str) -> Result<f64, String> {
    let share = Measure::read(text).and_then(|measure| measure.si());
    share
        .filter(|share| share.unit.is_empty() && (1e-4..=0.5).contains(&share.value))
        .map(|share| share.value)
        .ok_or_else(|| format!("`{text}` is no share from 0.01% to 50%"))
}
