//! Runs the program in a folder of its own.

use assert_cmd::Command;
use std::path::Path;
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
