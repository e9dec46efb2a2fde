//! `fleet` and its devices.

use super::links::ACCESS;
use super::{BYTES, COUNT, NAME, TIME};
use crate::scenario::profiles::device_profiles;
use crate::scenario::schema::shape::{
    Choice, SectionTable, Shape, above_to, bare, from_to, key, with,
};
use crate::scenario::units::{BYTE_RATE, COMPUTE_RATE, POWER};
use crate::scenario::vocabulary;

/// Jobs that wait or are in service.
pub(super) const BUFFER: Shape = Shape::Integer(1, 4_294_967_295);

pub(super) static FLEET_ENTRY: SectionTable = SectionTable {
    name: "device-group",
    about: "A group of equal devices: device i of the group `pi` is the client `pi/i`.",
    vocabulary: &vocabulary::FLEET_ENTRY,
    keys: &[
        key("name", "The group's name.", NAME, "pi"),
        key("count", "How many devices.", COUNT, "6"),
        key("device", "What a device computes with.", DEVICE_OR_PROFILE, "raspberry-pi-4b"),
        key(
            "buffer",
            "The most requests that wait or are in service at a device; more are dropped. Without \
             bound unless stated.",
            BUFFER,
            "100",
        ),
        key(
            "access",
            "Each device's own pair of links; without it devices share the links of the node they \
             are attached to.",
            Shape::AnyOf(&[Shape::Profile(super::links::profiles), Shape::Section(&ACCESS)]),
            "wifi-home",
        ),
        key(
            "attach",
            "The node at the links' other end; the server's unless stated.",
            NAME,
            "cell",
        ),
        key(
            "availability",
            "How long a device is up and down, in turn; always up unless stated.",
            Shape::Section(&AVAILABILITY),
            "{ up: { exponential: 10 min }, down: { exponential: 30 s } }",
        ),
    ],
    required: &["name", "count", "device"],
    one_of: &[],
};

/// A device, by its name or its figures.
pub(super) const DEVICE_OR_PROFILE: Shape =
    Shape::AnyOf(&[Shape::Profile(profiles), Shape::Section(&DEVICE)]);

fn profiles() -> Vec<&'static str> {
    device_profiles().iter().map(|named| named.name).collect()
}

static DEVICE: SectionTable = SectionTable {
    name: "device",
    about: "What a device computes with: own figures, or a profile's with some replaced. A service \
            takes max(FLOPs / rate, bytes moved / memory bandwidth) + overhead.",
    vocabulary: &vocabulary::DEVICE,
    keys: &[
        key(
            "profile",
            "A built-in device, whose figures the other keys replace.",
            Shape::Profile(profiles),
            "raspberry-pi-4b",
        ),
        key(
            "rate",
            "Effective fp32 rate (1 MAC = 2 FLOPs).",
            Shape::Drawn(&Shape::Measure(&COMPUTE_RATE)),
            "43 GFLOP/s",
        ),
        key(
            "memory",
            "Memory, which its part of the model must fit.",
            Shape::Drawn(&BYTES),
            "4 GB",
        ),
        key(
            "memory_bandwidth",
            "Bytes to and from memory; no limit unless stated.",
            Shape::Drawn(&Shape::Measure(&BYTE_RATE)),
            "4 GB/s",
        ),
        key("overhead", "Added to each service.", Shape::Drawn(&TIME), "2 ms").or("0 s"),
        key(
            "noise",
            "A random factor on each service's time; none unless stated.",
            Shape::Choice(&NOISE),
            "{ lognormal: { sigma: 0.2 } }",
        ),
        key(
            "power",
            "What a device of the fleet draws; energy is counted if it is stated.",
            Shape::Section(&POWER_DRAWN),
            "{ busy: 5 W, idle: 2 W, radio: 0.8 W }",
        ),
    ],
    required: &[],
    one_of: &[&["profile"], &["rate", "memory"]],
};

/// A factor on a time.
const FACTOR: Shape = above_to(0.0, 1e6);

const NOISE: Choice = Choice {
    vocabulary: &vocabulary::NOISE,
    alternatives: &[
        with("constant", "Always the same factor.", FACTOR),
        with(
            "uniform",
            "Between the smallest and the largest factor.",
            Shape::Tuple(&[FACTOR, FACTOR]),
        ),
        bare("exponential", "Exponential with mean 1."),
        with(
            "lognormal",
            "Log-normal with mean 1; σ of the logarithm.",
            Shape::Section(&NOISE_SIGMA),
        ),
        with("gamma", "Gamma with mean 1.", Shape::Section(&NOISE_SHAPE)),
        with(
            "hyperexponential",
            "Hyperexponential with mean 1 and balanced means.",
            Shape::Section(&NOISE_SCV),
        ),
        with("weibull", "Weibull; of mean 1 unless scaled.", Shape::Section(&NOISE_WEIBULL)),
        with("pareto", "Pareto; of mean 1 unless scaled.", Shape::Section(&NOISE_PARETO)),
    ],
};

static NOISE_SIGMA: SectionTable = SectionTable {
    name: "noise-sigma",
    about: "A log-normal factor.",
    vocabulary: &vocabulary::NOISE_SIGMA,
    keys: &[key("sigma", "σ of the logarithm.", from_to(0.0, 10.0), "0.2")],
    required: &["sigma"],
    one_of: &[],
};

static NOISE_SHAPE: SectionTable = SectionTable {
    name: "noise-shape",
    about: "A gamma factor.",
    vocabulary: &vocabulary::NOISE_SHAPE,
    keys: &[key("shape", "The shape k; the variance is 1/k.", from_to(0.01, 1e6), "4")],
    required: &["shape"],
    one_of: &[],
};

static NOISE_SCV: SectionTable = SectionTable {
    name: "noise-scv",
    about: "A hyperexponential factor.",
    vocabulary: &vocabulary::NOISE_SCV,
    keys: &[key("scv", "The squared coefficient of variation.", from_to(1.0, 1e6), "4")],
    required: &["scv"],
    one_of: &[],
};

static NOISE_WEIBULL: SectionTable = SectionTable {
    name: "noise-weibull",
    about: "A Weibull factor.",
    vocabulary: &vocabulary::NOISE_WEIBULL,
    keys: &[
        key("shape", "The shape; below 1 the tail is heavy.", from_to(0.1, 1e6), "0.8"),
        key("scale", "The scale; the one of mean 1 unless stated.", FACTOR, "1"),
    ],
    required: &["shape"],
    one_of: &[],
};

static NOISE_PARETO: SectionTable = SectionTable {
    name: "noise-pareto",
    about: "A Pareto factor.",
    vocabulary: &vocabulary::NOISE_PARETO,
    keys: &[
        key("shape", "The shape; up to 2 the variance is infinite.", from_to(1.01, 1e6), "2.5"),
        key("minimum", "The smallest factor; the one of mean 1 unless stated.", FACTOR, "0.6"),
    ],
    required: &["shape"],
    one_of: &[],
};

static POWER_DRAWN: SectionTable = SectionTable {
    name: "power",
    about: "What a device draws.",
    vocabulary: &vocabulary::POWER,
    keys: &[
        key("busy", "While it computes.", Shape::Measure(&POWER), "5 W"),
        key("idle", "While it does not.", Shape::Measure(&POWER), "2 W"),
        key("radio", "Added while it sends or receives.", Shape::Measure(&POWER), "0.8 W"),
    ],
    required: &["busy", "idle", "radio"],
    one_of: &[],
};

static AVAILABILITY: SectionTable = SectionTable {
    name: "availability",
    about: "Devices fail and return.",
    vocabulary: &vocabulary::AVAILABILITY,
    keys: &[
        key(
            "up",
            "From the start or a return to the next failure; 1 ms or more on average.",
            DRAWN_TIME,
            "{ exponential: 10 min }",
        ),
        key("down", "From a failure to the return; 1 ms or more on average.", DRAWN_TIME, "30 s"),
    ],
    required: &["up", "down"],
    one_of: &[],
};

/// A time that is drawn each time anew, or always the same.
pub(super) const DRAWN_TIME: Shape = Shape::AnyOf(&[TIME, Shape::Choice(&DURATIONS)]);

const DURATIONS: Choice = Choice {
    vocabulary: &vocabulary::JITTER,
    alternatives: &[
        with("exponential", "Exponential with this mean.", TIME),
        with("uniform", "Between the shortest and the longest.", Shape::Tuple(&[TIME, TIME])),
        with("lognormal", "Log-normal.", Shape::Section(&LOGNORMAL)),
    ],
};

static LOGNORMAL: SectionTable = SectionTable {
    name: "lognormal-time",
    about: "A log-normal time.",
    vocabulary: &vocabulary::LOGNORMAL,
    keys: &[
        key("median", "The median.", TIME, "1 ms"),
        key("sigma", "σ of the logarithm.", from_to(0.0, 10.0), "0.5"),
    ],
    required: &["median", "sigma"],
    one_of: &[],
};
