//! Commands that ask the database itself, where no object shows a thing.

use super::super::subject::Living;
use super::super::workload::database_pods;
use crate::manifest::{Node, shell_word};

/// v5's label with the role of an instance's pod.
const ROLE: &str = "postgres-operator.crunchydata.com/role";

/// What runs a command where the primary's database is: in the pod that is seen to be it, else in the one that bears the role.
pub(super) fn in_primary(living: &Living<'_>, command: &str) -> String {
    let namespace = living.namespace.map_or_else(String::new, |namespace| {
        format!(" -n {}", shell_word(namespace))
    });
    let is_primary = |role: Node<'_>| matches!(role.text(), "master" | "primary");
    let mut pods = database_pods(living);
    let pod = pods.find(|pod| pod.label(ROLE).is_some_and(is_primary));
    let pod = pod.map_or_else(
        || {
            let name = shell_word(living.name);
            let selector =
                format!("postgres-operator.crunchydata.com/cluster={name},{ROLE}=master");
            format!("\"$(kubectl get pods{namespace} -l {selector} -o name)\"")
        },
        |pod| shell_word(&pod.name),
    );
    format!("kubectl exec{namespace} {pod} -c database -- {command}")
}
