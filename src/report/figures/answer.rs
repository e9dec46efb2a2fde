//! Who answers, and how that looks in every figure.

use super::legend::Marker;
use super::line_chart::Series;
use super::style;
use plotters::prelude::RGBColor;

/// Who answers a request or a test sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answer {
    /// Anybody.
    Any,
    /// κ on the device.
    ClientExit,
    /// θ on the server.
    ServerExit,
    /// Whoever entropy offloading asks.
    Selective,
    /// φ and θ in one place.
    Full,
}

impl Answer {
    /// All of them, in the order of legends and panels.
    pub(super) const ALL: [Self; 5] =
        [Self::Any, Self::ClientExit, Self::ServerExit, Self::Selective, Self::Full];

    /// As figures and their tables call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Any => "all",
            Self::ClientExit => "client exit",
            Self::ServerExit => "server exit",
            Self::Selective => "selective",
            Self::Full => "full model",
        }
    }

    /// The answer of this name.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|answer| answer.name() == name);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join("`, `");
            format!("`{name}` is not one of `{names}`")
        })
    }

    pub(super) fn colour(self) -> RGBColor {
        match self {
            Self::Any => style::MID_GREY,
            Self::ClientExit => style::CLIENT_EXIT,
            Self::ServerExit => style::SERVER_EXIT,
            Self::Selective => style::SELECTIVE,
            Self::Full => style::FULL_MODEL,
        }
    }

    pub(super) fn marker(self) -> Marker {
        match self {
            Self::Any | Self::ClientExit | Self::Full => Marker::Circle,
            Self::ServerExit => Marker::Triangle,
            Self::Selective => Marker::Square,
        }
    }
}

/// Entropy offloading at the threshold `e_th` (nats), as a line's name.
pub(super) fn selective(e_th: f64) -> String {
    format!("selective (E_th {e_th} nats)")
}

/// The line of one answer, before it has a look.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    pub(super) answer: Answer,
    /// Its name in a figure of one run.
    pub(super) label: String,
    /// In order of x.
    pub(super) points: Vec<(f64, f64)>,
    /// (x, low, high) in order of x; empty without a band.
    pub(super) band: Vec<(f64, f64, f64)>,
    /// Whether its points are few enough to be marked.
    pub(super) marked: bool,
}

impl Curve {
    /// Its line in a figure of one run.
    pub(super) fn series(self) -> Series {
        let Self { answer, label, points, band, marked } = self;
        Series {
            label,
            colour: answer.colour(),
            // Under the others, and to be seen beside one of them that is all there is.
            width: if answer == Answer::Any { 5 } else { 2 },
            marker: marked.then(|| answer.marker()),
            points,
            band,
            names: Vec::new(),
        }
    }
}
