//! Names from the input as parts of paths.

/// A name as a file or folder may be called everywhere: it leads nowhere else.
pub fn file_name(name: &str) -> String {
    let fit = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
            c
        } else {
            '_'
        }
    };
    name.chars().map(fit).collect()
}
