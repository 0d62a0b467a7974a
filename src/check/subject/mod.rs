//! One pipeline for each kind of subject: clusters, drafts, living clusters, migrations, courses.

pub(super) mod cluster;
pub(super) mod courses;
pub(super) mod draft;
pub(super) mod input;
mod kept;
pub(super) mod living;
pub(super) mod moves;
pub(super) mod namesakes;
pub(super) mod orphans;
pub(super) mod step;
pub(super) mod upgrade;
