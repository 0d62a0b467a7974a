//! What a rule means for a subject when it fires.

use serde::{Deserialize, Serialize};

/// A way from v4 to v5, as the upgrade guide numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Method 1: adopt the claims with the data.
    Volumes,
    /// Method 2: restore from the pgBackRest repository.
    Backups,
    /// Method 3: follow through S3 or GCS, then promote.
    Standby,
    /// Not a way from v4: a living v5 cluster under a newer release of its operator.
    Upgrade,
}

impl Method {
    /// The ways from v4 to v5, in the guide's order.
    pub const ALL: [Method; 3] = [Method::Volumes, Method::Backups, Method::Standby];

    /// Those, and what is asked of living v5 clusters.
    pub const EVERY: [Method; 4] = [
        Method::Volumes,
        Method::Backups,
        Method::Standby,
        Method::Upgrade,
    ];

    /// As written in rules, flags and reports.
    pub fn name(self) -> &'static str {
        match self {
            Method::Volumes => "volumes",
            Method::Backups => "backups",
            Method::Standby => "standby",
            Method::Upgrade => "upgrade",
        }
    }
}

/// How much a rule weighs, lightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Worth knowing.
    Info,
    /// May surprise; never changes a verdict.
    Warn,
    /// Clusters: a preparation to make first.
    Action,
    /// Migrations: something has not arrived yet.
    Incomplete,
    /// Clusters: the method is not possible.
    Block,
    /// Drafts: the draft is wrong.
    Error,
    /// Migrations: something else than what was there has arrived.
    Wrong,
}

impl Weight {
    /// As written in rules and reports.
    pub fn name(self) -> &'static str {
        match self {
            Weight::Info => "info",
            Weight::Warn => "warn",
            Weight::Action => "action",
            Weight::Incomplete => "incomplete",
            Weight::Block => "block",
            Weight::Error => "error",
            Weight::Wrong => "wrong",
        }
    }

    /// The level it is shown at.
    pub fn level(self) -> Level {
        match self {
            Weight::Info => Level::Note,
            Weight::Warn | Weight::Action | Weight::Incomplete => Level::Warning,
            Weight::Block | Weight::Error | Weight::Wrong => Level::Error,
        }
    }
}

/// What a rule may weigh on the methods of a cluster.
pub(super) const METHODS: [Weight; 4] = [Weight::Block, Weight::Action, Weight::Warn, Weight::Info];
/// What a rule about drafts may weigh.
pub(super) const DRAFT: [Weight; 3] = [Weight::Error, Weight::Warn, Weight::Info];
/// What a rule about living clusters may weigh.
pub(super) const LIVING: [Weight; 2] = [Weight::Warn, Weight::Info];
/// What a rule about migrations may weigh.
pub(super) const MIGRATION: [Weight; 4] = [
    Weight::Wrong,
    Weight::Incomplete,
    Weight::Warn,
    Weight::Info,
];

/// How a finding is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// For information, or undecided.
    Note,
    /// To be dealt with.
    Warning,
    /// Wrong, or in the way.
    Error,
}

impl Level {
    /// As written in reports.
    pub fn name(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// What a rule means: per method for clusters, as a whole for drafts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Per method; a method that is not named is not concerned.
    Methods(Weights),
    /// For a draft.
    Draft(Weight),
    /// For a living v5 cluster as it is.
    Living(Weight),
    /// For a migration: whether everything arrived.
    Moved(Weight),
}

/// A weight for some of the methods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weights([Option<Weight>; Method::EVERY.len()]);

impl Weights {
    /// The weight for a method, if it is concerned.
    pub fn of(&self, method: Method) -> Option<Weight> {
        self.0.get(method as usize).copied().flatten()
    }

    /// The methods that are concerned, in the guide's order.
    pub fn iter(&self) -> impl Iterator<Item = (Method, Weight)> {
        let weights = Method::EVERY.into_iter().zip(self.0);
        weights.filter_map(|(method, weight)| Some((method, weight?)))
    }

    /// The heaviest of all; `Info` where there is none.
    pub fn heaviest(&self) -> Weight {
        let weights = self.0.into_iter().flatten();
        weights.max().unwrap_or(Weight::Info)
    }

    /// The same methods, all with this weight.
    #[must_use]
    pub fn all(self, weight: Weight) -> Self {
        Weights(self.0.map(|old| old.map(|_| weight)))
    }
}

impl FromIterator<(Method, Weight)> for Weights {
    fn from_iter<I: IntoIterator<Item = (Method, Weight)>>(pairs: I) -> Self {
        let mut weights = Weights::default();
        for (method, weight) in pairs {
            if let Some(slot) = weights.0.get_mut(method as usize) {
                *slot = Some(weight);
            }
        }
        weights
    }
}

impl Effect {
    /// The heaviest weight in it.
    pub fn heaviest(&self) -> Weight {
        match self {
            Effect::Methods(weights) => weights.heaviest(),
            Effect::Draft(weight) | Effect::Living(weight) | Effect::Moved(weight) => *weight,
        }
    }

    /// The key it has in reports where it is not given per method: `draft`, `living`, `moved`.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            Effect::Methods(_) => None,
            Effect::Draft(_) => Some("draft"),
            Effect::Living(_) => Some("living"),
            Effect::Moved(_) => Some("moved"),
        }
    }

    /// Each weight in it.
    pub fn weights(&self) -> impl Iterator<Item = Weight> {
        let (methods, whole) = match self {
            Effect::Methods(weights) => (Some(weights.0), None),
            Effect::Draft(weight) | Effect::Living(weight) | Effect::Moved(weight) => {
                (None, Some(*weight))
            }
        };
        methods.into_iter().flatten().flatten().chain(whole)
    }

    /// What it means for one method.
    pub fn on(&self, method: Method) -> Option<Weight> {
        match self {
            Effect::Methods(weights) => weights.of(method),
            Effect::Draft(_) | Effect::Living(_) | Effect::Moved(_) => None,
        }
    }

    /// What remains of it for the selected methods; `None` if nothing does.
    pub fn for_methods(&self, selected: &[Method]) -> Option<Effect> {
        match self {
            Effect::Methods(weights) => {
                let mut kept = *weights;
                for (method, weight) in Method::EVERY.into_iter().zip(&mut kept.0) {
                    if !selected.contains(&method) {
                        *weight = None;
                    }
                }
                (kept != Weights::default()).then_some(Effect::Methods(kept))
            }
            whole => Some(*whole),
        }
    }
}
