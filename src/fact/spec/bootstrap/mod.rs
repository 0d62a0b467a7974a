//! How the new cluster comes by its data: a restore, adopted volumes, a primary to follow, or nothing.

pub(super) mod fresh;
pub(super) mod shape;
pub(super) mod source;
pub(super) mod standby;
