//! What a command prints.

use super::exit::Failure;
use std::io::{ErrorKind, Write as _, stdout};

/// Prints `text`. A reader that has seen enough (`| head`) is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Run(format!("error: cannot print: {error}")))
        }
        _ => Ok(()),
    }
}
