//! Which objects belong to a cluster, and what a pod, an image or a Job says.

pub(in crate::fact) mod image;
pub(in crate::fact) mod job;
pub(super) mod listings;
pub(super) mod mount;
pub(super) mod selection;
pub(super) mod workload;
