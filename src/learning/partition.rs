//! Dealing training samples to clients.

mod dirichlet;

use super::dataset::{Dataset, Samples};
use super::error::LearningError;
use crate::random::Stream;
use rand::seq::SliceRandom as _;

/// How training samples are dealt to clients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Partition {
    /// Sorted by label, cut into shards, so many of them to each client (McMahan et al., AISTATS
    /// 2017).
    Shards {
        /// For each client, at least 1.
        per_client: u32,
    },
    /// Each class in random proportions (Hsu et al., 2019): the smaller α, the fewer classes a
    /// client has.
    Dirichlet {
        /// α, positive: the concentration of the Dirichlet distribution.
        alpha: f64,
    },
    /// At random, in equal parts.
    Iid,
}

impl Partition {
    /// Its number, whether that is in its range, and the range.
    pub(super) fn range(self) -> (f64, bool, &'static str) {
        match self {
            Self::Shards { per_client } => (per_client.into(), per_client >= 1, "1 or more"),
            Self::Dirichlet { alpha } => {
                (alpha, alpha.is_finite() && alpha > 0.0, "finite and above 0")
            }
            Self::Iid => (1.0, true, "1"),
        }
    }

    /// Each client's training samples of `data` as indices. Every sample is dealt to one client.
    /// Under Dirichlet proportions a client may be left without any.
    ///
    /// # Errors
    /// If there are too few samples for so many `clients`.
    pub(super) fn deal(
        self,
        data: &Dataset,
        clients: u32,
        stream: &mut Stream,
    ) -> Result<Vec<Vec<u32>>, LearningError> {
        match self {
            Self::Shards { per_client } => deal_shards(&data.train, clients, per_client, stream),
            Self::Dirichlet { alpha } => Ok(dirichlet::deal(data, clients, alpha, stream)),
            Self::Iid => deal_equally(&data.train, clients, stream),
        }
    }
}

/// Deals the shuffled samples in parts whose sizes differ by at most one.
///
/// # Errors
/// If there are more clients than samples.
fn deal_equally(
    train: &Samples,
    clients: u32,
    stream: &mut Stream,
) -> Result<Vec<Vec<u32>>, LearningError> {
    let samples = train.len();
    let count = clients as usize;
    if count > samples {
        return Err(LearningError::MoreClientsThanSamples { clients, samples });
    }
    let mut order: Vec<u32> = (0..).take(samples).collect();
    order.shuffle(stream);
    let bound = |client: usize| client * samples / count;
    Ok((0..count).map(|client| order[bound(client)..bound(client + 1)].to_vec()).collect())
}

/// Sorts the samples by label, cuts them into `clients · per_client` shards whose sizes differ by
/// at most one, and deals `per_client` of them to each client at random. Returns each client's
/// samples as indices into `train`, ascending within a shard.
///
/// # Errors
/// If there are more shards than samples.
fn deal_shards(
    train: &Samples,
    clients: u32,
    per_client: u32,
    stream: &mut Stream,
) -> Result<Vec<Vec<u32>>, LearningError> {
    let shards = u64::from(clients) * u64::from(per_client);
    let samples = train.len();
    let count = usize::try_from(shards).ok().filter(|&count| count <= samples);
    let count =
        count.ok_or(LearningError::TooFewSamples { clients, per_client, shards, samples })?;
    let mut sorted: Vec<u32> = (0..).take(samples).collect();
    sorted.sort_by_key(|&index| train.labels[index as usize]);
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(stream);
    let bound = |shard: usize| shard * samples / count;
    let shard = |&shard: &usize| &sorted[bound(shard)..bound(shard + 1)];
    Ok(order
        .chunks(per_client as usize)
        .map(|dealt| dealt.iter().flat_map(shard).copied().collect())
        .collect())
}

/// The main classes of a client with these `counts`: those that hold at least `main_share` of its
/// samples.
///
/// # Errors
/// If no class does.
pub(super) fn main_classes(
    client: &str,
    counts: &[usize],
    main_share: f64,
) -> Result<Vec<bool>, LearningError> {
    #[expect(clippy::cast_precision_loss, reason = "counts of samples are small")]
    let share = |count: usize| count as f64 / counts.iter().sum::<usize>() as f64;
    let main: Vec<bool> = counts.iter().map(|&count| share(count) >= main_share).collect();
    if main.contains(&true) {
        return Ok(main);
    }
    let largest = share(counts.iter().copied().max().unwrap_or(0));
    Err(LearningError::NoMainClass { client: client.to_owned(), share: main_share, largest })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    fn deal(clients: u32, per_client: u32) -> Result<Vec<Vec<u32>>, LearningError> {
        let mut stream = Streams::new(1, 0).stream("data", "partition");
        deal_shards(&Dataset::digits().train, clients, per_client, &mut stream)
    }

    #[test]
    fn every_sample_is_dealt_to_one_client() {
        let mut all = deal(7, 3).unwrap().concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..1347));
    }

    #[test]
    fn shards_differ_by_at_most_one_sample() {
        // 1347 = 20·67 + 7: shards of 67 and 68, two for each client
        let sizes: Vec<usize> = deal(10, 2).unwrap().iter().map(Vec::len).collect();
        assert!(sizes.iter().all(|size| (134..=136).contains(size)), "{sizes:?}");
    }

    #[test]
    fn two_shards_hold_few_classes() {
        let data = Dataset::digits();
        for client in deal(10, 2).unwrap() {
            let counts = data.train.class_counts(&client, 10);
            // A shard of 67 is smaller than a class of at least 130: it touches two at most.
            assert!(counts.iter().filter(|&&count| count > 0).count() <= 4, "{counts:?}");
        }
    }

    #[test]
    fn a_partition_depends_on_its_stream_alone() {
        assert_eq!(deal(10, 2).unwrap(), deal(10, 2).unwrap());
        let mut other = Streams::new(2, 0).stream("data", "partition");
        let dealt = deal_shards(&Dataset::digits().train, 10, 2, &mut other).unwrap();
        assert_ne!(dealt, deal(10, 2).unwrap());
    }

    #[test]
    fn more_shards_than_samples_are_refused() {
        let message = deal(674, 2).unwrap_err().to_string();
        assert_eq!(
            message,
            "674 clients with 2 shards each need 1348 training samples, the data set has 1347"
        );
        assert!(deal(u32::MAX, u32::MAX).is_err());
    }

    #[test]
    fn an_iid_partition_deals_every_sample_once_in_equal_parts_of_all_classes() {
        let data = Dataset::digits();
        let deal = |seed| {
            let mut stream = Streams::new(seed, 0).stream("data", "partition");
            Partition::Iid.deal(&data, 10, &mut stream).unwrap()
        };
        let dealt = deal(1);
        // 1347 = 10·134 + 7
        assert!(dealt.iter().all(|client| [134, 135].contains(&client.len())));
        for client in &dealt {
            let counts = data.train.class_counts(client, 10);
            assert!(counts.iter().all(|&count| count > 0), "{counts:?}");
        }
        let mut all = dealt.concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..1347));
        assert_eq!(deal(1), dealt);
        assert_ne!(deal(2), dealt);
    }

    #[test]
    fn more_clients_than_samples_are_refused() {
        let mut stream = Streams::new(1, 0).stream("data", "partition");
        let error = Partition::Iid.deal(&Dataset::digits(), 1348, &mut stream).unwrap_err();
        assert_eq!(error.to_string(), "1348 clients, but the data set has 1347 training samples");
    }

    #[test]
    fn a_class_is_main_from_its_share_on() {
        assert_eq!(main_classes("pi/0", &[9, 10, 81], 0.1), Ok(vec![false, true, true]));
        let message = main_classes("pi/3", &[50, 50], 0.6).unwrap_err().to_string();
        assert!(message.starts_with("pi/3: no class holds 0.6"), "{message}");
    }
}
