//! What the input says of the API server itself: its release, as `kubectl version` prints it or as the server told when it was
//! read. It must not know which release is wanted.

use super::{Fact, Gap, Node};
use crate::source::Span;

/// A release that the input gives for the API server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSaid {
    /// As written: `v1.31.4+rke2r1`.
    pub version: Box<str>,
    /// Where; `None` where the server said it itself.
    pub place: Option<Span>,
}

/// The command whose output, given as a file, says it.
const ASK: &str = "kubectl version -o yaml";

impl ServerSaid {
    /// What a document says that has neither `apiVersion` nor `kind`: `kubectl version -o yaml` prints such a one.
    pub(super) fn of_document(root: Node<'_>) -> Option<ServerSaid> {
        let version = root.at(&["serverVersion", "gitVersion"])?;
        is_version(version.text()).then(|| ServerSaid {
            version: version.text().into(),
            place: Some(version.span()),
        })
    }

    /// What all of an origin comes down to.
    pub(super) fn fact(all: &[ServerSaid]) -> Fact<&str> {
        let Some(first) = all.first() else {
            return Fact::unknown(gap("the input does not say it"));
        };
        if all.iter().any(|other| other.version != first.version) {
            return Fact::unknown(gap("the input says two different ones"));
        }
        let fact = Fact::known(&*first.version);
        match all.iter().find_map(|said| said.place) {
            Some(place) => fact.and_at(place, "the API server's release"),
            None => fact,
        }
    }
}

fn gap(because: &str) -> Gap {
    Gap {
        missing: "the release of the Kubernetes API server".to_owned(),
        because: because.to_owned(),
        ask: ASK.to_owned(),
    }
}

/// `v1.31.4`, with whatever a vendor adds.
fn is_version(text: &str) -> bool {
    let numbers = text.strip_prefix('v').unwrap_or(text);
    let mut parts = numbers.split(['.', '-', '+']);
    let mut number = || {
        let part = parts.next().unwrap_or("");
        !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    text.len() <= 64 && number() && number()
}

#[cfg(test)]
mod tests {
    use super::super::{Assume, Inventory, gather_texts};

    fn of(texts: &[&str]) -> Inventory {
        let named = texts.iter().enumerate();
        let named = named.map(|(at, text)| (format!("{at}.yaml"), text.as_bytes().to_vec()));
        let mut gathered = gather_texts(named.collect());
        assert_eq!(
            gathered
                .loaded
                .iter()
                .map(|one| one.problems.len())
                .sum::<usize>(),
            0
        );
        Inventory::build(gathered.holdings(), &Assume::nothing())
    }

    #[test]
    fn what_kubectl_version_prints_says_the_servers_release() {
        let yaml = "clientVersion:\n  gitVersion: v1.32.1\nkustomizeVersion: v5.5.0\nserverVersion:\n  buildDate: \"2025-01-01T00:00:00Z\"\n  gitVersion: v1.29.4-eks-036c24b\n  major: \"1\"\n  minor: 29+\n";
        let json = r#"{"clientVersion": {"gitVersion": "v1.32.1"}, "serverVersion": {"gitVersion": "v1.29.4-eks-036c24b"}}"#;
        for text in [yaml, json] {
            assert_eq!(of(&[text]).server().value(), Some(&"v1.29.4-eks-036c24b"));
        }
        assert_eq!(
            of(&[yaml, json]).server().value(),
            Some(&"v1.29.4-eks-036c24b")
        );
        let other = "serverVersion: {gitVersion: v1.31.0}\n";
        let contested = of(&[yaml, other]);
        assert_eq!(
            contested.server().gaps()[0].because,
            "the input says two different ones"
        );
    }

    #[test]
    fn without_a_server_the_release_is_asked_for() {
        let alone = of(&["apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n"]);
        assert_eq!(alone.server().gaps()[0].ask, "kubectl version -o yaml");
    }

    #[test]
    fn a_file_that_only_looks_like_it_stays_no_kubernetes_object() {
        for text in [
            "serverVersion: {gitVersion: latest}\n",
            "serverVersion: v1.29.0\n",
            "clientVersion: {gitVersion: v1.32.1}\n",
        ] {
            let gathered = gather_texts(vec![("x.yaml".to_owned(), text.into())]);
            assert_eq!(gathered.loaded[0].problems.len(), 1, "{text}");
        }
    }
}
