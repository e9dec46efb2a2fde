//! Ctrl-C, and being asked to terminate.

use super::talk::tell;
use crate::kernel::StopFlag;
use std::sync::OnceLock;

/// Exit code of a program that was interrupted twice, as shells have it: 128 + SIGINT.
const INTERRUPTED_TWICE: i32 = 130;

/// A flag that the first Ctrl-C raises, so that all runs of this process end and write what is
/// finished; a second one ends the program at once.
pub(super) fn stop_at_interrupt() -> StopFlag {
    static STOP: OnceLock<StopFlag> = OnceLock::new();
    STOP.get_or_init(listen).clone()
}

fn listen() -> StopFlag {
    let stop = StopFlag::default();
    let raised = stop.clone();
    let handler = move || {
        if raised.is_raised() {
            std::process::exit(INTERRUPTED_TWICE);
        }
        raised.raise();
        tell("stopping: writing what is finished (again to stop at once)");
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        tell(format!("warning: Ctrl-C will end the run without results: {error}"));
    }
    stop
}
