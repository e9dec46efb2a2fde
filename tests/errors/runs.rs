//! Scenarios, runs and studies.

use crate::snapshot;
use splitgp_sim::experiment::{Damaged, ExperimentError, Rejection, StoreNotice};
use splitgp_sim::kernel::{ComputationError, SimError};
use splitgp_sim::learning::{DataError, LearningError};
use splitgp_sim::scenario::parse;
use splitgp_sim::station::AuditError;
use splitgp_sim::study::StudyError;
use splitgp_sim::time::{SimDuration, SimTime};
use std::path::PathBuf;

fn actor() -> String {
    "pi/0".to_owned()
}

fn late() -> SimError {
    SimError::Actor { actor: actor(), time: SimTime::from_nanos(7), reason: "it failed".into() }
}

fn rejection() -> Rejection {
    Rejection { key: "fleet[0].device".into(), message: "the model does not fit its memory".into() }
}

#[test]
fn runs_that_fail() {
    let data = DataError::NoRecords { path: "a.bin".into(), record: 3073 };
    let learning = LearningError::MoreClientsThanSamples { clients: 50, samples: 49 };
    snapshot!(
        ExperimentError {
            Rejected,
            Data,
            Learning,
            LearningDiffers,
            Interrupted,
            Simulation,
            Replication,
            Invariant,
            Requests,
        },
        [
            ExperimentError::Rejected(vec![rejection(), rejection()]),
            ExperimentError::Data(data),
            ExperimentError::Learning(learning),
            ExperimentError::LearningDiffers { replication: 2, round: 7 },
            ExperimentError::Interrupted,
            ExperimentError::Simulation(late()),
            ExperimentError::Replication { replication: 2, error: late() },
            ExperimentError::Invariant { station: "server".into(), law: AuditError::Order },
            ExperimentError::Requests { created: 9, accounted: 8 },
        ]
    );
}

#[test]
fn the_clock_s_own_errors() {
    let time = SimTime::from_nanos(1_500_000_000);
    let message = || "index out of bounds".to_owned();
    snapshot!(
        SimError {
            TimeOverflow, SequenceOverflow, TooManyActors, Actor, Panicked, CallbackPanicked,
            Interrupted; ..
        },
        [
            SimError::TimeOverflow { actor: actor(), time, delay: SimDuration::BEYOND_CLOCK },
            SimError::SequenceOverflow { actor: actor(), time },
            SimError::TooManyActors { count: 1 << 31 },
            SimError::Actor { actor: actor(), time, reason: "the loss is not finite".into() },
            SimError::Panicked { actor: actor(), time, event: "arrival", message: message() },
            SimError::CallbackPanicked { role: "observer", time, message: message() },
            SimError::Interrupted { reason: "the system was stopped".into() },
        ]
    );
    snapshot!(
        ComputationError { Panicked, Lost },
        [
            ComputationError::Panicked { message: message() },
            ComputationError::Lost { reason: "mailbox closed".into() },
        ]
    );
    snapshot!(
        AuditError { Sojourns, Busy, Order },
        [
            AuditError::Sojourns { integral: 9, sojourns: 8 },
            AuditError::Busy { busy: 9, workers: 2, available: 8 },
            AuditError::Order,
        ]
    );
}

#[test]
fn studies_that_stop() {
    let errors = parse("name: t\ncolour: red\n", "t.yaml").unwrap_err();
    let cause = Box::new(ExperimentError::from(rejection()));
    snapshot!(
        StudyError { Scenario, Run, Unexplained, Kept },
        [
            StudyError::Scenario(errors),
            StudyError::Run { run: "cell 3".into(), cause },
            StudyError::Unexplained("the scenario has no training".into()),
            StudyError::Kept("cells/a.json cannot be written: disk full".into()),
        ]
    );
}

#[test]
fn notices_of_the_store() {
    let folder = || PathBuf::from("out/.learned/a");
    let path = folder().join("training.npz");
    let damaged = Damaged { path, fault: "is no npz file".into() };
    snapshot!(
        StoreNotice { Unfinished, Resumed, Kept, LastGood, NothingToResume, Damaged, NotKept },
        [
            StoreNotice::Unfinished { folder: folder(), rounds: 3, of: 20 },
            StoreNotice::Resumed { folder: folder(), rounds: 3, of: 20 },
            StoreNotice::Kept { folder: folder(), rounds: 3, of: 20 },
            StoreNotice::LastGood { folder: folder(), rounds: 3 },
            StoreNotice::NothingToResume { folder: folder() },
            StoreNotice::Damaged(damaged),
            StoreNotice::NotKept { folder: folder(), reason: "disk full".into() },
        ]
    );
}
