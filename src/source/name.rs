//! What a file's name says that it is.

use std::path::Path;

/// Whether a file is called like a manifest.
pub(super) fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        ["yaml", "yml", "json"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// Whether a file is called like an archive that may hold manifests.
pub fn is_archive_name(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        [".tar.gz", ".tgz", ".tar", ".zip"]
            .iter()
            .any(|ending| name.ends_with(ending))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case() {
        for name in ["a.tar.gz", "A.TGZ", "x/b.zip", "c.tar"] {
            assert!(is_archive_name(Path::new(name)), "{name}");
        }
        for name in ["a.gz", "zip", "a.yaml", "tar.gz.yaml"] {
            assert!(!is_archive_name(Path::new(name)), "{name}");
        }
    }
}
