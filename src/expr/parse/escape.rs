//! Field names as Kubernetes writes them in CEL.

/// Undoes the escapes by which Kubernetes makes field names into identifiers (`__dash__`, `__in__`).
pub(in crate::expr) fn unescaped(name: &str) -> String {
    const ESCAPES: &[(&str, &str)] = &[
        ("__underscores__", "__"),
        ("__dot__", "."),
        ("__dash__", "-"),
        ("__slash__", "/"),
    ];
    const KEYWORDS: &[&str] = &[
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
    ];
    if !name.contains("__") {
        return name.to_owned();
    }
    let keyword = name
        .strip_prefix("__")
        .and_then(|rest| rest.strip_suffix("__"));
    if let Some(keyword) = keyword.filter(|keyword| KEYWORDS.contains(keyword)) {
        return keyword.to_owned();
    }
    let mut plain = String::new();
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        let escape = ESCAPES.iter().find(|(escape, _)| rest.starts_with(escape));
        let length = escape.map_or(c.len_utf8(), |(escape, _)| escape.len());
        match escape {
            Some((_, meaning)) => plain.push_str(meaning),
            None => plain.push(c),
        }
        rest = rest.get(length..).unwrap_or("");
    }
    plain
}
