//! Dealing training samples to clients by label shards (McMahan et al., AISTATS 2017).

use super::dataset::Samples;
use super::error::LearningError;
use crate::random::Stream;
use rand::seq::SliceRandom as _;

/// Sorts the samples by label, cuts them into `clients · per_client` shards whose sizes differ by
/// at most one, and deals `per_client` of them to each client at random. Returns each client's
/// samples as indices into `train`, ascending within a shard.
///
/// # Errors
/// If there are more shards than samples.
pub(super) fn deal_shards(
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
    use crate::learning::Dataset;
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
    fn a_class_is_main_from_its_share_on() {
        assert_eq!(main_classes("pi/0", &[9, 10, 81], 0.1), Ok(vec![false, true, true]));
        let message = main_classes("pi/3", &[50, 50], 0.6).unwrap_err().to_string();
        assert!(message.starts_with("pi/3: no class holds 0.6"), "{message}");
    }
}
