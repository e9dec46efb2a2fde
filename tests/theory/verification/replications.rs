//! Independent replications on all cores.

use super::Estimate;
use std::num::NonZeroUsize;
use std::thread;

/// Enough for a stable t quantile, few enough that each is long against its warm-up.
pub(crate) const REPLICATIONS: u32 = 20;

/// Runs all replications of a simulation that takes its replication's number and yields N values,
/// and estimates each. A replication draws from its own streams, so the number of threads never
/// shows.
pub(crate) fn replicate<const N: usize>(
    simulate: impl Fn(u32) -> [f64; N] + Sync,
) -> [Estimate; N] {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let simulate = &simulate;
    let mut numbered: Vec<(u32, [f64; N])> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || {
                    (0..REPLICATIONS)
                        .skip(first)
                        .step_by(threads)
                        .map(|replication| (replication, simulate(replication)))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a replication ran")).collect()
    });
    numbered.sort_unstable_by_key(|(replication, _)| *replication);
    std::array::from_fn(|index| Estimate::of(numbered.iter().map(|(_, values)| values[index])))
}
