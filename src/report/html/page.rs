//! The frame of a report: head, styles, script, and what is at the top of each kind.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

const STYLES: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("sort.js");

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    /// As it should be.
    Good,
    /// To be known before the numbers are used.
    Warn,
    /// The numbers do not say what they seem to.
    Bad,
}

impl Severity {
    /// The class that colours it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    /// What it is called: colour alone does not tell.
    fn word(self) -> &'static str {
        match self {
            Self::Good => "Good",
            Self::Warn => "Note",
            Self::Bad => "Warning",
        }
    }
}

/// Something to know before the numbers are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) severity: Severity,
    pub(super) text: String,
}

/// A number that a reader looks for first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tile {
    pub(super) label: String,
    pub(super) value: String,
    /// May be empty.
    pub(super) unit: String,
    /// What it is of, or how sure it is; may be empty.
    pub(super) note: String,
}

/// A part of the report under a heading of its own.
pub(super) struct Section {
    /// What links lead to; unique on the page.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) content: Markup,
}

/// A whole report.
pub(super) struct Page {
    /// What it reports on: a run, a comparison, a sweep.
    pub(super) kind: &'static str,
    /// The scenario's name.
    pub(super) title: String,
    /// The verdict in one word, and how bad it is.
    pub(super) state: (Severity, String),
    /// The verdict in plain words.
    pub(super) verdict: String,
    /// Names and values that tell which run it was.
    pub(super) identity: Vec<(&'static str, String)>,
    pub(super) notes: Vec<Note>,
    pub(super) tiles: Vec<Tile>,
    pub(super) sections: Vec<Section>,
}

impl Page {
    /// The HTML document. It loads nothing: its policy forbids every source but its own styles and
    /// the one script, which is known by its hash.
    pub(super) fn render(&self) -> String {
        let hash = BASE64_STANDARD.encode(Sha256::digest(SCRIPT));
        let policy = format!(
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; \
             img-src data:; base-uri 'none'; form-action 'none'"
        );
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="generator" content={ "splitgp-sim " (env!("CARGO_PKG_VERSION")) };
                    title { (self.title) " – splitgp-sim" }
                    // Browsers ask a server for an icon unless there is one.
                    link rel="icon" href="data:,";
                    style { (PreEscaped(STYLES)) }
                }
                body {
                    (self.header())
                    main {
                        (self.notes())
                        (self.tiles())
                        @for section in &self.sections {
                            section aria-labelledby=(section.id) {
                                h2 id=(section.id) { (section.title) }
                                (section.content)
                            }
                        }
                    }
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        }
        .into_string()
    }

    fn header(&self) -> Markup {
        let (severity, state) = &self.state;
        html! {
            header {
                p.kind { (self.kind) }
                h1 { (self.title) }
                p.verdict {
                    span class={ "state " (severity.class()) } { (state) }
                    span { (self.verdict) }
                }
                dl.identity {
                    @for (name, value) in &self.identity {
                        div { dt { (name) } dd { code { (value) } } }
                    }
                }
                nav aria-label="Contents" {
                    ul {
                        @for section in &self.sections {
                            li { a href={ "#" (section.id) } { (section.title) } }
                        }
                    }
                }
            }
        }
    }

    fn notes(&self) -> Markup {
        html! {
            @if !self.notes.is_empty() {
                ul.notes aria-label="Warnings" {
                    @for note in &self.notes {
                        li class=(note.severity.class()) {
                            strong { (note.severity.word()) }
                            span { (note.text) }
                        }
                    }
                }
            }
        }
    }

    fn tiles(&self) -> Markup {
        html! {
            @if !self.tiles.is_empty() {
                dl.tiles {
                    @for tile in &self.tiles {
                        div {
                            dt { (tile.label) }
                            dd.value { (tile.value) @if !tile.unit.is_empty() { " " small { (tile.unit) } } }
                            @if !tile.note.is_empty() { dd.note { (tile.note) } }
                        }
                    }
                }
            }
        }
    }
}
