//! What users read: every variant of every error that can reach them, recorded. A new variant does not
//! compile here until it is added, and a changed message shows in the record.

mod files;
mod learning;
mod runs;

use std::error::Error;

/// Shows `errors`, one of each variant and in the order of `variants`, one a line.
fn recorded<E: Error>(
    variants: &[&'static str],
    errors: &[E],
    variant: impl Fn(&E) -> &'static str,
) -> String {
    let given: Vec<&str> = errors.iter().map(&variant).collect();
    assert_eq!(given, variants, "every variant has one example");
    let lines = errors.iter().map(|error| {
        // Where a relative path leads to is another place on every machine.
        let here = std::env::current_dir().unwrap();
        let message = error.to_string().replace(&*here.to_string_lossy(), "[here]");
        assert!(!message.is_empty() && !message.ends_with('.'), "{message}");
        format!("{}: {message}", variant(error))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Records examples of all variants of an enum; one that is not listed does not compile.
macro_rules! snapshot {
    ($enum:ident { $($variant:ident),* $(,)? }, $errors:expr) => {
        insta::assert_snapshot!(
            stringify!($enum),
            crate::recorded(&[$(stringify!($variant)),*], &$errors, |error| match error {
                $($enum::$variant { .. } => stringify!($variant),)*
            })
        )
    };
    // An enum that may grow: what is not listed is caught when the test runs.
    ($enum:ident { $($variant:ident),* ; .. }, $errors:expr) => {
        insta::assert_snapshot!(
            stringify!($enum),
            crate::recorded(&[$(stringify!($variant)),*], &$errors, |error| match error {
                $($enum::$variant { .. } => stringify!($variant),)*
                _ => "a variant that is not listed",
            })
        )
    };
}
pub(crate) use snapshot;
