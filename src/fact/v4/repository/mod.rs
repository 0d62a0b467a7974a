//! The pgBackRest repository, its backups, and who else writes to it.

pub(super) mod backup;
pub(super) mod listed;
pub(super) mod repo;
pub(super) mod writers;
