//! What the server is worth at each entropy, from samples whose true class is known.

/// g(H) = P(client exit wrong | H) − P(server exit wrong | H), nondecreasing in the client exit's
/// entropy H.
///
/// Fitted by isotonic regression: of all nondecreasing functions the one of least squares, found
/// by pooling adjacent violators (M. Ayer, H. D. Brunk, G. M. Ewing, W. T. Reid and E. Silverman,
/// "An empirical distribution function for sampling with incomplete information", 1955). It is a
/// step function: between two samples the lower one's value holds, below all of them the lowest's.
#[derive(Debug, Clone, PartialEq)]
pub struct GainCurve {
    /// Where each step begins, in nats, and its value in [−1, 1]; both ascending.
    steps: Vec<(f64, f64)>,
}

/// What both exits answer to a sample of this entropy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// Of the client exit, in nats.
    pub entropy: f64,
    /// Whether the client exit is right.
    pub client_correct: bool,
    /// Whether the server exit is right.
    pub server_correct: bool,
}

/// Adjacent samples that have one value.
#[derive(Debug, Clone, Copy)]
struct Pool {
    from: f64,
    gain: i64,
    count: i64,
}

impl Pool {
    fn of(sample: &Judged) -> Self {
        let gain = i64::from(sample.server_correct) - i64::from(sample.client_correct);
        Self { from: sample.entropy, gain, count: 1 }
    }

    /// Whether the mean of `self` is at least that of `next`: then they violate the order, or are
    /// equal. Exact, in integers.
    fn violates(&self, next: &Self) -> bool {
        self.gain * next.count >= next.gain * self.count
    }

    fn join(self, next: &Self) -> Self {
        Self { from: self.from, gain: self.gain + next.gain, count: self.count + next.count }
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers of samples are small")]
    fn step(&self) -> (f64, f64) {
        (self.from, self.gain as f64 / self.count as f64)
    }
}

impl GainCurve {
    /// The curve of `samples`, in any order. Without any the server is worth nothing.
    pub fn fit(mut samples: Vec<Judged>) -> Self {
        samples.sort_by(|a, b| a.entropy.total_cmp(&b.entropy));
        let mut pools: Vec<Pool> = Vec::new();
        for sample in &samples {
            let mut next = Pool::of(sample);
            // Equal entropies cannot be told apart, so that they are one step in any case.
            let unordered =
                |last: &mut Pool, next: &Pool| last.from == next.from || last.violates(next);
            while let Some(last) = pools.pop_if(|last| unordered(last, &next)) {
                next = last.join(&next);
            }
            pools.push(next);
        }
        Self { steps: pools.iter().map(Pool::step).collect() }
    }

    /// g(H).
    pub fn at(&self, entropy: f64) -> f64 {
        let above = self.steps.partition_point(|(from, _)| *from <= entropy);
        self.steps.get(above.saturating_sub(1)).map_or(0.0, |(_, gain)| *gain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The curve of samples of these entropies and gains.
    fn curve(samples: &[(f64, i8)]) -> GainCurve {
        let judged = |&(entropy, gain): &(f64, i8)| Judged {
            entropy,
            client_correct: gain < 0,
            server_correct: gain > 0,
        };
        GainCurve::fit(samples.iter().map(judged).collect())
    }

    #[test]
    fn what_rises_is_kept_and_what_falls_is_pooled() {
        // 1, 0 falls: both are (1 + 0)/2 = 0.5
        let curve = curve(&[(0.1, -1), (0.2, 0), (0.3, 1), (0.4, 0), (0.5, 1)]);
        assert_eq!(curve.steps, [(0.1, -1.0), (0.2, 0.0), (0.3, 0.5), (0.5, 1.0)]);
    }

    #[test]
    fn pooling_reaches_back_as_far_as_the_order_is_violated() {
        // 0, 1, −1: 1 and −1 pool to 0, which violates nothing but equals the 0 before: one step
        assert_eq!(curve(&[(0.1, 0), (0.2, 1), (0.3, -1)]).steps, [(0.1, 0.0)]);
        // 1, −1, −1: (1 − 1 − 1)/3
        assert_eq!(curve(&[(0.1, 1), (0.2, -1), (0.3, -1)]).steps, [(0.1, -1.0 / 3.0)]);
    }

    #[test]
    fn the_order_of_samples_does_not_matter_and_equal_entropies_are_one_step() {
        let a = curve(&[(0.2, 0), (0.2, 1), (0.1, -1)]);
        assert_eq!(a, curve(&[(0.1, -1), (0.2, 1), (0.2, 0)]));
        assert_eq!(a.steps, [(0.1, -1.0), (0.2, 0.5)]);
    }

    #[test]
    fn a_step_holds_until_the_next_one() {
        let curve = curve(&[(0.1, -1), (0.2, 1)]);
        let at = [0.0, 0.1, 0.15, 0.2, 9.0].map(|entropy| curve.at(entropy));
        assert_eq!(at, [-1.0, -1.0, -1.0, 1.0, 1.0]);
        assert_eq!(GainCurve::fit(Vec::new()).at(0.5), 0.0);
    }
}
