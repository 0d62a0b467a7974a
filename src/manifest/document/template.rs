//! Signs of templates: what Helm rendered says where it comes from, and what nobody rendered breaks.

/// The path in Helm's `# Source:` comment at the head of a document.
pub(in crate::manifest) fn helm_source(document: &str) -> Option<Box<str>> {
    document
        .lines()
        .map(str::trim)
        .take_while(|line| line.is_empty() || line.starts_with("---") || line.starts_with('#'))
        .find_map(|line| line.strip_prefix("# Source:"))
        .map(|path| path.trim().into())
}

/// Whether a value holds template markers.
pub(in crate::manifest) fn is_marked(value: &str) -> bool {
    // Each mark holds one of these two; names hold neither.
    memchr::memchr2(b'{', b'%', value.as_bytes()).is_some()
        && ["{{", "{%", "${", "<%"]
            .iter()
            .any(|mark| value.contains(mark))
}

/// Whether a document that broke at this byte looks like a template: markers on the line or the one
/// before, or lines that are nothing else.
pub(in crate::manifest) fn breaks(document: &str, at: usize) -> bool {
    let (before, after) = document.split_at_checked(at).unwrap_or((document, ""));
    let rest_of_line = after.find('\n').unwrap_or(after.len());
    let until = document.get(..before.len() + rest_of_line);
    let near = until.unwrap_or(document).lines().rev().take(2);
    let is_directive = |line: &str| line.trim_start().starts_with("{{");
    near.into_iter().any(is_marked) || document.lines().any(is_directive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helm_says_where_a_document_comes_from() {
        let text = "---\n# Source: pg/templates/cluster.yaml\n\nkind: x\n# Source: not this\n";
        assert_eq!(
            helm_source(text).as_deref(),
            Some("pg/templates/cluster.yaml")
        );
        assert_eq!(helm_source("kind: x\n# Source: a\n"), None);
    }

    #[test]
    fn markers_count_only_where_the_document_breaks() {
        let text = "a: 1\nb: {{ .Values.b }}: x\nc: 1\nd: 1\n  - : [\n";
        assert!(breaks(text, 8));
        assert!(!breaks(text, text.len() - 2));
        assert!(breaks("{{- if .x }}\na: 1\n\n\n\n", 17));
        assert!(!breaks("größe: [", 99));
    }
}
