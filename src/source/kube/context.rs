//! What the user named to clusters: a kubeconfig's contexts, or the service account of the pod we run in.

use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};

use super::{Contexts, LiveError, Options};

/// One cluster to be read.
pub(super) struct Place {
    /// Its name in reports: the context.
    pub(super) name: String,
    /// How it is found.
    pub(super) way: Way,
}

/// How a cluster is found.
pub(super) enum Way {
    /// A context of a kubeconfig.
    Context(Box<Kubeconfig>),
    /// The service account of the pod we run in.
    InCluster,
}

impl Place {
    /// Address and credentials; files that the kubeconfig names are read now.
    pub(super) async fn config(self) -> Result<Config, String> {
        match self.way {
            Way::InCluster => Config::incluster().map_err(|error| error.to_string()),
            Way::Context(kubeconfig) => {
                let options = KubeConfigOptions {
                    context: Some(self.name),
                    ..KubeConfigOptions::default()
                };
                let config = Config::from_custom_kubeconfig(*kubeconfig, &options).await;
                config.map_err(|error| error.to_string())
            }
        }
    }
}

/// The clusters that are named, each once, in the order named.
pub(super) fn places(options: &Options) -> Result<Vec<Place>, LiveError> {
    let read = match &options.kubeconfig {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::read(),
    };
    let kubeconfig = match read {
        Ok(kubeconfig) if !is_blank(&kubeconfig) => kubeconfig,
        other => return in_cluster(options, other.err()),
    };
    let known: Vec<&str> = kubeconfig
        .contexts
        .iter()
        .map(|context| context.name.as_str())
        .collect();
    let mut names: Vec<String> = match &options.contexts {
        Contexts::Named(names) => names.clone(),
        Contexts::All => known.iter().map(|name| (*name).to_owned()).collect(),
        Contexts::Current => {
            let current = kubeconfig.current_context.clone();
            let named = current.filter(|name| !name.is_empty());
            vec![named.ok_or(LiveError::NoCurrentContext)?]
        }
    };
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(LiveError::UnknownContext {
            name: name.clone(),
            known: if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            },
        });
    }
    let place = |name| Place {
        name,
        way: Way::Context(Box::new(kubeconfig.clone())),
    };
    Ok(names.into_iter().map(place).collect())
}

/// A kubeconfig that says nothing, as an empty file does.
fn is_blank(kubeconfig: &Kubeconfig) -> bool {
    kubeconfig.contexts.is_empty() && kubeconfig.clusters.is_empty()
}

/// Without a kubeconfig: the cluster whose pod we are, unless the user asked for a context or a file.
fn in_cluster(options: &Options, error: Option<KubeconfigError>) -> Result<Vec<Place>, LiveError> {
    let because = error.map_or_else(
        || "the kubeconfig names no cluster".to_owned(),
        |error| error.to_string(),
    );
    let asked = options.kubeconfig.is_some() || options.contexts != Contexts::Current;
    if asked || Config::incluster().is_err() {
        return Err(LiveError::NoKubeconfig(because));
    }
    Ok(vec![Place {
        name: "in-cluster".to_owned(),
        way: Way::InCluster,
    }])
}
