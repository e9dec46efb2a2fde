//! `model` and `data`.

use super::BYTES;
use crate::scenario::schema::shape::{Choice, SectionTable, Shape, above_to, bare, key, with};
use crate::scenario::vocabulary;

/// Channels of a layer, and values of a linear one.
const CHANNELS: Shape = Shape::Integer(1, 1_000_000);

/// A side of an image or a window, in pixels.
const SIDE: Shape = Shape::Integer(1, 65_536);

pub(super) static MODEL: SectionTable = SectionTable {
    name: "model",
    about: "The network: a `preset`, own `layers`, or a table of `costs`; and its cut.",
    vocabulary: &vocabulary::MODEL,
    keys: &[
        key("preset", "A built-in network.", Shape::Word(&vocabulary::PRESET), "digits-cnn"),
        key(
            "layers",
            "The user's own network from input to output; layers are named `conv1` … `fc1` … in \
             their order.",
            LAYERS,
            "[{ conv: { channels: 8, kernel: 3, padding: 1 } }, relu, { linear: 10 }]",
        ),
        key(
            "costs",
            "A CSV file of the layers' costs (relative to the scenario): a network that is timed, \
             not trained.",
            Shape::Text,
            "costs/resnet-18.csv",
        ),
        key(
            "cut",
            "The last layer on the device. A preset has a cut of its own; other models need one.",
            Shape::Text,
            "conv2",
        ),
        key(
            "aux",
            "The client exit's classifier κ: its layers, or with `costs` what it costs. One linear \
             layer unless stated.",
            Shape::AnyOf(&[LAYERS, Shape::Section(&AUX_COSTS)]),
            "[{ linear: 10 }]",
        ),
        key(
            "input",
            "One sample: with `layers` its channels, height and width, with `costs` its size as it \
             is sent.",
            Shape::AnyOf(&[Shape::Tuple(&[CHANNELS, SIDE, SIDE]), BYTES]),
            "[1, 28, 28]",
        ),
        key("classes", "The number of classes; the data's, if these are known.", CLASSES, "10"),
        key(
            "cost",
            "What a layer's time is proportional to.",
            Shape::Word(&vocabulary::COST),
            "parameters",
        )
        .or("flops"),
        key(
            "smashed",
            "The number format in which smashed data and their gradients are sent.",
            Shape::Word(&vocabulary::PRECISION),
            "float16",
        )
        .or("float32"),
    ],
    required: &[],
    one_of: &[&["preset"], &["layers", "cut"], &["costs", "cut"]],
};

/// Classes: labels are bytes.
const CLASSES: Shape = Shape::Integer(2, 255);

const LAYERS: Shape = Shape::List(&Shape::Choice(&LAYER), 1, 1000);

const LAYER: Choice = Choice {
    vocabulary: &vocabulary::LAYER,
    alternatives: &[
        with("conv", "A convolution.", Shape::Section(&CONV)),
        with("max-pool", "The largest value of each window.", Shape::Section(&MAX_POOL)),
        bare("batch-norm", "Batch normalisation."),
        bare("relu", "The rectifier."),
        with("linear", "A fully connected layer with so many outputs.", CHANNELS),
    ],
};

static CONV: SectionTable = SectionTable {
    name: "conv",
    about: "A convolution with square windows.",
    vocabulary: &vocabulary::CONV,
    keys: &[
        key("channels", "Channels of its output.", CHANNELS, "32"),
        key("kernel", "The window's side in pixels.", SIDE, "3"),
        key("padding", "Pixels of zeros around the image.", Shape::Integer(0, 65_536), "1").or("0"),
        key("stride", "Pixels from one window to the next.", SIDE, "2").or("1"),
    ],
    required: &["channels", "kernel"],
    one_of: &[],
};

static MAX_POOL: SectionTable = SectionTable {
    name: "max-pool",
    about: "The largest value of each square window.",
    vocabulary: &vocabulary::MAX_POOL,
    keys: &[
        key("kernel", "The window's side in pixels.", SIDE, "2"),
        key(
            "stride",
            "Pixels from one window to the next; as many as the window has unless stated.",
            SIDE,
            "2",
        ),
    ],
    required: &["kernel"],
    one_of: &[],
};

static AUX_COSTS: SectionTable = SectionTable {
    name: "aux-costs",
    about: "What κ costs, where the costs of all layers are stated.",
    vocabulary: &vocabulary::AUX_COSTS,
    keys: &[
        key(
            "flops",
            "FLOPs of one sample's forward pass (1 MAC = 2 FLOPs).",
            Shape::Integer(0, u64::MAX),
            "5120",
        )
        .or("0"),
        key("parameters", "Parameters.", Shape::Integer(0, u64::MAX), "2570").or("0"),
    ],
    required: &[],
    one_of: &[],
};

pub(super) static DATA: SectionTable = SectionTable {
    name: "data",
    about: "The images and how they are dealt to clients.",
    vocabulary: &vocabulary::DATA,
    keys: &[
        key(
            "source",
            "The data set. `digits` is built in; the others are read from `path`.",
            Shape::Word(&vocabulary::DATA_SOURCE),
            "fashion-mnist",
        ),
        key(
            "path",
            "The folder of the data set's files, or the `npz` file, relative to the scenario.",
            Shape::Text,
            "../data/fashion-mnist",
        ),
        key("classes", "The number of classes of an `npz` file.", CLASSES, "10"),
        key(
            "partition",
            "How samples are dealt to clients; two shards each unless stated.",
            Shape::Section(&PARTITION),
            "{ kind: shards, per_client: 2 }",
        ),
        key(
            "main_share",
            "From this share of a client's samples on, a class is one of its main classes.",
            Shape::Share,
            "10%",
        )
        .or("0.1"),
    ],
    required: &["source"],
    one_of: &[],
};

static PARTITION: SectionTable = SectionTable {
    name: "partition",
    about: "How samples are dealt to clients.",
    vocabulary: &vocabulary::PARTITION,
    keys: &[
        key(
            "kind",
            "`shards`: sorted by label and dealt in pieces; `dirichlet`: shares of the classes drawn \
             for each client; `iid`: at random.",
            Shape::Word(&vocabulary::PARTITION_KIND),
            "shards",
        ),
        key(
            "per_client",
            "Shards of each client, with `kind: shards`.",
            Shape::Integer(1, 100_000),
            "2",
        )
        .or("2"),
        key(
            "alpha",
            "The concentration α, with `kind: dirichlet`: the smaller, the fewer classes a client \
             has.",
            above_to(0.0, 1e6),
            "0.5",
        ),
    ],
    required: &["kind"],
    one_of: &[],
};
