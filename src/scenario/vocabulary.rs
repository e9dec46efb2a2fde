//! Every word of the language: the keys of each section and the names a value may take.
//!
//! A word is *known*, or *planned*: valid in the language, but not simulated yet. Using a planned
//! word is an error that says so. Whoever makes one work moves it from `planned` to `known`.

use std::fmt::Write as _;

/// The words allowed in one place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vocabulary {
    /// What stands there: `key`, `policy` …
    pub(super) kind: &'static str,
    pub(super) known: &'static [&'static str],
    pub(super) planned: &'static [&'static str],
}

/// Shorthand for a section's keys.
const fn keys(known: &'static [&'static str], planned: &'static [&'static str]) -> Vocabulary {
    Vocabulary { kind: "key", known, planned }
}

/// Shorthand for the names of one `kind`.
const fn names(
    kind: &'static str,
    known: &'static [&'static str],
    planned: &'static [&'static str],
) -> Vocabulary {
    Vocabulary { kind, known, planned }
}

pub(super) const ROOT: Vocabulary = keys(
    &[
        "name",
        "seed",
        "model",
        "data",
        "fleet",
        "server",
        "network",
        "training",
        "inference",
        "evaluate",
        "output",
        "replications",
        "sweep",
        "expect",
    ],
    &[],
);

pub(super) const MODEL: Vocabulary =
    keys(&["preset", "layers", "costs", "cut", "aux", "input", "classes", "cost", "smashed"], &[]);
pub(super) const COST: Vocabulary = names("cost proxy", &["flops", "parameters"], &[]);
pub(super) const PRECISION: Vocabulary = names("precision", &["float32", "float16", "int8"], &[]);
pub(super) const PRESET: Vocabulary =
    names("model preset", &["digits-cnn", "paper-cnn", "vgg11-bn"], &[]);
/// The layers of a user's own network.
pub(super) const LAYER: Vocabulary =
    names("layer", &["conv", "max-pool", "batch-norm", "relu", "linear"], &[]);
pub(super) const CONV: Vocabulary = keys(&["channels", "kernel", "padding", "stride"], &[]);
pub(super) const MAX_POOL: Vocabulary = keys(&["kernel", "stride"], &[]);
/// The costs of κ where those of all layers are stated.
pub(super) const AUX_COSTS: Vocabulary = keys(&["flops", "parameters"], &[]);

pub(super) const DATA: Vocabulary =
    keys(&["source", "path", "classes", "partition", "main_share"], &[]);
pub(super) const DATA_SOURCE: Vocabulary =
    names("data source", &["digits", "fashion-mnist", "mnist", "cifar-10", "npz"], &[]);
pub(super) const PARTITION: Vocabulary = keys(&["kind", "per_client", "alpha"], &[]);
pub(super) const PARTITION_KIND: Vocabulary =
    names("partition", &["shards", "dirichlet", "iid"], &[]);

pub(super) const FLEET_ENTRY: Vocabulary =
    keys(&["name", "count", "device", "buffer", "access", "attach", "availability"], &[]);
pub(super) const AVAILABILITY: Vocabulary = keys(&["up", "down"], &[]);
pub(super) const DEVICE: Vocabulary =
    keys(&["profile", "rate", "memory", "memory_bandwidth", "overhead", "noise", "power"], &[]);
pub(super) const POWER: Vocabulary = keys(&["busy", "idle", "radio"], &[]);
/// Positive factors on a service's time.
pub(super) const NOISE: Vocabulary = names(
    "noise distribution",
    &[
        "constant",
        "uniform",
        "exponential",
        "lognormal",
        "gamma",
        "hyperexponential",
        "weibull",
        "pareto",
    ],
    &[],
);
pub(super) const NOISE_SIGMA: Vocabulary = keys(&["sigma"], &[]);
pub(super) const NOISE_SHAPE: Vocabulary = keys(&["shape"], &[]);
pub(super) const NOISE_SCV: Vocabulary = keys(&["scv"], &[]);
pub(super) const NOISE_WEIBULL: Vocabulary = keys(&["scale", "shape"], &[]);
pub(super) const NOISE_PARETO: Vocabulary = keys(&["minimum", "shape"], &[]);
pub(super) const ACCESS: Vocabulary = keys(
    &[
        "profile",
        "rate",
        "up",
        "down",
        "delay",
        "jitter",
        "loss",
        "retries",
        "discipline",
        "duplex",
        "buffer",
        "mtu",
        "outages",
        "background",
    ],
    &[],
);
/// A link between two nodes has the keys of [`ACCESS`] and these.
pub(super) const LINK: Vocabulary = keys(
    &[
        "name",
        "from",
        "to",
        "profile",
        "rate",
        "up",
        "down",
        "delay",
        "jitter",
        "loss",
        "retries",
        "discipline",
        "duplex",
        "buffer",
        "mtu",
        "outages",
        "background",
    ],
    &[],
);
pub(super) const ACCESS_DUPLEX: Vocabulary = names("duplex", &["full", "half"], &[]);
pub(super) const LINK_DUPLEX: Vocabulary = names("duplex", &["full", "half", "simplex"], &[]);
pub(super) const DISCIPLINE: Vocabulary = names("link discipline", &["fifo", "fair"], &[]);
/// The forms of a rate over time.
pub(super) const RATE: Vocabulary = keys(&["schedule", "trace", "repeat"], &[]);
pub(super) const OUTAGE: Vocabulary = keys(&["at", "for"], &[]);
pub(super) const RANDOM_OUTAGES: Vocabulary = keys(&["mean_up", "mean_down"], &[]);
pub(super) const BACKGROUND: Vocabulary = keys(&["arrivals", "size"], &[]);
pub(super) const BACKGROUND_ARRIVALS: Vocabulary =
    names("arrival process", &["poisson", "periodic"], &[]);
pub(super) const JITTER: Vocabulary =
    names("jitter distribution", &["exponential", "uniform", "lognormal"], &[]);
pub(super) const LOGNORMAL: Vocabulary = keys(&["median", "sigma"], &[]);
/// Distributions that a rate, a delay or a memory may be drawn from, once for each device.
pub(super) const DRAWN_ONCE: Vocabulary =
    names("distribution", &["uniform", "lognormal"], &["exponential", "normal"]);

pub(super) const SERVER: Vocabulary =
    keys(&["device", "workers", "queue", "priority", "buffer", "attach"], &[]);
pub(super) const QUEUE: Vocabulary =
    names("queue discipline", &["fifo", "processor-sharing", "batch"], &[]);
pub(super) const BATCH: Vocabulary = keys(&["max", "wait", "efficiency"], &[]);
pub(super) const PRIORITY: Vocabulary =
    names("class of jobs", &["none", "inference", "training"], &[]);

pub(super) const NETWORK: Vocabulary = keys(&["header", "nodes", "links"], &[]);

pub(super) const TRAINING: Vocabulary = keys(
    &[
        "method",
        "rounds",
        "local_updates",
        "local_epochs",
        "batch_size",
        "learning_rate",
        "momentum",
        "gamma",
        "lambda",
        "retry_after",
        "retries",
        "seeds",
        "overlap",
        "participation",
        "deadline",
        "aggregation",
        "server_model",
    ],
    &[],
);
pub(super) const AGGREGATION: Vocabulary =
    names("kind of aggregation", &["synchronous", "asynchronous"], &[]);
pub(super) const ASYNCHRONOUS: Vocabulary = keys(&["mixing", "staleness"], &[]);
pub(super) const STALENESS: Vocabulary =
    names("function of staleness", &["constant", "polynomial", "hinge"], &[]);
pub(super) const HINGE: Vocabulary = keys(&["after", "slope"], &[]);
pub(super) const SERVER_MODEL: Vocabulary = names("server model", &["per-client", "shared"], &[]);
pub(super) const METHOD: Vocabulary = names(
    "training method",
    &["splitgp", "multi-exit", "splitfed", "fedavg", "personalized-fl", "local"],
    &[],
);
/// The forms of a learning rate that is not constant.
pub(super) const LEARNING_RATE: Vocabulary = keys(&["initial", "decay"], &[]);
pub(super) const DECAY: Vocabulary = names("decay of a learning rate", &["inverse"], &[]);

pub(super) const INFERENCE: Vocabulary = keys(
    &["arrivals", "duration", "warmup", "drain_limit", "ood", "offload", "outcomes", "deadline"],
    &["concurrent"],
);
pub(super) const WARMUP: Vocabulary = names("warm-up rule", &["mser-5"], &[]);
pub(super) const ARRIVALS: Vocabulary =
    names("arrival process", &["poisson", "periodic", "bursty", "closed", "trace"], &[]);
pub(super) const PERIODIC: Vocabulary = keys(&["period", "phase"], &[]);
pub(super) const PHASE: Vocabulary = names("choice of phase", &["random"], &[]);
pub(super) const BURSTY: Vocabulary = keys(&["quiet", "burst"], &[]);
pub(super) const BURST_STATE: Vocabulary = keys(&["rate", "for"], &[]);
pub(super) const CLOSED: Vocabulary = keys(&["think"], &[]);
pub(super) const OFFLOAD: Vocabulary = names(
    "offloading policy",
    &[
        "entropy",
        "client-exit",
        "server-exit",
        "client-only",
        "server-only",
        "random",
        "margin",
        "deadline",
        "adaptive",
        "oracle",
    ],
    &[],
);
pub(super) const OFFLOAD_DEADLINE: Vocabulary = keys(&["deadline", "entropy", "half_life"], &[]);
pub(super) const OFFLOAD_ADAPTIVE: Vocabulary = keys(&["adaptive", "half_life"], &[]);
pub(super) const OUTCOMES: Vocabulary = names("source of outcomes", &["learned"], &[]);
pub(super) const STATED_OUTCOMES: Vocabulary =
    keys(&["client_accuracy", "server_accuracy", "offload"], &[]);

pub(super) const EVALUATE: Vocabulary =
    keys(&["every", "ood", "entropy", "models", "gradient_norm"], &[]);
pub(super) const EVALUATED_MODELS: Vocabulary = names("choice of models", &["mixed", "local"], &[]);
pub(super) const OUTPUT: Vocabulary = keys(&["requests"], &[]);
pub(super) const OUTPUT_REQUESTS: Vocabulary = names("choice of rows", &["all", "none"], &[]);

/// A swept key's values in equal steps.
pub(super) const SWEEP_RANGE: Vocabulary = keys(&["from", "to", "steps", "by", "scale"], &[]);
pub(super) const SWEEP_SCALE: Vocabulary = names("scale", &["linear", "log"], &[]);

impl Vocabulary {
    /// The known word equal to `word`, or what to tell the user about it.
    pub(super) fn recognise(&self, word: &str) -> Result<&'static str, String> {
        if let Some(known) = self.known.iter().find(|known| **known == word) {
            return Ok(known);
        }
        if self.planned.contains(&word) {
            let Self { kind, .. } = self;
            return Err(format!("`{word}` is a valid {kind}, but is not simulated yet"));
        }
        let valid: Vec<_> = self.known.iter().chain(self.planned).copied().collect();
        Err(unknown(self.kind, word, &valid, self.known))
    }
}

/// The error for a `word` that is no valid `kind`: the nearest of the `valid` words and a list of
/// the `allowed` ones.
pub fn unknown(kind: &str, word: &str, valid: &[&str], allowed: &[&str]) -> String {
    let article = if kind.starts_with(['a', 'o']) { "an" } else { "a" };
    let mut message = format!("`{}` is not {article} {kind}", shorten(word));
    if let Some(nearest) = nearest(word, valid) {
        let _ = write!(message, "; did you mean `{nearest}`?");
    }
    let _ = write!(message, " (allowed: {})", allowed.join(", "));
    message
}

/// The valid word that `word` was probably meant to be.
pub fn nearest<'a>(word: &str, valid: &[&'a str]) -> Option<&'a str> {
    const MAX_CHARS: usize = 40;
    if word.chars().nth(MAX_CHARS).is_some() {
        return None;
    }
    let lower = word.to_lowercase().replace('_', "-");
    let distance =
        |candidate: &str| strsim::osa_distance(&lower, &candidate.to_lowercase().replace('_', "-"));
    let best = valid.iter().min_by_key(|candidate| distance(candidate))?;
    // One slip, and one more for every four letters: `raund` is near `rounds`, `foo` is near none.
    let allowed = 1 + best.chars().count() / 4;
    (distance(best) <= allowed && distance(best) < best.chars().count()).then_some(best)
}

/// `text` for an error message, cut after 40 characters and without control characters.
pub(super) fn shorten(text: &str) -> String {
    const MAX_CHARS: usize = 40;
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let mut shown: String = text.chars().take(MAX_CHARS).map(clean).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planned_word_is_told_apart_from_an_unknown_one() {
        assert_eq!(TRAINING.recognise("rounds"), Ok("rounds"));
        assert_eq!(
            INFERENCE.recognise("concurrent").unwrap_err(),
            "`concurrent` is a valid key, but is not simulated yet"
        );
        assert!(TRAINING.recognise("raunds").unwrap_err().contains("did you mean `rounds`?"));
    }

    #[test]
    fn a_word_far_from_all_others_gets_no_suggestion() {
        assert_eq!(nearest("colour", ROOT.known), None);
        assert_eq!(nearest(&"x".repeat(1_000_000), ROOT.known), None);
        assert_eq!(nearest("drain-limit", INFERENCE.known), Some("drain_limit"));
    }

    #[test]
    fn no_word_is_both_known_and_planned() {
        for vocabulary in [
            ROOT,
            MODEL,
            PRESET,
            LAYER,
            DATA,
            DATA_SOURCE,
            FLEET_ENTRY,
            DEVICE,
            ACCESS,
            SERVER,
            QUEUE,
            NETWORK,
            TRAINING,
            METHOD,
            INFERENCE,
            ARRIVALS,
            OFFLOAD,
            EVALUATE,
        ] {
            for word in vocabulary.planned {
                assert!(!vocabulary.known.contains(word), "{word}");
            }
        }
    }
}
