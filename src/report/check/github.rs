//! Findings as annotations of GitHub Actions: workflow commands that mark lines of the scenarios.

use super::text::details;
use super::{CheckOutcome, Finding};
use std::fmt::Write as _;

/// An annotation for each finding that a reader of the change should see: errors, and notices for
/// what was not checked.
pub fn check_annotations(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let file = property(&finding.scenario.to_string_lossy());
        for missed in finding.missed() {
            let (line, title) = (missed.line, property("not as expected"));
            let message = data(&missed.to_string());
            let _ = writeln!(text, "::error file={file},line={line},title={title}::{message}");
        }
        let (level, title) = match &finding.outcome {
            CheckOutcome::Changed(_) => ("error", "simulated timing changed"),
            CheckOutcome::Invalid(_) => ("error", "invalid scenario or record"),
            CheckOutcome::Failed(_) => ("error", "the run failed"),
            CheckOutcome::Unrecorded => ("notice", "no record"),
            CheckOutcome::Same(_) | CheckOutcome::Blessed(_) => continue,
        };
        let message = data(details(finding).trim_end());
        let title = property(title);
        let _ = writeln!(text, "::{level} file={file},line=1,title={title}::{message}");
    }
    text
}

/// Escapes a command's message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
