//! Findings as JUnit XML, which most CI systems show.

use super::text::details;
use super::{CheckOutcome, Finding};
use std::fmt::Write as _;

/// A test suite with a test case for each finding.
pub fn check_junit(findings: &[Finding]) -> String {
    let count = |code: u8| findings.iter().filter(|f| f.exit_code() == code).count();
    let (failures, errors) = (count(1), count(2) + count(3));
    let is_skipped = |finding: &&Finding| finding.outcome == CheckOutcome::Unrecorded;
    let skipped = findings.iter().filter(is_skipped).count();
    let tests = findings.len();
    let counts = format!(
        "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\""
    );
    let cases: String = findings.iter().map(case).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite \
         name=\"splitgp-sim check\" {counts}>\n{cases}  </testsuite>\n</testsuites>\n"
    )
}

fn case(finding: &Finding) -> String {
    let name = escape(&finding.scenario.file_stem().unwrap_or_default().to_string_lossy());
    let path = escape(&finding.scenario.to_string_lossy());
    let mut text = format!("    <testcase classname=\"{path}\" name=\"{name}\"");
    let element = match finding.exit_code() {
        0 if finding.outcome == CheckOutcome::Unrecorded => "skipped",
        0 => {
            text.push_str("/>\n");
            return text;
        }
        1 => "failure",
        _ => "error",
    };
    let (state, details) = (finding.state(), escape(&details(finding)));
    let _ = writeln!(text, ">");
    let _ = writeln!(text, "      <{element} message=\"{state}\">{details}</{element}>");
    text.push_str("    </testcase>\n");
    text
}

/// Text as XML 1.0 may hold it, in elements and attributes alike.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\n' | '\t' => escaped.push(c),
            // XML 1.0 has no other control characters, and no such two code points.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
