//! What the pgo client of the cluster's own release has: a remedy prints nothing that it would refuse.

use std::sync::Arc;

use super::remedy::without;
use crate::expr::Version;

/// Flags that came after 4.1, with the minor of PGO 4 that brought them. From cmd/pgo/cmd of the
/// branches of 4.1 to 4.7; a test holds the remedies against the whole table.
const LATER: [(&str, &str, u32); 6] = [
    ("delete cluster", "--keep-backups", 2),
    ("delete cluster", "--keep-data", 2),
    ("update cluster", "--enable-standby", 3),
    ("update cluster", "--promote-standby", 3),
    ("update cluster", "--shutdown", 3),
    ("update cluster", "--startup", 3),
];

/// The flag of a command that came after this release, with the release it came with.
fn too_new(line: &str, minor: u32) -> Option<(&'static str, &'static str, u32)> {
    let command = line.trim_start().strip_prefix("pgo ")?;
    let has = |flag: &str| command.split_whitespace().any(|word| word == flag);
    LATER
        .into_iter()
        .find(|(verb, flag, since)| *since > minor && command.starts_with(verb) && has(flag))
}

/// A remedy without the commands that the client of this release does not have; which they are is said.
pub(in crate::check) fn respecting(text: Arc<str>, version: Option<Version>) -> Arc<str> {
    let Some(version) = version.filter(|version| version.major() == 4) else {
        return text;
    };
    let minor = version.minor();
    let newer = text.lines().find_map(|line| too_new(line, minor));
    let Some((verb, flag, since)) = newer else {
        return text;
    };
    let kept = without(&text, &|command| {
        command.iter().any(|line| too_new(line, minor).is_some())
    });
    let said = format!(
        "\n\nA command is left out here: `pgo {verb} {flag}` came with PGO 4.{since}, and the cluster is of {version}. Upgrade PGO v4 to a release of 4.7 first."
    );
    (kept + &said).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(version: &str) -> String {
        let text = "Shut it down:\n\n    pgo update cluster hippo -n pgo --shutdown\n    kubectl get pods -n pgo";
        respecting(text.into(), Version::parse(version)).to_string()
    }

    #[test]
    fn a_flag_that_came_later_is_not_printed_for_an_older_cluster() {
        assert!(shown("4.3.0").contains("pgo update cluster hippo -n pgo --shutdown"));
        let old = shown("4.2.2");
        assert!(!old.contains("hippo -n pgo --shutdown"), "{old}");
        assert!(
            old.contains("came with PGO 4.3, and the cluster is of 4.2.2"),
            "{old}"
        );
        assert!(old.contains("kubectl get pods -n pgo"), "{old}");
    }
}
