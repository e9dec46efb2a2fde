use super::*;
use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_pcg::Pcg64;

const RATE: f64 = 16e9;
const BANDWIDTH: f64 = 4e9;
const OVERHEAD: f64 = 120e-6;

/// Layers of different sizes and intensities (FLOPs, bytes); the ridge is at 16/4 = 4 FLOPs a byte.
const LAYERS: [(f64, f64); 8] = [
    (2.0e7, 4.0e5),
    (5.0e7, 9.0e5),
    (9.0e7, 1.1e6),
    (1.5e8, 3.0e6),
    (2.0e6, 4.0e6),
    (1.0e6, 8.0e6),
    (4.0e6, 1.2e7),
    (3.0e8, 2.0e6),
];

fn layers(bandwidth: Option<f64>, factor: impl FnMut() -> f64) -> Vec<Measured> {
    let mut factor = factor;
    let layer = |(index, (flops, bytes)): (usize, (f64, f64))| {
        let memory = bandwidth.map_or(0.0, |bandwidth| bytes / bandwidth);
        let time = ((flops / RATE).max(memory) + OVERHEAD) * factor();
        Measured { name: format!("layer{index}"), flops, bytes, time }
    };
    LAYERS.into_iter().enumerate().map(layer).collect()
}

fn relative(value: f64, expected: f64) -> f64 {
    (value / expected - 1.0).abs()
}

#[test]
fn exact_times_give_their_parameters_back() {
    let fit = calibrate(layers(Some(BANDWIDTH), || 1.0)).unwrap();
    assert!(relative(fit.rate.value, RATE) < 1e-9, "{:?}", fit.rate);
    let bandwidth = fit.memory_bandwidth.expect("three layers are bound by memory");
    assert!(relative(bandwidth.value, BANDWIDTH) < 1e-9, "{bandwidth:?}");
    assert!(relative(fit.overhead.value, OVERHEAD) < 1e-9, "{:?}", fit.overhead);
    assert!((fit.r_squared - 1.0).abs() < 1e-12);
    let bound: Vec<bool> = fit.rows.iter().map(|row| row.memory_bound).collect();
    assert_eq!(bound, [false, false, false, false, true, true, true, false], "in table order");
    for row in &fit.rows {
        assert!((row.fitted - row.measured.time).abs() < 1e-12, "{row:?}");
    }
}

#[test]
fn without_a_memory_roof_none_is_stated() {
    let fit = calibrate(layers(None, || 1.0)).unwrap();
    assert_eq!(fit.memory_bandwidth, None);
    assert!(relative(fit.rate.value, RATE) < 1e-9, "{:?}", fit.rate);
    assert!(relative(fit.overhead.value, OVERHEAD) < 1e-9, "{:?}", fit.overhead);
}

#[test]
fn noisy_times_give_parameters_within_the_stated_intervals() {
    // 95 % intervals of three parameters over 200 tables: about 570 of 600 hold the truth.
    let mut random = Pcg64::seed_from_u64(7);
    let mut held = 0;
    for _ in 0..200 {
        let fit = calibrate(
            layers(Some(BANDWIDTH), || 1.0)
                .into_iter()
                .map(|layer| {
                    // Equal absolute errors, uniform over ± 20 µs, as least squares takes them to be.
                    let noise = 40e-6 * (random.random::<f64>() - 0.5);
                    Measured { time: layer.time + noise, ..layer }
                })
                .collect(),
        )
        .unwrap();
        let bandwidth = fit.memory_bandwidth.expect("noise does not hide the memory roof");
        for (figure, truth) in [(fit.rate, RATE), (bandwidth, BANDWIDTH), (fit.overhead, OVERHEAD)]
        {
            held += u32::from((figure.value - truth).abs() <= figure.ci95);
        }
        assert!(fit.r_squared > 0.99, "{}", fit.r_squared);
    }
    assert!((540..=598).contains(&held), "{held} of 600 intervals hold the truth");
}

#[test]
fn an_overhead_below_zero_is_none() {
    let rows = layers(None, || 1.0)
        .into_iter()
        .map(|layer| Measured { time: (layer.time - 2.0 * OVERHEAD).max(1e-9), ..layer })
        .collect();
    assert_eq!(calibrate(rows).unwrap().overhead.value, 0.0);
}

#[test]
fn tables_that_determine_nothing_are_refused() {
    let rows = layers(None, || 1.0);
    assert_eq!(calibrate(rows[..3].to_vec()), Err(FitError::TooFewRows(3)));
    let without_work: Vec<Measured> =
        rows.iter().cloned().map(|row| Measured { flops: 0.0, bytes: 0.0, ..row }).collect();
    assert_eq!(calibrate(without_work), Err(FitError::NoRate));
    let falling =
        rows.iter().cloned().map(|row| Measured { time: 1.0 / row.flops, bytes: 0.0, ..row });
    assert_eq!(calibrate(falling.collect()).map(|fit| fit.rate.value > 0.0), Err(FitError::NoRate));
}

#[test]
fn rows_of_one_size_identify_no_rate() {
    // time = slope · x + overhead at one x: infinitely many pairs explain the times.
    let row = |time: f64| Measured { name: "a".to_owned(), flops: 1e7, bytes: 0.0, time };
    let rows = [1.0e-3, 1.1e-3, 0.9e-3, 1.0e-3].map(row).to_vec();
    assert_eq!(calibrate(rows), Err(FitError::NoRate));
}

#[test]
fn rows_without_flops_and_bytes_measure_the_overhead_alone() {
    let mut rows = layers(Some(BANDWIDTH), || 1.0);
    let empty = Measured { name: "empty".to_owned(), flops: 0.0, bytes: 0.0, time: OVERHEAD };
    // In whatever place: 0 FLOPs / 0 bytes has no intensity, and is no row of the memory roof.
    rows.insert(0, empty.clone());
    rows.push(empty);
    let fit = calibrate(rows).unwrap();
    let bandwidth = fit.memory_bandwidth.expect("three layers are bound by memory");
    for (figure, truth) in [(fit.rate, RATE), (bandwidth, BANDWIDTH), (fit.overhead, OVERHEAD)] {
        assert!(relative(figure.value, truth) < 1e-9, "{figure:?}, not {truth}");
        assert!(figure.ci95.is_finite(), "{figure:?}");
    }
}

#[test]
fn a_rows_own_overhead_is_what_it_took_beyond_its_roof() {
    let fit = calibrate(layers(Some(BANDWIDTH), || 1.0)).unwrap();
    for row in &fit.rows {
        // These rows are exact, so that each one's own overhead is the common one.
        assert!((row.overhead - OVERHEAD).abs() < 1e-12, "{row:?}");
        let residual = row.measured.time - row.fitted;
        assert!((row.overhead - fit.overhead.value - residual).abs() < 1e-15, "{row:?}");
    }
}
