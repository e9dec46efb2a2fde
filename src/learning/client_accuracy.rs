//! The accuracy of each client by itself, for distributions over clients.

use super::accuracy::{TestedClient, client, full, selective, server};
use super::evaluation::Outcome;

/// Each client's share of right answers at one OOD level, in client order; `None` for answers that
/// the method does not have.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientAccuracies {
    /// Of κ alone.
    pub client_exit: Option<Vec<f64>>,
    /// Of the server exit alone.
    pub server_exit: Option<Vec<f64>>,
    /// Of entropy offloading at the threshold asked for.
    pub selective: Option<Vec<f64>>,
    /// Of the full model.
    pub full: Option<Vec<f64>>,
}

/// The accuracies of all clients at the level `rho` and under entropy offloading at `threshold`
/// (E_th in nats), over the same samples as [`super::accuracy`].
///
/// # Panics
/// As [`super::accuracy`].
pub fn client_accuracies(
    outcomes: &[Vec<Outcome>],
    rho: f64,
    threshold: Option<f64>,
) -> ClientAccuracies {
    let clients: Vec<TestedClient<'_>> =
        outcomes.iter().map(|outcomes| TestedClient::new(outcomes, rho)).collect();
    let shares = |right: &dyn Fn(&Outcome) -> Option<bool>| {
        clients.iter().map(|client| client.share(right)).collect::<Option<Vec<f64>>>()
    };
    ClientAccuracies {
        client_exit: shares(&client),
        server_exit: shares(&server),
        selective: threshold.and_then(|threshold| shares(&|outcome| selective(outcome, threshold))),
        full: shares(&full),
    }
}

#[cfg(test)]
mod tests {
    use super::super::accuracy::accuracy;
    use super::*;
    use crate::learning::ClientExit;

    /// A client of `right` right client exits among ten samples, whose server is always right.
    fn tested(right: u8) -> Vec<Outcome> {
        let outcome = |index: u8| Outcome {
            sample: u32::from(index),
            truth: 1,
            main: true,
            client: Some(ClientExit {
                entropy: 0.1 * f64::from(index),
                top1: 0.5,
                top2: 0.25,
                class: u8::from(index < right),
            }),
            server: Some(1),
            full: None,
        };
        (0..10).map(outcome).collect()
    }

    #[test]
    fn the_mean_of_the_clients_is_the_accuracy_over_clients() {
        let outcomes = [tested(9), tested(4)];
        let each = client_accuracies(&outcomes, 0.0, Some(0.55));
        assert_eq!(each.client_exit, Some(vec![0.9, 0.4]));
        // The server answers H = 0.6 … 0.9, so that 6 of 6 and 4 of 6 remain to the clients.
        assert_eq!(each.selective, Some(vec![1.0, 0.8]));
        assert_eq!(each.full, None);
        let point = &accuracy(&outcomes, &[0.0], &[0.55])[0];
        assert_eq!(point.client_exit.unwrap().mean, (0.9 + 0.4) / 2.0);
        assert_eq!(point.selective[0].accuracy.mean, (1.0 + 0.8) / 2.0);
    }
}
