//! Winograd's minimal filtering F(4, 3): four outputs of a filter with three taps from six
//! products instead of twelve (Lavin & Gray, CVPR 2016, with the points 0, ±1, ±2 and ∞).
//!
//! y = Aᵀ \[(G w) ⊙ (Bᵀ x)\], where ⊙ multiplies element by element. In two dimensions each
//! transform is applied to the columns and then to the rows, so that 4×4 outputs take 36 products
//! instead of 144. The transposed transforms carry gradients back.

use super::lanes::Number;

/// Outputs of a tile along one side.
pub(super) const OUTPUTS: usize = 4;
/// Taps of a filter along one side.
pub(super) const TAPS: usize = 3;
/// Products along one side: OUTPUTS + TAPS − 1, and as many inputs.
pub(super) const POINTS: usize = 6;

/// A linear map of lines of `I` to lines of `O` numbers.
pub(super) trait Transform<const I: usize, const O: usize> {
    /// The map of one line.
    fn line<N: Number>(line: [N; I]) -> [N; O];

    /// The map of all columns, and then of all rows, of a square.
    #[inline(always)]
    fn square<N: Number>(square: &[[N; I]; I]) -> [[N; O]; O] {
        let filler = square[0][0];
        let mut columns = [[filler; I]; O];
        for column in 0..I {
            let mut line = [filler; I];
            for row in 0..I {
                line[row] = square[row][column];
            }
            let line = Self::line(line);
            for row in 0..O {
                columns[row][column] = line[row];
            }
        }
        let mut result = [[filler; O]; O];
        for row in 0..O {
            result[row] = Self::line(columns[row]);
        }
        result
    }
}

/// Bᵀ, for inputs.
pub(super) struct Input;

impl Transform<POINTS, POINTS> for Input {
    #[inline(always)]
    fn line<N: Number>([a, b, c, d, e, f]: [N; POINTS]) -> [N; POINTS] {
        let (even, odd) = (e - c * 4.0, d - b * 4.0);
        let (even2, odd2) = (e - c, (d - b) * 2.0);
        [
            a * 4.0 - c * 5.0 + e,
            even + odd,
            even - odd,
            even2 + odd2,
            even2 - odd2,
            b * 4.0 - d * 5.0 + f,
        ]
    }
}

/// B, the transpose of [`Input`].
pub(super) struct InputTransposed;

impl Transform<POINTS, POINTS> for InputTransposed {
    #[inline(always)]
    fn line<N: Number>([a, b, c, d, e, f]: [N; POINTS]) -> [N; POINTS] {
        let (sum, difference) = (b + c, b - c);
        let (sum2, difference2) = (d + e, (d - e) * 2.0);
        [
            a * 4.0,
            (f - difference) * 4.0 - difference2,
            -(a * 5.0 + sum * 4.0 + sum2),
            difference + difference2 - f * 5.0,
            a + sum + sum2,
            f,
        ]
    }
}

/// G, for filters.
pub(super) struct Filter;

impl Transform<TAPS, POINTS> for Filter {
    #[inline(always)]
    fn line<N: Number>([a, b, c]: [N; TAPS]) -> [N; POINTS] {
        let (even, odd) = ((a + c) * (-1.0 / 6.0), b * (1.0 / 6.0));
        let (even2, odd2) = (a * (1.0 / 24.0) + c * (1.0 / 6.0), b * (1.0 / 12.0));
        [a * 0.25, even - odd, even + odd, even2 + odd2, even2 - odd2, c]
    }
}

/// Gᵀ, the transpose of [`Filter`].
pub(super) struct FilterTransposed;

impl Transform<POINTS, TAPS> for FilterTransposed {
    #[inline(always)]
    fn line<N: Number>([a, b, c, d, e, f]: [N; POINTS]) -> [N; TAPS] {
        let (sum, sum2) = ((b + c) * (1.0 / 6.0), d + e);
        [
            a * 0.25 - sum + sum2 * (1.0 / 24.0),
            (c - b) * (1.0 / 6.0) + (d - e) * (1.0 / 12.0),
            sum2 * (1.0 / 6.0) - sum + f,
        ]
    }
}

/// Aᵀ, for outputs.
pub(super) struct Output;

impl Transform<POINTS, OUTPUTS> for Output {
    #[inline(always)]
    fn line<N: Number>([a, b, c, d, e, f]: [N; POINTS]) -> [N; OUTPUTS] {
        let (sum, difference) = (b + c, b - c);
        let (sum2, difference2) = (d + e, (d - e) * 2.0);
        [
            a + sum + sum2,
            difference + difference2,
            sum + sum2 * 4.0,
            difference + difference2 * 4.0 + f,
        ]
    }
}

/// A, the transpose of [`Output`].
pub(super) struct OutputTransposed;

impl Transform<OUTPUTS, POINTS> for OutputTransposed {
    #[inline(always)]
    fn line<N: Number>([a, b, c, d]: [N; OUTPUTS]) -> [N; POINTS] {
        let (even, odd) = (a + c, b + d);
        let (even2, odd2) = (a + c * 4.0, (b + d * 4.0) * 2.0);
        [a, even + odd, even - odd, even2 + odd2, even2 - odd2, d]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Number for f32 {}

    fn dot<const N: usize>(a: [f32; N], b: [f32; N]) -> f32 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn six_products_make_four_outputs_of_a_filter_with_three_taps() {
        let (x, w) = ([3.0, -1.0, 4.0, 1.0, -5.0, 9.0], [2.0, 7.0, -1.0]);
        let (v, u) = (Input::line(x), Filter::line(w));
        let y = Output::line(std::array::from_fn(|point| u[point] * v[point]));
        // yᵢ = 2 xᵢ + 7 xᵢ₊₁ − xᵢ₊₂: 6 − 7 − 4, −2 + 28 − 1, 8 + 7 + 5, 2 − 35 − 9
        for (value, expected) in y.into_iter().zip([-5.0, 25.0, 20.0, -42.0]) {
            assert!((value - expected).abs() < 1e-4, "{y:?}");
        }
    }

    /// ⟨T a, b⟩ = ⟨a, Tᵀ b⟩
    fn transposed<const I: usize, const O: usize>(
        transform: fn([f32; I]) -> [f32; O],
        transpose: fn([f32; O]) -> [f32; I],
    ) {
        for (i, o) in (0..I).flat_map(|i| (0..O).map(move |o| (i, o))) {
            let (mut a, mut b) = ([0.0; I], [0.0; O]);
            (a[i], b[o]) = (1.0, 1.0);
            let (left, right) = (dot(transform(a), b), dot(a, transpose(b)));
            assert!((left - right).abs() < 1e-7, "({o}, {i}): {left} against {right}");
        }
    }

    #[test]
    fn each_transform_has_its_transpose() {
        transposed(Input::line::<f32>, InputTransposed::line);
        transposed(Filter::line::<f32>, FilterTransposed::line);
        transposed(Output::line::<f32>, OutputTransposed::line);
    }
}
