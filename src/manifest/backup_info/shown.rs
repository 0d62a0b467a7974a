//! What may be shown of pgBackRest's list.

/// Words of pgBackRest's own that are shown.
const SHOWN: [&str; 24] = [
    "backup",
    "label",
    "type",
    "full",
    "diff",
    "incr",
    "name",
    "db",
    "timestamp",
    "start",
    "stop",
    "stanza",
    "archive",
    "cipher",
    "none",
    "aes-256-cbc",
    "mixed",
    "error",
    "status",
    "code",
    "lock",
    "held",
    "restore",
    "repo",
];

/// The text with everything overwritten but structure, labels and the words above; of the same length.
pub(super) fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '"' {
            let end = end_of_string(rest);
            let inner = rest.get(1..end.saturating_sub(1)).unwrap_or("");
            out.push('"');
            if SHOWN.contains(&inner) || is_label(inner) {
                out.push_str(inner);
            } else {
                out.extend(std::iter::repeat_n('*', inner.len()));
            }
            if end > 1 {
                out.push('"');
            }
            rest = rest.get(end..).unwrap_or("");
            continue;
        }
        let structure = matches!(
            first,
            '{' | '}' | '[' | ']' | ':' | ',' | ' ' | '\t' | '\r' | '\n'
        );
        if structure {
            out.push(first);
        } else {
            out.extend(std::iter::repeat_n('*', first.len_utf8()));
        }
        rest = rest.get(first.len_utf8()..).unwrap_or("");
    }
    out
}

/// Where a string that begins the text ends, its quotes counted in.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether a text is the label of a backup, as 20261119-010000F or 20261119-010000F_20261120-010000I.
pub(super) fn is_label(text: &str) -> bool {
    let part = |text: &str, kinds: &[u8]| {
        let bytes = text.as_bytes();
        bytes.len() == 16
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                8 => *byte == b'-',
                15 => kinds.contains(byte),
                _ => byte.is_ascii_digit(),
            })
    };
    match text.split_once('_') {
        None => part(text, b"F"),
        Some((full, rest)) => part(full, b"F") && part(rest, b"DI"),
    }
}
