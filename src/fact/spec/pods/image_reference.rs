//! How images are named: `registry.example:5000/a/b:tag@sha256:...`.
//!
//! Source: distribution/reference `reference.go` and `regexp.go`, which every node reads names with.

/// Whether an image can be called so.
pub(super) fn is_reference(text: &str) -> bool {
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    // A colon before the last slash is that of a port.
    let (path, tag) = match rest.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (rest, None),
    };
    let path = match path.split_once('/') {
        Some((host, rest)) if is_host(host) => rest,
        _ => path,
    };
    path.split('/').all(is_part) && tag.is_none_or(is_tag) && digest.is_none_or(is_digest)
}

/// The first part is a registry where it has a dot, a port or a capital, or is `localhost`.
fn is_host(part: &str) -> bool {
    let (name, port) = part.split_once(':').unwrap_or((part, "1"));
    let known = part.contains(['.', ':', '[']) || part == "localhost";
    let known = known || part.chars().any(|c| c.is_ascii_uppercase());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let named = !name.is_empty() && name.chars().all(plain) || part.starts_with('[');
    let digits = !port.is_empty() && port.bytes().all(|c| c.is_ascii_digit());
    known && named && (digits || part.starts_with('['))
}

/// Lower-case letters and digits, with a dot, one or two underscores or any number of dashes between them.
fn is_part(part: &str) -> bool {
    let inner = |c: char| matches!(c, '.' | '_' | '-');
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || inner(c);
    let between =
        |found: &str| matches!(found, "." | "_" | "__") || found.chars().all(|c| c == '-');
    let mut gaps = part
        .split(|c: char| !inner(c))
        .filter(|gap| !gap.is_empty());
    !part.is_empty()
        && part.chars().all(known)
        && !part.starts_with(inner)
        && !part.ends_with(inner)
        && gaps.all(between)
}

fn is_tag(tag: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let rest = |c: char| word(c) || matches!(c, '.' | '-');
    tag.starts_with(word) && tag.chars().all(rest) && tag.len() <= 128
}

fn is_digest(digest: &str) -> bool {
    let hex = digest.split_once(':').filter(|(kind, _)| !kind.is_empty());
    hex.is_some_and(|(_, hex)| hex.len() >= 32 && hex.bytes().all(|c| c.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn names_of_images_are_told_from_others() {
        let digest = "a".repeat(64);
        for name in [
            "postgres",
            "postgres:16",
            "registry.example/crunchydata/crunchy-postgres:ubi9-16.4-2",
            "registry.example:5000/a/b_c__d-e.f",
            "localhost/x:1",
            "Registry.example/x:1",
            "[fd00::1]:5000/x:1",
        ] {
            assert!(is_reference(name), "{name}");
        }
        assert!(is_reference(&format!("a.b/c@sha256:{digest}")));
        assert!(is_reference(&format!("a.b/c:1@sha256:{digest}")));
        for odd in [
            "",
            "crunchy postgres:16",
            "registry.example/PG:16",
            "https://registry.example/pg:16",
            "registry.example/pg:",
            "registry.example/pg:a b",
            "registry.example//pg",
            "registry.example/pg@sha256:abc",
            "registry.example/-pg",
            "pg:16:2",
        ] {
            assert!(!is_reference(odd), "{odd}");
        }
    }
}
