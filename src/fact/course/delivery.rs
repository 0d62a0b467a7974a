//! How manifests come to the cluster, and where the evidence of v4 is kept.

use super::row::{CourseFact, row};

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::moved::says_nothing;
use crate::manifest::{Fact, Node, Object};

pub(super) static FACTS: &[CourseFact] = &[
    row(
        "course.gitops",
        Type::Map,
        "what applies the Pgcluster from Git, by the marks it left: {tool, kind, name, namespace}; tool is \"argocd\" or \"flux\", \"\" for none, kind and namespace are \"\" where the mark does not say",
        |course| {
            let objects = course.moments.iter().filter_map(|cluster| cluster.object);
            Fact::known(value(objects.into_iter().find_map(marked)))
        },
    ),
    row(
        "course.fromGit",
        Type::Bool,
        "changes of the v5 cluster are commits: it bears the marks of Argo CD or Flux, or v4 does and it is not there yet",
        |course| {
            let living = course.migration.map(|migration| migration.living.object);
            let of_git = match living {
                Some(living) => marked(living).is_some(),
                None => course
                    .moments
                    .iter()
                    .filter_map(|cluster| cluster.object)
                    .any(|object| marked(object).is_some()),
            };
            Fact::known(of_git.into())
        },
    ),
    row(
        "course.toolbox",
        Type::String,
        "an image with a shell, for pods that touch volumes once: that of v4's instances, which the nodes can pull, else busybox",
        |course| {
            let own = course.v4_named("postgres.image");
            let own = own.value().filter(|image| !says_nothing(image)).cloned();
            Fact::known(own.unwrap_or_else(|| "busybox".into()))
        },
    ),
    row(
        "course.openshift",
        Type::Bool,
        "OpenShift is seen; false where nothing shows it, for what has to be told even so: a pod as root is refused there, and does no harm",
        |course| {
            let seen = course.v4_named("platform.openshift");
            Fact::known((seen.value() == Some(&true.into())).into())
        },
    ),
    row(
        "course.kept",
        Type::String,
        "the file with the oldest export that shows the Pgcluster, as --before takes it; \"\" where only a live cluster was read",
        |course| Fact::known(course.kept.as_str().into()),
    ),
];

/// What applies an object from Git.
struct Applier<'a> {
    tool: &'static str,
    kind: &'static str,
    name: &'a str,
    namespace: &'a str,
}

const FLUX: [(&str, &str); 2] = [
    (
        "kustomize.toolkit.fluxcd.io",
        "kustomizations.kustomize.toolkit.fluxcd.io",
    ),
    (
        "helm.toolkit.fluxcd.io",
        "helmreleases.helm.toolkit.fluxcd.io",
    ),
];

/// By the labels and annotations that Argo CD and Flux leave on what they apply.
fn marked(object: &Object) -> Option<Applier<'_>> {
    for (group, kind) in FLUX {
        let label = |key: &str| object.label(&format!("{group}/{key}")).map(Node::text);
        if let Some(name) = label("name") {
            return Some(Applier {
                tool: "flux",
                kind,
                name,
                namespace: label("namespace").unwrap_or(""),
            });
        }
    }
    let argo = |namespace, name| Applier {
        tool: "argocd",
        kind: "applications.argoproj.io",
        name,
        namespace,
    };
    // `app:group/kind:namespace/name`; of an Application outside of Argo CD's namespace `namespace_app`.
    let tracking = ["metadata", "annotations", "argocd.argoproj.io/tracking-id"];
    if let Some((app, _)) = object
        .at(&tracking)
        .and_then(|id| id.text().split_once(':'))
    {
        let (namespace, name) = app.split_once('_').unwrap_or(("", app));
        return Some(argo(namespace, name));
    }
    let instance = object.label("argocd.argoproj.io/instance")?;
    Some(argo("", instance.text()))
}

fn value(applier: Option<Applier<'_>>) -> Value {
    let applier = applier.unwrap_or(Applier {
        tool: "",
        kind: "",
        name: "",
        namespace: "",
    });
    let fields = [
        ("tool", applier.tool),
        ("kind", applier.kind),
        ("name", applier.name),
        ("namespace", applier.namespace),
    ];
    let fields = fields.into_iter();
    Value::Map(
        fields
            .map(|(key, text)| (key.into(), text.into()))
            .collect(),
    )
}
