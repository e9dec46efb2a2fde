//! `inference`.

use super::devices::DRAWN_TIME;
use super::{PER_TIME, TIME, UNIT};
use crate::scenario::schema::shape::{
    Alternative, Choice, Form, SectionTable, Shape, bare, from, key, with,
};
use crate::scenario::vocabulary;

/// A threshold of entropy in nats.
const NATS: Shape = from(0.0);

pub(super) static INFERENCE: SectionTable = SectionTable {
    name: "inference",
    about: "Requests, who answers them, and where the answers come from.",
    vocabulary: &vocabulary::INFERENCE,
    keys: &[
        key("arrivals", "When each client's requests arrive.", Shape::Choice(&ARRIVALS), "{ poisson: 2 /s }"),
        key("duration", "How long requests arrive.", TIME, "60 s"),
        key(
            "warmup",
            "The first requests, which are left out of the statistics: a time shorter than \
             `duration`, or `mser-5`, which finds it from the latencies.",
            Shape::AnyOf(&[Shape::Word(&vocabulary::WARMUP), TIME]),
            "5 s",
        )
        .or("0 s"),
        key(
            "drain_limit",
            "The longest the run goes on after the last arrival; ten times `duration` unless stated.",
            TIME,
            "10 min",
        ),
        key(
            "ood",
            "ρ: out-of-distribution samples for each main sample. Needed unless outcomes are stated.",
            UNIT,
            "0.4",
        ),
        key(
            "offload",
            "Who answers. Needed unless stated outcomes have an `offload` of their own.",
            Shape::Choice(&OFFLOAD),
            "{ entropy: 1.2 }",
        ),
        key(
            "outcomes",
            "Where the exits' answers come from: the models trained here, a file (.npz, relative to \
             the scenario), or stated probabilities.",
            Shape::AnyOf(&[
                Shape::Word(&vocabulary::OUTCOMES),
                Shape::Pattern(r"[./\\]", "expected `learned` or a file"),
                Shape::Section(&STATED_OUTCOMES),
            ]),
            "{ client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }",
        )
        .or("learned"),
        key(
            "deadline",
            "How long after its arrival a request is to be answered; the policy's, if it has one.",
            TIME,
            "100 ms",
        ),
        key(
            "concurrent",
            "Whether requests are answered while training goes on.",
            Shape::Truth,
            "true",
        ),
    ],
    required: &["arrivals", "duration"],
    one_of: &[],
};

const PERIODS: &[Shape] = &[TIME, Shape::Section(&PERIODIC)];

const ARRIVALS: Choice = Choice {
    vocabulary: &vocabulary::ARRIVALS,
    alternatives: &[
        with("poisson", "At random, at this rate for each client.", PER_TIME),
        with("periodic", "At equal distances.", Shape::AnyOf(PERIODS)),
        with(
            "bursty",
            "Poisson at one of two rates, in turn for exponential times.",
            Shape::Section(&BURSTY),
        ),
        with("closed", "The next request after the answer and a pause.", Shape::Section(&CLOSED)),
        with("trace", "From a CSV file with the columns `time_s[,client]`.", Shape::Text),
    ],
};

static PERIODIC: SectionTable = SectionTable {
    name: "periodic",
    about: "Requests at equal distances.",
    vocabulary: &vocabulary::PERIODIC,
    keys: &[
        key("period", "From one request to the next.", TIME, "500 ms"),
        key(
            "phase",
            "When the first one arrives; `random` draws it within the period for each client.",
            Shape::AnyOf(&[Shape::Word(&vocabulary::PHASE), TIME]),
            "random",
        )
        .or("0 s"),
    ],
    required: &["period"],
    one_of: &[],
};

static BURSTY: SectionTable = SectionTable {
    name: "bursty",
    about: "Poisson arrivals at one of two rates (a Markov-modulated Poisson process).",
    vocabulary: &vocabulary::BURSTY,
    keys: &[
        key(
            "quiet",
            "The quiet state.",
            Shape::Section(&BURST_STATE),
            "{ rate: 0.5 /s, for: 20 s }",
        ),
        key("burst", "The busy state.", Shape::Section(&BURST_STATE), "{ rate: 20 /s, for: 2 s }"),
    ],
    required: &["quiet", "burst"],
    one_of: &[],
};

static BURST_STATE: SectionTable = SectionTable {
    name: "burst-state",
    about: "One of two states.",
    vocabulary: &vocabulary::BURST_STATE,
    keys: &[
        key("rate", "Requests for each client.", PER_TIME, "20 /s"),
        key("for", "The state's mean length.", TIME, "2 s"),
    ],
    required: &["rate", "for"],
    one_of: &[],
};

static CLOSED: SectionTable = SectionTable {
    name: "closed",
    about: "Each client has one request at a time.",
    vocabulary: &vocabulary::CLOSED,
    keys: &[key(
        "think",
        "From an answer to the next request.",
        DRAWN_TIME,
        "{ exponential: 2 s }",
    )],
    required: &["think"],
    one_of: &[],
};

const OFFLOAD: Choice = Choice {
    vocabulary: &vocabulary::OFFLOAD,
    alternatives: &[
        with("entropy", "The server, if the client exit's entropy exceeds this (nats).", NATS),
        bare("client-exit", "Always the client exit."),
        bare("server-exit", "Always the server exit, from smashed data."),
        bare("client-only", "The full model on the device."),
        bare("server-only", "The full model on the server, from the raw input."),
        with("random", "The server with this probability.", Shape::Share),
        with(
            "margin",
            "The server, if the client exit's two largest probabilities differ by less.",
            UNIT,
        ),
        Alternative {
            name: "deadline",
            about: "The server, if its answer is expected in time.",
            form: Form::Section(&OFFLOAD_DEADLINE),
        },
        Alternative {
            name: "adaptive",
            about: "The server, if its gain is worth the expected time.",
            form: Form::Section(&OFFLOAD_ADAPTIVE),
        },
        bare("oracle", "The server exactly where it is right and the client exit is not."),
    ],
};

static OFFLOAD_DEADLINE: SectionTable = SectionTable {
    name: "offload-deadline",
    about: "The server answers if its answer is expected in time.",
    vocabulary: &vocabulary::OFFLOAD_DEADLINE,
    keys: &[
        key("deadline", "How long after its arrival a request is to be answered.", TIME, "100 ms"),
        key("entropy", "Ask only above this entropy of the client exit (nats).", NATS, "0.8"),
        key("half_life", "After this time a measured round trip counts half.", TIME, "2 s")
            .or("1 s"),
    ],
    required: &["deadline"],
    one_of: &[],
};

static OFFLOAD_ADAPTIVE: SectionTable = SectionTable {
    name: "offload-adaptive",
    about: "The server answers if the expected gain in accuracy is worth the expected time.",
    vocabulary: &vocabulary::OFFLOAD_ADAPTIVE,
    keys: &[
        key("adaptive", "The time that one more right answer is worth.", TIME, "200 ms"),
        key("half_life", "After this time a measured round trip counts half.", TIME, "2 s")
            .or("1 s"),
    ],
    required: &["adaptive"],
    one_of: &[],
};

static STATED_OUTCOMES: SectionTable = SectionTable {
    name: "stated-outcomes",
    about: "Each exit is right with a stated probability.",
    vocabulary: &vocabulary::STATED_OUTCOMES,
    keys: &[
        key("client_accuracy", "Of the client exit.", Shape::Share, "0.8"),
        key("server_accuracy", "Of the server exit.", Shape::Share, "0.9"),
        key(
            "offload",
            "The server answers with this probability, in place of a policy.",
            Shape::Share,
            "0.3",
        ),
    ],
    required: &["client_accuracy", "server_accuracy"],
    one_of: &[],
};
