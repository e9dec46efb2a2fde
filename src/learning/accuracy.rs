//! Accuracy of the exits and of entropy offloading, over clients and OOD levels.

use super::evaluation::Outcome;
use super::test_set::ood_count;

/// Accuracy at one OOD level ρ.
#[derive(Debug, Clone, PartialEq)]
pub struct AccuracyPoint {
    /// ρ.
    pub ood: f64,
    /// κ alone.
    pub client_exit: Accuracy,
    /// θ alone.
    pub server_exit: Accuracy,
    /// Entropy offloading: one entry for each E_th asked for, ascending.
    pub selective: Vec<SelectiveAccuracy>,
}

/// One exit's accuracy over clients, each a share in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// Mean over clients.
    pub mean: f64,
    /// Mean over the worst tenth of clients (at least one).
    pub worst_decile: f64,
    /// Mean over clients on their main test sets.
    pub main: f64,
    /// Mean over clients on their OOD samples; `None` at ρ = 0.
    pub ood: Option<f64>,
}

/// Accuracy under entropy offloading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SelectiveAccuracy {
    /// E_th in nats.
    pub threshold: f64,
    /// Accuracy of whoever answered.
    pub accuracy: Accuracy,
    /// β: mean over clients of the share that was offloaded.
    pub offloaded: f64,
}

/// The accuracy of all clients at each level of `ood` (ρ), for each exit alone and for entropy
/// offloading at each threshold of `entropy` (E_th in nats; offloaded iff H > E_th).
///
/// `outcomes` holds each client's test samples, the main ones first, with at least
/// ⌊ρ · n_main⌋ OOD samples at the largest ρ.
///
/// # Panics
/// If there is no client, one without main samples, or one with too few OOD samples.
pub fn accuracy(outcomes: &[Vec<Outcome>], ood: &[f64], entropy: &[f64]) -> Vec<AccuracyPoint> {
    let point = |&rho: &f64| {
        let clients: Vec<TestedClient<'_>> =
            outcomes.iter().map(|outcomes| TestedClient::new(outcomes, rho)).collect();
        let selective = |&threshold: &f64| SelectiveAccuracy {
            threshold,
            accuracy: over_clients(&clients, |outcome| {
                if outcome.entropy > threshold { server(outcome) } else { client(outcome) }
            }),
            offloaded: mean(
                clients.iter().map(|tested| tested.share(|outcome| outcome.entropy > threshold)),
            ),
        };
        AccuracyPoint {
            ood: rho,
            client_exit: over_clients(&clients, client),
            server_exit: over_clients(&clients, server),
            selective: entropy.iter().map(selective).collect(),
        }
    };
    ood.iter().map(point).collect()
}

fn client(outcome: &Outcome) -> bool {
    outcome.client_class == outcome.truth
}

fn server(outcome: &Outcome) -> bool {
    outcome.server_class == outcome.truth
}

/// A client's outcomes that belong to ρ: those of its main samples, which come first, and of the
/// first ⌊ρ · n_main⌋ others.
///
/// # Panics
/// If there are fewer others.
pub fn at_level(outcomes: &[Outcome], rho: f64) -> (&[Outcome], &[Outcome]) {
    let (main, ood) = outcomes.split_at(outcomes.partition_point(|outcome| outcome.main));
    (main, &ood[..ood_count(rho, main.len())])
}

/// One client's outcomes at one ρ.
struct TestedClient<'a> {
    main: &'a [Outcome],
    ood: &'a [Outcome],
}

impl<'a> TestedClient<'a> {
    fn new(outcomes: &'a [Outcome], rho: f64) -> Self {
        let (main, ood) = at_level(outcomes, rho);
        Self { main, ood }
    }

    /// The share of all its outcomes for which `holds`.
    fn share(&self, holds: impl Fn(&Outcome) -> bool) -> f64 {
        let (main, ood) = (count(self.main, &holds), count(self.ood, &holds));
        (main + ood) / size(self.main.len() + self.ood.len())
    }
}

/// Aggregates `right` over clients.
fn over_clients(clients: &[TestedClient<'_>], right: impl Fn(&Outcome) -> bool) -> Accuracy {
    let mut shares: Vec<f64> = clients.iter().map(|client| client.share(&right)).collect();
    let all = mean(shares.iter().copied());
    shares.sort_by(f64::total_cmp);
    let part = |outcomes: &[Outcome]| count(outcomes, &right) / size(outcomes.len());
    let with_ood: Vec<&TestedClient<'_>> =
        clients.iter().filter(|client| !client.ood.is_empty()).collect();
    Accuracy {
        mean: all,
        worst_decile: mean(shares[..shares.len().div_ceil(10)].iter().copied()),
        main: mean(clients.iter().map(|client| part(client.main))),
        ood: (!with_ood.is_empty()).then(|| mean(with_ood.iter().map(|client| part(client.ood)))),
    }
}

fn count(outcomes: &[Outcome], holds: impl Fn(&Outcome) -> bool) -> f64 {
    size(outcomes.iter().filter(|outcome| holds(outcome)).count())
}

#[expect(clippy::cast_precision_loss, reason = "numbers of samples are small")]
fn size(count: usize) -> f64 {
    count as f64
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = size(values.len());
    values.sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sample whose exits are right or not.
    fn outcome(main: bool, entropy: f64, client: bool, server: bool) -> Outcome {
        let class = |right: bool| if right { 1 } else { 2 };
        Outcome {
            sample: 0,
            truth: 1,
            main,
            entropy,
            top1: 0.5,
            top2: 0.25,
            client_class: class(client),
            server_class: class(server),
        }
    }

    /// Ten main and ten OOD samples: the client exit knows 9 of the main and 3 of the OOD ones,
    /// the server exit 7 and 8; entropy grows with the index.
    fn tested() -> Vec<Outcome> {
        let sample = |main: bool, client: u8, server: u8| {
            move |i: u8| outcome(main, 0.1 * f64::from(i), i < client, i < server)
        };
        (0..10).map(sample(true, 9, 7)).chain((0..10).map(sample(false, 3, 8))).collect()
    }

    #[test]
    fn accuracy_at_rho_is_the_mean_of_main_and_rho_times_ood() {
        // ρ = 0.5: (10·A_main + 5·A_ood)/15 with A_ood over the first 5; ρ = 1: over all 10
        for point in accuracy(&[tested()], &[0.5, 1.0], &[0.35]) {
            for exit in [point.client_exit, point.server_exit, point.selective[0].accuracy] {
                let formula = (exit.main + point.ood * exit.ood.unwrap()) / (1.0 + point.ood);
                assert!((exit.mean - formula).abs() < 1e-12, "ρ = {}", point.ood);
            }
        }
    }

    #[test]
    fn without_ood_samples_there_is_no_ood_accuracy() {
        let point = &accuracy(&[tested()], &[0.0], &[])[0];
        assert_eq!(point.client_exit.ood, None);
        assert_eq!(point.client_exit.mean, 0.9);
        assert_eq!(point.server_exit.main, 0.7);
    }

    #[test]
    fn a_threshold_of_zero_offloads_what_is_uncertain_and_a_high_one_nothing() {
        let point = &accuracy(&[tested()], &[1.0], &[0.0, 0.45, 9.0])[0];
        // H = 0, 0.1, … 0.9 twice: 18, 10 and 0 of 20 exceed the threshold
        let offloaded: Vec<f64> = point.selective.iter().map(|s| s.offloaded).collect();
        assert_eq!(offloaded, [0.9, 0.5, 0.0]);
        assert_eq!(point.selective[2].accuracy, point.client_exit);
        // At 0.45 the client answers i < 5 (5 of 5 main, 3 of 5 OOD right), the server i ≥ 5
        // (2 of 5 main, 3 of 5 OOD right)
        assert_eq!(point.selective[1].accuracy.mean, 13.0 / 20.0);
    }

    #[test]
    fn the_worst_decile_is_the_worst_tenth_of_clients_and_at_least_one() {
        let good = vec![outcome(true, 0.0, true, true); 4];
        let bad = vec![outcome(true, 0.0, false, true); 4];
        let mut clients = vec![good; 19];
        clients.push(bad);
        // the worst two of twenty: 0 and 1
        let point = &accuracy(&clients, &[0.0], &[])[0];
        assert_eq!(point.client_exit.worst_decile, 0.5);
        assert_eq!(point.client_exit.mean, 0.95);
        assert_eq!(accuracy(&clients[17..], &[0.0], &[])[0].client_exit.worst_decile, 0.0);
    }
}
