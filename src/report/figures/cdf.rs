//! Empirical distribution functions as lines.

/// The staircase from the share 0 through `steps`, ascending values with the shares in [0, 1] that are
/// reached there, to the `right` edge of the axis; shares in per cent.
pub(super) fn staircase(steps: &[(f64, f64)], right: f64) -> Vec<(f64, f64)> {
    let mut points = Vec::with_capacity(2 * steps.len() + 1);
    let mut reached = 0.0;
    for &(value, share) in steps {
        points.push((value, reached));
        reached = 100.0 * share;
        points.push((value, reached));
    }
    points.push((right, reached));
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_staircase_rises_at_each_value_and_ends_at_the_edge() {
        let points = staircase(&[(1.0, 0.25), (3.0, 1.0)], 5.0);
        assert_eq!(points, [(1.0, 0.0), (1.0, 25.0), (3.0, 25.0), (3.0, 100.0), (5.0, 100.0)]);
    }
}
