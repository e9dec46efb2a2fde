//! Independent replications on all cores.

use super::Estimate;
use std::num::NonZeroUsize;
use std::thread;

/// Enough for a stable t quantile, few enough that each is long against its warm-up.
pub(crate) const REPLICATIONS: u32 = 20;

/// Runs all replications of a simulation that takes its replication's number and yields N values,
/// and estimates each.
pub(crate) fn replicate<const N: usize>(
    simulate: impl Fn(u32) -> [f64; N] + Sync,
) -> [Estimate; N] {
    let values = replications(REPLICATIONS, simulate);
    std::array::from_fn(|index| Estimate::of(values.iter().map(|values| values[index])))
}

/// What `simulate` yields for the replications 0 … `count` − 1, in their order. A replication draws
/// from its own streams, so the number of threads never shows.
pub(crate) fn replications<T: Send>(count: u32, simulate: impl Fn(u32) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let simulate = &simulate;
    let mut numbered: Vec<(u32, T)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || {
                    let mine = (0..count).skip(first).step_by(threads);
                    mine.map(|number| (number, simulate(number))).collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a replication ran")).collect()
    });
    numbered.sort_unstable_by_key(|(number, _)| *number);
    numbered.into_iter().map(|(_, value)| value).collect()
}
