//! Where to cut: its files and its table.

use super::csv::{write_bounds_rows, write_regime_cells};
use super::figures::{draw_bounds, draw_regimes};
use super::stale::remove_figures;
use super::table::grid;
use super::text::{dash, milliseconds, percent};
use super::{OutputFolder, ReportError};
use crate::experiment::{Basis, Bounds, ClassBounds, CutBounds, Offloaded, Regimes};
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
        lines.push(overtaking(own));
    }
    lines.join("\n")
}

fn row(class: &ClassBounds, cut: &CutBounds) -> Vec<String> {
    let beta = cut.offloaded.fraction;
    let bound = |bound: Option<f64>| bound.map_or_else(dash, |bound| format!("{bound:.3}"));
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
fn overtaking(cut: &CutBounds) -> String {
    let (split, beta) = (&cut.split, cut.offloaded.fraction);
    let Offloaded { basis, .. } = cut.offloaded;
    let bytes = split.break_even_bytes();
    [
        format!("At {}, with β = {beta:.4} ({}):", cut.cut, basis.name()),
        format!(
            "  SplitGP sends {} bytes than server-only: β · q is {} than d, d/q = {:.3} %",
            if beta < bytes { "fewer" } else { "no fewer" },
            if beta < bytes { "less" } else { "no less" },
            100.0 * bytes
        ),
        format!("  {}", above(Fastest::ClientOnly, split.beta_against_client_only())),
        format!("  {}", above(Fastest::ServerOnly, split.beta_against_server_only())),
        format!("  {}", slower_uplink(split.rate_against_client_only(beta))),
        format!("  {}", crossing_uplink(beta < bytes, split.rate_against_server_only(beta))),
    ]
    .join("\n")
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
    let won = |times: fn(&crate::experiment::Cell) -> [f64; 3], way: Fastest| {
        map.cells.iter().filter(|cell| Fastest::of(times(cell)) == Some(way)).count().to_string()
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
            won(|cell| cell.closed, way),
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
    grid(&title, &header, rows) + "\n"
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
    fn rates_are_told_in_the_unit_of_links() {
        // 2.36 MB/s = 18.88 Mbit/s
        let told = slower_uplink(Some(2.36e6));
        assert_eq!(told, "client-only is faster on an uplink below 18.880 Mbit/s");
        assert!(crossing_uplink(true, Some(1e6)).contains("above 8.000"));
        assert!(crossing_uplink(false, Some(1e6)).contains("below 8.000"));
    }
}
