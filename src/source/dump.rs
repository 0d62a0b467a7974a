//! One Kubernetes cluster's objects as texts, and how completely each kind was listed.
//!
//! A bundle is a dump somebody took earlier; a live cluster is a dump we take ourselves. It must not know what the
//! texts say.

use jiff::Timestamp;

use super::Skipped;

/// Everything that one bundle or one live cluster gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dump {
    /// Its name in reports: the context, as a bundle tells it, too; else what the user calls it. Nothing for an archive that
    /// says nothing of itself. `cli/evidence` sees to it that no two of a run have the same.
    pub name: String,
    /// When it was taken, by the server's clock; `None` where the bundle does not say.
    pub taken: Option<Timestamp>,
    /// The server's version as it says it, such as `v1.33.2`; `None` where nobody asked.
    pub server: Option<String>,
    /// The texts, each with the name that diagnostics give it.
    pub texts: Vec<Text>,
    /// What was listed, and what came of it. A kind that is not named here was not asked for.
    pub listings: Vec<Listing>,
    /// What was there and could not be read.
    pub skipped: Vec<Skipped>,
}

/// One text with its name, as it came: secrets are overwritten when it is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its name: `context/namespace/kind/name`, or the path inside a bundle.
    pub uri: String,
    /// What it says.
    pub bytes: Vec<u8>,
}

/// One kind that was listed, in one namespace or in all of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listing {
    /// As in `kubectl get`: `pods`, `pgclusters.crunchydata.com`.
    pub resource: String,
    /// Where; `None` for all namespaces, and for cluster-scoped kinds.
    pub namespace: Option<String>,
    /// What came of it.
    pub outcome: Listed,
}

/// What came of listing a kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listed {
    /// Every object that a fact may ask for is in the dump.
    Whole,
    /// The server does not know the kind: there is none.
    NotInstalled,
    /// It could not be listed, or not to its end. What is in the dump counts, what is not may exist.
    Failed {
        /// Why: "the server refused: pods is forbidden: ...".
        because: String,
        /// What would settle it: the RBAC rule, or a command; empty for the usual `kubectl get`.
        ask: String,
    },
}
