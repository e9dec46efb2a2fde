//! What is left of a tensor that travels in fewer bits.

use crate::cost::Precision;
use half::f16;

/// Steps between the smallest and the largest 8-bit integer.
const INT8_STEPS: f32 = 255.0;

/// `message` as its receiver sees it.
///
/// - `float16` rounds each value to the nearest half, ties to even (IEEE 754); beyond ±65,504 it
///   is infinite, and what is smaller than 2⁻²⁵ in magnitude is 0.
/// - `int8` is affine (Jacob et al., CVPR 2018, section 2.1): q = round(x / scale) + zero point in
///   0..=255, with scale = (max − min) / 255 over the message and 0, which keeps its value. No value
///   moves by more than half a scale.
///
/// What is not finite does not become so: the loss behind it reports it.
pub(super) fn received(mut message: Vec<f32>, precision: Precision) -> Vec<f32> {
    match precision {
        Precision::Float32 => {}
        Precision::Float16 => message.iter_mut().for_each(|x| *x = f16::from_f32(*x).to_f32()),
        Precision::Int8 => affine(&mut message),
    }
    message
}

/// As [`received`] for messages of `length` values each, one after the other.
pub(super) fn received_apart(messages: Vec<f32>, length: usize, precision: Precision) -> Vec<f32> {
    match precision {
        Precision::Float32 | Precision::Float16 => received(messages, precision),
        Precision::Int8 => {
            let mut messages = messages;
            messages.chunks_exact_mut(length).for_each(affine);
            messages
        }
    }
}

/// Quantises to 8-bit integers and back. They are computed as floats, which hold them exactly and
/// keep a NaN that an integer would hide.
fn affine(message: &mut [f32]) {
    let (min, max) =
        message.iter().fold((0.0_f32, 0.0_f32), |(min, max), &x| (min.min(x), max.max(x)));
    let scale = (max - min) / INT8_STEPS;
    if scale == 0.0 {
        // All zeros, or too small for a scale of their own.
        message.iter_mut().for_each(|x| *x *= 0.0);
        return;
    }
    let zero_point = (-min / scale).round();
    for x in message {
        let q = ((*x / scale).round() + zero_point).clamp(0.0, INT8_STEPS);
        *x = (q - zero_point) * scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;
    use rand::RngExt as _;

    /// Values as a ReLU leaves them: half of them 0, the others up to `most`.
    fn activations(most: f32) -> Vec<f32> {
        let mut stream = Streams::new(1, 0).stream("smashed", "test");
        (0..1000).map(|_| (most * (2.0 * stream.random::<f32>() - 1.0)).max(0.0)).collect()
    }

    #[test]
    fn single_precision_changes_no_bit() {
        let values = [f32::MIN_POSITIVE / 2.0, -0.0, 0.1, f32::MAX];
        let same = received(values.to_vec(), Precision::Float32);
        assert!(values.iter().zip(same).all(|(a, b)| a.to_bits() == b.to_bits()));
    }

    #[test]
    fn halves_are_pinned_by_value() {
        for (single, half) in [
            (1.0, 1.0),
            (0.1, 0.099_975_586),                     // 1,638 · 2⁻¹⁴
            (1.0 + 1.0 / 2048.0, 1.0),                // a tie goes to the even 1
            (1.0 + 3.0 / 2048.0, 1.0 + 2.0 / 1024.0), // … and to the even 2
            (65_504.0, 65_504.0),                     // the largest half
            (65_520.0, f32::INFINITY),                // a tie with 2¹⁶, which is no half
            (6e-8, 5.960_464_5e-8),                   // 2⁻²⁴, the smallest subnormal
            (2e-8, 0.0),                              // below half of it
            (-std::f32::consts::PI, -3.140_625),
        ] {
            assert_eq!(received(vec![single], Precision::Float16), [half], "{single}");
        }
    }

    #[test]
    fn a_half_is_within_2_to_the_minus_11_of_its_value() {
        let values = activations(8.0);
        for (x, half) in values.iter().zip(received(values.clone(), Precision::Float16)) {
            // 11 significant bits; below 2⁻¹⁴ steps of 2⁻²⁴.
            assert!((x - half).abs() <= (x.abs() / 2048.0).max(2_f32.powi(-25)), "{x} → {half}");
        }
    }

    #[test]
    fn eight_bits_are_within_half_a_scale_and_keep_zero() {
        for (low, high) in [(0.0, 6.0), (-1.0, 3.0), (-2e-5, 1e-5), (-100.5, 154.5)] {
            let mut stream = Streams::new(2, 0).stream("smashed", "test");
            let mut values: Vec<f32> =
                (0..1000).map(|_| low + (high - low) * stream.random::<f32>()).collect();
            values.extend([low, high, 0.0]);
            let scale = (high - low) / 255.0;
            let quantised = received(values.clone(), Precision::Int8);
            for (x, q) in values.iter().zip(&quantised) {
                assert!((x - q).abs() <= 0.5001 * scale, "{x} → {q} at a scale of {scale}");
            }
            assert_eq!(quantised.last(), Some(&0.0), "a ReLU's zeros stay");
            let mut levels: Vec<u32> = quantised.iter().map(|q| q.to_bits()).collect();
            levels.sort_unstable();
            levels.dedup();
            assert!((200..=256).contains(&levels.len()), "{} levels of 8 bits", levels.len());
        }
    }

    #[test]
    fn each_message_has_its_own_scale() {
        let (small, large) = (activations(0.01), activations(100.0));
        let both = [small.clone(), large.clone()].concat();
        let apart = received_apart(both.clone(), small.len(), Precision::Int8);
        let alone = [small, large].map(|message| received(message, Precision::Int8));
        assert_eq!(apart, alone.concat());
        assert_ne!(apart, received(both, Precision::Int8), "one scale for both loses the small");
    }

    #[test]
    fn what_is_not_finite_stays_so() {
        for precision in [Precision::Float16, Precision::Int8] {
            let values = received(vec![1.0, f32::NAN, 2.0], precision);
            assert!(values[1].is_nan(), "{precision:?}");
            let values = received(vec![1.0, f32::INFINITY, 2.0], precision);
            assert!(!values[1].is_finite(), "{precision:?}: {values:?}");
        }
        assert_eq!(received(vec![0.0; 3], Precision::Int8), [0.0; 3]);
        assert!(received(Vec::new(), Precision::Int8).is_empty());
    }
}
