//! A place in the spec where something of a kind stands.

use crate::manifest::Node;

/// One place of a kind, as `spec.instances[00].tolerations`, and what stands there.
pub(in crate::fact::spec) struct Place<'a> {
    pub(super) kind: &'static str,
    pub(super) path: String,
    pub(super) value: Node<'a>,
    /// The map it stands in.
    pub(super) around: Node<'a>,
}
