//! Accuracy of the exits, of the full model and of entropy offloading, over clients and OOD levels.

use super::evaluation::Outcome;
use super::test_set::ood_count;

/// Accuracy at one OOD level ρ.
#[derive(Debug, Clone, PartialEq)]
pub struct AccuracyPoint {
    /// ρ.
    pub ood: f64,
    /// κ alone, if the method has a client exit.
    pub client_exit: Option<Accuracy>,
    /// The server exit alone, if the method has one.
    pub server_exit: Option<Accuracy>,
    /// Entropy offloading: one entry for each E_th asked for, ascending; none unless there are both
    /// exits.
    pub selective: Vec<SelectiveAccuracy>,
    /// The full model, of methods that do not split it.
    pub full: Option<Accuracy>,
}

/// The accuracy of one exit, or of the full model, over clients, each a share in [0, 1].
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

/// The accuracy of all clients at each level of `ood` (ρ): of each exit alone and of entropy
/// offloading at each threshold of `entropy` (E_th in nats; offloaded iff H > E_th), or of the full
/// model, whatever the outcomes hold.
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
        let at_threshold = |&threshold: &f64| {
            Some(SelectiveAccuracy {
                threshold,
                accuracy: over_clients(&clients, |outcome| selective(outcome, threshold))?,
                offloaded: mean_share(&clients, |outcome| is_offloaded(outcome, threshold))?,
            })
        };
        AccuracyPoint {
            ood: rho,
            client_exit: over_clients(&clients, client),
            server_exit: over_clients(&clients, server),
            selective: entropy.iter().filter_map(at_threshold).collect(),
            full: over_clients(&clients, full),
        }
    };
    ood.iter().map(point).collect()
}

/// Whether entropy offloading asks the server; `None` if there is no server exit to ask, or no
/// client exit to doubt.
fn is_offloaded(outcome: &Outcome, threshold: f64) -> Option<bool> {
    let exit = outcome.client.filter(|_| outcome.server.is_some())?;
    Some(exit.entropy > threshold)
}

/// Whether whoever answers under entropy offloading is right; `None` if an exit is missing.
pub(super) fn selective(outcome: &Outcome, threshold: f64) -> Option<bool> {
    if is_offloaded(outcome, threshold)? { server(outcome) } else { client(outcome) }
}

/// Whether the client exit is right; `None` if there is none.
pub(super) fn client(outcome: &Outcome) -> Option<bool> {
    outcome.client.map(|exit| exit.class == outcome.truth)
}

/// Whether the server exit is right; `None` if there is none.
pub(super) fn server(outcome: &Outcome) -> Option<bool> {
    outcome.server.map(|class| class == outcome.truth)
}

/// Whether the full model is right; `None` if the model is split.
pub(super) fn full(outcome: &Outcome) -> Option<bool> {
    outcome.full.map(|class| class == outcome.truth)
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

/// Whether a client's `outcomes` suffice for ρ.
pub fn reaches_level(outcomes: &[Outcome], rho: f64) -> bool {
    let main = outcomes.partition_point(|outcome| outcome.main);
    ood_count(rho, main) <= outcomes.len() - main
}

/// One client's outcomes at one ρ.
pub(super) struct TestedClient<'a> {
    main: &'a [Outcome],
    ood: &'a [Outcome],
}

impl<'a> TestedClient<'a> {
    pub(super) fn new(outcomes: &'a [Outcome], rho: f64) -> Self {
        let (main, ood) = at_level(outcomes, rho);
        Self { main, ood }
    }

    /// The share of all its outcomes for which `holds`; `None` if one of them cannot tell.
    pub(super) fn share(&self, holds: impl Fn(&Outcome) -> Option<bool>) -> Option<f64> {
        let (main, ood) = (count(self.main, &holds)?, count(self.ood, &holds)?);
        Some((main + ood) / size(self.main.len() + self.ood.len()))
    }
}

/// Aggregates `right` over clients; `None` if there are answers that do not exist.
fn over_clients(
    clients: &[TestedClient<'_>],
    right: impl Fn(&Outcome) -> Option<bool>,
) -> Option<Accuracy> {
    let mut shares: Vec<f64> =
        clients.iter().map(|client| client.share(&right)).collect::<Option<_>>()?;
    let all = mean(&shares);
    shares.sort_by(f64::total_cmp);
    let part = |outcomes: &[Outcome]| Some(count(outcomes, &right)? / size(outcomes.len()));
    let main: Option<Vec<f64>> = clients.iter().map(|client| part(client.main)).collect();
    let with_ood = clients.iter().filter(|client| !client.ood.is_empty());
    let ood: Option<Vec<f64>> = with_ood.map(|client| part(client.ood)).collect();
    Some(Accuracy {
        mean: all,
        worst_decile: mean(&shares[..shares.len().div_ceil(10)]),
        main: mean(&main?),
        ood: ood.filter(|shares| !shares.is_empty()).map(|shares| mean(&shares)),
    })
}

/// The mean over clients of the share of their outcomes for which `holds`.
fn mean_share(
    clients: &[TestedClient<'_>],
    holds: impl Fn(&Outcome) -> Option<bool>,
) -> Option<f64> {
    let shares: Option<Vec<f64>> = clients.iter().map(|client| client.share(&holds)).collect();
    Some(mean(&shares?))
}

/// For how many of `outcomes` it `holds`; `None` if one of them cannot tell.
fn count(outcomes: &[Outcome], holds: impl Fn(&Outcome) -> Option<bool>) -> Option<f64> {
    let holding: Option<usize> = outcomes.iter().map(|o| holds(o).map(usize::from)).sum();
    holding.map(size)
}

#[expect(clippy::cast_precision_loss, reason = "numbers of samples are small")]
fn size(count: usize) -> f64 {
    count as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / size(values.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::ClientExit;

    /// A sample whose exits are right or not.
    fn outcome(main: bool, entropy: f64, client: bool, server: bool) -> Outcome {
        let class = |right: bool| if right { 1 } else { 2 };
        Outcome {
            sample: 0,
            truth: 1,
            main,
            client: Some(ClientExit { entropy, top1: 0.5, top2: 0.25, class: class(client) }),
            server: Some(class(server)),
            full: None,
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
            let exits = [point.client_exit, point.server_exit, Some(point.selective[0].accuracy)];
            for exit in exits.map(Option::unwrap) {
                let formula = (exit.main + point.ood * exit.ood.unwrap()) / (1.0 + point.ood);
                assert!((exit.mean - formula).abs() < 1e-12, "ρ = {}", point.ood);
            }
        }
    }

    #[test]
    fn without_ood_samples_there_is_no_ood_accuracy() {
        let point = &accuracy(&[tested()], &[0.0], &[])[0];
        let (client, server) = (point.client_exit.unwrap(), point.server_exit.unwrap());
        assert_eq!(client.ood, None);
        assert_eq!(client.mean, 0.9);
        assert_eq!(server.main, 0.7);
    }

    #[test]
    fn a_threshold_of_zero_offloads_what_is_uncertain_and_a_high_one_nothing() {
        let point = &accuracy(&[tested()], &[1.0], &[0.0, 0.45, 9.0])[0];
        // H = 0, 0.1, … 0.9 twice: 18, 10 and 0 of 20 exceed the threshold
        let offloaded: Vec<f64> = point.selective.iter().map(|s| s.offloaded).collect();
        assert_eq!(offloaded, [0.9, 0.5, 0.0]);
        assert_eq!(Some(point.selective[2].accuracy), point.client_exit);
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
        let client_exit =
            |clients: &[Vec<Outcome>]| accuracy(clients, &[0.0], &[])[0].client_exit.unwrap();
        assert_eq!(client_exit(&clients).worst_decile, 0.5);
        assert_eq!(client_exit(&clients).mean, 0.95);
        assert_eq!(client_exit(&clients[17..]).worst_decile, 0.0);
    }

    #[test]
    fn an_answer_that_does_not_exist_has_no_accuracy_and_no_selective_one() {
        let answers = |client: bool, server: bool, full: bool| {
            let only = |outcome: Outcome| Outcome {
                client: outcome.client.filter(|_| client),
                server: outcome.server.filter(|_| server),
                full: full.then_some(1),
                ..outcome
            };
            let outcomes = tested().into_iter().map(only).collect();
            accuracy(&[outcomes], &[1.0], &[0.45]).remove(0)
        };
        let server_alone = answers(false, true, false);
        assert_eq!(server_alone.client_exit, None);
        assert_eq!(server_alone.server_exit.unwrap().mean, 0.75, "(7 + 8) of 20");
        assert_eq!((server_alone.selective, server_alone.full), (vec![], None));
        let full = answers(false, false, true);
        assert_eq!((full.client_exit, full.server_exit, full.selective), (None, None, vec![]));
        assert_eq!(full.full.unwrap().mean, 1.0);
    }
}
