//! Where the pages of rules and pitfalls are: the one place that knows an address.
//!
//! The documentation is published nowhere yet, so there is no address unless somebody says one (`PGO_PREFLIGHT_DOCS`, read in
//! `cli/streams/terminal.rs`): then reports lead to the pages under it. The paths below it are those of `docs/`.

use std::sync::OnceLock;

/// Where the folder `docs` is published, without a slash at the end.
static BASE: OnceLock<String> = OnceLock::new();

/// Says where the folder `docs` is published, once for the whole run. False for what is no plain address of a page.
#[must_use]
pub fn published_at(base: &str) -> bool {
    let base = base.trim_end_matches('/');
    let scheme = ["https://", "http://", "file:///"];
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/@%+".contains(c);
    let good = scheme.iter().any(|start| base.starts_with(start)) && base.chars().all(plain);
    good && BASE.set(base.to_owned()).is_ok()
}

/// Where the documentation is published, where that is known.
pub fn base() -> Option<&'static str> {
    BASE.get().map(String::as_str)
}

/// The address of a rule's page; none where nothing is published, and for what is no rule's id, as a report of somebody else
/// may name.
pub(super) fn of_rule(id: &str) -> Option<String> {
    Some(format!("{}/{}", base()?, page_of_rule(id)?))
}

/// A rule's page, below `docs`.
pub(super) fn page_of_rule(id: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (!id.is_empty() && id.chars().all(plain)).then(|| format!("rules.md#{id}"))
}

/// A pitfall's page, below `docs`.
pub(super) fn page_of_pitfall(number: u32) -> String {
    format!("pitfalls.md#p{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_has_a_page_and_only_what_is_published_an_address() {
        assert_eq!(
            page_of_rule("replicas-present").as_deref(),
            Some("rules.md#replicas-present")
        );
        assert_eq!(page_of_rule("a b<script>"), None);
        assert_eq!(of_rule("replicas-present"), None);
        for bad in ["docs", "javascript:x", "https://a b", "https://a\u{1b}\\"] {
            assert!(!published_at(bad), "{bad}");
        }
    }
}
