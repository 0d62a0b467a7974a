//! What the user asks of clusters: which, where, with how much patience, and what cannot be asked at all.

use std::path::PathBuf;
use std::time::Duration;

use crate::allowance::Bytes;

/// Which clusters are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Contexts {
    /// The current context of the kubeconfig; without a kubeconfig, the cluster this program runs in.
    #[default]
    Current,
    /// These contexts.
    Named(Vec<String>),
    /// Every context of the kubeconfig.
    All,
}

/// Which namespaces are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Namespaces {
    /// The one that the context names, else `default`.
    #[default]
    OfContext,
    /// These.
    Named(Vec<String>),
    /// All.
    All,
}

/// What to read and how patient to be.
#[derive(Clone, Debug)]
pub struct Options {
    /// The kubeconfig; by default what `KUBECONFIG` names, else `~/.kube/config`.
    pub kubeconfig: Option<PathBuf>,
    /// The clusters.
    pub contexts: Contexts,
    /// The namespaces.
    pub namespaces: Namespaces,
    /// Namespaces that are read although nothing in the cluster says that they hold clusters: those of drafts.
    pub beside: Vec<String>,
    /// Whether to get the metadata of the Secret with each cluster's repository settings.
    pub secret_metadata: bool,
    /// How long one request may take.
    pub request_timeout: Duration,
    /// How long all requests together may take.
    pub timeout: Duration,
    /// Objects asked for in one page.
    pub page: u32,
    /// Bytes of one answer, and of everything together: answers as they are without compression, and what is kept of them.
    pub most_bytes: (u64, u64),
    /// What is left of all that the run may read, files and archives included.
    pub run: Bytes,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            kubeconfig: None,
            contexts: Contexts::Current,
            namespaces: Namespaces::OfContext,
            beside: Vec::new(),
            secret_metadata: false,
            request_timeout: Duration::from_secs(30),
            timeout: Duration::from_secs(600),
            page: 500,
            most_bytes: (64 << 20, 1 << 30),
            run: Bytes::default(),
        }
    }
}

/// What makes it impossible to ask any cluster anything: wrong usage, not a fault of a cluster.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// No kubeconfig that can be read, and this is not a pod of a cluster either.
    #[error("no cluster to read: {0}")]
    NoKubeconfig(String),
    /// A context that the kubeconfig lacks.
    #[error("the kubeconfig has no context `{name}`; it has {known}")]
    UnknownContext {
        /// As the user wrote it.
        name: String,
        /// Those there are.
        known: String,
    },
    /// The kubeconfig names no current context.
    #[error(
        "the kubeconfig has no current context: name one with --context, or use --all-contexts"
    )]
    NoCurrentContext,
    /// The runtime of the client could not be started.
    #[error("cannot start reading: {0}")]
    Runtime(#[from] std::io::Error),
}
