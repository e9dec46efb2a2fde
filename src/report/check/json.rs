//! Findings for programs.

use super::Finding;

/// The findings as an indented JSON list with a newline at its end.
pub fn check_json(findings: &[Finding]) -> String {
    let text = serde_json::to_string_pretty(findings);
    text.expect("findings have text keys and finite numbers") + "\n"
}
