//! Who comes to a living cluster, and how: users, Services.

pub(super) mod people;
pub(super) mod services;
