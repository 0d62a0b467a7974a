//! What is judged, kind by kind, on one pipeline: clusters, drafts, living clusters, migrations; and what is said of the
//! input, of courses, of several subjects together.

pub(super) mod cluster;
pub(super) mod courses;
pub(super) mod draft;
pub(super) mod ground;
pub(super) mod input;
mod kept;
pub(super) mod kind;
pub(super) mod living;
pub(super) mod moves;
pub(super) mod namesakes;
pub(super) mod orphans;
mod outlived;
pub(super) mod pipeline;
pub(super) mod step;
pub(super) mod stranded;
pub(super) mod tables;
mod under_way;
pub(super) mod upgrade;
