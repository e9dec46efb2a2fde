//! `training` and `evaluate`.

use super::{COUNT, TIME, UNIT};
use crate::scenario::schema::shape::{
    Choice, SectionTable, Shape, above_to, bare, from, from_below, from_to, key, with,
};
use crate::scenario::vocabulary;

/// A step size of SGD.
const STEP: Shape = above_to(0.0, 1000.0);

pub(super) static TRAINING: SectionTable = SectionTable {
    name: "training",
    about: "The method and its hyperparameters.",
    vocabulary: &vocabulary::TRAINING,
    keys: &[
        key(
            "method",
            "The method, or a list of methods to compare.",
            Shape::AnyOf(&[
                Shape::Word(&vocabulary::METHOD),
                Shape::List(&Shape::Word(&vocabulary::METHOD), 1, 6),
            ]),
            "[splitgp, fedavg]",
        )
        .or("splitgp"),
        key("rounds", "Global rounds.", COUNT, "20"),
        key("local_updates", "Mini-batches of a client in each round.", COUNT, "10"),
        key(
            "local_epochs",
            "Passes over a client's samples in each round, in place of `local_updates`.",
            COUNT,
            "1",
        ),
        key("batch_size", "Samples of a mini-batch.", COUNT, "16"),
        key(
            "learning_rate",
            "The step size of SGD, or how it decays.",
            Shape::AnyOf(&[STEP, Shape::Section(&LEARNING_RATE)]),
            "0.05",
        ),
        key("momentum", "The share of the step before that is kept.", from_below(0.0, 1.0), "0.9")
            .or("0"),
        key(
            "gamma",
            "γ: the weight of the client exit's loss against the server exit's; needed by methods \
             with two exits.",
            UNIT,
            "0.5",
        ),
        key(
            "lambda",
            "λ: what clients keep of their own models when all are averaged; needed by methods that \
             personalise.",
            UNIT,
            "0.2",
        ),
        key(
            "retry_after",
            "How long a sender waits before it sends a dropped transfer again.",
            TIME,
            "1 s",
        )
        .or("1 s"),
        key(
            "retries",
            "How often it does so before the client fails the round.",
            Shape::Integer(0, 1_000_000),
            "3",
        )
        .or("7"),
        key(
            "seeds",
            "Training is done with each of these seeds of partition, initialisation and batches; \
             with the master seed alone unless stated.",
            Shape::List(&Shape::Integer(0, u64::MAX), 1, 32),
            "[1, 2, 3]",
        ),
        key(
            "overlap",
            "Whether κ runs while the gradient is awaited, instead of after it.",
            Shape::Truth,
            "true",
        )
        .or("false"),
        key(
            "participation",
            "The share of clients, above 0, that take part in each round.",
            Shape::Share,
            "30%",
        )
        .or("1"),
        key(
            "deadline",
            "A round ends this long after it began; later updates are lost. None unless stated.",
            TIME,
            "10 s",
        ),
        key(
            "aggregation",
            "When clients' updates are aggregated.",
            Shape::Choice(&AGGREGATION),
            "{ asynchronous: { mixing: 0.6 } }",
        )
        .or("synchronous"),
        key(
            "server_model",
            "Whether the server trains a θ for each client or one that all share.",
            Shape::Word(&vocabulary::SERVER_MODEL),
            "shared",
        )
        .or("per-client"),
    ],
    required: &["rounds", "batch_size", "learning_rate"],
    one_of: &[&["local_updates"], &["local_epochs"]],
};

static LEARNING_RATE: SectionTable = SectionTable {
    name: "learning-rate",
    about: "A step size that decays from round to round.",
    vocabulary: &vocabulary::LEARNING_RATE,
    keys: &[
        key("initial", "The step size of the first round.", STEP, "0.05"),
        key("decay", "How it decays.", Shape::Choice(&DECAY), "{ inverse: 0.01 }"),
    ],
    required: &["initial", "decay"],
    one_of: &[],
};

const DECAY: Choice = Choice {
    vocabulary: &vocabulary::DECAY,
    alternatives: &[with(
        "inverse",
        "initial / (1 + inverse · t) after t rounds.",
        from_to(0.0, 1000.0),
    )],
};

const AGGREGATION: Choice = Choice {
    vocabulary: &vocabulary::AGGREGATION,
    alternatives: &[
        bare("synchronous", "In rounds, when all have arrived or the deadline has passed."),
        with("asynchronous", "Each update as it arrives.", Shape::Section(&ASYNCHRONOUS)),
    ],
};

static ASYNCHRONOUS: SectionTable = SectionTable {
    name: "asynchronous",
    about: "Each update is mixed into the models as it arrives.",
    vocabulary: &vocabulary::ASYNCHRONOUS,
    keys: &[
        key("mixing", "The weight of a fresh update.", above_to(0.0, 1.0), "0.6").or("0.6"),
        key(
            "staleness",
            "How the weight falls with the updates made meanwhile.",
            Shape::Choice(&STALENESS),
            "{ polynomial: 0.5 }",
        )
        .or("constant"),
    ],
    required: &[],
    one_of: &[],
};

/// How steeply a weight falls.
const STEEPNESS: Shape = from_to(0.0, 1e6);

const STALENESS: Choice = Choice {
    vocabulary: &vocabulary::STALENESS,
    alternatives: &[
        bare("constant", "Not at all."),
        with("polynomial", "As (staleness + 1)^−a.", STEEPNESS),
        with("hinge", "Not up to a staleness, then hyperbolically.", Shape::Section(&HINGE)),
    ],
};

static HINGE: SectionTable = SectionTable {
    name: "hinge",
    about: "The weight stays up to a staleness and falls after it.",
    vocabulary: &vocabulary::HINGE,
    keys: &[
        key("after", "Up to this staleness the weight stays.", Shape::Integer(0, 1_000_000), "4"),
        key("slope", "How steeply it falls after that.", STEEPNESS, "10"),
    ],
    required: &["after", "slope"],
    one_of: &[],
};

pub(super) static EVALUATE: SectionTable = SectionTable {
    name: "evaluate",
    about: "When and at which points accuracy is measured.",
    vocabulary: &vocabulary::EVALUATE,
    keys: &[
        key(
            "every",
            "After every n-th round, and the last. Unless stated, ten times on `digits`, and after \
             the last round alone elsewhere.",
            COUNT,
            "2",
        ),
        key(
            "ood",
            "Levels ρ, ascending: out-of-distribution samples for each main sample.",
            Shape::List(&UNIT, 1, 100),
            "[0, 0.4, 1]",
        )
        .or("[0, 0.2, 0.4, 0.6, 0.8, 1.0]"),
        key(
            "entropy",
            "Thresholds E_th in nats, ascending.",
            Shape::List(&from(0.0), 1, 100),
            "[0.4, 1.2]",
        )
        .or("[0.05, 0.1, 0.2, 0.4, 0.8, 1.2, 1.6, 2.3]"),
        key(
            "models",
            "Whose answers are evaluated: those of the models after averaging (`mixed`) or before \
             (`local`).",
            Shape::Word(&vocabulary::EVALUATED_MODELS),
            "local",
        )
        .or("mixed"),
        key(
            "gradient_norm",
            "Whether the gradient of each client's loss on all of its samples is measured, too.",
            Shape::Truth,
            "true",
        )
        .or("false"),
    ],
    required: &[],
    one_of: &[],
};
