//! The claims a draft adopts, and those it describes.

mod absent;
pub(super) mod adopted;
pub(super) mod claim_spec;
pub(super) mod claim_specs;
pub(super) mod volumes;
