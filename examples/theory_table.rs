//! Prints the theory table: every simulated queue beside its closed form, as Markdown.
//!
//! ```text
//! cargo run --release --example theory_table > docs/theory.md
//! ```
//!
//! takes some minutes; `-- quick` after it simulates with the precision of the default tests.

#[path = "../tests/theory/verification/mod.rs"]
mod verification;

use verification::{CASES, Comparison, Effort, Load, Verdict, coverage};

const INTRODUCTION: &str = "\
# Simulation against queueing theory

Each row simulates a textbook queue and compares it with its closed form. Cases marked *scenario*
are written in the scenario language and run through the simulator's own devices, links and server;
the others are built from this library's kernel, stations and random streams.

A request or customer arrives every millisecond on average, so the load ρ is the mean service time s
in milliseconds over the number of servers; λ is the arrival rate. D/D/1 is exact to the nanosecond.
All else is the mean of 20 independent replications with its Student-t interval. The verdict is
*agrees* if the expected value lies in the 95 % interval and *agrees (99.9 %)* if it lies only in the
wider one, which one row in twenty should, and which no seed was chosen to avoid.

`cargo run --release --example theory_table > docs/theory.md` prints this page with half-widths of
at most 1 % of the mean, which takes minutes; with `-- quick` before the `>` they are at most 3 %. The
same cases are tests, with 3 % in `cargo test --test theory` and with 1 % in
`cargo test --release --test theory -- --ignored`.
";

fn main() {
    let effort = match std::env::args().nth(1).as_deref() {
        None => Effort::Thorough,
        Some("quick") => Effort::Quick,
        Some(other) => {
            eprintln!("unknown argument '{other}': expected nothing or 'quick'");
            std::process::exit(2);
        }
    };
    println!("{INTRODUCTION}");
    println!("Largest accepted half-width here: {} % of the mean.\n", effort.precision() * 100.0);
    println!("| case | load | what | formula | expected | simulated, 95 % interval | verdict |");
    println!("|---|---|---|---|---|---|---|");
    let (mut rows, mut hits) = (0_u32, 0_u32);
    for case in &CASES {
        for comparison in
            case.loads.iter().flat_map(|&load| (case.run)(Load::percent(load), effort))
        {
            println!("{}", row(case.name, &comparison, effort));
            rows += 1;
            hits += u32::from(comparison.verdict(effort) == Verdict::Agrees);
        }
    }
    println!("\nOf {rows} intervals of 95 %, {hits} hold the expected value.");
    println!(
        "\nOf {} batch-means intervals of 95 % from short M/M/1 runs, {} hold the mean; by the binomial \
         distribution {} to {} should.",
        coverage::INTERVALS,
        coverage::hits(),
        coverage::BAND.start(),
        coverage::BAND.end()
    );
}

fn row(case: &str, comparison: &Comparison, effort: Effort) -> String {
    let Comparison { what, load, formula, expected, simulated, .. } = comparison;
    let show = |value| comparison.quantity.show(value);
    let verdict = comparison.verdict(effort);
    let (expected, mean) = (show(*expected), show(simulated.mean));
    let half_width = show(simulated.half_width);
    format!(
        "| {case} | {load} | {what} | {formula} | {expected} | {mean} ± {half_width} | {verdict} |"
    )
}
