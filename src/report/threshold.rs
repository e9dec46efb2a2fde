//! Which entropy threshold a report shows.

use crate::experiment::{AccuracyPoint, RunResult, SelectiveAccuracy};

/// The E_th (nats) whose selective accuracy tables and figures show: the scenario's own under
/// entropy offloading, else the middle one of those evaluated. `None` if none was evaluated.
pub(super) fn shown_threshold(run: &RunResult) -> Option<f64> {
    let point = run.training.as_ref()?.evaluations.last()?.points.first()?;
    run.threshold.filter(|&threshold| selective_at(point, threshold).is_some()).or_else(|| {
        let middle = point.selective.len() / 2;
        point.selective.get(middle).map(|selective| selective.threshold)
    })
}

/// The selective accuracy of `point` at exactly this threshold.
pub(super) fn selective_at(point: &AccuracyPoint, threshold: f64) -> Option<&SelectiveAccuracy> {
    point.selective.iter().find(|selective| selective.threshold == threshold)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_scenario_s_own_threshold_is_shown() {
        assert_eq!(shown_threshold(&sample::small()), Some(1.2));
    }

    #[test]
    fn another_policy_shows_the_middle_threshold() {
        let mut run = sample::small();
        run.threshold = None;
        // 0.4, 0.8, 1.2, 1.6: the upper middle
        assert_eq!(shown_threshold(&run), Some(1.2));
        for point in &mut run.training.as_mut().unwrap().evaluations.last_mut().unwrap().points {
            point.selective.truncate(3);
        }
        assert_eq!(shown_threshold(&run), Some(0.8));
    }

    #[test]
    fn without_training_there_is_none() {
        assert_eq!(shown_threshold(&sample::latency_only()), None);
    }
}
