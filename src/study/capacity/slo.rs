//! What is good enough: `p99 < 100 ms and accuracy >= 90 %`.

use crate::experiment::RunResult;
use crate::scenario::{Measure, nearest};
use crate::study::{Estimate, Metric};
use std::fmt;

/// Objectives that all have to be met.
#[derive(Debug, Clone, PartialEq)]
pub struct Slo(Vec<Objective>);

/// One objective.
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    metric: Metric,
    bound: Bound,
    /// In the metric's own unit.
    value: f64,
    text: String,
}

/// On which side of its value a metric has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Below.
    Below,
    /// At or below.
    AtMost,
    /// Above.
    Above,
    /// At or above.
    AtLeast,
}

const BOUNDS: [(&str, Bound); 6] = [
    ("<=", Bound::AtMost),
    (">=", Bound::AtLeast),
    ("≤", Bound::AtMost),
    ("≥", Bound::AtLeast),
    ("<", Bound::Below),
    (">", Bound::Above),
];

impl Slo {
    /// Reads `METRIC OP VALUE`, several of them joined by `and`.
    ///
    /// # Errors
    /// What is wrong with which of them, and what is allowed.
    pub fn read(text: &str) -> Result<Self, String> {
        text.split(" and ").map(Objective::read).collect::<Result<_, _>>().map(Self)
    }

    /// The objectives in order.
    pub fn objectives(&self) -> &[Objective] {
        &self.0
    }
}

impl Objective {
    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let found = BOUNDS.iter().find_map(|(sign, bound)| {
            text.split_once(sign).map(|(metric, value)| (metric.trim(), *bound, value.trim()))
        });
        let Some((name, bound, value)) = found else {
            return Err(format!("`{text}` is no objective: write one like `p99 < 100 ms`"));
        };
        let Some(metric) = Metric::named(name) else {
            let names: Vec<&str> = Metric::all().map(Metric::name).collect();
            let meant = nearest(name, &names)
                .map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`?"));
            return Err(format!("`{name}` is not a metric{meant} (allowed: {})", names.join(", ")));
        };
        Ok(Self { metric, bound, value: in_unit_of(metric, value)?, text: text.to_owned() })
    }

    /// The metric.
    pub fn metric(&self) -> Metric {
        self.metric
    }

    /// What separates good from bad, in the metric's own unit.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The metric's mean over the replications of `run`, and whether the unfavourable end of its
    /// interval meets the objective. A metric that a replication does not determine meets none.
    pub fn judge(&self, run: &RunResult) -> (Option<Estimate>, bool) {
        let values = self.metric.values(run);
        let known: Option<Vec<f64>> = values.iter().copied().collect();
        let estimate = Estimate::of(values.into_iter().flatten());
        let met = known.and(estimate).is_some_and(|estimate| self.is_met(&estimate));
        (estimate, met)
    }

    /// How far the unfavourable end of `estimate` misses the objective, as a share of its value;
    /// below 0 if it meets it.
    pub fn excess(&self, estimate: Option<Estimate>) -> f64 {
        let scale = if self.value == 0.0 { 1.0 } else { self.value.abs() };
        estimate.map_or(f64::INFINITY, |estimate| match self.bound {
            Bound::Below | Bound::AtMost => (estimate.high() - self.value) / scale,
            Bound::Above | Bound::AtLeast => (self.value - estimate.low()) / scale,
        })
    }

    /// Whether all of the interval meets it.
    pub fn is_met(&self, estimate: &Estimate) -> bool {
        match self.bound {
            Bound::Below => estimate.high() < self.value,
            Bound::AtMost => estimate.high() <= self.value,
            Bound::Above => estimate.low() > self.value,
            Bound::AtLeast => estimate.low() >= self.value,
        }
    }
}

impl fmt::Display for Slo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<&str> = self.0.iter().map(|objective| objective.text.as_str()).collect();
        f.write_str(&texts.join(" and "))
    }
}

impl fmt::Display for Objective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn in_unit_of(metric: Metric, text: &str) -> Result<f64, String> {
    let example = match metric.unit() {
        "s" => "a duration such as `100 ms`",
        "J" => "joules without a unit, such as `0.2`",
        _ => "a share such as `0.9` or `90 %`",
    };
    let unit = match metric.unit() {
        "s" => "s",
        _ => "",
    };
    let si = Measure::read(text).and_then(|measure| measure.si());
    match si.filter(|si| si.unit == unit && si.value.is_finite()) {
        Some(si) if si.value < 0.0 => {
            Err(format!("`{text}` is below zero, and `{}` never is", metric.name()))
        }
        Some(si) if metric.unit().is_empty() && si.value > 1.0 => {
            Err(format!("`{text}` is above 1 (100 %), and `{}` never is", metric.name()))
        }
        Some(si) => Ok(si.value),
        None => Err(format!("`{text}` is no value of `{}`: write {example}", metric.name())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objectives_are_read_with_their_units() {
        let slo = Slo::read("p99 < 100 ms and accuracy >= 90 %").unwrap();
        let [latency, accuracy] = slo.objectives() else { panic!("two objectives") };
        assert_eq!(
            (latency.metric, latency.bound, latency.value),
            (Metric::LatencyP99, Bound::Below, 0.1)
        );
        assert_eq!((accuracy.metric, accuracy.value), (Metric::Accuracy, 0.9));
        assert_eq!(slo.to_string(), "p99 < 100 ms and accuracy >= 90 %");
    }

    #[test]
    fn the_unfavourable_end_of_the_interval_decides() {
        let met = |slo: &str, value: f64, ci95: f64| {
            Slo::read(slo).unwrap().objectives()[0].is_met(&Estimate { value, ci95: Some(ci95) })
        };
        assert!(met("p99 < 100 ms", 0.05, 0.04));
        assert!(!met("p99 < 100 ms", 0.05, 0.05), "0.05 + 0.05 is not below 0.1");
        assert!(met("p99 ≤ 100 ms", 0.05, 0.05));
        assert!(met("accuracy > 0.9", 0.95, 0.04));
        assert!(!met("accuracy > 0.9", 0.95, 0.06));
        assert!(met("accuracy >= 0.5", 0.75, 0.25));
    }

    #[test]
    fn what_is_no_objective_is_explained() {
        let refused = |slo: &str| Slo::read(slo).unwrap_err();
        insta::assert_snapshot!(refused("p99 100 ms"), @"`p99 100 ms` is no objective: write one like `p99 < 100 ms`");
        insta::assert_snapshot!(refused("p95 < 100 ms"), @"`p95` is not a metric; did you mean `p90`? (allowed: mean, p50, p90, p99, max, accuracy, offloaded, drops, utilisation, energy, training)");
        assert!(refused("acuracy > 0.9").contains("did you mean `accuracy`?"));
        insta::assert_snapshot!(refused("p99 < 100"), @"`100` is no value of `p99`: write a duration such as `100 ms`");
        insta::assert_snapshot!(refused("p99 < 1 s and accuracy > 90 ms"), @"`90 ms` is no value of `accuracy`: write a share such as `0.9` or `90 %`");
    }

    #[test]
    fn values_that_a_metric_never_has_are_refused() {
        let refused = |slo: &str| Slo::read(slo).unwrap_err();
        assert_eq!(refused("accuracy > 90"), "`90` is above 1 (100 %), and `accuracy` never is");
        assert_eq!(
            refused("utilisation < 101 %"),
            "`101 %` is above 1 (100 %), and `utilisation` never is"
        );
        assert_eq!(refused("drops < -1 %"), "`-1 %` is below zero, and `drops` never is");
        assert_eq!(refused("p99 < -5 ms"), "`-5 ms` is below zero, and `p99` never is");
        for ends in ["accuracy >= 1", "drops <= 0", "offloaded < 100 %", "p99 > 0 s"] {
            assert!(Slo::read(ends).is_ok(), "{ends}");
        }
    }
}
