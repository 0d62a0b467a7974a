//! What of an object nothing reads: who wrote which of its fields. It is a fifth of what a server tells of an object.

use crate::manifest::{Kind, Node};

/// The value of `metadata.managedFields`, to be overwritten and left out of the tree; nothing where a schema looks at it, or where
/// it may stand for something else, too.
pub(super) fn unread(object: Node<'_>, kind: Kind) -> Option<Node<'_>> {
    let has_schema = matches!(
        kind,
        Kind::PostgresCluster | Kind::PgUpgrade | Kind::CrunchyBridgeCluster
    );
    let value = object.at(&["metadata", "managedFields"])?;
    (!has_schema && !value.is_scalar()).then_some(value)
}

#[cfg(test)]
mod tests {
    use crate::manifest::load::load;
    use crate::source::{OriginId, SourceId};

    #[test]
    fn who_wrote_a_field_is_kept_of_what_a_schema_looks_at_and_nowhere_else_shown() {
        for (version, kind, is_kept) in [
            ("v1", "Service", false),
            ("crunchydata.com/v1", "Pgcluster", false),
            (
                "postgres-operator.crunchydata.com/v1beta1",
                "PostgresCluster",
                true,
            ),
        ] {
            let text = format!(
                "apiVersion: {version}\nkind: {kind}\nmetadata:\n  managedFields:\n  - manager: hunter2\n  name: a\nspec: {{}}\n"
            );
            let loaded = load(SourceId(0), OriginId(0), String::new(), text.into_bytes());
            let object = loaded.objects.first().unwrap();
            let managers = object.at(&["metadata", "managedFields"]).unwrap();
            assert!(managers.is_seq(), "{kind}");
            assert_eq!(managers.items().count(), usize::from(is_kept), "{kind}");
            assert_eq!(
                loaded.source.text.contains("hunter2"),
                is_kept,
                "{}",
                loaded.source.text
            );
            assert_eq!(object.at(&["metadata", "name"]).unwrap().text(), "a");
            assert!(object.at(&["spec"]).unwrap().is_map(), "{kind}");
        }
    }
}
