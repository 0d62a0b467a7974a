//! The pgBackRest repositories of a draft: the options, stores, schedules and restores.

pub(super) mod configuration;
pub(super) mod filled;
pub(super) mod global;
pub(super) mod live_paths;
pub(super) mod options;
pub(super) mod pgbackrest_options;
pub(super) mod repos;
pub(super) mod repositories;
pub(super) mod restores;
pub(super) mod schedules;
pub(super) mod source_repo;
pub(super) mod stores;
