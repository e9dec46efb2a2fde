//! `run`: simulates a scenario and writes its results.

use super::exit::Failure;
use super::interrupt::stop_at_interrupt;
use super::load::{load, located, overload_warnings};
use super::methods::compare_methods;
use super::output::print;
use super::progress::ProgressBars;
use super::talk::tell;
use super::trace::{TraceArguments, traced};
use crate::experiment::{
    Experiment, LearnedBy, RoundResult, RunResult, RunSettings, StoreNotice, StoreSettings,
    TrainingStart,
};
use crate::report::trace::Trace;
use crate::report::{self, OutputFolder, ReportError};
use crate::scenario::{LoadedScenario, TrainingSpec};
use clap::Args;
use std::cell::Cell;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

/// Simulate a scenario; write its results and figures.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  splitgp-sim run scenarios/quickstart.yaml
  splitgp-sim run scenarios/quickstart.yaml --seed 2 --out out/seed-2
  splitgp-sim run scenarios/quickstart.yaml --trace --trace-window 0s..2s")]
pub(super) struct RunArguments {
    /// The scenario (YAML).
    scenario: PathBuf,
    /// The folder for the results [default: out/<name of the scenario>].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Another folder that gets the figures and their data too.
    #[arg(long, value_name = "DIR")]
    figures: Option<PathBuf>,
    /// The master seed, in place of the scenario's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Threads for training; results are the same for any number [default: all cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// The folder in which what is learned is kept and looked up.
    #[arg(long, value_name = "DIR", default_value = "out/.learned")]
    cache: PathBuf,
    /// Train anew, even if the same was learned before.
    #[arg(long, conflicts_with = "resume")]
    fresh: bool,
    /// Go on with an interrupted training from its last checkpoint.
    #[arg(long)]
    resume: bool,
    /// Rounds from one checkpoint to the next [default: as many as take some twenty seconds].
    #[arg(long, value_name = "N")]
    checkpoint_every: Option<NonZeroU32>,
    /// End the run, like Ctrl-C does, after so many rounds of training, evaluated if they are to
    /// be; of each method and each training seed if there are several. `--resume` goes on, but not
    /// with clients that train alone or are aggregated one by one, which are kept only when finished.
    #[arg(long, value_name = "ROUND")]
    stop_after: Option<NonZeroU32>,
    /// No option of this command: known to be told where it belongs.
    #[arg(long, hide = true, value_name = "N", num_args = 0..=1)]
    replications: Option<Option<String>>,
    #[command(flatten)]
    trace: TraceArguments,
}

impl RunArguments {
    /// Refuses what says something about training alone.
    fn refuse_options_of_training(&self) -> Result<(), Failure> {
        let options = [
            ("--fresh", self.fresh),
            ("--resume", self.resume),
            ("--stop-after", self.stop_after.is_some()),
            ("--checkpoint-every", self.checkpoint_every.is_some()),
        ];
        match options.into_iter().find(|(_, is_given)| *is_given) {
            None => Ok(()),
            Some((option, _)) => Err(Failure::BadInput(format!(
                "error: {option} is about training, and {} has none; leave it out",
                self.scenario.display()
            ))),
        }
    }

    fn store(&self) -> StoreSettings {
        let start = match (self.fresh, self.resume) {
            (true, _) => TrainingStart::Fresh,
            (false, true) => TrainingStart::Resume,
            (false, false) => TrainingStart::Reuse,
        };
        let checkpoint_every = self.checkpoint_every;
        StoreSettings { folder: self.cache.clone(), start, checkpoint_every }
    }
}

/// Runs the command.
pub(super) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    if let Some(count) = &arguments.replications {
        let count = count.as_deref().unwrap_or("5");
        return Err(Failure::BadInput(format!(
            "error: --replications is no option of `run`: state `replications: {count}` in the \
             scenario (`compare` and `capacity` take the option)"
        )));
    }
    let mut loaded = load(&arguments.scenario)?;
    if let Some(seed) = arguments.seed {
        loaded.scenario.seed = seed;
    }
    if let Some(sweep) = &loaded.sweep {
        let (cells, path) = (sweep.cells(), arguments.scenario.display());
        tell(format!(
            "note: this is the base scenario; `splitgp-sim sweep {path}` runs its {cells} cells"
        ));
    }
    if loaded.scenario.training.is_none() {
        arguments.refuse_options_of_training()?;
    }
    let default = || PathBuf::from("out").join(&loaded.scenario.name);
    let out = arguments.out.clone().unwrap_or_else(default);
    let folder = OutputFolder::claim(out).map_err(bad_folder)?;
    let figures = arguments.figures.as_ref().map(|path| folder.claim_beside(path));
    let figures = figures.transpose().map_err(bad_folder)?;
    if let Some(note) = report::earlier_results(&folder, &loaded.scenario.name) {
        tell(note);
    }
    if loaded.scenario.compares_methods() {
        arguments.trace.refuse_one_file_for_many()?;
        return compare_methods(arguments, loaded, &folder, figures.as_ref());
    }
    let (result, missed) = simulate(arguments, loaded, &folder, figures.as_ref())?;
    match missed {
        _ if result.interrupted => unfinished(arguments),
        0 => Ok(()),
        missed => Err(Failure::Unmet(format!("error: expectations not met: {missed}"))),
    }
}

/// How a run ends that has not come to its end: well, if that was asked for.
pub(super) fn unfinished(arguments: &RunArguments) -> Result<(), Failure> {
    match arguments.stop_after {
        Some(rounds) if !stop_at_interrupt().is_raised() => {
            tell(format!("stopped after {rounds} rounds, as asked"));
            Ok(())
        }
        _ => {
            let message = "interrupted: the results are of what was finished until then";
            Err(Failure::Run(message.to_owned()))
        }
    }
}

/// Simulates one scenario, writes its results into `folder`, and its figures into `figures` too.
/// Says how many of its expectations the run did not meet; one that was interrupted is not asked.
pub(super) fn simulate(
    arguments: &RunArguments,
    loaded: LoadedScenario,
    folder: &OutputFolder,
    figures: Option<&OutputFolder>,
) -> Result<(RunResult, usize), Failure> {
    let scenario = &loaded.scenario;
    for warning in overload_warnings(scenario) {
        tell(warning);
    }

    let trace = arguments.trace.begin(scenario, folder)?;
    #[expect(clippy::disallowed_methods, reason = "how long the run took, for its summary only")]
    let started = Instant::now();
    let requests_share = scenario.output.requests;
    let described = scenario.clone();
    let bars = ProgressBars::new(scenario.training.as_ref().map_or(0, all_rounds));
    let experiment =
        Experiment::prepare(loaded.scenario).map_err(|error| located(error, &loaded.source))?;
    let is_kept = Rc::new(Cell::new(true));
    let notify = Rc::clone(&is_kept);
    let settings = RunSettings {
        threads: arguments
            .threads
            .and_then(|threads| NonZeroUsize::new(threads.into()))
            .unwrap_or_else(all_cores),
        progress: Some(Box::new(move |progress| bars.show(progress))),
        store: Some(arguments.store()),
        notices: Some(Box::new(move |notice| {
            notify.set(notify.get() && !matches!(notice, StoreNotice::NotKept { .. }));
            tell(notice);
        })),
        stop: Some(stop_at_interrupt()),
        stop_after: arguments.stop_after,
        watcher: trace.as_ref().map(Trace::watcher),
        ..RunSettings::default()
    };
    let result = experiment.run(settings).map_err(|error| located(error, &loaded.source))?;
    let wall_time = started.elapsed();

    let expectations = if result.interrupted { &[][..] } else { &loaded.expectations };
    let checked = report::hold_against(&result, expectations);
    report::write_run(&result, folder, requests_share, wall_time, &checked).map_err(lost)?;
    report::write_assumptions(&described, folder).map_err(lost)?;
    report::write_scenario(loaded.source.text(), folder).map_err(lost)?;
    if let Some(figures) = figures {
        report::figures::draw_all(&result, figures).map_err(lost)?;
    }
    let trace = trace.map(Trace::finish).transpose().map_err(lost)?;
    let trace = trace.map(|(path, counts)| traced(&path, counts)).unwrap_or_default();
    if let Some(warning) = missing_updates(&result) {
        tell(warning);
    }
    let (path, seconds) = (folder.path().display(), wall_time.as_secs_f64());
    let is_kept = is_kept.get() && !result.interrupted;
    let learned = learned_by(&result, is_kept, &arguments.cache).unwrap_or_default();
    let table = report::table(&result);
    let expected = report::expectations_text(&checked);
    print(&format!("{table}\n{learned}{expected}{trace}Written to {path} in {seconds:.1} s\n"))?;
    let missed = checked.iter().filter(|checked| !checked.met).count();
    Ok((result, missed))
}

/// A line that says whether models were trained in this run, and whether all of them are kept.
fn learned_by(result: &RunResult, is_kept: bool, cache: &Path) -> Option<String> {
    let (how, cache) = (result.training.as_ref()?.learned_by, cache.display());
    let kept = if is_kept { format!(", kept in {cache}") } else { String::new() };
    Some(match how {
        LearnedBy::Training => format!("Learned: trained in this run{kept}\n"),
        LearnedBy::Resuming { rounds } => format!("Learned: resumed after round {rounds}{kept}\n"),
        LearnedBy::Recalling => {
            format!("Learned: reused from {cache} (--fresh trains again)\n")
        }
    })
}

/// A warning if training went on without some clients' updates.
fn missing_updates(result: &RunResult) -> Option<String> {
    let rounds = &result.training.as_ref()?.rounds;
    let missing = |round: &RoundResult| round.record.participants - round.record.arrived;
    let total: u32 = rounds.iter().map(missing).sum();
    let empty = rounds.iter().filter(|round| round.record.arrived == 0).count();
    (total > 0).then(|| {
        format!(
            "warning: {total} updates did not arrive in time or were lost; {empty} of {} rounds had \
             none to average (rounds.csv)",
            rounds.len()
        )
    })
}

/// Rounds with all seeds together.
fn all_rounds(spec: &TrainingSpec) -> u32 {
    let seeds = spec.seeds.as_ref().map_or(1, Vec::len);
    u32::try_from(seeds).map_or(u32::MAX, |seeds| seeds.saturating_mul(spec.rounds))
}

pub(super) fn all_cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

pub(super) fn bad_folder(error: ReportError) -> Failure {
    Failure::BadInput(format!("error: {error}"))
}

pub(super) fn lost(error: ReportError) -> Failure {
    Failure::Run(format!("error: {error}"))
}
