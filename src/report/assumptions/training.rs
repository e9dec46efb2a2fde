//! The model, the data and the training.

use super::phrases::{listed, share, span};
use crate::report::text::counted;
use crate::scenario::{
    AggregationSpec, CostProxy, DataSource, DataSpec, LocalWork, Method, ModelSource, ModelSpec,
    Partition, Precision, Scenario, ServerModelSpec, Sgd, StalenessSpec, TrainingSpec,
};

/// What is trained on what, and how.
pub(super) fn paragraph(scenario: &Scenario, training: &TrainingSpec) -> String {
    let data = scenario.data.as_ref().map_or_else(String::new, data);
    let rounds = match training.aggregation {
        AggregationSpec::Synchronous { .. } => counted(training.rounds as usize, "round"),
        AggregationSpec::Asynchronous { .. } => {
            format!("{} of each client", counted(training.rounds as usize, "update"))
        }
    };
    let work = match training.local_work {
        LocalWork::Updates(1) => "one mini-batch".to_owned(),
        LocalWork::Updates(updates) => format!("{updates} mini-batches"),
        LocalWork::Epochs(1) => "one pass over its data in mini-batches".to_owned(),
        LocalWork::Epochs(epochs) => format!("{epochs} passes over its data in mini-batches"),
    };
    format!(
        "**Model and training.** {} {data}Training by `{}` takes {rounds}, in each of which a client \
         trains {work} of {} samples by SGD with {}{}. {}{}{} Training is done with {}. Losses, \
         gradients and accuracies are computed in earnest, in single precision; the simulated time \
         of each step follows from its operations and bytes.",
        model(&scenario.model),
        training.method.name(),
        training.batch_size,
        steps(training.sgd),
        weights(training.method, training.gamma, training.lambda),
        aggregation(training),
        server_model(training),
        overlap(training),
        seeds(training, scenario.seed)
    )
}

/// The network, its cut and how it is counted and sent.
pub(super) fn model(model: &ModelSpec) -> String {
    let network = match &model.source {
        ModelSource::Preset(preset) => format!("The network is the built-in `{}`", preset.name()),
        ModelSource::Layers(_) => "The network is listed in the scenario".to_owned(),
        ModelSource::Costs(_) => {
            "The network is known by its layers' stated costs alone".to_owned()
        }
    };
    let cost = match model.cost {
        CostProxy::Flops => {
            "A multiply-accumulate counts as 2 floating-point operations, a backward pass as two \
             forward passes, and bias, activation, normalisation and pooling as none."
        }
        CostProxy::Parameters => "A pass counts as many operations as the part has parameters.",
    };
    let value = match model.smashed {
        Precision::Float32 => "4 bytes",
        Precision::Float16 => "2 bytes, rounded to half precision",
        Precision::Int8 => "1 byte, rounded to 8 bits",
    };
    format!(
        "{network}, cut behind `{}`; each value of the smashed data takes {value}. {cost}",
        model.cut
    )
}

fn data(data: &DataSpec) -> String {
    let source = match &data.source {
        DataSource::Digits => "the 8×8 digits of the UCI repository",
        DataSource::FashionMnist(_) => "Fashion-MNIST",
        DataSource::Mnist(_) => "MNIST",
        DataSource::Cifar10(_) => "CIFAR-10",
        DataSource::Npz { .. } => "arrays of the user's",
    };
    let dealt = match data.partition {
        Partition::Shards { per_client } => {
            format!("sorted by label and dealt in shards, {per_client} to each client")
        }
        Partition::Dirichlet { alpha } => {
            format!("dealt class by class in proportions drawn from Dirichlet({alpha})")
        }
        Partition::Iid => "dealt at random in equal parts".to_owned(),
    };
    format!(
        "The data are {source}, {dealt}; a class is a client's main one from {} of its samples on. ",
        share(data.main_share)
    )
}

fn steps(sgd: Sgd) -> String {
    let rate = if sgd.rate.inverse == 0.0 {
        format!("learning rate {}", sgd.rate.initial)
    } else {
        format!("learning rate {}/(1 + {}·t) in round t", sgd.rate.initial, sgd.rate.inverse)
    };
    if sgd.has_momentum() {
        format!("{rate} and momentum {} from 0 in each local round", sgd.momentum)
    } else {
        rate
    }
}

/// γ and λ, of the methods that have them.
fn weights(method: Method, gamma: f64, lambda: f64) -> String {
    let mut weights = Vec::new();
    if method.has_gamma() {
        weights.push(format!("weight γ = {gamma} of the client exit's loss"));
    }
    if method.has_lambda() {
        weights.push(format!("share λ = {lambda} of a client's own model in its aggregate"));
    }
    if weights.is_empty() { String::new() } else { format!(", {}", listed(&weights)) }
}

fn aggregation(training: &TrainingSpec) -> String {
    if !training.method.averages() {
        return "Every client trains alone, and nothing is sent.".to_owned();
    }
    match training.aggregation {
        AggregationSpec::Synchronous { participation, deadline } => {
            let who = if participation < 1.0 {
                format!(
                    "In each round {} of the clients that are up take part",
                    share(participation)
                )
            } else {
                "All clients that are up take part in each round".to_owned()
            };
            match deadline {
                None => format!("{who}, which lasts until the last of their updates is there."),
                Some(deadline) => format!(
                    "{who}; {} after its start it ends with the updates that have arrived.",
                    span(deadline)
                ),
            }
        }
        AggregationSpec::Asynchronous { mixing, staleness } => {
            let staleness = match staleness {
                StalenessSpec::Constant => "however stale it is".to_owned(),
                StalenessSpec::Polynomial(power) => {
                    format!("times (1 + d)^−{power} at staleness d")
                }
                StalenessSpec::Hinge { after, slope } => {
                    format!("times 1/(1 + {slope}·(d − {after})) beyond staleness d = {after}")
                }
            };
            format!("Each update is merged as it arrives with weight {mixing} {staleness}.")
        }
    }
}

fn server_model(training: &TrainingSpec) -> &'static str {
    match training.server_model {
        _ if !training.method.layout().is_split() => "",
        ServerModelSpec::PerClient => " The server trains a copy of θ for each client.",
        ServerModelSpec::Shared => {
            " The server trains one θ, in the order in which it serves mini-batches."
        }
    }
}

fn overlap(training: &TrainingSpec) -> &'static str {
    if training.overlap { " κ runs while the gradient is awaited." } else { "" }
}

fn seeds(training: &TrainingSpec, master: u64) -> String {
    let seeds: Vec<String> = training.seeds(master).iter().map(u64::to_string).collect();
    match &seeds[..] {
        [seed] => format!("seed {seed}"),
        _ => format!(
            "each of the seeds {} (partition, initialisation and batches anew)",
            listed(&seeds)
        ),
    }
}
