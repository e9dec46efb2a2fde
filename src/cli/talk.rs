//! What a command says on stderr besides its errors.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether nothing but errors is told. The process's arguments decide it once, before anything runs.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Tells nothing but errors from now on.
pub(super) fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Tells a note or a warning.
pub(super) fn tell(note: impl Display) {
    if !QUIET.load(Ordering::Relaxed) {
        eprintln!("{note}");
    }
}

/// A bar to `length`, which is shown if stderr is a terminal.
///
/// # Panics
/// If `template` is none of indicatif's.
pub(super) fn bar(length: u64, template: &str) -> ProgressBar {
    let target = if QUIET.load(Ordering::Relaxed) {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let style = ProgressStyle::with_template(template).expect("a valid template");
    ProgressBar::with_draw_target(Some(length), target).with_style(style)
}
