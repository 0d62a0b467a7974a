//! The images of Postgres that an operator of PGO v5 was given beside those of its installer.
//!
//! Source: PGO `internal/config/config.go`: where a `PostgresCluster` names none, the image is that of the variable
//! `RELATED_IMAGE_POSTGRES_` and the major, with `_GIS_` and the version for `PostGIS`.

use super::{Generation, Operators};
use crate::fact::v4::objects::workload::env;
use crate::fact::v4::operator::target::TargetSet;
use crate::manifest::{Fact, Found, Inventory, Kind};

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
        let all = self.in_charge(inventory, Generation::V5, namespace);
        all.and_then(|all| {
            let [one] = all.as_slice() else {
                return Fact::known(String::new());
            };
            let stays = one.version.as_ref().map(|version| {
                let goes_to = target.single();
                goes_to.is_some_and(|release| release.version == *version)
            });
            let found = inventory.find(Kind::Deployment, one.namespace.as_deref(), &one.name);
            let (true, Found::Here(deployment)) = (stays.value() == Some(&true), found) else {
                return stays.map(|_| String::new());
            };
            let given = env(
                deployment,
                &variable(major, gis),
                "an image of the operator's",
            );
            given.map(Option::unwrap_or_default)
        })
    }
}
