//! The whole document.

use super::devices::FLEET_ENTRY;
use super::inference::INFERENCE;
use super::links::NETWORK;
use super::model::{DATA, MODEL};
use super::service::SERVER;
use super::training::{EVALUATE, TRAINING};
use crate::scenario::schema::shape::{Bounds, SectionTable, Shape, key};
use crate::scenario::vocabulary;

/// A scenario.
pub(in crate::scenario::schema) static SCENARIO: SectionTable = SectionTable {
    name: "scenario",
    about: "A scenario: a fleet, a network, an edge server, and what they train and answer. Numbers \
            with a dimension carry their unit.",
    vocabulary: &vocabulary::ROOT,
    keys: &[
        key(
            "name",
            "The scenario's name, which its folder of results has too.",
            Shape::Pattern(
                "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
                "a name has 1 to 100 letters, digits, `-`, `_` or `.`, and begins with a letter or \
                 digit",
            ),
            "quickstart",
        ),
        key(
            "seed",
            "The master seed of all random draws: the same seed gives the same run.",
            Shape::Integer(0, u64::MAX),
            "6",
        )
        .or("1"),
        key(
            "model",
            "The network that is trained and asked, and where it is cut.",
            Shape::Section(&MODEL),
            "{ preset: digits-cnn, cut: conv2 }",
        ),
        key(
            "data",
            "The images and how they are dealt to clients; needed for training.",
            Shape::Section(&DATA),
            "{ source: digits }",
        ),
        key(
            "fleet",
            "Groups of equal devices.",
            Shape::List(&Shape::Section(&FLEET_ENTRY), 1, 1_000_000),
            "[{ name: pi, count: 6, device: raspberry-pi-4b, access: wifi-home }]",
        ),
        key(
            "server",
            "The edge server.",
            Shape::Section(&SERVER),
            "{ device: edge-gpu-rtx2080, workers: 1 }",
        ),
        key(
            "network",
            "Nodes and links between the devices and the server, and what every message carries. \
             Without it each device has a link pair of its own to the server.",
            Shape::Section(&NETWORK),
            "{ header: 40 B }",
        ),
        key(
            "training",
            "How the models are trained; left out, only inference is simulated.",
            Shape::Section(&TRAINING),
            "{ rounds: 20, local_updates: 10, batch_size: 16, learning_rate: 0.05, gamma: 0.5, \
             lambda: 0.2 }",
        ),
        key(
            "inference",
            "The requests that devices answer after training, and who answers them.",
            Shape::Section(&INFERENCE),
            "{ arrivals: { poisson: 2 /s }, duration: 60 s, ood: 0.4, offload: { entropy: 1.2 } }",
        ),
        key(
            "evaluate",
            "When and at which points accuracy is measured.",
            Shape::Section(&EVALUATE),
            "{ every: 2 }",
        ),
        key("output", "Which rows are written.", Shape::Section(&OUTPUT), "{ requests: 1% }"),
        key(
            "replications",
            "How often traffic and network are drawn anew; what was learned is learned once.",
            Shape::Integer(1, 1000),
            "5",
        )
        .or("1"),
        key(
            "sweep",
            "Key paths and the values they take, in a full grid that `sweep` runs; keys that move \
             together are joined by commas.",
            Shape::Paths(&SWEPT),
            "{ inference.offload.entropy: [0.1, 0.4, 1.2] }",
        ),
        key(
            "expect",
            "What figures of `summary.json` are to be, by their paths.",
            Shape::Paths(&Shape::Anything),
            "{ inference.latency.p99: '< 120 ms' }",
        ),
    ],
    required: &["name", "model", "fleet", "server"],
    one_of: &[&["training"], &["inference"]],
};

static OUTPUT: SectionTable = SectionTable {
    name: "output",
    about: "Which rows are written.",
    vocabulary: &vocabulary::OUTPUT,
    keys: &[key(
        "requests",
        "The share of all requests that have a row in `requests.csv`.",
        Shape::AnyOf(&[Shape::Word(&vocabulary::OUTPUT_REQUESTS), Shape::Share]),
        "1%",
    )
    .or("all")],
    required: &[],
    one_of: &[],
};

/// What a swept key takes: a list, or a range.
const SWEPT: Shape =
    Shape::AnyOf(&[Shape::List(&Shape::Anything, 1, 10_000), Shape::Section(&RANGE)]);

/// A number with the swept key's unit, if it has one; of either sign.
const STEP: Shape =
    Shape::AnyOf(&[Shape::Number(ANY), Shape::Pattern(r"^\s*-?[0-9.]", "expected a number")]);

const ANY: Bounds = Bounds { low: f64::MIN, above: false, high: None, below: false };

static RANGE: SectionTable = SectionTable {
    name: "range",
    about: "Values in equal steps or equal ratios.",
    vocabulary: &vocabulary::SWEEP_RANGE,
    keys: &[
        key("from", "The first value, with the swept key's unit.", STEP, "1 Mbit/s"),
        key("to", "The last value, in the unit of `from`.", STEP, "100 Mbit/s"),
        key("steps", "How many values, both ends included.", Shape::Integer(2, 1000), "5"),
        key("by", "The distance from one value to the next, in place of `steps`.", STEP, "10"),
        key(
            "scale",
            "Whether steps are equal (`linear`) or their ratios (`log`).",
            Shape::Word(&vocabulary::SWEEP_SCALE),
            "log",
        )
        .or("linear"),
    ],
    required: &["from", "to"],
    one_of: &[&["steps"], &["by"]],
};
