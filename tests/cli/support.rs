//! Runs the program in a folder of its own.

use assert_cmd::Command;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A folder with a scenario in it, where the program runs.
pub(crate) struct Workplace {
    folder: TempDir,
}

/// What a command did.
pub(crate) struct Outcome {
    /// Its exit code.
    pub(crate) code: i32,
    /// What it printed.
    pub(crate) stdout: String,
    /// What it complained about.
    pub(crate) stderr: String,
}

impl Workplace {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts a file into it.
    pub(crate) fn put(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path().join(name), content).unwrap();
        self
    }

    /// Starts the program with these arguments.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        std::process::Command::new(assert_cmd::cargo::cargo_bin("splitgp-sim"))
            .current_dir(self.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// The folder of the only training kept in the default store.
    pub(crate) fn entry(&self) -> PathBuf {
        let mut entries = std::fs::read_dir(self.path().join("out/.learned")).unwrap();
        entries.next().unwrap().unwrap().path()
    }

    /// Waits until the training that is under way has left a checkpoint there, and returns its path.
    pub(crate) fn wait_for_checkpoint(&self) -> PathBuf {
        self.wait_for("checkpoint-")
    }

    /// The same with any file whose name begins so.
    pub(crate) fn wait_for(&self, beginning: &str) -> PathBuf {
        for _ in 0..6000 {
            let trainings = std::fs::read_dir(self.path().join("out/.learned"));
            let files = trainings.into_iter().flatten().flatten().flat_map(|training| {
                std::fs::read_dir(training.path()).into_iter().flatten().flatten()
            });
            let mut files =
                files.filter(|f| f.file_name().to_string_lossy().starts_with(beginning));
            if let Some(file) = files.next() {
                return file.path();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("no {beginning} within a minute");
    }

    /// Runs the program with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let output = Command::cargo_bin("splitgp-sim")
            .unwrap()
            .current_dir(self.path())
            .args(arguments)
            .output()
            .unwrap();
        Outcome {
            code: output.status.code().expect("no signal ends it"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A scenario that runs in a moment.
pub(crate) const SMALL: &str = "\
name: small
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits }
fleet:
  - { name: pi, count: 5, device: raspberry-pi-4b, access: wifi-home }
server: { device: edge-gpu-rtx2080 }
training: { rounds: 1, local_updates: 2, batch_size: 8, learning_rate: 0.05, gamma: 0.5, lambda: 0.2 }
inference:
  arrivals: { poisson: 2 /s }
  duration: 10 s
  ood: 0.4
  offload: { entropy: 1.2 }
";

/// [`SMALL`] with so many rounds that it can be stopped on the way.
pub(crate) const LONG: &str = "\
name: long
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits }
fleet:
  - { name: pi, count: 5, device: raspberry-pi-4b, access: wifi-home }
server: { device: edge-gpu-rtx2080 }
training: { rounds: 30, local_updates: 4, batch_size: 8, learning_rate: 0.05, gamma: 0.5, lambda: 0.2 }
evaluate: { every: 5, ood: [0, 0.4], entropy: [1.2], gradient_norm: true }
inference:
  arrivals: { poisson: 2 /s }
  duration: 10 s
  ood: 0.4
  offload: { entropy: 1.2 }
";

/// Asserts that two runs wrote the same results, byte by byte but for the wall time.
pub(crate) fn compare(place: &Workplace, first: &str, second: &str) {
    let names = ["summary.json", "rounds.csv", "accuracy.csv", "requests.csv", "outcomes.npz"];
    for name in names {
        let read = |folder: &str| std::fs::read(place.path().join(folder).join(name)).unwrap();
        let [first, second] = [first, second].map(|folder| {
            let bytes = read(folder);
            let lines = bytes.split(|byte| *byte == b'\n');
            let has_wall_time = |line: &&[u8]| line.windows(11).any(|w| w == b"wall_time_s");
            let lines = lines.filter(|line| !has_wall_time(line));
            lines.collect::<Vec<_>>().join(&b'\n')
        });
        assert!(first == second, "{name} differs");
    }
}
