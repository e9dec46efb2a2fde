//! What the models of one cell came to, at every OOD level.

use crate::experiment::{Accuracy, AccuracyPoint, RunResult};
use crate::study::Estimate;
use serde::{Deserialize, Serialize};

/// Accuracies of a cell's final models at one OOD level: means over clients, with intervals over
/// training seeds if there are several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainedPoint {
    /// ρ.
    pub ood: f64,
    /// The client exit alone, if the method has one.
    pub client_exit: Option<Estimate>,
    /// The server exit alone, if the method has one.
    pub server_exit: Option<Estimate>,
    /// The full model, of methods that do not split it.
    pub full: Option<Estimate>,
}

impl TrainedPoint {
    /// Of the last evaluation of `run`, in order of ρ; none without training.
    pub fn all(run: &RunResult) -> Vec<Self> {
        let last = run.training.as_ref().and_then(|training| training.evaluations.last());
        let Some(last) = last else { return Vec::new() };
        let point = |(index, point): (usize, &AccuracyPoint)| {
            let widths = last.half_widths.get(index);
            let estimate = |of: fn(&AccuracyPoint) -> Option<Accuracy>| {
                let ci95 = widths.and_then(of).map(|width| width.mean);
                of(point).map(|accuracy| Estimate { value: accuracy.mean, ci95 })
            };
            Self {
                ood: point.ood,
                client_exit: estimate(|point| point.client_exit),
                server_exit: estimate(|point| point.server_exit),
                full: estimate(|point| point.full),
            }
        };
        last.points.iter().enumerate().map(point).collect()
    }
}
