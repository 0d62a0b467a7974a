//! The user's word for which v4 cluster a draft replaces: `--pair DRAFT=NAMESPACE/CLUSTER`.

use crate::fact::v4::Cluster;

/// One `--pair`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairFlag {
    /// The draft's namespace, if it was named with it.
    pub(super) draft_namespace: Option<String>,
    pub(super) draft: String,
    namespace: String,
    cluster: String,
}

/// A `--pair` that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not DRAFT=NAMESPACE/CLUSTER (DRAFT is the name of a PostgresCluster, or its namespace/name)"
)]
pub struct PairFlagError {
    /// As the user wrote it.
    pub text: String,
}

impl std::fmt::Display for PairFlag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(namespace) = &self.draft_namespace {
            write!(f, "{namespace}/")?;
        }
        write!(f, "{}={}/{}", self.draft, self.namespace, self.cluster)
    }
}

impl PairFlag {
    /// Reads `DRAFT=NAMESPACE/CLUSTER`, DRAFT being `name` or `namespace/name`.
    pub fn parse(text: &str) -> Result<PairFlag, PairFlagError> {
        let error = || PairFlagError {
            text: text.to_owned(),
        };
        let (draft, v4) = text.split_once('=').ok_or_else(error)?;
        let (draft_namespace, draft) = match draft.split_once('/') {
            Some((namespace, name)) => (Some(word(namespace).ok_or_else(error)?), name),
            None => (None, draft),
        };
        let (namespace, cluster) = v4.split_once('/').ok_or_else(error)?;
        Ok(PairFlag {
            draft_namespace,
            draft: word(draft).ok_or_else(error)?,
            namespace: word(namespace).ok_or_else(error)?,
            cluster: word(cluster).ok_or_else(error)?,
        })
    }

    /// The name of the draft, and its namespace if that was named with it.
    pub fn draft(&self) -> (Option<&str>, &str) {
        (self.draft_namespace.as_deref(), &self.draft)
    }

    /// The namespace and the name of the v4 cluster.
    pub fn cluster(&self) -> (&str, &str) {
        (&self.namespace, &self.cluster)
    }

    /// Whether it names this v4 cluster. A cluster whose manifests write no namespace is meant by its name.
    pub fn names(&self, cluster: &Cluster<'_>) -> bool {
        self.cluster == cluster.name
            && cluster
                .namespace
                .is_none_or(|namespace| namespace == self.namespace)
    }

    /// `NAMESPACE/CLUSTER` as given.
    pub(super) fn v4(&self) -> String {
        format!("{}/{}", self.namespace, self.cluster)
    }
}

/// A name: not empty, with nothing in it that separates.
fn word(text: &str) -> Option<String> {
    let text = text.trim();
    let plain =
        !text.is_empty() && !text.contains(['/', '=']) && !text.contains(char::is_whitespace);
    plain.then(|| text.to_owned())
}
