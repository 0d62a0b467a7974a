//! The PGO v5 releases that a CustomResourceDefinition may belong to.

use super::super::platform::V5_DEFINITION;
use super::set::TargetSet;
use crate::expr::Version;
use crate::manifest::{Evidence, Found, Inventory, Kind, Node, Object};
use crate::schema::{CrdSchemas, Release, releases};

/// What the CustomResourceDefinition says: its version label, or the releases whose schema it could be.
pub(super) fn releases_by(inventory: &Inventory) -> Option<TargetSet> {
    let found = inventory.find(Kind::CustomResourceDefinition, None, V5_DEFINITION);
    let Found::Here(definition) = found else {
        return None;
    };
    if !definition.rivals.is_empty() {
        return None;
    }
    let evidence = |node: Node<'_>, note| {
        vec![Evidence {
            absent: false,
            span: node.span(),
            note,
        }]
    };
    let from = "the CustomResourceDefinition of PostgresCluster".to_owned();
    if let Some(label) = definition.label("app.kubernetes.io/version")
        && let Some(version) = Version::parse(label.text())
    {
        return Some(TargetSet::named(
            &[version],
            from,
            evidence(label, "the definition's release"),
        ));
    }
    let schema = Shape::of(definition)?;
    // As `--crd` tells it; one that is not as any release has it, or is there in part only, by what tells releases apart.
    let schemas = CrdSchemas::from_crd(definition.root());
    let mut possible = schemas.map_or_else(|_| Vec::new(), |schemas| schemas.like_releases());
    if possible.is_empty() {
        let fits = releases().iter().filter(|release| schema.fits(release));
        possible = fits.collect();
    }
    let span = evidence(schema.spec, "the definition's schema");
    (!possible.is_empty()).then(|| TargetSet::among(possible, from, span))
}

/// Whether a schema demands a field.
fn requires(node: Option<Node<'_>>, field: &str) -> bool {
    let required = node.and_then(|node| node.get("required"));
    required.is_some_and(|names| names.items().any(|name| name.text() == field))
}

/// What of a definition tells releases apart.
struct Shape<'a> {
    definition: &'a Object,
    /// `properties` of `spec`.
    spec: Node<'a>,
    /// The schema of `spec`.
    whole: Node<'a>,
}

impl<'a> Shape<'a> {
    fn of(definition: &'a Object) -> Option<Shape<'a>> {
        let versions = definition.at(&["spec", "versions"])?;
        let path = ["schema", "openAPIV3Schema", "properties", "spec"];
        let mut schemas = versions.items().filter_map(|version| version.at(&path));
        let whole = schemas.next()?;
        Some(Shape {
            definition,
            spec: whole.get("properties")?,
            whole,
        })
    }

    fn served(&self) -> Vec<&'a str> {
        let versions = self.definition.at(&["spec", "versions"]);
        let items = versions.into_iter().flat_map(Node::items);
        items
            .filter_map(|version| version.get("name"))
            .map(Node::text)
            .collect()
    }

    /// Whether the schema has a property; the path names fields of `spec`, through objects only.
    fn has(&self, path: &[&str]) -> bool {
        self.property(path).is_some()
    }

    fn property(&self, path: &[&str]) -> Option<Node<'a>> {
        let (last, parents) = path.split_last()?;
        let parent = parents
            .iter()
            .try_fold(self.spec, |node, key| node.at(&[key, "properties"]))?;
        parent.get(last)
    }

    fn fits(&self, release: &Release) -> bool {
        let bound = |name| {
            let field = self.property(&["postgresVersion"])?;
            field.get(name)?.text().parse::<u32>().ok()
        };
        let mut served = self.served();
        served.sort_unstable();
        let mut expected = release.api_versions.to_vec();
        expected.sort_unstable();
        served == expected
            && bound("minimum") == Some(release.postgres_min)
            && bound("maximum") == Some(release.postgres_max)
            && self.has(&["dataSource", "volumes"]) == release.data_source_volumes
            && self.has(&["dataSource", "pgbackrest"]) == release.data_source_pgbackrest
            && self.has(&["standby", "host"]) == release.standby_streaming
            && self.has(&["users"]) == release.users
            && self.has(&["config", "parameters"]) == release.config_parameters
            && self.has(&["authentication", "rules"]) == release.authentication_rules
            && requires(Some(self.whole), "backups") == release.backups_required
            && requires(self.property(&["backups", "pgbackrest"]), "repos")
                == release.repos_required
            && requires(self.property(&["standby"]), "repoName")
                == release.standby_repo_name_required
    }
}
