//! `sweep.csv`: one row for each cell of a sweep.

use super::field;
use crate::study::sweep::{CellFigures, CellPlan, SweepPlan};
use std::io::{self, Write};

/// Writes the cells in `finished`, by their places in `plan`, in order of those. The columns are
/// `cell` (from 1); for each swept key its path with the value as the sweep states it, and the path
/// with `_si` and the number in its base unit, empty for words; then those of
/// [`CellFigures::columns`].
///
/// # Errors
/// If `out` fails.
pub fn write_sweep(
    out: &mut dyn Write,
    plan: &SweepPlan,
    finished: &[(usize, CellFigures)],
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let keys = plan.paths().flat_map(|path| [path.to_owned(), format!("{path}_si")]);
    let figures = CellFigures::default().columns().into_iter().map(|(name, _)| name);
    table.write_record(["cell".to_owned()].into_iter().chain(keys).chain(figures))?;
    for (index, figures) in finished {
        let CellPlan { values, .. } = &plan.cells[*index];
        let values = values.iter().flat_map(|value| [value.text.clone(), field(value.si)]);
        let figures = figures.columns().into_iter().map(|(_, value)| value);
        table.write_record([(index + 1).to_string()].into_iter().chain(values).chain(figures))?;
    }
    table.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Estimate;
    use crate::study::sweep::CellValue;

    #[test]
    fn a_row_states_the_swept_values_as_given_and_in_base_units() {
        let value = |text: &str, si, unit: &str| CellValue {
            text: text.to_owned(),
            si,
            unit: unit.to_owned(),
        };
        let plan = SweepPlan {
            scenario: "s".to_owned(),
            version: "0".to_owned(),
            axes: vec![vec!["server.device.rate".to_owned()], vec!["server.queue".to_owned()]],
            cells: vec![CellPlan {
                key: "k".to_owned(),
                values: vec![value("2 GFLOP/s", Some(2e9), "FLOP/s"), value("fifo", None, "")],
            }],
        };
        let estimate = |value| Estimate { value, ci95: Some(0.5) };
        let figures = CellFigures {
            replications: 3,
            latency: Some([1.0, 2.0, 3.0, 4.0, 5.0].map(estimate)),
            ..CellFigures::default()
        };
        let mut out = Vec::new();
        write_sweep(&mut out, &plan, &[(0, figures)]).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
    cell,server.device.rate,server.device.rate_si,server.queue,server.queue_si,replications,requests,completed,dropped,failed,in_flight,offloaded_fraction,offloaded_fraction_ci95,accuracy,accuracy_ci95,latency_mean_s,latency_mean_ci95_s,latency_p50_s,latency_p50_ci95_s,latency_p90_s,latency_p90_ci95_s,latency_p99_s,latency_p99_ci95_s,latency_max_s,latency_max_ci95_s,request_energy_j,server_utilisation,server_utilisation_ci95,busiest_station,busiest_utilisation,busiest_utilisation_ci95,verdict,training_time_s,trained_ood,trained_client_exit,trained_server_exit,trained_full,events,sim_time_s,fingerprint
    1,2 GFLOP/s,2000000000,fifo,,3,,,,,,,,,,1,0.5,2,0.5,3,0.5,4,0.5,5,0.5,,,,,,,,,,,,,0,0,
    ");
    }
}
