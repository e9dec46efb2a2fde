//! Tables, traces, networks and results.

use crate::snapshot;
use splitgp_sim::cost::{CutError, LayerList, ModelError, TableError};
use splitgp_sim::report::ReportError;
use splitgp_sim::study::calibrate::{self, FitError};
use splitgp_sim::workload::{RateScheduleError, RateTraceError, TraceError};
use std::io;

fn failed() -> io::Error {
    io::Error::other("permission denied")
}

#[test]
fn traces_that_cannot_be_read() {
    let message = || "time_s is `x`, which is not a number".to_owned();
    snapshot!(
        TraceError { Io, Empty, TooLong, Line },
        [
            TraceError::Io(failed()),
            TraceError::Empty,
            TraceError::TooLong { line: 5_000_002 },
            TraceError::Line { line: 3, message: message() },
        ]
    );
    snapshot!(
        RateTraceError { Io, TooLarge, Encoding, Line },
        [
            RateTraceError::Io(failed()),
            RateTraceError::TooLarge,
            RateTraceError::Encoding,
            RateTraceError::Line { line: 3, message: message() },
        ]
    );
    snapshot!(
        RateScheduleError { Empty, Late, Order, Period, EndsAtZero, AllZero },
        [
            RateScheduleError::Empty,
            RateScheduleError::Late,
            RateScheduleError::Order(3),
            RateScheduleError::Period,
            RateScheduleError::EndsAtZero,
            RateScheduleError::AllZero,
        ]
    );
}

#[test]
fn networks_and_their_costs() {
    let cut = CutError { given: "conv9".into(), allowed: vec!["conv1".into(), "fc1".into()] };
    snapshot!(
        ModelError { Layer, Cut },
        [
            ModelError::Layer {
                list: LayerList::Network,
                index: 0,
                name: "conv1".into(),
                fault: "does not fit".into(),
            },
            ModelError::Cut(cut),
        ]
    );
    snapshot!(
        TableError { Io, TooLarge, Line },
        [
            TableError::Io(failed()),
            TableError::TooLarge,
            TableError::Line { line: 3, message: "there are two layers `fc`".into() },
        ]
    );
}

#[test]
fn measured_times_that_explain_nothing() {
    snapshot!(FitError { TooFewRows, NoRate }, [FitError::TooFewRows(3), FitError::NoRate]);
    let line = calibrate::TableError { line: 3, message: "`x` is no time".into() };
    assert_eq!(line.to_string(), "3: `x` is no time");
}

#[test]
fn results_that_cannot_be_written() {
    let path = || "out/quickstart".into();
    snapshot!(
        ReportError { Folder, InUse, File, Unreadable, Runs, Parts },
        [
            ReportError::Folder { path: path(), cause: failed() },
            ReportError::InUse { path: path() },
            ReportError::File { path: path(), cause: failed() },
            ReportError::Unreadable { path: path(), cause: failed() },
            ReportError::Runs(
                "7 runs are too many to be told apart in one figure: give at most 6".into()
            ),
            ReportError::Parts("there are no folders to merge".into()),
        ]
    );
}
