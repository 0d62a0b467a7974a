//! Paths inside archives: those that come are checked, those we write are made of safe characters only.

use std::fmt::Write as _;

/// A member's path as a name below the archive, or why it cannot be one.
pub(super) fn clean(path: &str) -> Result<String, &'static str> {
    const LONGEST: usize = 4096;
    if path.len() > LONGEST {
        return Err("its path is longer than 4096 bytes");
    }
    // Some archivers on Windows write backslashes.
    let path = path.replace('\\', "/");
    let has_drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('/') || has_drive {
        return Err("its path is absolute: an archive must not point outside of itself");
    }
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    if parts.contains(&"..") {
        return Err("its path leads out of the archive");
    }
    if parts.is_empty() {
        return Err("it has no name");
    }
    Ok(parts.join("/"))
}

/// Whether any part of a cleaned path is hidden: left out, as in folders.
pub(super) fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// One part of a path we write: letters, digits, `-`, `_` and dots as they are, all else by its bytes in hexadecimal. Names in
/// Kubernetes are made of the former; this is for names that are not.
pub(super) fn part(name: &str) -> String {
    let mut safe = String::with_capacity(name.len());
    for (at, byte) in name.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => safe.push(byte.into()),
            // Not first: hidden files, `..`, and the folder of what is in no namespace.
            b'.' | b'_' if at > 0 => safe.push(byte.into()),
            _ => {
                let _ = write!(safe, "%{byte:02X}");
            }
        }
    }
    if safe.is_empty() {
        safe.push_str("%00");
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(clean("./a//b.yaml"), Ok("a/b.yaml".to_owned()));
        assert_eq!(clean("a\\b.yaml"), Ok("a/b.yaml".to_owned()));
        for path in [
            "/etc/passwd.yaml",
            "../a.yaml",
            "a/../../b.yaml",
            "a\\..\\b.yaml",
            "C:\\a.yaml",
            "\\\\server\\a.yaml",
            "",
            "./",
        ] {
            assert!(clean(path).is_err(), "{path}");
        }
        assert!(clean(&"a/".repeat(3000)).is_err());
    }

    #[test]
    fn names_become_safe_and_stay_apart() {
        assert_eq!(part("hippo-pgbr-repo.v1"), "hippo-pgbr-repo.v1");
        assert_eq!(part("../x"), "%2E.%2Fx");
        assert_eq!(part("_cluster"), "%5Fcluster");
        assert_eq!(part("%2E"), "%252E");
        assert_eq!(part("a\u{1b}é"), "a%1B%C3%A9");
        assert_eq!(part(""), "%00");
    }
}
