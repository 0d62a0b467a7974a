//! What of the things to know comes first: what can lose data, then what can lock somebody out. It changes no weight.

/// Rules of which the surprise is lost data, the gravest first.
const DATA: [&str; 13] = [
    "writers-still-connected",
    "repository-with-two-writers",
    "shared-repository-path",
    "preview-writes-to-live-repository",
    "v4-restart-after-promotion",
    "standby-promotion-before-replay",
    "deletion-removes-data-and-secrets",
    "adopted-claims-keep-v4-labels",
    "adopted-repository-keeps-v4-labels",
    "last-backup-in-one-repository",
    "repository-encrypted",
    "collation-changes",
    "collation-unknown-base",
];

/// Rules of which the surprise is a client or a user that does not get in.
const ACCESS: [&str; 7] = [
    "md5-passwords-refused",
    "md5-passwords-behind-pgbouncer",
    "clients-without-tls",
    "user-name-refused-by-v5",
    "users-and-secrets-to-carry-over",
    "pg-hba-to-carry-over",
    "services-renamed",
];

/// The place of a rule among what is to be known: what is in neither list comes last.
pub(super) fn rank(rule: &str) -> usize {
    let all = DATA.iter().chain(&ACCESS);
    let found = all.into_iter().position(|known| *known == rule);
    found.unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleSet;

    #[test]
    fn every_rule_that_leads_is_there() {
        let rules = RuleSet::built_in(crate::check::names_of).unwrap();
        for id in DATA.iter().chain(&ACCESS) {
            assert!(rules.get(id).is_some(), "{id}");
        }
        assert!(rank("writers-still-connected") < rank("clients-without-tls"));
        assert!(rank("clients-without-tls") < rank("pgo-client-not-visible"));
    }
}
