//! Figures drawn again from the tables of earlier runs.

use super::accuracy::{AccuracyBy, AccuracyByMethod, MovedBytes, OodLevel, TrainingTime};
use super::client_cdf::AccuracyOverClients;
use super::energy::{EnergyOf, Request, TrainingRound, WholeRun};
use super::gradient_norm::GradientNorm;
use super::latency_breakdown::LatencyBreakdown;
use super::latency_cdf::LatencyCdf;
use super::offloading::Offloading;
use super::overlay::{MOST_RUNS, Overlaid, Overlay};
use super::render::write_figure;
use super::requests_over_time::RequestsOverTime;
use super::round_timeline::RoundTimeline;
use super::saved::{Saved, read};
use super::sweep::draw_sweep;
use crate::report::sweep::finished_cells;
use crate::report::{OutputFolder, ReportError};
use std::path::{Path, PathBuf};

/// A run's folder and its name in legends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRun {
    /// What it is called.
    pub name: String,
    /// Where its files are.
    pub folder: PathBuf,
}

/// What reads and draws one kind of figure.
type Redraw = fn(&[NamedRun], &OutputFolder) -> Result<Vec<PathBuf>, ReportError>;

/// A figure's name, what draws it again, and whether several runs can share it.
const KINDS: [(&str, Redraw, bool); 14] = [
    ("accuracy_by_method", alone::<AccuracyByMethod>, false),
    ("accuracy_by_ood", several::<AccuracyBy<OodLevel>>, true),
    ("accuracy_over_time", several::<AccuracyBy<TrainingTime>>, true),
    ("accuracy_over_bytes", several::<AccuracyBy<MovedBytes>>, true),
    ("accuracy_over_clients", several::<AccuracyOverClients>, true),
    ("offloading", alone::<Offloading>, false),
    ("gradient_norm", alone::<GradientNorm>, false),
    ("latency_cdf", several::<LatencyCdf>, true),
    ("latency_breakdown", alone::<LatencyBreakdown>, false),
    ("requests_over_time", alone::<RequestsOverTime>, false),
    ("round_timeline", alone::<RoundTimeline>, false),
    ("energy", alone::<EnergyOf<WholeRun>>, false),
    ("energy_by_request", alone::<EnergyOf<Request>>, false),
    ("energy_by_round", alone::<EnergyOf<TrainingRound>>, false),
];

/// The names of the figures that can be drawn again, those of several runs or of one.
pub fn redrawn_names(several: bool) -> Vec<&'static str> {
    let shared = KINDS.iter().filter(|(.., shared)| *shared || !several);
    shared.map(|(name, ..)| *name).collect()
}

/// Draws the figures of `runs` again from their tables, without simulating anything, into `folder`:
/// of one run all that it has, or those of its cells if it is a sweep's; of several those that they
/// can share, which at least two of them have. `what` draws one figure alone. Returns the paths of
/// all files.
///
/// # Errors
/// If a table cannot be read or holds something else, there is nothing to draw, there are too many
/// runs, or a file cannot be written.
pub fn redraw(
    runs: &[NamedRun],
    what: Option<&str>,
    folder: &OutputFolder,
) -> Result<Vec<PathBuf>, ReportError> {
    if runs.len() > MOST_RUNS {
        return Err(ReportError::Runs(format!(
            "{} runs are too many to be told apart in one figure: give at most {MOST_RUNS}",
            runs.len()
        )));
    }
    let wanted = |name: &str| what.is_none_or(|what| what == name);
    let mut files = Vec::new();
    for (name, draw, shared) in KINDS {
        if wanted(name) && (shared || runs.len() == 1) {
            files.extend(draw(runs, folder)?);
        }
    }
    if let ([run], None) = (runs, what)
        && let Some((plan, finished)) = finished_cells(&run.folder)?
    {
        files.extend(draw_sweep(&plan, &finished, folder)?);
    }
    if files.is_empty() { Err(nothing(runs, what)) } else { Ok(files) }
}

fn nothing(runs: &[NamedRun], what: Option<&str>) -> ReportError {
    let folders: Vec<String> = runs.iter().map(|run| run.folder.display().to_string()).collect();
    let folders = folders.join(" and ");
    let asked = what.map_or_else(|| "figure".to_owned(), |what| format!("{what}.csv"));
    ReportError::Runs(if runs.len() == 1 {
        format!("there is no data of a {asked} in {folders}: give the folder that `run` wrote to")
    } else {
        format!("no two of {folders} have the data of the same {asked} that runs can share")
    })
}

/// Draws one run's figure, if it has one.
fn alone<F: Saved>(runs: &[NamedRun], folder: &OutputFolder) -> Result<Vec<PathBuf>, ReportError> {
    let figure = runs.first().map_or(Ok(None), |run| read::<F>(&run.folder))?;
    figure.map_or(Ok(Vec::new()), |figure| write_figure(&figure, folder))
}

/// Draws one figure of all runs that have it.
fn several<F: Overlaid>(
    runs: &[NamedRun],
    folder: &OutputFolder,
) -> Result<Vec<PathBuf>, ReportError> {
    if runs.len() == 1 {
        return alone::<F>(runs, folder);
    }
    let mut found = Vec::new();
    for run in runs {
        if let Some(figure) = read::<F>(&run.folder)? {
            found.push((run.name.clone(), figure));
        }
    }
    if found.len() < 2 {
        return Ok(Vec::new());
    }
    write_figure(&Overlay { runs: found }, folder)
}

/// Names for `folders`: their own last parts, with those above where two are alike.
pub fn named_runs(folders: &[PathBuf]) -> Vec<NamedRun> {
    let parts = |folder: &Path, count: usize| {
        let parts: Vec<_> = folder.components().map(|part| part.as_os_str()).collect();
        let from = parts.len().saturating_sub(count);
        let parts: Vec<_> = parts[from..].iter().map(|part| part.to_string_lossy()).collect();
        parts.join("/")
    };
    let deepest = folders.iter().map(|folder| folder.components().count()).max().unwrap_or(1);
    let named = |count| folders.iter().map(|folder| parts(folder, count)).collect::<Vec<_>>();
    let distinct = |names: &Vec<String>| {
        names.iter().enumerate().all(|(index, name)| !names[..index].contains(name))
    };
    let names = (1..=deepest).map(named).find(distinct).unwrap_or_else(|| named(deepest));
    let named = names.into_iter().zip(folders);
    named.map(|(name, folder)| NamedRun { name, folder: folder.clone() }).collect()
}
