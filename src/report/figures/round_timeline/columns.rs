//! Spans of time as runs of pixel columns.

use super::{ACTIVITIES, index_of};
use crate::actors::{Activity, Span};
use crate::time::SimTime;
use std::ops::Range;

/// Neighbouring columns with one activity.
#[derive(Debug, PartialEq)]
pub(super) struct Run {
    pub(super) columns: Range<usize>,
    pub(super) activity: Activity,
}

/// Divides [`start`, `end`) into `columns` equal ones and gives each the activity that took most of
/// its time, so that a thousand short spans draw no more than what a figure can show. Columns in
/// which nothing went on are left out.
pub(super) fn by_column(spans: &[&Span], start: SimTime, end: SimTime, columns: usize) -> Vec<Run> {
    let length = u128::from(end.since(start).as_nanos());
    if length == 0 {
        return Vec::new();
    }
    // In units of 1/columns ns a column is `length` long, so that its borders are integers.
    let scaled = |time: SimTime| u128::from(time.since(start).as_nanos()) * columns as u128;
    let mut shares = vec![[0_u128; ACTIVITIES.len()]; columns];
    for span in spans {
        let (from, to) = (scaled(span.start), scaled(span.end));
        let first = usize::try_from(from / length).unwrap_or(columns);
        let last = usize::try_from(to.div_ceil(length)).unwrap_or(columns);
        for (column, share) in shares.iter_mut().enumerate().take(last).skip(first) {
            let (left, right) = (column as u128 * length, (column as u128 + 1) * length);
            share[index_of(span.activity)] += to.min(right) - from.max(left);
        }
    }
    merged(shares.iter().map(longest))
}

/// The activity with the largest share, the first of equal ones.
fn longest(share: &[u128; ACTIVITIES.len()]) -> Option<Activity> {
    let largest = *share.iter().max()?;
    let index = share.iter().position(|part| *part == largest && largest > 0)?;
    Some(ACTIVITIES[index].0)
}

fn merged(columns: impl Iterator<Item = Option<Activity>>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (column, activity) in columns.enumerate() {
        let Some(activity) = activity else { continue };
        match runs.last_mut() {
            Some(run) if run.activity == activity && run.columns.end == column => {
                run.columns.end = column + 1;
            }
            _ => runs.push(Run { columns: column..column + 1, activity }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(activity: Activity, start: u64, end: u64) -> Span {
        let (start, end) = (SimTime::from_nanos(start), SimTime::from_nanos(end));
        Span { client: 0, activity, start, end }
    }

    #[test]
    fn a_column_belongs_to_the_activity_that_took_most_of_it() {
        // 0..100 ns in ten columns of 10 ns: compute until 26 has 6 of the third column's 10 ns;
        // nothing goes on from 60 to 80.
        let spans = [
            span(Activity::DeviceCompute, 0, 26),
            span(Activity::SmashedUp, 26, 60),
            span(Activity::SmashedUp, 80, 100),
        ];
        let runs = by_column(&spans.each_ref(), SimTime::ZERO, SimTime::from_nanos(100), 10);
        let expected = [
            Run { columns: 0..3, activity: Activity::DeviceCompute },
            Run { columns: 3..6, activity: Activity::SmashedUp },
            Run { columns: 8..10, activity: Activity::SmashedUp },
        ];
        assert_eq!(runs, expected);
    }

    #[test]
    fn columns_need_not_divide_the_time_and_can_be_finer_than_it() {
        let spans = [span(Activity::ServerCompute, 5, 8)];
        let runs =
            by_column(&spans.each_ref(), SimTime::from_nanos(5), SimTime::from_nanos(8), 700);
        assert_eq!(runs, [Run { columns: 0..700, activity: Activity::ServerCompute }]);
    }

    #[test]
    fn a_round_without_length_has_no_columns() {
        let spans = [span(Activity::RoundWait, 5, 5)];
        let now = SimTime::from_nanos(5);
        assert_eq!(by_column(&spans.each_ref(), now, now, 10), []);
    }
}
