//! What else is in the input beside a draft: what it names, what is there already, other clusters, operators.

pub(super) mod annotations;
pub(super) mod beside;
pub(super) mod existing;
pub(super) mod neighbours;
pub(super) mod operator;
