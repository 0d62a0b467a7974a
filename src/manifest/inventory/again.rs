//! What an export from before takes over from a later one: what lies around its clusters, as it is by now.

use super::holdings::settled;
use super::members::Members;
use super::{Found, Inventory};
use crate::manifest::{Kind, Object};

impl Inventory {
    /// Sees again what a later export of the same Kubernetes cluster holds of what outlives a v4 cluster: its volumes and claims,
    /// definitions, namespaces, and PGO v5's operator. An operator that is gone by the later export is gone here, too. What the v4 cluster itself was stays as it was.
    pub fn see_again(&mut self, later: &Inventory) {
        let lasting = later.objects.iter().filter(|object| outlives(object));
        let lasting: Vec<Object> = lasting.cloned().collect();
        if lasting.is_empty() {
            return;
        }
        let mut objects = std::mem::take(&mut self.objects);
        objects.retain(|object| {
            let (namespace, name) = (object.namespace.as_deref(), &*object.name);
            match later.find(object.kind, namespace, name) {
                Found::Here(found) => !outlives(found),
                Found::Absent(_) => object.kind != Kind::Deployment || !outlives(object),
                Found::Unseen(_) => true,
            }
        });
        objects.extend(lasting);
        self.objects = settled(objects);
        self.members = Members::of(&self.objects);
    }
}

/// v5 puts this label on its own Deployment.
const CONTROL_PLANE: &str = "postgres-operator.crunchydata.com/control-plane";

/// Whether an object is there beside the v4 cluster, or is left when that is gone, and is not v5's by now.
fn outlives(object: &Object) -> bool {
    match object.kind {
        Kind::PersistentVolume
        | Kind::StorageClass
        | Kind::CsiDriver
        | Kind::CustomResourceDefinition
        | Kind::Namespace => true,
        Kind::PersistentVolumeClaim => {
            object.at(&["metadata", "ownerReferences"]).is_none()
                && object
                    .label("postgres-operator.crunchydata.com/cluster")
                    .is_none()
        }
        // Not v4's own: what that was says what the v4 cluster was, and it may be taken away after it.
        Kind::Deployment => {
            let template = ["spec", "template", "metadata", "labels", CONTROL_PLANE];
            object.label(CONTROL_PLANE).is_some() || object.at(&template).is_some()
        }
        _ => false,
    }
}
