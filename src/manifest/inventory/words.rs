//! The words and commands that name what is missing.

use std::borrow::Cow;
use std::sync::Arc;

use crate::manifest::{Gap, Kind, Object};
use crate::source::{secret_keys, secret_metadata};

/// `Deployments of namespace pgo`, `PersistentVolumes`.
pub(super) fn those(kind: Kind, namespace: Option<&str>) -> String {
    match namespace {
        Some(namespace) => [&many(kind), " of namespace ", namespace].concat(),
        None if kind.info().namespaced => format!("{} that name no namespace", many(kind)),
        None => many(kind),
    }
}

/// `StorageClasses`.
pub(super) fn many(kind: Kind) -> String {
    let name = kind.info().name;
    match kind {
        Kind::Endpoints => name.to_owned(),
        _ if name.ends_with('s') => [name, "es"].concat(),
        _ => [name, "s"].concat(),
    }
}

/// `a.yaml, b.yaml and 3 more`.
pub(super) fn several(uris: &[Arc<str>]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<&str> = uris.iter().take(SHOWN).map(|uri| &**uri).collect();
    let shown = shown.join(", ");
    match uris.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

impl Gap {
    /// All objects of a kind in a namespace are missing, or some may be.
    pub fn of_all(kind: Kind, namespace: Option<&str>) -> Gap {
        let plural = kind.info().plural;
        Gap {
            missing: ["the ", &those(kind, namespace)].concat(),
            because: "a complete list of them is not in the input".to_owned(),
            ask: match kind {
                Kind::Secret => metadata_of_secrets(namespace),
                _ => ["kubectl get ", plural, &within(namespace), " -o yaml"].concat(),
            },
        }
    }

    /// One object is missing.
    pub fn of_one(kind: Kind, namespace: Option<&str>, name: &str) -> Gap {
        let what = kind.info().name;
        let ask = if kind == Kind::Secret {
            metadata_of_secrets(namespace)
        } else {
            let (singular, word) = (singular(kind), shell_word(name));
            let within = within(namespace);
            ["kubectl get ", &singular, " ", &word, &within, " -o yaml"].concat()
        };
        // Put together without a format: very many are asked for that nobody has.
        Gap {
            missing: match namespace {
                Some(namespace) => [what, " ", name, " of namespace ", namespace].concat(),
                None => [what, " ", name].concat(),
            },
            because: "not in the input".to_owned(),
            ask,
        }
    }

    /// The names of a Secret's keys are missing: metadata do not tell them.
    pub fn of_keys(namespace: Option<&str>, secret: &str) -> Gap {
        let keys = secret_keys(&shell_word(secret), &within(namespace));
        Gap {
            missing: format!("the keys of Secret {secret}"),
            because: "not in the input".to_owned(),
            ask: format!("kubectl get {keys}"),
        }
    }

    /// All objects of a namespaced kind, in all namespaces, are missing, or some may be.
    pub(super) fn of_everywhere(kind: Kind) -> Gap {
        let (plural, name) = (kind.info().plural, kind.info().name);
        Gap {
            missing: format!("the {} of all namespaces", many(kind)),
            because: "nothing says that all of them are in the input".to_owned(),
            ask: format!("kubectl get {plural} -A -o yaml # and --assume-complete={name}"),
        }
    }

    /// An object that writes no namespace, where one was looked for in some namespace.
    pub(super) fn of_homeless(object: &Object) -> Gap {
        let (kind, name) = (object.kind.info().name, &object.name);
        Gap {
            missing: format!("the namespace of {kind} {name}"),
            because: format!("{} has it without metadata.namespace", object.uri()),
            ask: format!("write metadata.namespace into {kind} {name} and run again"),
        }
    }

    /// An object whose labels cannot be read, where those of one cluster are looked for.
    pub(super) fn of_unlabelled(object: &Object) -> Gap {
        let (kind, name) = (object.kind.info().name, &object.name);
        Gap {
            missing: format!("the labels of {kind} {name}"),
            because: format!("{} has labels that are no map of texts", object.uri()),
            ask: format!("correct metadata.labels of {kind} {name} and run again"),
        }
    }

    /// Objects live in namespaces, and the one they are looked up for writes none.
    pub(super) fn of_asker(kind: Kind) -> Gap {
        Gap {
            missing: format!("the namespace whose {} are meant", many(kind)),
            because: "the object they belong to is in the input without metadata.namespace"
                .to_owned(),
            ask: "write metadata.namespace into it and run again".to_owned(),
        }
    }
}

/// As in `kubectl get ... NAME`; custom resources keep their group, since other vendors use the same names.
fn singular(kind: Kind) -> Cow<'static, str> {
    let info = kind.info();
    if info.plural.contains('.') {
        info.plural.into()
    } else {
        info.name.to_ascii_lowercase().into()
    }
}

/// Of Secrets nobody is asked for more than their metadata.
fn metadata_of_secrets(namespace: Option<&str>) -> String {
    format!("kubectl get {}", secret_metadata(&within(namespace)))
}

/// ` -n pgo`.
fn within(namespace: Option<&str>) -> String {
    namespace.map_or(String::new(), |name| [" -n ", &shell_word(name)].concat())
}

/// A word that a shell takes as it is. Names come from the input, and people paste commands.
pub fn shell_word(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:/=,@%+".contains(&byte);
    if !word.is_empty() && !word.starts_with('-') && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_gives_the_exact_command() {
        let ask = |gap: Gap| gap.ask;
        let all = |kind, namespace| ask(Gap::of_all(kind, namespace));
        assert_eq!(
            all(Kind::Deployment, Some("pgo")),
            "kubectl get deployments -n pgo -o yaml"
        );
        assert_eq!(
            all(Kind::StorageClass, None),
            "kubectl get storageclasses -o yaml"
        );
        let one = |kind, namespace, name| ask(Gap::of_one(kind, namespace, name));
        assert_eq!(
            one(Kind::PersistentVolume, None, "pvc-123"),
            "kubectl get persistentvolume pvc-123 -o yaml"
        );
        assert_eq!(
            one(Kind::Pgcluster, Some("pgo"), "hippo"),
            "kubectl get pgclusters.crunchydata.com hippo -n pgo -o yaml"
        );
    }

    #[test]
    fn a_name_from_the_input_cannot_smuggle_a_command() {
        let gap = Gap::of_one(Kind::ConfigMap, Some("a;b"), "x'$(rm -rf ~)");
        assert_eq!(
            gap.ask,
            r"kubectl get configmap 'x'\''$(rm -rf ~)' -n 'a;b' -o yaml"
        );
        let gap = Gap::of_one(Kind::Secret, Some("pgo"), "x");
        assert!(
            gap.ask
                .starts_with("kubectl get secrets -n pgo -o go-template='")
        );
        let gap = Gap::of_keys(Some("pgo"), "x;y");
        assert!(
            gap.ask
                .starts_with("kubectl get secret 'x;y' -n pgo -o go-template='")
        );
        assert_eq!(shell_word(""), "''");
        assert_eq!(shell_word("--all"), "'--all'");
    }

    #[test]
    fn plurals_are_english() {
        assert_eq!(many(Kind::StorageClass), "StorageClasses");
        assert_eq!(many(Kind::Endpoints), "Endpoints");
        assert_eq!(those(Kind::Pod, Some("pgo")), "Pods of namespace pgo");
    }
}
