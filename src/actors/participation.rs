//! Who takes part in a round when not everybody does.

use crate::random::Stream;
use rand::seq::SliceRandom as _;

/// Draws the clients of each round (McMahan et al., "FedAvg", AISTATS 2017: a fraction C of them,
/// uniformly and without replacement).
///
/// A device that is down is never drawn (Bonawitz et al., "Towards Federated Learning at Scale",
/// MLSys 2019: a server chooses among those that have checked in): for each round all clients are
/// shuffled, and the first ones in that order that are up take part. What is drawn for one round does
/// not depend on who was up in another, so that two fleets compare under common random numbers.
#[derive(Debug, Clone)]
pub struct Participation {
    count: usize,
    stream: Stream,
}

impl Participation {
    /// ⌈`fraction` · `clients`⌉ clients for each round, drawn from `stream`; `None` if that is
    /// everybody, for which nothing has to be drawn.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a share of a number of clients"
    )]
    pub fn new(fraction: f64, clients: usize, stream: Stream) -> Option<Self> {
        // 0.07 · 100 is a little more than 7 in floating point, and must not round up to 8.
        let exact = fraction * clients as f64 * (1.0 - 1e-12);
        let count = (exact.ceil() as usize).clamp(1, clients.max(1));
        (count < clients).then_some(Self { count, stream })
    }

    /// How many clients take part in a round if enough of them are up.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Which of `clients` clients take part in the next round, given who is up: one flag for each.
    pub fn draw(&mut self, clients: usize, is_up: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut order: Vec<usize> = (0..clients).collect();
        order.shuffle(&mut self.stream);
        let mut drawn = vec![false; clients];
        for client in order.into_iter().filter(|&client| is_up(client)).take(self.count) {
            drawn[client] = true;
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    fn stream() -> Stream {
        Streams::new(1, 0).stream("server", "participation")
    }

    fn chosen(drawn: &[bool]) -> Vec<usize> {
        (0..drawn.len()).filter(|&client| drawn[client]).collect()
    }

    #[test]
    fn the_number_of_participants_is_the_fraction_rounded_up() {
        let count = |fraction, clients| {
            Participation::new(fraction, clients, stream()).map(|drawn| drawn.count())
        };
        assert_eq!(count(0.2, 50), Some(10), "0.2 · 50 = 10");
        assert_eq!(count(0.07, 100), Some(7), "0.07 · 100 = 7, whatever floating point says");
        assert_eq!(count(0.21, 10), Some(3), "⌈2.1⌉");
        assert_eq!(count(1e-9, 10), Some(1), "somebody always takes part");
        assert_eq!(count(1.0, 10), None, "nothing to draw");
        assert_eq!(count(0.95, 10), None, "⌈9.5⌉ is everybody");
    }

    #[test]
    fn draws_are_without_replacement_and_pinned_by_value() {
        let mut participation = Participation::new(0.3, 10, stream()).unwrap();
        let rounds: Vec<Vec<usize>> =
            (0..3).map(|_| chosen(&participation.draw(10, |_| true))).collect();
        assert_eq!(rounds, [[1, 3, 4], [2, 3, 7], [2, 3, 8]]);
    }

    #[test]
    fn a_device_that_is_down_is_replaced_and_shifts_no_later_draw() {
        let mut all_up = Participation::new(0.3, 10, stream()).unwrap();
        let mut one_down = all_up.clone();
        let expected = chosen(&all_up.draw(10, |_| true));
        let down = expected[0];
        let drawn = chosen(&one_down.draw(10, |client| client != down));
        assert_eq!(drawn.len(), 3);
        assert!(!drawn.contains(&down));
        assert!(expected[1..].iter().all(|client| drawn.contains(client)), "the others stay");
        assert_eq!(one_down.draw(10, |_| true), all_up.draw(10, |_| true), "the next round");
    }

    #[test]
    fn who_is_up_takes_part_if_there_are_too_few() {
        let mut participation = Participation::new(0.5, 10, stream()).unwrap();
        assert_eq!(chosen(&participation.draw(10, |client| client == 7)), [7]);
    }

    #[test]
    fn every_client_is_drawn_equally_often() {
        let mut participation = Participation::new(0.3, 10, stream()).unwrap();
        let rounds = 10_000_u32;
        let mut counts = [0.0; 10];
        for _ in 0..rounds {
            for client in chosen(&participation.draw(10, |_| true)) {
                counts[client] += 1.0;
            }
        }
        // Binomial: mean n·p, standard deviation √(n·p·(1−p)) = √(10,000·0.3·0.7) = 45.8
        for count in counts {
            assert!(f64::abs(count - 3000.0) < 4.0 * 45.8, "{counts:?}");
        }
    }
}
