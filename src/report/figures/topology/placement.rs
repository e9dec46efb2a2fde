//! How high each piece stands: near its neighbours, and never in another's place.

use super::columns::{Columns, mean};

/// The middle of each piece of the given `heights`, from 0 at the top of the uppermost.
///
/// The highest column is stacked; from there on to both sides, each column comes as near to its
/// neighbours as its order allows.
pub(super) fn middles(columns: &Columns, heights: &[f64]) -> Vec<f64> {
    let total = |column: &[usize]| column.iter().map(|&piece| heights[piece]).sum::<f64>();
    let totals: Vec<f64> = columns.columns.iter().map(|column| total(column)).collect();
    let highest =
        (0..totals.len()).fold(0, |best, i| if totals[i] > totals[best] { i } else { best });
    let half = totals[highest] / 2.0;
    let mut middles = vec![half; heights.len()];
    place(&columns.columns[highest], heights, &mut middles, |_, _| None);
    let (left, right) = (columns.neighbours(true), columns.neighbours(false));
    for column in &columns.columns[highest + 1..] {
        place(column, heights, &mut middles, |piece, middles| mean(&left[piece], middles));
    }
    for column in columns.columns[..highest].iter().rev() {
        place(column, heights, &mut middles, |piece, middles| mean(&right[piece], middles));
    }
    let tops = middles.iter().zip(heights).map(|(middle, height)| middle - height / 2.0);
    let top = tops.fold(f64::INFINITY, f64::min);
    middles.iter().map(|middle| middle - top).collect()
}

/// Places one column as near as its order allows to where its pieces are `wanted`, or to where they
/// stand.
fn place(
    column: &[usize],
    heights: &[f64],
    middles: &mut [f64],
    wanted: impl Fn(usize, &[f64]) -> Option<f64>,
) {
    // Without the heights of those above, pieces may coincide but not change places.
    let mut offset = 0.0;
    let mut above = 0.0;
    let mut offsets = Vec::with_capacity(column.len());
    for &piece in column {
        offset += (above + heights[piece]) / 2.0;
        above = heights[piece];
        offsets.push(offset);
    }
    let free: Vec<f64> = column
        .iter()
        .zip(&offsets)
        .map(|(&piece, offset)| wanted(piece, middles).unwrap_or(middles[piece]) - offset)
        .collect();
    for ((&piece, offset), value) in column.iter().zip(offsets).zip(ascending(&free)) {
        middles[piece] = value + offset;
    }
}

/// The ascending values with the least sum of squared distances from `values`: pools of violators
/// share their mean (R. E. Barlow et al., "Statistical Inference under Order Restrictions", 1972).
fn ascending(values: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, u32)> = Vec::new();
    for &value in values {
        let mut pool = (value, 1);
        while let Some(&(mean, count)) = pools.last().filter(|(mean, _)| *mean > pool.0) {
            let (m, n) = (f64::from(count), f64::from(pool.1));
            pool = ((mean * m + pool.0 * n) / (m + n), count + pool.1);
            pools.pop();
        }
        pools.push(pool);
    }
    pools.iter().flat_map(|&(mean, count)| (0..count).map(move |_| mean)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violators_of_the_order_share_their_mean() {
        // 3 and 1 share 2; then 2.5 stands; 0 pulls 2.5 and 0 to 1.25 < 2: all four share 6.5 / 4
        assert_eq!(ascending(&[3.0, 1.0]), [2.0, 2.0]);
        assert_eq!(ascending(&[3.0, 1.0, 2.5]), [2.0, 2.0, 2.5]);
        assert_eq!(ascending(&[3.0, 1.0, 2.5, 0.0]), [1.625; 4]);
    }
}
