//! Percona's operator, which before 3.0 has a definition of PostgresCluster under Crunchy's own name.

mod facts;

use crate::expr::Version;
use crate::fact::v4::objects::image::Image;
use crate::manifest::{Inventory, Kind};
use crate::source::Span;

pub(in crate::fact::v4) use facts::FACTS;

/// An operator of that name, as namespace/name, and where its image is written.
pub(in crate::fact::v4) fn seen(inventory: &Inventory) -> Option<(String, Span)> {
    let deployments = inventory.list_all(Kind::Deployment).objects;
    deployments.into_iter().find_map(|deployment| {
        let containers = deployment.at(&["spec", "template", "spec", "containers"])?;
        let mut images = containers.items().filter_map(|one| one.get("image"));
        let image = images.find(|image| shares_the_name(image.text()))?;
        let namespace = deployment.namespace.as_deref().unwrap_or("");
        Some((format!("{namespace}/{}", deployment.name), image.span()))
    })
}

/// From 3.0.0 on its definition is in the group `upstream.pgv2.percona.com`.
fn shares_the_name(reference: &str) -> bool {
    let image = Image::parse(reference);
    let split = Version::parse(image.tag).is_some_and(|version| version.major() >= 3);
    image.name.starts_with("percona-postgresql-operator") && !split
}

#[cfg(test)]
mod tests {
    use super::shares_the_name;

    #[test]
    fn releases_before_three_share_the_name() {
        assert!(shares_the_name(
            "docker.io/percona/percona-postgresql-operator:2.4.1"
        ));
        assert!(shares_the_name(
            "percona/percona-postgresql-operator@sha256:1"
        ));
        assert!(!shares_the_name(
            "percona/percona-postgresql-operator:3.0.0"
        ));
        assert!(!shares_the_name(
            "percona/percona-server-mongodb-operator:1.0.0"
        ));
    }
}
