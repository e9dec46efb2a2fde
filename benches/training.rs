//! The speed of real split training.
//!
//! The matrix product of 1024³ MACs shows what the machine gives at best. A training step of the
//! paper's CNN on a batch of 50 is 16.1 GFLOP if convolutions are computed window by window, which
//! is what its throughput counts; Winograd's filtering spares almost two thirds of that, so that it may
//! exceed that of the matrix product. `training.py` beside this file times the step in PyTorch.

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, Par};
use ndarray::{Array1, Array2};
use splitgp_sim::cost::{ModelPreset, PartCost, SplitModel};
use splitgp_sim::learning::{
    Dataset, EvaluatedModels, Federation, LearningConfig, LocalWork, Method, Partition, Samples,
    Sgd,
};
use std::sync::Arc;
use std::time::Duration;

/// Steps of a measured round: enough that building the networks does not count.
const STEPS: u32 = 4;

/// Images and labels without meaning, in the shape that `preset` takes.
fn images(preset: ModelPreset, count: usize) -> Dataset {
    let shape = preset.input();
    let pixels = usize::try_from(shape.elements()).expect("images are small");
    let byte = |i: usize| u8::try_from(i % 251).expect("below 251");
    let samples = Samples {
        pixels: Array2::from_shape_fn((count, pixels), |(i, j)| byte(i * 7919 + j * 104_729)),
        labels: Array1::from_shape_fn(count, |i| byte(i % 10)),
    };
    Dataset { train: samples.clone(), test: samples, shape, classes: 10, white: 255 }
}

/// Two clients with `batch` samples in a mini-batch.
fn federation(preset: ModelPreset, batch: u32) -> Federation {
    let config = LearningConfig {
        method: Method::SplitGp,
        model: SplitModel::preset(preset, preset.default_cut()).expect("a preset's own cut"),
        partition: Partition::Shards { per_client: 2 },
        clients: vec!["a".to_owned(), "b".to_owned()],
        main_share: 0.1,
        batch_size: batch,
        local_work: LocalWork::Updates(STEPS),
        sgd: Sgd::constant(0.01),
        gamma: 0.5,
        lambda: 0.2,
        evaluated: EvaluatedModels::Mixed,
        max_ood: 0.0,
        seed: 1,
    };
    Federation::new(config, Arc::new(images(preset, 400))).expect("enough samples for two clients")
}

/// FLOPs of one training step on a batch.
fn step_flops(preset: ModelPreset, batch: u32) -> u64 {
    let model = SplitModel::preset(preset, preset.default_cut()).expect("a preset's own cut");
    let cost = PartCost::of(model.phi.iter().chain(&model.kappa).chain(&model.theta));
    (cost.forward(batch.into()) + cost.backward(batch.into()) + cost.sgd_step()).flops
}

fn group<'a>(
    criterion: &'a mut Criterion,
    name: &str,
    flops: u64,
) -> BenchmarkGroup<'a, criterion::measurement::WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    group.throughput(Throughput::Elements(flops));
    group
}

/// Throughput in elements a second is FLOP/s.
fn gemm(criterion: &mut Criterion) {
    const SIDE: usize = 1024;
    let matrix =
        || Mat::<f32>::from_fn(SIDE, SIDE, |i, j| if (i + j) % 3 == 0 { 0.5 } else { 1.0 });
    let (left, right, mut product) = (matrix(), matrix(), matrix());
    group(criterion, "gemm", 2 * (SIDE as u64).pow(3)).bench_function("1024x1024x1024", |bench| {
        bench.iter(|| matmul(&mut product, Accum::Replace, &left, &right, 1.0, Par::Seq));
    });
}

fn rounds(criterion: &mut Criterion) {
    for (preset, batch) in [(ModelPreset::PaperCnn, 50), (ModelPreset::DigitsCnn, 16)] {
        let federation = federation(preset, batch);
        let flops = u64::from(STEPS) * step_flops(preset, batch);
        let name = format!("{}, batch {batch}, {STEPS} steps", preset.name());
        let mut one = group(criterion, &name, flops);
        one.bench_function("1 client", |bench| bench.iter(|| federation.local_round(0, 0)()));
        one.throughput(Throughput::Elements(2 * flops));
        one.bench_function("2 clients in turn", |bench| {
            bench.iter(|| [0, 1].map(|client| federation.local_round(client, 0)()));
        });
        one.bench_function("2 clients on 2 threads", |bench| {
            bench.iter(|| {
                let jobs = [0, 1].map(|client| federation.local_round(client, 0));
                let threads = jobs.map(std::thread::spawn);
                threads.map(|thread| thread.join().expect("training does not panic"))
            });
        });
    }
}

criterion_group!(benches, gemm, rounds);
criterion_main!(benches);
