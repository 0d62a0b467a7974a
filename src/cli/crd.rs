//! `--crd`: the definition that manifests are checked with.

use std::path::Path;

use super::Failure;
use crate::check::GivenSchema;
use crate::fact::Definition;
use crate::manifest::{Kind, gather};
use crate::schema::CrdSchemas;
use crate::source::{Inputs, Limits, OriginId, SourceId};

/// The schema in a file that holds the CustomResourceDefinition.
pub(super) fn given_schema(path: &Path) -> Result<GivenSchema, Failure> {
    let named = path.display();
    // A hundred times the largest definition that any release of PGO has.
    let limits = Limits {
        file: 128 << 20,
        total: 128 << 20,
    };
    let inputs = Inputs::find([path], limits)?;
    let gathered = gather(inputs, OriginId(0), SourceId(0));
    let objects = gathered.loaded.iter().flat_map(|loaded| &loaded.objects);
    let mut definitions = objects.filter(|object| {
        object.kind == Kind::CustomResourceDefinition
            && object
                .at(&["spec", "names", "kind"])
                .is_some_and(|kind| kind.text() == "PostgresCluster")
    });
    let definition = definitions.next().ok_or_else(|| {
        Failure::new(match gathered.skipped.as_slice() {
            [only] if only.reason.may_hide_objects() => format!("{named}: {}", only.reason),
            _ => format!("{named}: no CustomResourceDefinition of PostgresCluster in it"),
        })
    })?;
    let schemas = CrdSchemas::from_crd(definition.root())
        .map_err(|error| Failure::new(format!("{named}: {error}")))?;
    Ok(GivenSchema {
        schemas,
        from: format!("--crd {named}"),
    })
}

/// What a definition says of the release.
pub(super) fn definition(given: &GivenSchema, api_version: Option<&'static str>) -> Definition {
    Definition {
        api_version,
        releases: match given.schemas.labelled {
            Some(version) => vec![version],
            None => given
                .schemas
                .like_releases()
                .iter()
                .map(|release| release.version)
                .collect(),
        },
        from: given.from.clone(),
    }
}
