//! `--backup-info NAMESPACE/CLUSTER=FILE`: what pgBackRest listed, saved by somebody who may ask it.

use std::path::{Path, PathBuf};

use super::named::hold_clusters;
use crate::check::Evidence;
use crate::cli::Failure;
use crate::manifest::read_backup_info;
use crate::printable::visible;
use crate::source::read_setting;

/// Larger than the list of any repository, in bytes: a backup is less than a kilobyte.
const MOST_BYTES: u64 = 64 << 20;

/// One `--backup-info`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct SavedInfo {
    namespace: String,
    cluster: String,
    file: PathBuf,
}

impl SavedInfo {
    /// The file.
    pub(in crate::cli) fn file(&self) -> &Path {
        &self.file
    }
}

/// Reads `NAMESPACE/CLUSTER=FILE`: the stanza is called `db` in every cluster, so only the user knows whose it is.
pub(in crate::cli) fn saved_info(text: &str) -> Result<SavedInfo, String> {
    let error = || {
        "name the cluster and the file: NAMESPACE/CLUSTER=FILE, such as pgo/hippo=hippo.json"
            .to_owned()
    };
    let (cluster, file) = text.split_once('=').ok_or_else(error)?;
    let (namespace, cluster) = cluster.split_once('/').ok_or_else(error)?;
    if [namespace, cluster, file].contains(&"") {
        return Err(error());
    }
    Ok(SavedInfo {
        namespace: namespace.to_owned(),
        cluster: cluster.to_owned(),
        file: file.into(),
    })
}

/// Adds what was saved to the evidence.
///
/// # Errors
///
/// A cluster is not in the input, or a file cannot be read or is no such list.
pub(in crate::cli) fn attach(saved: &[SavedInfo], evidence: &mut Evidence) -> Result<(), Failure> {
    let named = saved.iter().map(|one| {
        let flag = format!("--backup-info {}/{}", one.namespace, one.cluster);
        (flag, one.namespace.as_str(), one.cluster.as_str())
    });
    hold_clusters(named, evidence)?;
    for one in saved {
        let uri = one.file.to_string_lossy().into_owned();
        let told = |why: &str| Failure::new(format!("{}: {why}", visible(&uri)));
        let bytes = read_setting(&one.file, MOST_BYTES)
            .map_err(|error| told(&format!("cannot read it: {error}")))?;
        let text = String::from_utf8(bytes).map_err(|_| told("this is not UTF-8 text"))?;
        evidence.attach_backup_info(&uri, |id| {
            read_backup_info(&one.namespace, &one.cluster, id, &text).map_err(|why| told(&why))
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_info_names_its_cluster() {
        let saved = saved_info("pgo/hippo=a=b.json").unwrap();
        assert_eq!(
            (saved.namespace.as_str(), saved.cluster.as_str()),
            ("pgo", "hippo")
        );
        assert_eq!(saved.file, PathBuf::from("a=b.json"));
        for text in [
            "hippo.json",
            "hippo=a.json",
            "/hippo=a.json",
            "pgo/=a.json",
            "pgo/hippo=",
        ] {
            assert!(saved_info(text).is_err(), "{text}");
        }
    }
}
