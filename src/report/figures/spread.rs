//! Which of many things a figure has room for.

/// At most `limit` ≥ 2 of `count` indices, evenly spread, the first and the last among them.
pub(super) fn evenly(count: usize, limit: usize) -> Vec<usize> {
    if count <= limit {
        return (0..count).collect();
    }
    (0..limit).map(|index| index * (count - 1) / (limit - 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_indices_are_distinct_and_reach_both_ends() {
        assert_eq!(evenly(3, 20), [0, 1, 2]);
        assert!(evenly(0, 20).is_empty());
        for count in [21, 39, 200, 100_000] {
            let chosen = evenly(count, 20);
            assert_eq!((chosen.len(), chosen[0], chosen[19]), (20, 0, count - 1));
            assert!(chosen.windows(2).all(|pair| pair[0] < pair[1]), "{chosen:?}");
        }
    }
}
