//! Claims and volumes: what the cluster keeps its data on, and who mounts it.

pub(super) mod claims;
pub(super) mod directories;
pub(super) mod foreign;
pub(super) mod fsgroup;
pub(super) mod mounts;
pub(super) mod sharing;
pub(super) mod tablespaces;
pub(super) mod unreached;
