//! The readable summary that a run prints at its end; its lines fit 100 columns.

mod energy;
mod grid;
mod inference;
mod training;

use super::text::{percent, shortened};
use crate::experiment::{RunResult, StationResult, Verdict};
pub use grid::grid;

/// How many stations are listed.
const STATIONS_SHOWN: usize = 5;

/// Columns that a station's name may take.
const STATION_NAME_WIDTH: usize = 40;

/// The summary of `run` as plain text.
pub fn table(run: &RunResult) -> String {
    let mut sections = vec![header(run)];
    if let Some(training) = &run.training {
        sections.extend(training::sections(run, training));
    }
    if let Some(inference) = &run.inference {
        sections.extend(inference::sections(run, inference));
    }
    sections.extend(run.energy.as_ref().map(energy::section));
    if !run.stations.is_empty() {
        sections.push(busiest_stations(&run.stations));
    }
    if let Some(verdict) = &run.verdict {
        sections.push(verdict_line(verdict));
    }
    sections.join("\n\n") + "\n"
}

fn header(run: &RunResult) -> String {
    let replications = match run.replications.len() {
        0 => String::new(),
        count => format!(" of {count} replications"),
    };
    format!(
        "{}\nSeed {}, {} events{replications} in {:.3} s simulated\nFingerprint {:032x}",
        shortened(&run.scenario, grid::WIDTH),
        run.seed,
        run.events,
        run.sim_time.as_secs_f64(),
        run.fingerprint,
    )
}

fn verdict_line(verdict: &Verdict) -> String {
    let station = shortened(&verdict.station, STATION_NAME_WIDTH);
    format!("Verdict: {}, by station {station}:\n{}", verdict.state, verdict.reason)
}

fn busiest_stations(stations: &[StationResult]) -> String {
    let mut busiest: Vec<&StationResult> = stations.iter().collect();
    // Stable, so that equally busy ones stay in declaration order.
    busiest.sort_by(|a, b| b.utilisation.total_cmp(&a.utilisation));
    let rows = busiest.iter().take(STATIONS_SHOWN).map(|station| {
        vec![
            shortened(&station.name, STATION_NAME_WIDTH),
            percent(Some(station.utilisation)),
            format!("{:.3}", station.mean_queue),
            station.max_queue.to_string(),
        ]
    });
    let title = format!("Busiest stations (of {})", stations.len());
    grid(&title, &["station", "utilisation (%)", "mean queue", "max queue"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{self, Shape};

    fn widest(text: &str) -> usize {
        text.lines().map(|line| line.chars().count()).max().unwrap_or(0)
    }

    #[test]
    fn the_table_is_as_recorded() {
        insta::assert_snapshot!(table(&sample::small()));
    }

    #[test]
    fn several_seeds_are_shown_with_their_intervals_and_a_measured_gradient_with_its_fall() {
        let text = table(&sample::seeded());
        assert!(text.contains("mean over clients and 3 seeds"), "{text}");
        // At ρ = 0 after 20 rounds the sample's client exit is at 0.96 · 20/21 = 91.4 %.
        assert!(text.contains("91.4 ± 2.0"), "{text}");
        let gradient = "1.00e0 after 2 rounds, 1.00e-1 after 20 rounds";
        assert!(text.contains(gradient), "{text}");
        assert!(widest(&text) <= 100, "{} columns:\n{text}", widest(&text));
        let single = table(&sample::small());
        assert!(!single.contains("91.4 ±") && !single.contains("gradient"), "{single}");
    }

    #[test]
    fn lines_fit_a_hundred_columns_even_with_long_names_and_times() {
        let long = "a-device-class-with-a-very-long-name-that-nobody-should-choose".repeat(3);
        let shape = Shape {
            classes: vec![(long.clone(), 2), ("pi".to_owned(), 1)],
            slowness: 10_000,
            ..Shape::default()
        };
        let mut run = shape.build();
        run.scenario = long;
        run.seed = u64::MAX;
        run.events = u64::MAX;
        let text = table(&run);
        assert!(widest(&text) <= 100, "{} columns:\n{text}", widest(&text));
    }

    #[test]
    fn a_run_without_answers_or_training_prints_dashes_and_no_zeros() {
        let mut run = sample::nothing_answered();
        run.training = None;
        let text = table(&run);
        assert!(!text.contains("Accuracy") && !text.contains("NaN"), "{text}");
        assert!(text.contains("No request was answered"), "{text}");
    }

    #[test]
    fn the_busiest_stations_come_first() {
        let text = table(&sample::small());
        let position = |name: &str| text.find(name).unwrap();
        // pi/0/up is loaded to 0.5, pi/1/up to 0.25, the server to 0.125
        assert!(position("\n pi/0/up ") < position("\n pi/1/up "));
        assert!(position("\n pi/1/up ") < position("\n server "));
    }
}
