//! Who may log in, how, and with which certificates.

pub(super) mod access;
pub(super) mod certificates;
pub(super) mod role_options;
