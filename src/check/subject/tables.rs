//! The facts of each kind of subject, and the names that its rules may use.

use crate::expr::Names;
use crate::fact::course;
use crate::fact::live::{self, LivingFact};
use crate::fact::moved::{self, MigrationFact};
use crate::fact::spec::{self, DraftFact};
use crate::fact::v4::{ClusterFact, FACTS};
use crate::rule::SubjectKind;

/// Every fact that rules about drafts may read, those of the v4 cluster under `v4.` aside.
pub fn draft_facts() -> Vec<&'static DraftFact> {
    spec::FACTS.facts().to_vec()
}

/// Every fact that rules about v4 clusters may read.
pub fn cluster_facts() -> Vec<&'static ClusterFact> {
    FACTS.facts().to_vec()
}

/// Every fact that rules about living clusters may read, those of the spec under `spec.` aside.
pub fn living_facts() -> Vec<&'static LivingFact> {
    live::FACTS.facts().to_vec()
}

/// Every fact of its own that rules about migrations may read; those of both sides stand under `live.`, `spec.` and `v4.`.
pub fn migration_facts() -> Vec<&'static MigrationFact> {
    moved::FACTS.facts().to_vec()
}

/// The names that rules about a subject may use.
pub fn names_of(subject: SubjectKind) -> &'static dyn Names {
    match subject {
        SubjectKind::Cluster => &*FACTS,
        SubjectKind::Draft => &*spec::FACTS,
        SubjectKind::Living => &*live::FACTS,
        SubjectKind::Migration => &*moved::FACTS,
        SubjectKind::Course => &*course::FACTS,
    }
}
