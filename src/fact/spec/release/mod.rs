//! What releases have and lack: fields, API versions, feature gates, names of v4.

pub(super) mod api_version;
pub(super) mod floor;
pub(super) mod gates;
pub(super) mod target;
pub(super) mod v4_keys;
