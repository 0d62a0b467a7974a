//! A dump to a bundle: one file for each object, and what is known of the whole.

use std::collections::BTreeSet;
use std::io::{self, Write};

use flate2::{Compression, GzBuilder};

use super::super::{Dump, Text};
use super::coverage::{self, Coverage};
use super::path;

/// The folder of objects that are in no namespace; no namespace is called so.
const CLUSTER: &str = "_cluster";

/// Writes a bundle: the same bytes for the same dump. What the texts say is written as it is: Secrets are the
/// caller's to leave out.
pub fn write(dump: &Dump, out: impl Write) -> io::Result<()> {
    let gzip = GzBuilder::new()
        .operating_system(255) // unknown: the same bytes everywhere
        .write(out, Compression::default());
    let mut archive = tar::Builder::new(gzip);
    let time = dump.taken.map_or(0, jiff::Timestamp::as_second);
    let time = u64::try_from(time).unwrap_or(0);
    let text = Coverage::of(dump).text().map_err(io::Error::other)?;
    append(&mut archive, coverage::FILE, &text, time)?;
    let mut taken = BTreeSet::new();
    for text in in_order(dump) {
        let path = free(&mut taken, &path_of(&dump.name, &text.uri));
        append(&mut archive, &path, &text.bytes, time)?;
    }
    archive.into_inner()?.finish()?.flush()
}

fn append(
    archive: &mut tar::Builder<impl Write>,
    path: &str,
    bytes: &[u8],
    time: u64,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_mtime(time);
    archive.append_data(&mut header, path, bytes)
}

/// By name, whatever the order in the dump.
fn in_order(dump: &Dump) -> Vec<&Text> {
    let mut texts: Vec<&Text> = dump.texts.iter().collect();
    texts.sort_by(|left, right| (&left.uri, &left.bytes).cmp(&(&right.uri, &right.bytes)));
    texts
}

/// `context/namespace/kind/name` to `namespace/kind/name.yaml`.
fn path_of(name: &str, uri: &str) -> String {
    let below = uri
        .strip_prefix(name)
        .and_then(|rest| rest.strip_prefix('/'))
        .unwrap_or(uri);
    let parts: Vec<String> = below.split('/').map(path::part).collect();
    let path = parts.join("/");
    match parts.len() {
        2 => format!("{CLUSTER}/{path}.yaml"),
        _ => format!("{path}.yaml"),
    }
}

/// A path that no other text has.
fn free(taken: &mut BTreeSet<String>, path: &str) -> String {
    let mut free = path.to_owned();
    let mut number = 1;
    while !taken.insert(free.clone()) {
        number += 1;
        let stem = path.strip_suffix(".yaml").unwrap_or(path);
        free = format!("{stem}%{number}.yaml");
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_objects_become_paths() {
        let of = |uri| path_of("arn:aws:eks:1:cluster/prod", uri);
        assert_eq!(
            of("arn:aws:eks:1:cluster/prod/pgo/Pgcluster/hippo"),
            "pgo/Pgcluster/hippo.yaml"
        );
        assert_eq!(
            of("arn:aws:eks:1:cluster/prod/PersistentVolume/pvc-1"),
            "_cluster/PersistentVolume/pvc-1.yaml"
        );
        assert_eq!(of("elsewhere/../x"), "elsewhere/%2E./x.yaml");
    }

    #[test]
    fn no_two_texts_share_a_path() {
        let mut taken = BTreeSet::new();
        assert_eq!(free(&mut taken, "a.yaml"), "a.yaml");
        assert_eq!(free(&mut taken, "a.yaml"), "a%2.yaml");
        assert_eq!(free(&mut taken, "a.yaml"), "a%3.yaml");
    }
}
