//! Accuracy of the final models by OOD level and exit.

use super::saved::{AccuracyAt, Exit, Training};
use super::table::{Cell, Table};
use crate::report::text::percent;
use maud::{Markup, html};

/// One answer at one level.
type Row<'a> = (f64, &'static str, &'a Exit);

/// A table with a row for each exit at each level; nothing if the models were not evaluated.
pub(super) fn section(training: &Training) -> Markup {
    let rows: Vec<Row<'_>> = training.accuracy.iter().flat_map(answers).collect();
    if rows.is_empty() {
        return html!();
    }
    let seeds = match training.seeds.len() {
        0 | 1 => String::new(),
        seeds => format!(" and {seeds} training seeds, ± 95 % intervals over these"),
    };
    let caption = format!("Accuracy of the final models (%): means over clients{seeds}");
    let heads = [
        "OOD level ρ",
        "answered by",
        "accuracy",
        "worst tenth",
        "own classes",
        "OOD samples",
        "offloaded",
    ];
    let table = Table::new(caption, heads, "answers", &rows, |&(ood, who, exit)| {
        let who = match exit.threshold {
            Some(threshold) => format!("{who}, E_th {threshold} nats"),
            None => who.to_owned(),
        };
        vec![
            Cell::number(ood, ood.to_string()),
            Cell::text(&who),
            Cell::share(Some(exit.mean), exit.ci95.as_ref().map(|widths| widths.mean)),
            Cell::share(Some(exit.worst_decile), None),
            Cell::share(Some(exit.main), None),
            Cell::share(exit.ood, None),
            Cell::share(exit.offloaded_fraction, None),
        ]
    });
    html! {
        (table.without_empty_columns().render())
        @if let Some(detection) = &training.ood_detection {
            p {
                "The client exit's entropy tells samples of other classes (ρ = " (detection.ood)
                ") from a client's own with an area under the ROC curve of "
                (format!("{:.3}", detection.auroc)) "; chance has 0.5, certainty 1."
            }
        }
        @if let Some(gain) = gain(&training.accuracy) { p { (gain) } }
    }
}

fn answers(at: &AccuracyAt) -> impl Iterator<Item = Row<'_>> {
    let answers = [
        ("client exit", &at.client_exit),
        ("server exit", &at.server_exit),
        ("selective", &at.selective),
        ("full model", &at.full),
    ];
    answers.into_iter().filter_map(|(who, exit)| Some((at.ood, who, exit.as_ref()?)))
}

/// Where offloading is worth its way, in a sentence.
fn gain(levels: &[AccuracyAt]) -> Option<String> {
    let best = levels
        .iter()
        .filter_map(|at| {
            let alone = at.client_exit.as_ref()?.mean.max(at.server_exit.as_ref()?.mean);
            Some((at.ood, at.selective.as_ref()?.mean - alone))
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    let (ood, gain) = best;
    Some(if gain > 0.0 {
        format!(
            "Answering selectively gains most over the better exit alone at ρ = {ood}: {} points.",
            percent(Some(gain))
        )
    } else {
        "At no level is answering selectively righter than the better exit alone.".to_owned()
    })
}
