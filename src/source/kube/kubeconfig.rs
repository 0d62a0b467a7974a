//! Kubeconfigs as files: those that `KUBECONFIG` lists, read and joined as kubectl does. What is wrong with one is told by its
//! place, never with its text.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use kube::config::{Kubeconfig, KubeconfigError};

use super::super::input::{is_inherited_pipe, special_name};
use super::foreign::{self, Foreign};

/// Larger than any kubeconfig, in bytes.
const MOST_BYTES: u64 = 16 << 20;

/// How people say that there is to be no kubeconfig.
const NOTHING: &str = "/dev/null";

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
            Some(before) => {
                foreign::joined(before, config).map_err(|error| wrong(&path, error.kind()))?
            }
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
    let kind = about.file_type();
    let read = if about.is_file() {
        if about.len() > MOST_BYTES {
            return Err(too_large());
        }
        foreign::kubeconfig_in(path)
    } else if !is_inherited_pipe(path, kind) && path != Path::new(NOTHING) {
        // Nobody may be at the other end of it.
        let what = special_name(kind);
        return Err(wrong(path, &format!("it is {what}, not a file")));
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
        foreign::kubeconfig_of(&text)
    };
    read.map(Some).map_err(|error| told(path, &error))
}

/// What is told of a kubeconfig of this text, if it cannot be read.
pub fn kubeconfig_problem(path: &Path, text: &str) -> Option<String> {
    let read = foreign::kubeconfig_of(text);
    read.err().map(|error| told(path, &error))
}

fn told(path: &Path, error: &Foreign<KubeconfigError>) -> String {
    if !error.is_of_the_text() {
        return wrong(path, error.kind());
    }
    let place = error.place();
    let place = place.map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
    format!(
        "{}{place}: this is not what a kubeconfig holds; the text is not shown, as it may hold a credential",
        path.display()
    )
}

fn wrong(path: &Path, why: &str) -> String {
    format!("{}: {why}", path.display())
}
