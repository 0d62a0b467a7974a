//! Kubeconfigs as files: those that `KUBECONFIG` lists, read and joined as kubectl does. What is wrong with one is told by its
//! place, never with its text.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use kube::config::{Kubeconfig, KubeconfigError};

/// Larger than any kubeconfig, in bytes.
const MOST_BYTES: u64 = 16 << 20;

/// What is read: the file named, or those of `KUBECONFIG`, or the usual one. Files of a list that do not exist are passed over,
/// as kubectl does; `None` where none exists.
#[allow(clippy::disallowed_methods)] // where kubectl looks, too
pub(super) fn read(named: Option<&Path>) -> Result<Option<Kubeconfig>, String> {
    if let Some(path) = named {
        return one(path)?.map_or_else(
            || Err(wrong(path, "there is no such file")),
            |config| Ok(Some(config)),
        );
    }
    let listed = std::env::var_os("KUBECONFIG").unwrap_or_default();
    let mut paths: Vec<PathBuf> = std::env::split_paths(&listed)
        .filter(|path| !path.as_os_str().is_empty())
        .collect();
    if paths.is_empty() {
        paths.extend(std::env::home_dir().map(|home| home.join(".kube").join("config")));
    }
    let mut joined: Option<Kubeconfig> = None;
    for path in paths {
        let Some(config) = one(&path)? else {
            continue;
        };
        joined = Some(match joined {
            None => config,
            Some(before) => before
                .merge(config)
                .map_err(|error| wrong(&path, kind(&error)))?,
        });
    }
    Ok(joined)
}

/// The contexts of what would be read; what is wrong with it is told by its place. Connects to nothing.
pub fn context_names(named: Option<&Path>) -> Result<Vec<String>, String> {
    let config = read(named)?.unwrap_or_default();
    Ok(config
        .contexts
        .into_iter()
        .map(|context| context.name)
        .collect())
}

/// One file; `None` where there is none.
#[allow(clippy::disallowed_methods)] // a kubeconfig is no input
fn one(path: &Path) -> Result<Option<Kubeconfig>, String> {
    let unreadable = |error: &std::io::Error| wrong(path, &error.kind().to_string());
    let about = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&error)),
        Ok(about) => about,
    };
    if about.is_dir() {
        return Err(wrong(path, "it is a folder"));
    }
    let too_large = || wrong(path, "it is larger than any kubeconfig");
    let read = if about.is_file() {
        if about.len() > MOST_BYTES {
            return Err(too_large());
        }
        Kubeconfig::read_from(path)
    } else {
        // A pipe, as in `--kubeconfig <(...)`: it has no folder that its relative paths could be meant from.
        let mut text = String::new();
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        let mut some = file.take(MOST_BYTES + 1);
        some.read_to_string(&mut text)
            .map_err(|error| unreadable(&error))?;
        if text.len() as u64 > MOST_BYTES {
            return Err(too_large());
        }
        Kubeconfig::from_yaml(&text)
    };
    read.map(Some).map_err(|error| told(path, &error))
}

/// What is told of a kubeconfig of this text, if it cannot be read.
pub fn kubeconfig_problem(path: &Path, text: &str) -> Option<String> {
    let read = Kubeconfig::from_yaml(text);
    read.err().map(|error| told(path, &error))
}

fn told(path: &Path, error: &KubeconfigError) -> String {
    let KubeconfigError::Parse(error) = error else {
        return wrong(path, kind(error));
    };
    let place = error.location();
    let place = place.map_or_else(String::new, |at| format!(":{}:{}", at.line(), at.column()));
    format!(
        "{}{place}: this is not what a kubeconfig holds; the text is not shown, as it may hold a credential",
        path.display()
    )
}

fn wrong(path: &Path, why: &str) -> String {
    format!("{}: {why}", path.display())
}

/// What is wrong, in words of our own: those of the error quote the file.
pub(super) fn kind(error: &KubeconfigError) -> &'static str {
    match error {
        KubeconfigError::CurrentContextNotSet => "it names no current context",
        KubeconfigError::KindMismatch => "its kind is not that of the file before it",
        KubeconfigError::ApiVersionMismatch => "its apiVersion is not that of the file before it",
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
        KubeconfigError::LoadClientKey(_) => "the client-key of the context's user cannot be read",
        KubeconfigError::ParseCertificates(_) => "a certificate in it is none",
        KubeconfigError::ParseNoProxy(_) => "NO_PROXY in the environment cannot be read",
    }
}
