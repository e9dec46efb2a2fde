//! Training methods: SplitGP and what it is compared with.
//!
//! They differ in four things only: what lies where, whether models are averaged, and whether γ and
//! λ apply. A new method is one more row of that table.

/// A training method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Split, two exits, personalised (Han et al., "SplitGP", IEEE INFOCOM 2023).
    SplitGp,
    /// Split, two exits, one common model: SplitGP at λ = 0.
    MultiExit,
    /// Split, the server exit alone, one common model (Thapa et al., "SplitFed", AAAI 2022).
    SplitFed,
    /// The full model on the device, one common model (McMahan et al., "FedAvg", AISTATS 2017).
    FedAvg,
    /// The full model on the device, mixed with the average as SplitGP's device part is.
    PersonalizedFl,
    /// The full model on the device, never averaged.
    Local,
}

/// Which parts of the model there are, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// φ and κ on the device, θ on the server: a client exit and a server exit.
    TwoExits,
    /// φ on the device, θ on the server: a server exit alone.
    ServerExit,
    /// φ and θ on the device: no exit, but a full model.
    Full,
}

/// What the client exit is called in errors.
pub(super) const CLIENT_EXIT: &str = "client exit";

impl Layout {
    /// What an answer of θ is called in errors.
    pub(super) fn theta_answer(self) -> &'static str {
        if self.is_split() { "server exit" } else { "full model" }
    }

    /// Whether κ exists.
    pub fn has_client_exit(self) -> bool {
        self == Self::TwoExits
    }

    /// Whether θ is on the server, common to all clients.
    pub fn is_split(self) -> bool {
        self != Self::Full
    }
}

/// What tells a method from the others.
struct Traits {
    name: &'static str,
    layout: Layout,
    averages: bool,
    personalises: bool,
}

impl Method {
    /// All methods, in the order in which tables list them.
    pub const ALL: [Self; 6] = [
        Self::SplitGp,
        Self::MultiExit,
        Self::SplitFed,
        Self::FedAvg,
        Self::PersonalizedFl,
        Self::Local,
    ];

    const fn traits(self) -> Traits {
        let (name, layout, averages, personalises) = match self {
            Self::SplitGp => ("splitgp", Layout::TwoExits, true, true),
            Self::MultiExit => ("multi-exit", Layout::TwoExits, true, false),
            Self::SplitFed => ("splitfed", Layout::ServerExit, true, false),
            Self::FedAvg => ("fedavg", Layout::Full, true, false),
            Self::PersonalizedFl => ("personalized-fl", Layout::Full, true, true),
            Self::Local => ("local", Layout::Full, false, false),
        };
        Traits { name, layout, averages, personalises }
    }

    /// Its name in the scenario language.
    pub const fn name(self) -> &'static str {
        self.traits().name
    }

    /// The method of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// Which parts of the model there are, and where.
    pub const fn layout(self) -> Layout {
        self.traits().layout
    }

    /// Whether the clients' models are averaged after each round, which takes messages; without,
    /// each client walks through its rounds alone.
    pub const fn averages(self) -> bool {
        self.traits().averages
    }

    /// Whether the loss has a weight γ: that of the client exit, if there are two exits.
    pub fn has_gamma(self) -> bool {
        self.layout() == Layout::TwoExits
    }

    /// Whether clients keep a share λ of their own models when these are averaged.
    pub const fn has_lambda(self) -> bool {
        self.traits().personalises
    }
}

#[cfg(test)]
mod tests;
