//! Where to cut: its files and its table.

use super::csv::{write_bounds_rows, write_regime_cells};
use super::figures::{draw_bounds, draw_regimes};
use super::stale::remove_figures;
use super::table::grid;
use super::text::{dash, milliseconds, percent};
use super::{OutputFolder, ReportError};
use crate::experiment::{Basis, Bounds, Cell, ClassBounds, CutBounds, Offloaded, Regimes, Ways};
use crate::theory::split::Fastest;
use std::path::PathBuf;

/// Writes `bounds.csv` and a figure for each device class into `folder`, removes those of classes that
/// there are no longer, and returns the paths.
///
/// # Errors
/// If a file cannot be written; the error names it.
pub fn write_bounds(bounds: &Bounds, folder: &OutputFolder) -> Result<Vec<PathBuf>, ReportError> {
    let paths = folder.write_together(|set| {
        let mut paths = vec![set.write("bounds.csv", |out| write_bounds_rows(out, bounds))?];
        paths.extend(draw_bounds(bounds, set)?);
        Ok(paths)
    })?;
    remove_figures(folder, &paths, |name| name.starts_with("bounds-"))?;
    Ok(paths)
}

/// Writes `regimes.csv` and the maps without and with contention into `folder`.
///
/// # Errors
/// If a file cannot be written; the error names it.
pub fn write_regimes(map: &Regimes, folder: &OutputFolder) -> Result<Vec<PathBuf>, ReportError> {
    folder.write_together(|set| {
        let mut paths = vec![set.write("regimes.csv", |out| write_regime_cells(out, map))?];
        paths.extend(draw_regimes(map, set)?);
        Ok(paths)
    })
}

/// The comparison as plain text: for each device class a table of the cuts, and where an
/// alternative overtakes SplitGP at the scenario's own.
pub fn bounds_table(bounds: &Bounds) -> String {
    let classes = bounds.classes.iter().map(|class| class_section(bounds, class));
    classes.collect::<Vec<_>>().join("\n\n") + "\n"
}

fn class_section(bounds: &Bounds, class: &ClassBounds) -> String {
    let header = [
        "cut",
        "α (par.)",
        "α",
        "q (B)",
        "d/q",
        "β",
        "client",
        "server",
        "SplitGP",
        "α < C",
        "α < S",
        "fastest",
    ];
    let rows = class.cuts.iter().map(|cut| row(class, cut));
    let title = format!(
        "{}: mean times of a lone request (ms) with client-only, server-only and SplitGP,\nand the \
         bounds on α (in FLOPs) below which SplitGP is faster than client-only (C), server-only (S)",
        class.class
    );
    let mut lines = vec![grid(&title, &header, rows)];
    lines.extend(memory(class));
    lines.push(match class.fastest_cut() {
        Some(cut) => {
            let [.., time] = cut.seconds();
            let fastest = fastest_name(class.fastest(cut));
            let time = milliseconds(time);
            format!(
                "Fastest cut for SplitGP: {} ({time} ms); fastest of all there: {fastest}",
                cut.cut
            )
        }
        None => "No cut fits the memory of this class".to_owned(),
    });
    if let Some(own) = class.cuts.iter().find(|cut| cut.cut == bounds.cut) {
        lines.push(overtaking(class, own));
    }
    lines.join("\n")
}

fn row(class: &ClassBounds, cut: &CutBounds) -> Vec<String> {
    let beta = cut.offloaded.fraction;
    let mut row = vec![
        cut.cut.clone(),
        format!("{:.3}", cut.alpha_parameters),
        format!("{:.3}", cut.alpha_flops),
        cut.smashed.0.to_string(),
        format!("{:.4}", cut.split.break_even_bytes()),
        fraction(&cut.offloaded),
    ];
    row.extend(cut.seconds().map(milliseconds));
    row.push(bound(cut.split.bound_by_client_only(beta)));
    row.push(bound(cut.split.bound_by_server_only(beta)));
    row.push(fastest_name(class.fastest(cut)).to_owned());
    row
}

/// The α below which SplitGP is the faster, where that can be one.
fn bound(alpha: Option<f64>) -> String {
    match alpha {
        None => dash(),
        Some(alpha) if alpha <= 0.0 => "never".to_owned(),
        Some(alpha) if alpha > 1.0 => "always".to_owned(),
        Some(alpha) => format!("{alpha:.3}"),
    }
}

/// β, and that it is only assumed.
fn fraction(offloaded: &Offloaded) -> String {
    match offloaded.basis {
        Basis::Assumed => format!("{:.3} assumed", offloaded.fraction),
        Basis::Stated | Basis::Learned => format!("{:.3}", offloaded.fraction),
    }
}

/// What does not fit the class's memory.
fn memory(class: &ClassBounds) -> Option<String> {
    let too_large: Vec<&str> =
        class.cuts.iter().filter(|cut| !cut.fits).map(|cut| cut.cut.as_str()).collect();
    let mut what = Vec::new();
    if !class.holds_full_model {
        what.push("the full model".to_owned());
    }
    if !too_large.is_empty() {
        what.push(format!("φ and κ cut at {}", too_large.join(", ")));
    }
    (!what.is_empty()).then(|| format!("Its memory cannot hold {}", what.join(", nor ")))
}

/// Each β and rate at which an alternative overtakes at this cut.
fn overtaking(class: &ClassBounds, cut: &CutBounds) -> String {
    let (split, beta) = (&cut.split, cut.offloaded.fraction);
    let Offloaded { basis, .. } = cut.offloaded;
    let bytes = split.break_even_bytes();
    let mut lines = vec![
        format!("At {}, with β = {beta:.4} ({}):", cut.cut, basis.name()),
        format!(
            "  SplitGP sends {} bytes than server-only: β · q is {} than d, d/q = {:.3} %",
            if beta < bytes { "fewer" } else { "no fewer" },
            if beta < bytes { "less" } else { "no less" },
            100.0 * bytes
        ),
    ];
    if !cut.fits {
        lines.push("  φ and κ do not fit the device: SplitGP overtakes nothing".to_owned());
        return lines.join("\n");
    }
    if class.holds_full_model {
        lines.push(format!("  {}", above(Fastest::ClientOnly, split.beta_against_client_only())));
        lines.push(format!("  {}", slower_uplink(split.rate_against_client_only(beta))));
    } else {
        lines.push("  client-only does not fit the device: it overtakes at no β".to_owned());
    }
    lines.push(format!("  {}", above(Fastest::ServerOnly, split.beta_against_server_only())));
    let crossing = crossing_uplink(beta < bytes, split.rate_against_server_only(beta));
    lines.push(format!("  {crossing}"));
    lines.join("\n")
}

/// From which β on an alternative is the faster.
fn above(alternative: Fastest, beta: f64) -> String {
    let name = alternative.name();
    match beta {
        ..0.0 => format!("{name} is faster at every β"),
        0.0..=1.0 => format!("{name} is faster from β = {beta:.4} on"),
        _ => format!("{name} is faster at no β"),
    }
}

fn slower_uplink(rate: Option<f64>) -> String {
    match rate {
        Some(rate) => format!("client-only is faster on an uplink below {}", megabits(rate)),
        None => "no uplink rate decides between client-only and SplitGP".to_owned(),
    }
}

fn crossing_uplink(fewer_bytes: bool, rate: Option<f64>) -> String {
    let side = if fewer_bytes { "above" } else { "below" };
    match rate {
        // With fewer bytes SplitGP gains the more the slower the uplink is.
        Some(rate) => format!("server-only is faster on an uplink {side} {}", megabits(rate)),
        None => "no uplink rate decides between server-only and SplitGP".to_owned(),
    }
}

fn fastest_name(fastest: Option<Fastest>) -> &'static str {
    fastest.map_or("–", Fastest::name)
}

fn megabits(bytes_a_second: f64) -> String {
    format!("{:.3} Mbit/s", 8.0 * bytes_a_second / 1e6)
}

/// How many cells each way wins, as plain text.
pub fn regimes_table(map: &Regimes) -> String {
    let names = Fastest::ALL.map(Fastest::name);
    let header = ["fastest", "closed form", "a device alone", "the fleet", "accuracy (%)"];
    let closed = |way: Fastest| {
        map.cells.iter().filter(|cell| Fastest::of(cell.closed) == Some(way)).count().to_string()
    };
    let won = |ways: fn(&Cell) -> Ways, way: Fastest| {
        let cells = map.cells.iter().map(ways).filter(|ways| ways.fastest() == Some(way));
        let lossy = cells.clone().filter(|ways| ways.lost_by_fastest() > 0.0).count();
        let mark = if lossy > 0 { format!(" ({lossy} lossy)") } else { String::new() };
        format!("{}{mark}", cells.count())
    };
    let accuracies =
        [map.offloaded.full_accuracy, map.offloaded.full_accuracy, map.offloaded.accuracy];
    let rows = Fastest::ALL.into_iter().enumerate().map(|(index, way)| {
        let out = match (map.eligible[index], map.fits[index]) {
            (false, _) => " (out)",
            (true, false) => " (too large)",
            (true, true) => "",
        };
        vec![
            format!("{}{out}", names[index]),
            closed(way),
            won(|cell| cell.alone, way),
            won(|cell| cell.contended, way),
            percent(accuracies[index]),
        ]
    });
    let among = if map.compares_accuracy() {
        "of those within one point of the best accuracy"
    } else {
        "(accuracy not compared)"
    };
    let title = format!(
        "{}: pairs of uplink and device rate (of {}) at which each way is the fastest\n{among}; \
         cut at {}, β = {:.4} ({})",
        map.scenario,
        map.cells.len(),
        map.cut,
        map.offloaded.fraction,
        map.offloaded.basis.name()
    );
    let lossy =
        |cell: &Cell| [cell.alone, cell.contended].iter().any(|ways| ways.lost_by_fastest() > 0.0);
    let legend = if map.cells.iter().any(lossy) {
        "\nlossy: the fastest, too, leaves requests unanswered there (regimes.csv says how many);\n\
         who loses over one point more of them than another does not win"
    } else {
        ""
    };
    format!("{}{legend}\n", grid(&title, &header, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alternative_is_faster_from_a_beta_on_or_always_or_never() {
        assert_eq!(above(Fastest::ServerOnly, -0.1), "server-only is faster at every β");
        assert_eq!(above(Fastest::ServerOnly, 0.25), "server-only is faster from β = 0.2500 on");
        assert_eq!(above(Fastest::ClientOnly, 1.5), "client-only is faster at no β");
    }

    #[test]
    fn a_bound_that_is_no_share_is_a_word() {
        assert_eq!(
            [-0.2, 0.0, 0.25, 1.0, 1.3].map(|alpha| bound(Some(alpha))),
            ["never", "never", "0.250", "1.000", "always"]
        );
        assert_eq!(bound(None), "–");
    }

    #[test]
    fn rates_are_told_in_the_unit_of_links() {
        // 2.36 MB/s = 18.88 Mbit/s
        let told = slower_uplink(Some(2.36e6));
        assert_eq!(told, "client-only is faster on an uplink below 18.880 Mbit/s");
        assert!(crossing_uplink(true, Some(1e6)).contains("above 8.000"));
        assert!(crossing_uplink(false, Some(1e6)).contains("below 8.000"));
    }
}
