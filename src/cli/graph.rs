//! Where `validate --graph` draws a network.

use super::exit::Failure;
use crate::experiment::NetworkGraph;
use crate::report::figures::topology::{write_dot, write_svg};
use crate::report::{OutputFolder, ReportError};
use crate::scenario::Scenario;
use std::path::{Path, PathBuf};

/// The files' name in a folder.
const NAME: &str = "topology";

/// The files to write.
pub(super) struct GraphPath {
    folder: PathBuf,
    dot: Option<String>,
    svg: Option<String>,
}

impl GraphPath {
    /// What `path` asks for: by its extension one file, or as a folder both.
    ///
    /// # Errors
    /// If it ends in anything but `.dot` or `.svg` and is no folder.
    pub(super) fn of(path: &Path) -> Result<Self, Failure> {
        let extension = path.extension().map(|extension| extension.to_string_lossy());
        if path.is_dir() || extension.is_none() {
            let named = |extension: &str| Some(format!("{NAME}.{extension}"));
            return Ok(Self { folder: path.into(), dot: named("dot"), svg: named("svg") });
        }
        let folder = match path.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        match (path.file_name().and_then(|name| name.to_str()), extension.as_deref()) {
            (Some(name), Some("dot")) => Ok(Self { folder, dot: Some(name.to_owned()), svg: None }),
            (Some(name), Some("svg")) => Ok(Self { folder, dot: None, svg: Some(name.to_owned()) }),
            _ => Err(Failure::BadInput(format!(
                "error: --graph cannot draw {}: it writes a file that ends in .dot or .svg, or \
                 both into a folder",
                path.display()
            ))),
        }
    }

    /// Draws the network of `scenario` and returns what to tell about it.
    pub(super) fn draw(&self, scenario: &Scenario) -> Result<String, Failure> {
        let failed = |error: ReportError| Failure::BadInput(format!("error: {error}"));
        let graph = NetworkGraph::of(scenario);
        let folder = OutputFolder::prepare(&self.folder).map_err(failed)?;
        let dot = self.dot.iter().map(|name| write_dot(&graph, &folder, name));
        let svg = self.svg.iter().map(|name| write_svg(&graph, &folder, name));
        let told = |path: PathBuf| format!("Network drawn in {}\n", path.display());
        dot.chain(svg).map(|path| path.map(told).map_err(failed)).collect()
    }
}
