//! The figures of a folder, inline, each with a caption that says what to see.

use super::captions::caption;
use super::svg::InlineSvg;
use crate::report::ReportError;
use maud::{Markup, PreEscaped, html};
use std::fs;
use std::io;
use std::path::Path;

/// The most bytes of one figure that a page takes.
const LARGEST: u64 = 2 << 20;

/// The most bytes of all of them.
const LARGEST_TOGETHER: u64 = 8 << 20;

/// A figure of a run.
#[derive(Debug)]
pub(super) struct Figure {
    name: String,
    /// `None` if it is too large for a page.
    svg: Option<InlineSvg>,
}

/// The figures of these names that `folder` has.
///
/// # Errors
/// If one cannot be read or is no SVG.
pub(super) fn figures(
    folder: &Path,
    names: impl IntoIterator<Item = impl Into<String>>,
) -> Result<Vec<Figure>, ReportError> {
    let (mut found, mut together) = (Vec::new(), 0);
    for name in names {
        let name = name.into();
        let path = folder.join(format!("{name}.svg"));
        let unreadable = |cause| ReportError::Unreadable { path: path.clone(), cause };
        let Ok(metadata) = fs::metadata(&path) else { continue };
        let fits = metadata.len() <= LARGEST && together + metadata.len() <= LARGEST_TOGETHER;
        let svg = fits.then(|| {
            together += metadata.len();
            let text = fs::read_to_string(&path).map_err(unreadable)?;
            InlineSvg::read(&text).map_err(|cause| unreadable(io::Error::other(cause)))
        });
        found.push(Figure { name, svg: svg.transpose()? });
    }
    Ok(found)
}

/// The names of all figures of `folder`, in order of the alphabet.
///
/// # Errors
/// If the folder cannot be read.
pub(super) fn all_names(folder: &Path) -> Result<Vec<String>, ReportError> {
    let unreadable = |cause| ReportError::Unreadable { path: folder.to_owned(), cause };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        let figure = name.to_str().and_then(|name| name.strip_suffix(".svg"));
        names.extend(figure.filter(|name| !name.starts_with('.')).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// All of them, side by side where there is room.
pub(super) fn gallery(figures: &[Figure]) -> Markup {
    html! { div.figures { @for (index, figure) in figures.iter().enumerate() { (one(index, figure)) } } }
}

fn one(index: usize, Figure { name, svg }: &Figure) -> Markup {
    let caption = caption(name);
    let [title, description] =
        ["title", "description"].map(|part| format!("figure-{index}-{part}"));
    html! {
        figure id={ "figure-" (index) } {
            @if let Some(svg) = svg {
                @let labelled_by = format!("{title} {description}");
                div.scroll tabindex="0" role="group" aria-label={ "Figure: " (name) } {
                    svg role="img" aria-labelledby=(labelled_by) viewBox=(svg.view_box)
                        xmlns="http://www.w3.org/2000/svg" {
                        title id=(title) { (svg.title.as_deref().unwrap_or(name)) }
                        desc id=(description) { (caption) }
                        (PreEscaped(&svg.shapes))
                    }
                }
                figcaption { (caption) " Data: " code { (name) ".csv" } "." }
            } @else {
                figcaption { "The figure " code { (name) ".svg" } " is too large for this page." }
            }
        }
    }
}
