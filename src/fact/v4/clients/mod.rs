//! How applications get in, and what runs beside Postgres for them.

pub(super) mod access;
pub(super) mod addons;
pub(super) mod selecting;
pub(super) mod services;
