//! One Postgres parameter as drafted.

use crate::manifest::Node;

/// One parameter as drafted.
#[derive(Clone)]
pub(in crate::fact::spec) struct Parameter<'a> {
    pub(in crate::fact::spec) name: String,
    /// Its value as text; `None` for what is no scalar.
    pub(in crate::fact::spec) text: Option<String>,
    pub(in crate::fact::spec) key: Node<'a>,
    pub(in crate::fact::spec) value: Node<'a>,
}
