//! Figures' SVG files as parts of a page.
//!
//! A page shows what it was given by somebody else. So nothing is copied: the shapes and texts that
//! figures are made of are written anew, and everything else (scripts, links, styles, names that
//! several figures would share) is left behind.

use maud::Escaper;
use roxmltree::{Document, Node};
use std::fmt::Write as _;

/// What figures are made of. They are flat: no shape holds another.
const SHAPES: [&str; 7] = ["rect", "circle", "ellipse", "line", "polyline", "polygon", "path"];

/// Where shapes and texts stand and how they look.
const ATTRIBUTES: [&str; 29] = [
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "width",
    "height",
    "points",
    "d",
    "dx",
    "dy",
    "transform",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "opacity",
    "fill-opacity",
    "stroke-opacity",
    "text-anchor",
    "font-family",
    "font-size",
    "font-weight",
];

/// A figure that can stand in a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct InlineSvg {
    /// `x y width height` in pixels.
    pub(super) view_box: String,
    /// What the figure is called: its first text.
    pub(super) title: Option<String>,
    /// Its shapes and texts as SVG.
    pub(super) shapes: String,
    /// How many elements were left behind.
    pub(super) left_behind: usize,
}

impl InlineSvg {
    /// Reads an SVG document.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let document = Document::parse(text).map_err(|error| error.to_string())?;
        let root = document.root_element();
        let view_box = root.attribute("viewBox").map(numbers).unwrap_or_default();
        let [x, y, width, height] = view_box[..] else {
            return Err("it has no viewBox of four numbers".to_owned());
        };
        if root.tag_name().name() != "svg" {
            return Err("it is no SVG".to_owned());
        }
        let mut figure = Self {
            view_box: format!("{x} {y} {width} {height}"),
            title: None,
            shapes: String::new(),
            left_behind: 0,
        };
        for node in root.children().filter(Node::is_element) {
            figure.add(node);
        }
        Ok(figure)
    }

    fn add(&mut self, node: Node<'_, '_>) {
        let name = node.tag_name().name();
        if SHAPES.contains(&name) {
            self.open(name, node);
            self.shapes.push_str("/>\n");
        } else if name == "text" {
            let text = node.text().unwrap_or_default().trim();
            self.title.get_or_insert_with(|| text.to_owned());
            self.open(name, node);
            self.shapes.push('>');
            escape(&mut self.shapes, text);
            self.shapes.push_str("</text>\n");
        } else {
            self.left_behind += 1;
        }
    }

    /// Writes the start of an element without its end.
    fn open(&mut self, name: &str, node: Node<'_, '_>) {
        self.shapes.push('<');
        self.shapes.push_str(name);
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            if ATTRIBUTES.contains(&name) && !refers(value) {
                self.shapes.push(' ');
                self.shapes.push_str(name);
                self.shapes.push_str("=\"");
                escape(&mut self.shapes, value);
                self.shapes.push('"');
            }
        }
    }
}

/// Whether a value may make a viewer look somewhere else, as `url(…)` does in whichever spelling.
fn refers(value: &str) -> bool {
    value.contains('\\') || value.to_ascii_lowercase().contains("url")
}

fn escape(into: &mut String, text: &str) {
    let written = Escaper::new(into).write_str(text);
    written.expect("a string takes everything");
}

fn numbers(list: &str) -> Vec<f64> {
    let parts = list.split([' ', ',']).filter(|part| !part.is_empty());
    let numbers: Result<Vec<f64>, _> = parts.map(str::parse).collect();
    numbers.unwrap_or_default().into_iter().filter(|number| number.is_finite()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::OutputFolder;
    use crate::report::figures::draw_all;
    use crate::report::sample;

    fn inline(content: &str) -> InlineSvg {
        let svg = format!(
            "<svg viewBox=\"0 0 9 5\" xmlns=\"http://www.w3.org/2000/svg\">{content}</svg>"
        );
        InlineSvg::read(&svg).unwrap()
    }

    #[test]
    fn every_element_of_our_own_figures_is_kept() {
        let root = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(root.path()).unwrap();
        let files = draw_all(&sample::complete(), &folder).unwrap();
        let is_svg = |file: &&std::path::PathBuf| file.extension().is_some_and(|e| e == "svg");
        for path in files.iter().filter(is_svg) {
            let text = std::fs::read_to_string(path).unwrap();
            let figure = InlineSvg::read(&text).unwrap();
            assert_eq!(figure.left_behind, 0, "{}", path.display());
            assert_eq!(figure.view_box, "0 0 900 560");
            let shapes = |text: &str| text.matches("<rect").count() + text.matches("<text").count();
            assert_eq!(shapes(&figure.shapes), shapes(&text), "{}", path.display());
            let colours = |text: &str| text.matches("fill=\"#").count();
            assert_eq!(colours(&figure.shapes), colours(&text), "{}", path.display());
        }
    }

    #[test]
    fn what_could_act_or_load_is_left_behind() {
        let figure = inline(
            "<script>alert(1)</script><a href=\"https://example.org\"/><style>@import 'x'</style>\
             <image href=\"https://example.org/x.png\"/><foreignObject/>\
             <rect onload=\"alert(1)\" id=\"a\" style=\"x\" x=\"1\" fill=\"URL(https://e.org#x)\"/>",
        );
        assert_eq!(figure.shapes, "<rect x=\"1\"/>\n");
        assert_eq!(figure.left_behind, 5);
    }

    #[test]
    fn text_stays_text() {
        let figure = inline("<text x=\"1\">\n&lt;script&gt; &amp; ρ\n</text>");
        assert_eq!(figure.shapes, "<text x=\"1\">&lt;script&gt; &amp; ρ</text>\n");
        assert_eq!(figure.title.as_deref(), Some("<script> & ρ"));
    }

    #[test]
    fn bombs_and_what_is_no_figure_are_refused() {
        let bomb = "<!DOCTYPE svg [<!ENTITY a \"aaaa\">]><svg viewBox=\"0 0 9 5\">&a;</svg>";
        let deep = format!("<svg viewBox=\"0 0 1 1\">{}", "<g>".repeat(100_000));
        for text in ["", "<svg", "<svg/>", "<p viewBox=\"0 0 9 5\"/>", bomb, &deep] {
            assert!(InlineSvg::read(text).is_err(), "{}", &text[..text.len().min(40)]);
        }
    }
}
