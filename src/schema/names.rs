//! Names as Kubernetes has them: `k8s.io/apimachinery/pkg/util/validation`.

/// `[prefix/]name` of a label or annotation.
pub fn is_qualified(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && is_name(name),
        None => is_name(key),
    }
}

/// The value of a label that is not empty, or the name in its key.
pub fn is_name(text: &str) -> bool {
    let ends = |c: char| c.is_ascii_alphanumeric();
    text.len() <= 63
        && text.starts_with(ends)
        && text.ends_with(ends)
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// The name of most objects: labels of the domain name system with dots between them.
pub fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_dns_part)
}

/// One label of the domain name system: the name of a namespace or a container.
pub fn is_label(text: &str) -> bool {
    text.len() <= 63 && is_dns_part(text)
}

fn is_dns_part(text: &str) -> bool {
    let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    !text.is_empty()
        && text.bytes().all(|b| alphanumeric(b) || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_others() {
        assert!(is_qualified("app.kubernetes.io/name") && is_qualified("team"));
        assert!(!is_qualified("a b") && !is_qualified("/name") && !is_qualified("A.b/"));
        assert!(is_name("Yes_1.2") && !is_name("-a") && !is_name(&"a".repeat(64)));
        assert!(is_subdomain("a.b-c") && !is_subdomain("a_b") && !is_subdomain("a..b"));
        assert!(is_label("a-b") && !is_label("a.b") && !is_label(""));
    }
}
