//! The calls that answer in words of others (of a kubeconfig, a login plugin, a proxy, a server), and the only file that makes
//! them. What goes wrong leaves it as [`Foreign`], which nothing can print.

mod untold;

use std::fmt;
use std::path::Path;

use http::{Request, Response};
use kube::Config;
use kube::client::{Body, ClientBuilder};
use kube::config::{InClusterError, KubeConfigOptions, Kubeconfig, KubeconfigError};
use serde::Deserialize;

pub(super) use untold::Untold;

/// An error of such a call. It may repeat what it was given, credentials too: it has no `Display` and is no `Error`, its `Debug`
/// is silent, and nothing gives it back. To print it does not compile; what can be told of it is its kind and its place.
pub(super) struct Foreign<E>(E);

impl<E> fmt::Debug for Foreign<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Foreign")
    }
}

/// A client of one API server.
#[derive(Clone)]
pub(super) struct Client(kube::Client);

impl Client {
    /// Of a configuration whose credentials are ready.
    pub(super) fn of(config: Config) -> Result<Client, Foreign<kube::Error>> {
        let built = ClientBuilder::try_from(config).map(ClientBuilder::build);
        built.map(Client).map_err(Foreign)
    }

    /// One request.
    pub(super) async fn send(
        &self,
        request: Request<Body>,
    ) -> Result<Response<Body>, Foreign<kube::Error>> {
        self.0.send(request).await.map_err(Foreign)
    }
}

impl Foreign<kube::Error> {
    /// What it speaks of, in our own words.
    pub(super) fn kind(&self) -> &'static str {
        match &self.0 {
            kube::Error::ProxyProtocolUnsupported { .. }
            | kube::Error::ProxyProtocolDisabled { .. } => {
                "the proxy-url is of a kind that is not known: http, https and socks5 are"
            }
            other => Untold::of(other).kind(),
        }
    }

    /// Whether the credentials could not be made.
    pub(super) fn is_of_credentials(&self) -> bool {
        matches!(self.0, kube::Error::Auth(_))
    }
}

/// A kubeconfig in a file; its relative paths are meant from there.
pub(super) fn kubeconfig_in(path: &Path) -> Result<Kubeconfig, Foreign<KubeconfigError>> {
    Kubeconfig::read_from(path).map_err(Foreign)
}

/// A kubeconfig of this text.
pub(super) fn kubeconfig_of(text: &str) -> Result<Kubeconfig, Foreign<KubeconfigError>> {
    Kubeconfig::from_yaml(text).map_err(Foreign)
}

/// Two kubeconfigs as one, the first before the second.
pub(super) fn joined(
    first: Kubeconfig,
    second: Kubeconfig,
) -> Result<Kubeconfig, Foreign<KubeconfigError>> {
    first.merge(second).map_err(Foreign)
}

/// The configuration of a context; the files that the kubeconfig names are read.
pub(super) async fn config_of(
    kubeconfig: Kubeconfig,
    options: &KubeConfigOptions,
) -> Result<Config, Foreign<KubeconfigError>> {
    let read = Config::from_custom_kubeconfig(kubeconfig, options).await;
    read.map_err(Foreign)
}

/// The configuration of the pod that we run in.
pub(super) fn in_cluster() -> Result<Config, Foreign<InClusterError>> {
    Config::incluster().map_err(Foreign)
}

impl Foreign<KubeconfigError> {
    /// Line and column of what is no kubeconfig; `None` where the text is not at fault, or its place is not known.
    pub(super) fn place(&self) -> Option<(u64, u64)> {
        let KubeconfigError::Parse(error) = &self.0 else {
            return None;
        };
        error.location().map(|at| (at.line(), at.column()))
    }

    /// Whether the text is none of a kubeconfig.
    pub(super) fn is_of_the_text(&self) -> bool {
        matches!(self.0, KubeconfigError::Parse(_))
    }

    /// What is wrong, in words of our own.
    pub(super) fn kind(&self) -> &'static str {
        match self.0 {
            KubeconfigError::CurrentContextNotSet => "it names no current context",
            KubeconfigError::KindMismatch => "its kind is not that of the file before it",
            KubeconfigError::ApiVersionMismatch => {
                "its apiVersion is not that of the file before it"
            }
            KubeconfigError::LoadContext(_) => "it does not say what is in the context",
            KubeconfigError::LoadClusterOfContext(_) => {
                "the cluster that the context names is not in it"
            }
            KubeconfigError::FindPath => "there is no home folder to look for one in",
            KubeconfigError::ReadConfig(..) => "it cannot be read",
            KubeconfigError::Parse(_) => "this is not what a kubeconfig holds",
            KubeconfigError::MissingClusterUrl => "the cluster of the context has no server",
            KubeconfigError::ParseClusterUrl(_) => "the server of the context's cluster is no URL",
            KubeconfigError::ParseProxyUrl(_) => "the proxy-url of the context's cluster is no URL",
            KubeconfigError::LoadCertificateAuthority(_) => {
                "the certificate-authority of the context's cluster cannot be read"
            }
            KubeconfigError::LoadClientCertificate(_) => {
                "the client-certificate of the context's user cannot be read"
            }
            KubeconfigError::LoadClientKey(_) => {
                "the client-key of the context's user cannot be read"
            }
            KubeconfigError::ParseCertificates(_) => "a certificate in it is none",
            KubeconfigError::ParseNoProxy(_) => "NO_PROXY in the environment cannot be read",
        }
    }
}

/// What a server or a plugin answered, as JSON of the shape asked for.
pub(super) fn json<'t, T: Deserialize<'t>>(
    text: &'t [u8],
) -> Result<T, Foreign<serde_json::Error>> {
    serde_json::from_slice(text).map_err(Foreign)
}

impl Foreign<serde_json::Error> {
    /// Line and column.
    pub(super) fn place(&self) -> (usize, usize) {
        (self.0.line(), self.0.column())
    }
}

/// Compiles as long as neither an error nor a text from there can be printed.
const _: fn() = || {
    trait Printable<As> {
        fn is_ambiguous() {}
    }
    impl<T: ?Sized> Printable<()> for T {}
    impl<T: ?Sized + fmt::Display> Printable<u8> for T {}
    <Foreign<kube::Error> as Printable<_>>::is_ambiguous();
    <Foreign<KubeconfigError> as Printable<_>>::is_ambiguous();
    <Foreign<serde_json::Error> as Printable<_>>::is_ambiguous();
    <Untold as Printable<_>>::is_ambiguous();
};
