//! `bounds.csv`: one row for each device class and cut; `regimes.csv`: one for each pair of rates.

use super::field;
use crate::experiment::{Bounds, Regimes, Simulated};
use crate::theory::split::Fastest;
use std::io::{self, Write};

/// Writes all that is known of each class and cut. Times are in seconds; `bound_*` are shares of the
/// model in FLOPs, and outside of [0, 1] where SplitGP is never or always the faster. What overtakes at
/// which β or rate is empty where it does not fit the device.
///
/// # Errors
/// If `out` fails.
pub fn write_bounds_rows(out: &mut dyn Write, bounds: &Bounds) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "class",
        "cut",
        "alpha_parameters",
        "alpha_flops",
        "input_bytes",
        "smashed_bytes",
        "fits",
        "beta",
        "beta_basis",
        "accuracy",
        "client_only_s",
        "server_only_s",
        "splitgp_s",
        "client_exit_s",
        "offloaded_s",
        "simulated_client_only_s",
        "simulated_server_only_s",
        "simulated_splitgp_s",
        "bound_client_only",
        "bound_server_only",
        "beta_against_client_only",
        "beta_against_server_only",
        "uplink_against_client_only_bit_s",
        "uplink_against_server_only_bit_s",
        "fastest",
    ])?;
    for class in &bounds.classes {
        for cut in &class.cuts {
            let (split, beta) = (&cut.split, cut.offloaded.fraction);
            let bits = |rate: Option<f64>| field(rate.map(|bytes| 8.0 * bytes));
            let mut row = vec![
                class.class.clone(),
                cut.cut.clone(),
                cut.alpha_parameters.to_string(),
                cut.alpha_flops.to_string(),
                cut.input.0.to_string(),
                cut.smashed.0.to_string(),
                cut.fits.to_string(),
                beta.to_string(),
                cut.offloaded.basis.name().to_owned(),
                field(cut.offloaded.accuracy),
            ];
            row.extend(cut.seconds().map(|time| time.to_string()));
            row.push(cut.times.client_exit.as_secs_f64().to_string());
            row.push(cut.times.offloaded.as_secs_f64().to_string());
            let simulated = cut.simulated_seconds();
            let finite = |way: usize| simulated.map(|times| times[way]).filter(|t| t.is_finite());
            row.extend((0..3).map(|way| field(finite(way))));
            row.push(field(split.bound_by_client_only(beta)));
            row.push(field(split.bound_by_server_only(beta)));
            // What does not fit the device overtakes nothing, and is overtaken by nothing.
            let (full, own) = (class.holds_full_model && cut.fits, cut.fits);
            let with = |fits: bool, figure: f64| field(fits.then_some(figure));
            row.push(with(full, split.beta_against_client_only()));
            row.push(with(own, split.beta_against_server_only()));
            row.push(bits(split.rate_against_client_only(beta).filter(|_| full)));
            row.push(bits(split.rate_against_server_only(beta).filter(|_| own)));
            row.push(class.fastest(cut).map_or("", Fastest::name).to_owned());
            table.write_record(row)?;
        }
    }
    table.flush()
}

/// Writes the map's cells: rates, mean seconds of each way by closed form and simulated, of the
/// simulated ones the share of requests that they lose, and who is the fastest. Who is not as accurate
/// as the others has no times; where accuracy is not known, `among` says that it was not compared.
///
/// # Errors
/// If `out` fails.
pub fn write_regime_cells(out: &mut dyn Write, map: &Regimes) -> io::Result<()> {
    const WAYS: [&str; 3] = ["client_only", "server_only", "splitgp"];
    let mut table = csv::Writer::from_writer(out);
    let mut header = vec!["uplink_bit_s".to_owned(), "device_flop_s".to_owned()];
    for kind in ["closed", "alone", "fleet"] {
        header.extend(WAYS.map(|way| format!("{kind}_{way}_s")));
        if kind != "closed" {
            header.extend(WAYS.map(|way| format!("{kind}_{way}_lost")));
        }
        header.push(format!("{kind}_fastest"));
    }
    header.push("among".to_owned());
    let among = if map.compares_accuracy() { "equally accurate" } else { "accuracy not compared" };
    table.write_record(header)?;
    let finite = |time: f64| field(Some(time).filter(|time| time.is_finite()));
    let name = |fastest: Option<Fastest>| fastest.map_or("", Fastest::name).to_owned();
    for cell in &map.cells {
        let mut row = vec![cell.uplink.to_string(), cell.device.to_string()];
        row.extend(cell.closed.map(finite));
        row.push(name(Fastest::of(cell.closed)));
        for ways in [cell.alone, cell.contended] {
            let of = |figure: fn(Simulated) -> f64| {
                ways.0.map(|way| way.map_or_else(String::new, |way| finite(figure(way))))
            };
            row.extend(of(|way| way.mean));
            row.extend(of(|way| way.lost));
            row.push(name(ways.fastest()));
        }
        row.push(among.to_owned());
        table.write_record(row)?;
    }
    table.flush()
}
