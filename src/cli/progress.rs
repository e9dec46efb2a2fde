//! Progress bars on stderr, if it is a terminal.

use super::talk::bar;
use crate::experiment::RunProgress;
use indicatif::ProgressBar;

/// Shows training rounds first and simulated inference time after them.
pub(super) struct ProgressBars {
    rounds: ProgressBar,
    inference: ProgressBar,
}

impl ProgressBars {
    /// Bars for `rounds` training rounds and for inference, each shown when it first moves.
    pub(super) fn new(rounds: u32) -> Self {
        Self {
            rounds: bar(u64::from(rounds), "training  {wide_bar} round {pos}/{len}, {eta} left"),
            inference: bar(1000, "inference {wide_bar} {percent} % of simulated time"),
        }
    }

    /// Moves the bar that `progress` speaks of.
    pub(super) fn show(&self, progress: RunProgress) {
        match progress {
            RunProgress::Rounds(done) => {
                self.rounds.set_position(u64::from(done));
                if self.rounds.length() == Some(u64::from(done)) {
                    self.rounds.finish_and_clear();
                }
            }
            RunProgress::Inference { now, origin, end } => {
                let total = end.since(origin).as_nanos().max(1);
                let passed = now.min(end).since(origin).as_nanos();
                let thousandths = u128::from(passed) * 1000 / u128::from(total);
                let thousandths = u64::try_from(thousandths).expect("at most 1000");
                self.inference.set_position(thousandths);
                if thousandths == 1000 {
                    self.inference.finish_and_clear();
                }
            }
        }
    }
}
