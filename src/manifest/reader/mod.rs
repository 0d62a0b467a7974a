//! A text to a tree: the fast lane for what kubectl writes, the general reader for everything else.

pub(super) mod fast;
pub(super) mod grow;
pub(super) mod reading;
pub(super) mod yaml;
