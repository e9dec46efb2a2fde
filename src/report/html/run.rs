//! The report of one run.

use super::figure::{figures, gallery};
use super::notes::{notes, state, verdict};
use super::page::{Page, Section};
use super::saved::{SavedRun, Summary};
use super::tiles::tiles;
use super::words::{LONGEST_NAME, duration, grouped};
use super::{accuracy, fleet, origin, requests, training};
use crate::report::ReportError;
use crate::report::figures::redrawn_names;
use crate::report::text::shortened;
use maud::{Markup, html};
use std::path::Path;

/// The page of `run`, whose files are in `folder`.
///
/// # Errors
/// If a file of the folder cannot be read.
pub(super) fn page(run: &SavedRun, folder: &Path) -> Result<Page, ReportError> {
    let summary = &run.summary;
    let figures = figures(folder, redrawn_names(false))?;
    let mut sections = Vec::new();
    let mut add = |id, title, content: Markup| {
        if !content.0.is_empty() {
            sections.push(Section { id, title, content });
        }
    };
    add("expectations", "Expectations", fleet::expectations(&summary.expectations));
    add("requests", "Requests", summary.inference.as_ref().map_or(html!(), requests::section));
    add("accuracy", "Accuracy", summary.training.as_ref().map_or(html!(), accuracy::section));
    if !figures.is_empty() {
        add("figures", "Figures", gallery(&figures));
    }
    add("training", "Training", training::section(run));
    add("stations", "Stations and links", fleet::stations_and_links(summary));
    add("clients", "Clients", fleet::clients(&summary.clients));
    add("energy", "Energy", summary.energy_j.as_ref().map_or(html!(), fleet::energy));
    add("replications", "Replications", requests::replications(&summary.replications));
    add("assumptions", "Model assumptions", origin::assumptions(folder)?);
    let command = origin::Command::Run { seed: summary.seed, interrupted: summary.interrupted };
    add("scenario", "Scenario", origin::scenario(folder, command)?);
    Ok(Page {
        kind: "Report of a simulated run",
        title: shortened(&summary.scenario, LONGEST_NAME),
        state: state(summary),
        verdict: verdict(summary),
        identity: identity(summary),
        notes: notes(run),
        tiles: tiles(summary),
        sections,
    })
}

fn identity(summary: &Summary) -> Vec<(&'static str, String)> {
    vec![
        ("Seed", summary.seed.to_string()),
        ("Version", shortened(&summary.version, LONGEST_NAME)),
        ("Fingerprint", shortened(&summary.fingerprint, LONGEST_NAME)),
        ("Events", grouped(summary.events)),
        ("Simulated time", duration(summary.sim_time_s)),
    ]
}
