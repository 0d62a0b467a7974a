//! The table of what is asked of a cluster to RBAC manifests that allow just that.

use std::collections::BTreeMap;

use crate::source::{SECRET_METADATA, VERBS, WANTED, Wanted, repo_secret};

/// What every object is called, and the namespace of the service account.
const NAME: &str = "pgo-preflight";

/// How much of a cluster is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Reach {
    /// All namespaces
    Cluster,
    /// The namespaces of -n (default: pgo), and what is in no namespace
    Namespaced,
    /// In addition, for --secret-metadata: the one Secret of each cluster in the namespaces of -n (default: pgo)
    SecretMetadata,
}

/// The manifests.
pub(super) fn manifests(reach: Reach, namespaces: &[String]) -> String {
    let usual = ["pgo".to_owned()];
    let namespaces = match namespaces {
        [] => &usual[..],
        named => named,
    };
    match reach {
        Reach::Cluster => cluster(),
        Reach::Namespaced => namespaced(namespaces),
        Reach::SecretMetadata => secret_metadata(namespaces),
    }
}

fn cluster() -> String {
    let mut text = head(
        "What pgo-preflight may do to read a whole Kubernetes cluster: get and list on the kinds it reads, nothing\n\
         # else, and no Secrets. Made by: pgo-preflight collect --print-rbac=cluster",
    );
    text.push_str(&account());
    text.push_str(&role("ClusterRole", None, &rules(|_| true)));
    text.push_str(&binding("ClusterRole", None));
    text
}

fn namespaced(namespaces: &[String]) -> String {
    let mut text = head(
        "What pgo-preflight may do to read single namespaces: get and list on the kinds it reads, and no Secrets. What\n\
         # is in no namespace (volumes, storage classes, ...) needs a ClusterRole; whoever may not have one can leave it\n\
         # out, and the verdicts that need it will say so. An operator in another namespace is not seen.\n\
         # Made by: pgo-preflight collect --print-rbac=namespaced -n NAMESPACE ...",
    );
    text.push_str(&account());
    for namespace in namespaces {
        text.push_str(&role("Role", Some(namespace), &rules(|row| row.namespaced)));
        text.push_str(&binding("Role", Some(namespace)));
    }
    // Not the name of the role for a whole cluster: whoever applies both keeps both.
    let wide = format!("{NAME}-beyond-namespaces");
    let body = format!("rules:\n{}", rules(|row| !row.namespaced));
    text.push_str(&document("ClusterRole", &wide, None, &body));
    let body = bound("ClusterRole", &wide);
    text.push_str(&document("ClusterRoleBinding", &wide, None, &body));
    text
}

fn secret_metadata(namespaces: &[String]) -> String {
    let secret = repo_secret("hippo");
    let mut text = head(&format!(
        "Only for --secret-metadata, in addition to the other roles. pgo-preflight asks for nothing but the metadata of\n\
         # these Secrets ({}).\n\
         #\n\
         # RBAC cannot tell metadata from data: this role allows whoever has it to read the data of the Secrets it\n\
         # names, pgBackRest's keys among them. So it names them one by one: replace {secret} by the\n\
         # {} of each of your clusters.\n\
         # Made by: pgo-preflight collect --print-rbac=secret-metadata -n NAMESPACE ...",
        SECRET_METADATA.why,
        repo_secret("CLUSTER"),
    ));
    let rule = format!(
        "- apiGroups: [\"{}\"]\n  resources: [{}]\n  resourceNames: [{secret}]\n  verbs: [get]\n",
        SECRET_METADATA.group,
        SECRET_METADATA.plural()
    );
    for namespace in namespaces {
        let named = format!("{NAME}-secret-metadata");
        text.push_str(&document(
            "Role",
            &named,
            Some(namespace),
            &format!("rules:\n{rule}"),
        ));
        text.push_str(&document(
            "RoleBinding",
            &named,
            Some(namespace),
            &bound("Role", &named),
        ));
    }
    text
}

fn head(what: &str) -> String {
    format!("# {what}\n")
}

fn account() -> String {
    format!(
        "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: {NAME}\n\
         ---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {NAME}\n  namespace: {NAME}\n"
    )
}

fn role(kind: &str, namespace: Option<&str>, rules: &str) -> String {
    document(kind, NAME, namespace, &format!("rules:\n{rules}"))
}

fn binding(role: &str, namespace: Option<&str>) -> String {
    document(
        &format!("{role}Binding"),
        NAME,
        namespace,
        &bound(role, NAME),
    )
}

fn bound(role: &str, name: &str) -> String {
    format!(
        "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: {role}\n  name: {name}\n\
         subjects:\n- kind: ServiceAccount\n  name: {NAME}\n  namespace: {NAME}\n"
    )
}

fn document(kind: &str, name: &str, namespace: Option<&str>, body: &str) -> String {
    let namespace = namespace.map_or(String::new(), |name| {
        format!("  namespace: {}\n", scalar(name))
    });
    format!(
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata:\n  name: {name}\n{namespace}{body}"
    )
}

/// A name as YAML: in quotes where it might be read as something else.
fn scalar(name: &str) -> String {
    let is_plain = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !matches!(
            name,
            "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    if is_plain {
        name.to_owned()
    } else {
        serde_json::Value::from(name).to_string()
    }
}

/// One rule for each API group.
fn rules(concerns: impl Fn(&Wanted) -> bool) -> String {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in WANTED.iter().filter(|row| concerns(row)) {
        groups.entry(row.group).or_default().push(row.plural());
    }
    let verbs = VERBS.join(", ");
    groups
        .into_iter()
        .map(|(group, mut plurals)| {
            plurals.sort_unstable();
            let lines: String = plurals
                .iter()
                .map(|plural| format!("  - {plural}\n"))
                .collect();
            format!("- apiGroups: [\"{group}\"]\n  resources:\n{lines}  verbs: [{verbs}]\n")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_of_a_whole_cluster_allows_every_row_and_no_secret() {
        let text = manifests(Reach::Cluster, &[]);
        for row in &WANTED {
            assert!(
                text.contains(&format!("  - {}\n", row.plural())),
                "{}",
                row.kind
            );
        }
        assert!(!text.contains("secrets"));
        assert_eq!(
            text.matches("verbs:").count(),
            text.matches("verbs: [get, list]").count()
        );
    }

    #[test]
    fn the_roles_for_single_namespaces_overwrite_nothing_of_the_whole_clusters() {
        let names = |reach| -> Vec<String> {
            let text = manifests(reach, &[]);
            let of = |document: &str| {
                let kind = document
                    .lines()
                    .find(|line| line.starts_with("kind: Cluster"))?;
                let name = document.lines().find(|line| line.starts_with("  name: "))?;
                Some(format!("{kind} {name}"))
            };
            text.split("---\n").filter_map(of).collect()
        };
        let (whole, single) = (names(Reach::Cluster), names(Reach::Namespaced));
        assert_eq!((whole.len(), single.len()), (2, 2));
        assert!(
            single.iter().all(|name| !whole.contains(name)),
            "{single:?}"
        );
    }

    #[test]
    fn a_namespace_that_yaml_would_misread_is_quoted() {
        assert_eq!(scalar("pgo-1"), "pgo-1");
        assert_eq!(scalar("n"), "\"n\"");
        assert_eq!(scalar("007"), "\"007\"");
        assert_eq!(scalar("a: b\n"), "\"a: b\\n\"");
    }
}
