//! How well the client exit's entropy tells out-of-distribution samples from main ones.

use super::accuracy::at_level;
use super::evaluation::Outcome;

/// Each client's entropies (nats) on its main and on its OOD samples, ascending.
#[derive(Debug, Clone)]
pub struct OodDetection {
    clients: Vec<[Vec<f64>; 2]>,
}

impl OodDetection {
    /// Over each client's samples at the level `rho`. `None` if there is no client exit, or no
    /// client has an OOD sample at that level; clients without one are left out.
    ///
    /// # Panics
    /// As [`super::accuracy`].
    pub fn of(outcomes: &[Vec<Outcome>], rho: f64) -> Option<Self> {
        let mut clients = Vec::new();
        for outcomes in outcomes {
            let (main, ood) = at_level(outcomes, rho);
            let entropies = [sorted(main)?, sorted(ood)?];
            if entropies.iter().all(|entropies| !entropies.is_empty()) {
                clients.push(entropies);
            }
        }
        (!clients.is_empty()).then_some(Self { clients })
    }

    /// The area under the receiver operating characteristic of "OOD iff H is large": the
    /// probability that an OOD sample has a larger entropy than a main one, ties counted half
    /// (Mann and Whitney's U over n·m; J. Hanley and B. McNeil, Radiology 143, 1982). Mean over
    /// clients; 0.5 tells nothing, 1 everything.
    pub fn auroc(&self) -> f64 {
        self.mean(|[main, ood]| {
            let below = |value: f64| main.partition_point(|entropy| *entropy < value);
            let up_to = |value: f64| main.partition_point(|entropy| *entropy <= value);
            let wins: f64 = ood.iter().map(|&h| size(below(h) + up_to(h)) / 2.0).sum();
            wins / (size(main.len()) * size(ood.len()))
        })
    }

    /// P(offload | main) and P(offload | OOD) at E_th = `threshold` nats: means over clients of the
    /// shares of samples with H > E_th.
    pub fn offloaded(&self, threshold: f64) -> [f64; 2] {
        [0, 1].map(|part| {
            self.mean(|entropies| {
                let entropies = &entropies[part];
                let kept = entropies.partition_point(|entropy| *entropy <= threshold);
                size(entropies.len() - kept) / size(entropies.len())
            })
        })
    }

    fn mean(&self, of: impl Fn(&[Vec<f64>; 2]) -> f64) -> f64 {
        self.clients.iter().map(of).sum::<f64>() / size(self.clients.len())
    }
}

/// The client exit's entropies, ascending; `None` if a sample has none.
fn sorted(outcomes: &[Outcome]) -> Option<Vec<f64>> {
    let entropies = outcomes.iter().map(|outcome| outcome.client.map(|exit| exit.entropy));
    let mut entropies: Vec<f64> = entropies.collect::<Option<_>>()?;
    entropies.sort_by(f64::total_cmp);
    Some(entropies)
}

#[expect(clippy::cast_precision_loss, reason = "numbers of samples are small")]
fn size(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::ClientExit;

    fn tested(main: &[f64], ood: &[f64]) -> Vec<Outcome> {
        let outcome = |is_main: bool| {
            move |&entropy: &f64| Outcome {
                sample: 0,
                truth: 1,
                main: is_main,
                client: Some(ClientExit { entropy, top1: 0.5, top2: 0.25, class: 1 }),
                server: Some(1),
                full: None,
            }
        };
        main.iter().map(outcome(true)).chain(ood.iter().map(outcome(false))).collect()
    }

    #[test]
    fn auroc_is_the_share_of_pairs_that_entropy_orders_rightly_ties_half() {
        let detection = |main: &[f64], ood: &[f64]| OodDetection::of(&[tested(main, ood)], 1.0);
        let auroc = |main: &[f64], ood: &[f64]| detection(main, ood).unwrap().auroc();
        assert_eq!(auroc(&[0.1, 0.2], &[0.3, 0.4]), 1.0);
        assert_eq!(auroc(&[0.3, 0.4], &[0.1, 0.2]), 0.0);
        assert_eq!(auroc(&[0.5, 0.5], &[0.5, 0.5]), 0.5);
        // pairs (0.1, 0.2) right, (0.1, 0.4) right, (0.2, 0.2) tied, (0.2, 0.4) right: 3.5 of 4
        assert_eq!(auroc(&[0.1, 0.2], &[0.2, 0.4]), 3.5 / 4.0);
    }

    #[test]
    fn an_entropy_at_the_threshold_is_not_offloaded() {
        let detection = OodDetection::of(&[tested(&[0.1, 0.5], &[0.5, 0.9])], 1.0).unwrap();
        assert_eq!(detection.offloaded(0.5), [0.0, 0.5]);
        assert_eq!(detection.offloaded(0.0), [1.0, 1.0]);
    }

    #[test]
    fn every_client_counts_once_and_one_without_ood_samples_not_at_all() {
        let (sure, unsure) = (tested(&[0.1; 4], &[0.9; 4]), tested(&[0.5; 2], &[0.5; 2]));
        // ⌊0.5 · 1⌋ = 0 OOD samples of the third client
        let detection = OodDetection::of(&[sure, unsure, tested(&[0.1], &[])], 0.5).unwrap();
        assert_eq!(detection.auroc(), (1.0 + 0.5) / 2.0, "not weighted by samples");
        assert!(OodDetection::of(&[tested(&[0.1], &[])], 0.5).is_none());
    }
}
