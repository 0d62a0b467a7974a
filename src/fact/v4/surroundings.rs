//! What surrounds the clusters of one origin: the operators, the definition of v5's resource, the platform, the
//! target of the move. Worked out once for all clusters of the origin.

use super::operator::operators::Operators;
use super::operator::pgo_yaml::AllSettings;
use super::operator::target::{Behind, TargetSet};
use super::operator::{percona, platform};
use crate::fact::Run;
use crate::manifest::{Fact, Inventory};
use crate::source::Span;

/// What all clusters of one origin share.
#[derive(Debug)]
pub struct Surroundings {
    /// The operators of both generations.
    pub operators: Operators,
    /// PGO v4's own settings.
    pub(super) settings: AllSettings,
    /// Whether v5's CustomResourceDefinition is installed.
    pub v5_defined: Fact<bool>,
    /// Whether this is OpenShift.
    pub openshift: Fact<bool>,
    /// The PGO v5 releases that the move may go to.
    pub target: TargetSet,
    /// What the installed definition of PostgresCluster lacks of it.
    pub(super) behind: Behind,
    /// An operator of Percona's that may own v5's resource, as namespace/name, and where it is written.
    pub(super) percona: Option<(String, Span)>,
}

impl Surroundings {
    /// Looks at an origin.
    pub fn of(inventory: &Inventory, run: &Run) -> Surroundings {
        let operators = Operators::of(inventory);
        let target = TargetSet::of(inventory, run, &operators);
        Surroundings {
            behind: Behind::of(platform::v5_definition(inventory), target.single()),
            settings: AllSettings::of(inventory),
            percona: percona::seen(inventory),
            v5_defined: platform::v5_defined(inventory),
            openshift: platform::openshift(inventory),
            target,
            operators,
        }
    }
}
