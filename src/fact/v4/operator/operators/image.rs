//! The images of Postgres that an operator of PGO v5 was given beside those of its installer.
//!
//! Source: PGO `internal/config/config.go`: where a `PostgresCluster` names none, the image is that of the variable
//! `RELATED_IMAGE_POSTGRES_` and the major, with `_GIS_` and the version for `PostGIS`.

use super::{Generation, Operators};
use crate::fact::v4::objects::workload::env;
use crate::fact::v4::operator::target::TargetSet;
use crate::manifest::{Fact, Found, Inventory, Kind, Node, Object};

/// The variable that names an image.
pub(in crate::fact) fn variable(major: i64, gis: &str) -> String {
    match gis {
        "" => format!("RELATED_IMAGE_POSTGRES_{major}"),
        gis => format!("RELATED_IMAGE_POSTGRES_{major}_GIS_{gis}"),
    }
}

impl Operators {
    /// The image that the one operator in charge of a namespace has for a major of Postgres, and a `PostGIS`; `""` where it
    /// has none, and where it is of another release than the target: an upgrade of it may take the image away.
    pub(in crate::fact) fn postgres_image(
        &self,
        inventory: &Inventory,
        namespace: Option<&str>,
        target: &TargetSet,
        (major, gis): (i64, &str),
    ) -> Fact<String> {
        let image = self.image_of(inventory, namespace, target, &variable(major, gis));
        image.map(Option::unwrap_or_default)
    }

    /// The image that the one operator in charge of a namespace has in a variable; `""` where it is seen to have none.
    /// `None` where nothing is said: there is no such operator, it is of another release than the target, or its
    /// variables are not there to be seen.
    pub(in crate::fact) fn image_of(
        &self,
        inventory: &Inventory,
        namespace: Option<&str>,
        target: &TargetSet,
        variable: &str,
    ) -> Fact<Option<String>> {
        let all = self.in_charge(inventory, Generation::V5, namespace);
        all.and_then(|all| {
            let [one] = all.as_slice() else {
                return Fact::known(None);
            };
            let stays = one.version.as_ref().map(|version| {
                let goes_to = target.single();
                goes_to.is_some_and(|release| release.version == *version)
            });
            let found = inventory.find(Kind::Deployment, one.namespace.as_deref(), &one.name);
            let (true, Found::Here(deployment)) = (stays.value() == Some(&true), found) else {
                return stays.map(|_| None);
            };
            let given = env(deployment, variable, "an image of the operator's");
            given.and_then(|given| match (given, sign_of_all(deployment, variable)) {
                (Some(image), _) => Fact::known(Some(image)),
                (None, Some(shown)) => {
                    let none = Fact::known(Some(String::new()));
                    none.and_at(shown.span(), "the images that the operator has")
                }
                (None, None) => Fact::known(None),
            })
        })
    }
}

/// A variable that every installation has beside this one, so that its being there shows that all are: one for Postgres beside
/// others for Postgres, that for pgBackRest beside all the rest. `None` where variables come from elsewhere as well.
fn sign_of_all<'o>(deployment: &'o Object, variable: &str) -> Option<Node<'o>> {
    let postgres = "RELATED_IMAGE_POSTGRES_";
    let beside = if variable.starts_with(postgres) {
        postgres
    } else {
        "RELATED_IMAGE_PGBACKREST"
    };
    let containers = deployment.at(&["spec", "template", "spec", "containers"]);
    let containers = || containers.into_iter().flat_map(Node::items);
    if containers().any(|container| container.get("envFrom").is_some()) {
        return None;
    }
    let variables = containers().filter_map(|container| container.get("env"));
    let names = variables
        .flat_map(Node::items)
        .filter_map(|one| one.get("name"));
    let is_one = |name: &Node<'_>| name.text().starts_with(beside);
    names.into_iter().find(is_one)
}
