//! The fields of a draft: looked up by their keys, still to be filled in, or missing because it is only a part.

pub(super) mod keys;
pub(super) mod lookup;
pub(super) mod part;
pub(super) mod placeholders;
