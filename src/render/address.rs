//! Where the pages of rules are: the one place that holds an address.

/// The folder of the documentation.
const BASE: &str = "https://github.com/pgo-preflight/pgo-preflight/blob/main/docs";

/// The page of a rule; none for what is no rule's id, as a report of somebody else may name.
pub(super) fn of_rule(id: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (!id.is_empty() && id.chars().all(plain)).then(|| format!("{BASE}/rules.md#{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_has_a_page() {
        assert!(
            of_rule("replicas-present")
                .unwrap()
                .ends_with("rules.md#replicas-present")
        );
        assert_eq!(of_rule("a b<script>"), None);
    }
}
