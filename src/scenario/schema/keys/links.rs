//! `access`, `network` and its links.

use super::devices::DRAWN_TIME;
use super::{BYTES, LINK_RATE, NAME, PER_TIME, TIME};
use crate::scenario::profiles::link_profiles;
use crate::scenario::schema::shape::{Choice, Key, SectionTable, Shape, key, with};
use crate::scenario::vocabulary;

/// The names of the built-in access networks.
pub(super) fn profiles() -> Vec<&'static str> {
    link_profiles().iter().map(|named| named.name).collect()
}

/// A rate over time.
const RATE_OVER_TIME: Shape = Shape::Section(&RATE);

/// A rate that is always the same, or changes.
const RATE_OF_LINK: Shape = Shape::AnyOf(&[LINK_RATE, RATE_OVER_TIME]);

/// The same, or drawn once for each device.
const RATE_OF_DEVICE: Shape = Shape::AnyOf(&[Shape::Drawn(&LINK_RATE), RATE_OVER_TIME]);

const PROFILE: Key = key(
    "profile",
    "A built-in access network, whose figures the other keys replace.",
    Shape::Profile(profiles),
    "lte",
);
const BOTH_RATES: Key = key("rate", "The rate of both directions.", RATE_OF_LINK, "100 Mbit/s");
const JITTER: Key = key(
    "jitter",
    "A random addition to the propagation delay of each message, in both directions.",
    DRAWN_TIME,
    "{ exponential: 2 ms }",
);
const LOSS: Key = key(
    "loss",
    "The probability, below 1, that a transmission is lost and repeated, in both directions.",
    Shape::Share,
    "0.3%",
)
.or("0");
const RETRIES: Key = key(
    "retries",
    "After so many repeated transmissions a message is dropped.",
    Shape::Integer(0, 1_000_000),
    "3",
)
.or("7");
const DISCIPLINE: Key = key(
    "discipline",
    "`fifo`: one message after the other; `fair`: all share the rate equally.",
    Shape::Word(&vocabulary::DISCIPLINE),
    "fair",
)
.or("fifo");
const BUFFER: Key = key(
    "buffer",
    "The most messages that wait or are transmitted; more are dropped. Without bound unless stated.",
    Shape::Integer(1, 1_000_000_000),
    "64",
);
const MTU: Key = key(
    "mtu",
    "Messages are sent in segments of at most this size, 64 B to 65535 B; whole unless stated.",
    BYTES,
    "1500 B",
);
const ONE_OUTAGE: &Shape = &Shape::Section(&OUTAGE);
const OUTAGE_FORMS: &[Shape] =
    &[Shape::List(ONE_OUTAGE, 0, 1_000_000), Shape::Section(&RANDOM_OUTAGES)];
const OUTAGES: Key = key(
    "outages",
    "When the link is down: a list, or at random.",
    Shape::AnyOf(OUTAGE_FORMS),
    "[{ at: 10 s, for: 2 s }]",
);
const OTHERS: Key = key(
    "background",
    "Messages of others that occupy the link, in both directions.",
    Shape::Section(&BACKGROUND),
    "{ arrivals: { poisson: 20 /s }, size: 1500 B }",
);

pub(super) static ACCESS: SectionTable = SectionTable {
    name: "access",
    about: "A device's pair of links: own figures, or a profile's with some replaced. All but the \
            rates holds in both directions.",
    vocabulary: &vocabulary::ACCESS,
    keys: &[
        PROFILE,
        BOTH_RATES,
        key("up", "The rate from the device.", RATE_OF_DEVICE, "12 Mbit/s"),
        key("down", "The rate to the device.", RATE_OF_DEVICE, "12 Mbit/s"),
        key("delay", "The propagation delay, one way.", Shape::Drawn(&TIME), "35 ms"),
        JITTER,
        LOSS,
        RETRIES,
        DISCIPLINE,
        key(
            "duplex",
            "Whether both directions transmit at once (`full`) or share one wire (`half`).",
            Shape::Word(&vocabulary::ACCESS_DUPLEX),
            "half",
        )
        .or("full"),
        BUFFER,
        MTU,
        OUTAGES,
        OTHERS,
    ],
    required: &[],
    one_of: &[&["profile"], &["rate", "delay"], &["up", "down", "delay"]],
};

static LINK: SectionTable = SectionTable {
    name: "link",
    about: "A pair of links between two nodes: `up` leads from `from` to `to`, `down` back.",
    vocabulary: &vocabulary::LINK,
    keys: &[
        key("name", "The link's name; `FROM-TO` unless stated.", NAME, "backhaul"),
        key("from", "The node at one end.", NAME, "cell"),
        key("to", "The node at the other end.", NAME, "server"),
        PROFILE,
        BOTH_RATES,
        key("up", "The rate from `from` to `to`.", RATE_OF_LINK, "100 Mbit/s"),
        key("down", "The rate from `to` to `from`.", RATE_OF_LINK, "100 Mbit/s"),
        key("delay", "The propagation delay, one way.", TIME, "5 ms"),
        JITTER,
        LOSS,
        RETRIES,
        DISCIPLINE,
        key(
            "duplex",
            "Whether both directions transmit at once (`full`), share one wire (`half`), or only the \
             one from `from` to `to` exists (`simplex`).",
            Shape::Word(&vocabulary::LINK_DUPLEX),
            "half",
        )
        .or("full"),
        BUFFER,
        MTU,
        OUTAGES,
        OTHERS,
    ],
    required: &["from", "to"],
    one_of: &[&["profile"], &["rate", "delay"], &["up", "down", "delay"]],
};

static RATE: SectionTable = SectionTable {
    name: "rate-over-time",
    about: "A rate that changes: by a `schedule`, or from a `trace`.",
    vocabulary: &vocabulary::RATE,
    keys: &[
        key(
            "schedule",
            "Pairs of a time and the rate from then on, which may be 0 for a while; the first is at \
             0 s.",
            Shape::List(&Shape::Tuple(&[TIME, LINK_RATE]), 1, 1_000_000),
            "[[0 s, 12 Mbit/s], [30 s, 1 Mbit/s]]",
        ),
        key(
            "trace",
            "A CSV file with the columns `time_s,rate_bit_s`, relative to the scenario.",
            Shape::Text,
            "lte.csv",
        ),
        key("repeat", "After this time the rates begin anew.", TIME, "60 s"),
    ],
    required: &[],
    one_of: &[&["schedule"], &["trace"]],
};

static OUTAGE: SectionTable = SectionTable {
    name: "outage",
    about: "A time in which the link is down.",
    vocabulary: &vocabulary::OUTAGE,
    keys: &[
        key("at", "When it begins, after the run does.", TIME, "10 s"),
        key("for", "How long it lasts.", TIME, "2 s"),
    ],
    required: &["at", "for"],
    one_of: &[],
};

static RANDOM_OUTAGES: SectionTable = SectionTable {
    name: "random-outages",
    about: "Outages at random: exponential times up and down.",
    vocabulary: &vocabulary::RANDOM_OUTAGES,
    keys: &[
        key("mean_up", "The mean time from one outage to the next, 10 ms or more.", TIME, "60 s"),
        key("mean_down", "The mean length of an outage, 10 ms or more.", TIME, "2 s"),
    ],
    required: &["mean_up", "mean_down"],
    one_of: &[],
};

static BACKGROUND: SectionTable = SectionTable {
    name: "background",
    about: "Messages of others.",
    vocabulary: &vocabulary::BACKGROUND,
    keys: &[
        key(
            "arrivals",
            "When they come: every 10 us or less often on average.",
            Shape::Choice(&BACKGROUND_ARRIVALS),
            "{ poisson: 20 /s }",
        ),
        key("size", "The size of each.", BYTES, "1500 B"),
    ],
    required: &["arrivals", "size"],
    one_of: &[],
};

const BACKGROUND_ARRIVALS: Choice = Choice {
    vocabulary: &vocabulary::BACKGROUND_ARRIVALS,
    alternatives: &[
        with("poisson", "At random, at this rate.", PER_TIME),
        with("periodic", "At equal distances.", TIME),
    ],
};

pub(super) static NETWORK: SectionTable = SectionTable {
    name: "network",
    about: "Nodes, the links that join them, and what holds for every message.",
    vocabulary: &vocabulary::NETWORK,
    keys: &[
        key("header", "Added to the size of every message, 1 MB at most.", BYTES, "40 B").or("0 B"),
        key(
            "nodes",
            "The names of the nodes; the server's, `server`, need not be listed.",
            Shape::List(&NAME, 0, 1_000_000),
            "[cell, server]",
        ),
        key(
            "links",
            "The links between nodes; messages take the route of least delay.",
            Shape::List(&Shape::Section(&LINK), 0, 1_000_000),
            "[{ from: cell, to: server, rate: 100 Mbit/s, delay: 5 ms }]",
        ),
    ],
    required: &[],
    one_of: &[],
};
