//! Tries inputs and reports.

use crate::corpus::seeds;
use crate::mutation::{apply, edits};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// After this time an input counts as one that hangs, on a busy machine, too.
const LONGEST: Duration = Duration::from_secs(300);

/// A longer message than any user would read.
const LONGEST_MESSAGE: usize = 64 * 1024;

/// A reader of files: says of an input whether it is good, or why not.
pub(crate) struct Target {
    /// Its name, and that of its folder in the corpus.
    pub(crate) name: &'static str,
    /// Mutations that the quick test tries.
    pub(crate) quick: u32,
    /// Reads the bytes; may write files into the folder.
    pub(crate) try_input: fn(&[u8], &Path) -> Result<(), String>,
}

/// What was tried.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    tried: u64,
    accepted: u64,
    longest: Duration,
}

impl Target {
    /// Tries the corpus and a bounded number of mutations, the same ones each time.
    pub(crate) fn quick(&self) {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let tally = Cell::new(Tally::default());
        let folder = tempfile::tempdir().unwrap();
        for (path, seed) in seeds(self.name) {
            self.try_watched(&seed, folder.path(), &tally).unwrap_or_else(|error| {
                panic!("{}: {error}", path.display());
            });
        }
        let plain = tally.get();
        assert!(plain.accepted > 0, "`{}` accepts nothing of its corpus", self.name);
        self.mutate(rng, self.quick, folder.path(), &tally);
        self.report(tally.get(), "7");
    }

    /// Tries mutations for `FUZZ_SECONDS` (60 unless set) from `FUZZ_SEED`.
    pub(crate) fn long(&self) {
        let variable = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
        let budget = Duration::from_secs(variable("FUZZ_SECONDS").unwrap_or(60));
        let first = variable("FUZZ_SEED").unwrap_or_else(|| u64::from(std::process::id()) << 16);
        let (started, tally) = (now(), Cell::new(Tally::default()));
        let folder = tempfile::tempdir().unwrap();
        for seed in first.. {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&seed.to_le_bytes());
            let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
            self.mutate(rng, 100, folder.path(), &tally);
            if started.elapsed() > budget {
                break;
            }
        }
        self.report(tally.get(), &first.to_string());
    }

    /// Tries `cases` mutations of the corpus.
    fn mutate(&self, rng: TestRng, cases: u32, folder: &Path, tally: &Cell<Tally>) {
        let seeds = seeds(self.name);
        // What fails is written out below, and its seed is known.
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, rng);
        let outcome = runner.run(&(any::<Index>(), edits()), |(which, edits)| {
            let (_, seed) = which.get(&seeds);
            self.try_watched(&apply(seed, &edits), folder, tally).map_err(TestCaseError::fail)
        });
        let Err(TestError::Fail(reason, (which, edits))) = outcome else { return };
        let (path, seed) = which.get(&seeds);
        let found = found(self.name);
        fs::write(&found, apply(seed, &edits)).unwrap();
        panic!(
            "`{}`: {reason}\nthe input is in {}: {} after {edits:?}",
            self.name,
            found.display(),
            path.display()
        );
    }

    /// Tries one input, and ends the process if that takes for ever.
    fn try_watched(&self, input: &[u8], folder: &Path, tally: &Cell<Tally>) -> Result<(), String> {
        let is_done = Arc::new(AtomicBool::new(false));
        let (seen, name, copy) = (Arc::clone(&is_done), self.name, input.to_vec());
        let watch = std::thread::spawn(move || {
            std::thread::park_timeout(LONGEST);
            if !seen.load(Ordering::Acquire) {
                let found = found(name);
                let _ = fs::write(&found, copy);
                eprintln!("`{name}` hangs; the input is in {}", found.display());
                std::process::exit(101);
            }
        });
        let started = now();
        let outcome = std::panic::catch_unwind(|| (self.try_input)(input, folder));
        let took = started.elapsed();
        is_done.store(true, Ordering::Release);
        watch.thread().unpark();
        watch.join().expect("it does next to nothing");
        let mut now = tally.get();
        now.tried += 1;
        now.longest = now.longest.max(took);
        now.accepted += u64::from(matches!(outcome, Ok(Ok(()))));
        tally.set(now);
        match outcome {
            Err(_) => Err("it panics".to_owned()),
            Ok(Err(message)) if message.trim().is_empty() => Err("it says nothing".to_owned()),
            Ok(Err(message)) if message.len() > LONGEST_MESSAGE => {
                Err(format!("its message has {} bytes", message.len()))
            }
            Ok(_) => Ok(()),
        }
    }

    fn report(&self, tally: Tally, seed: &str) {
        let Tally { tried, accepted, longest } = tally;
        eprintln!(
            "{}: {tried} inputs from seed {seed}, {accepted} of them good, the slowest in {longest:.1?}",
            self.name
        );
    }
}

/// Where an input goes that was not survived.
fn found(target: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    fs::create_dir_all(&folder).unwrap();
    folder.join(format!("{target}-{}", std::process::id()))
}

#[expect(clippy::disallowed_methods, reason = "how long an input takes, and when to end")]
fn now() -> Instant {
    Instant::now()
}
