//! One repository as drafted.

use crate::manifest::Node;

/// One repository.
#[derive(Clone, Copy)]
pub(in crate::fact::spec) struct Repo<'a> {
    pub(in crate::fact::spec) node: Node<'a>,
}
