//! Independent replications: run on all cores, joined to means with confidence intervals.

use super::error::ExperimentError;
use super::figures::Figures;
use super::result::{
    ClientResult, InferenceResult, LatencyResult, ReplicationResult, RunResult, StationHalfWidths,
    StationResult,
};
use super::timeliness::Timeliness;
use super::verdict::Verdict;
use crate::stats::{Tally, half_width_95};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use xxhash_rust::xxh3::Xxh3;

/// Runs the replications in `numbers` by `run` on up to `threads` threads, and returns their
/// results in order, or the error of the first one that failed. Which thread runs which never
/// shows. The calling thread does `meanwhile` first and helps then.
pub(super) fn in_parallel<T>(
    numbers: Range<u32>,
    threads: NonZeroUsize,
    run: impl Fn(u32) -> Result<RunResult, ExperimentError> + Sync,
    meanwhile: impl FnOnce() -> T,
) -> (T, Result<Vec<RunResult>, ExperimentError>) {
    let results: Vec<_> = numbers.clone().map(|_| Mutex::new(None)).collect();
    let next = AtomicU32::new(numbers.start);
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if !numbers.contains(&number) {
                return;
            }
            let slot = &results[(number - numbers.start) as usize];
            *slot.lock().expect("nothing panics while it stores a result") = Some(run(number));
        }
    };
    let done = std::thread::scope(|scope| {
        for _ in 1..threads.get().min(results.len() + 1) {
            scope.spawn(work);
        }
        let done = meanwhile();
        work();
        done
    });
    let taken = results.into_iter().map(|slot| {
        let result = slot.into_inner().expect("nothing panics while it stores a result");
        result.expect("every replication was run")
    });
    (done, taken.collect())
}

/// Joins replications to one result. Its figures are means over them, with half-widths, and its
/// counts are sums. What has no mean, the rounds and every single request, is the first
/// replication's.
pub(super) fn join(first: RunResult, others: Vec<RunResult>) -> RunResult {
    let all = std::iter::once(&first).chain(&others);
    let replications: Vec<ReplicationResult> = (0..).zip(all).map(replication).collect();
    let stations = joined_stations(&first.stations, &others);
    let clients = joined_clients(&first.clients, &others);
    let inference = first.inference.map(|inference| {
        let others: Vec<_> = others.iter().filter_map(|run| run.inference.as_ref()).collect();
        joined_inference(inference, &others)
    });
    let energy = first.energy.map(|energy| {
        let others: Vec<_> = others.iter().filter_map(|run| run.energy.as_ref()).collect();
        energy.mean(&others)
    });
    RunResult {
        energy,
        fingerprint: fingerprint(&replications),
        events: replications.iter().map(|replication| replication.events).sum(),
        sim_time: others.iter().map(|run| run.sim_time).fold(first.sim_time, Ord::max),
        verdict: inference.as_ref().and_then(|_| Verdict::of(&stations)),
        stations,
        clients,
        inference,
        replications,
        ..first
    }
}

/// A run's hash is that of its replications' fingerprints, in order.
fn fingerprint(replications: &[ReplicationResult]) -> u128 {
    let mut hash = Xxh3::new();
    for replication in replications {
        hash.update(&replication.fingerprint.to_le_bytes());
    }
    hash.digest128()
}

fn replication((number, run): (u32, &RunResult)) -> ReplicationResult {
    let inference = run.inference.as_ref();
    let count = |count: fn(&InferenceResult) -> u64| inference.map_or(0, count);
    ReplicationResult {
        replication: number,
        fingerprint: run.fingerprint,
        events: run.events,
        sim_time: run.sim_time,
        training_time: run.training.as_ref().map(|training| training.time),
        requests: count(|inference| inference.requests),
        completed: count(|inference| inference.completed),
        dropped: count(|inference| inference.dropped),
        failed: count(|inference| inference.failed),
        in_flight: count(|inference| inference.in_flight),
        server_utilisation: run
            .stations
            .iter()
            .find(|station| &*station.name == "server")
            .map_or(0.0, |server| server.utilisation),
        request_energy: run.energy.as_ref().and_then(|energy| energy.request),
        figures: inference.map(InferenceResult::figures).unwrap_or_default(),
    }
}

fn joined_inference(first: InferenceResult, others: &[&InferenceResult]) -> InferenceResult {
    let sum = |count: fn(&InferenceResult) -> u64| {
        count(&first) + others.iter().map(|other| count(other)).sum::<u64>()
    };
    let all: Vec<Figures> = std::iter::once(&first)
        .chain(others.iter().copied())
        .map(InferenceResult::figures)
        .collect();
    let (means, half_widths) = (Figures::means(&all), Figures::half_widths(&all));
    let by_class = (0..first.by_class.len()).map(|class| {
        let mut joined = first.by_class[class].clone();
        for other in others {
            joined.add_counts(&other.by_class[class]);
        }
        let classes = || {
            std::iter::once(&first).chain(others.iter().copied()).map(|run| &run.by_class[class])
        };
        let figures: Vec<Figures> = classes().map(|class| class.figures()).collect();
        joined.set_figures(&Figures::means(&figures), Figures::half_widths(&figures));
        for (exit, joined) in joined.exits.iter_mut().enumerate() {
            let latencies = classes().map(|class| class.exits[exit].latency);
            let figures: Vec<Figures> = latencies
                .map(|latency| Figures {
                    latency: latency.map(|latency| latency.as_array()),
                    ..Figures::default()
                })
                .collect();
            joined.latency = latency(&Figures::means(&figures), &Figures::half_widths(&figures));
        }
        joined
    });
    let by_class = by_class.collect();
    InferenceResult {
        requests: sum(|run| run.requests),
        completed: sum(|run| run.completed),
        dropped: sum(|run| run.dropped),
        failed: sum(|run| run.failed),
        in_flight: sum(|run| run.in_flight),
        offloaded_fraction: means.offloaded_fraction,
        accuracy: means.accuracy,
        timeliness: first.timeliness.zip(means.goodput).map(|(own, goodput)| Timeliness {
            miss_ratio: means.miss_ratio,
            goodput,
            ..own
        }),
        latency: latency(&means, &half_widths),
        removed: first
            .removed
            .map(|own| own + others.iter().filter_map(|other| other.removed).sum::<u64>()),
        breakdown: means.breakdown,
        half_widths: Some(half_widths),
        by_class,
        ..first
    }
}

/// The latency of `means` with the half-width of its mean.
pub(super) fn latency(means: &Figures, half_widths: &Figures) -> Option<LatencyResult> {
    let half_width = half_widths.latency.map(|[mean, ..]| mean);
    means.latency.map(|latency| LatencyResult::from_array(latency, half_width))
}

fn joined_stations(first: &[StationResult], others: &[RunResult]) -> Vec<StationResult> {
    let join = |(index, station): (usize, &StationResult)| {
        let all = || std::iter::once(station).chain(others.iter().map(|run| &run.stations[index]));
        let tally = |value: fn(&StationResult) -> f64| all().map(value).collect::<Tally>();
        let mean = |tally: &Tally| tally.mean().expect("there is a replication");
        let (utilisation, queue) = (tally(|s| s.utilisation), tally(|s| s.mean_queue));
        StationResult {
            name: Arc::clone(&station.name),
            utilisation: mean(&utilisation),
            offered_load: mean(&tally(|s| s.offered_load)),
            mean_queue: mean(&queue),
            max_queue: all().map(|s| s.max_queue).fold(0, Ord::max),
            completed: all().map(|s| s.completed).sum(),
            half_widths: half_width_95(&utilisation)
                .zip(half_width_95(&queue))
                .map(|(utilisation, mean_queue)| StationHalfWidths { utilisation, mean_queue })
                .map(Box::new),
        }
    };
    first.iter().enumerate().map(join).collect()
}

fn joined_clients(first: &[ClientResult], others: &[RunResult]) -> Vec<ClientResult> {
    let join = |(index, client): (usize, &ClientResult)| {
        let all = || std::iter::once(client).chain(others.iter().map(|run| &run.clients[index]));
        let mean = |value: fn(&ClientResult) -> Option<f64>| {
            all().filter_map(value).collect::<Tally>().mean()
        };
        ClientResult {
            requests: all().map(|client| client.requests).sum(),
            completed: all().map(|client| client.completed).sum(),
            offloaded_fraction: mean(|client| client.offloaded_fraction),
            mean_latency_s: mean(|client| client.mean_latency_s),
            accuracy: mean(|client| client.accuracy),
            ..client.clone()
        }
    };
    first.iter().enumerate().map(join).collect()
}
