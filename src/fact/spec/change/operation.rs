//! What an edit asks the operator to do or to leave: shut down, pause, move directories, upgrade.

use super::super::Draft;
use super::super::row::{DraftFact, row};
use super::living::{has_run, living, place};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Kind, Node, Object};

/// The label of the Jobs that move v4's directories.
const MOVE: &str = "postgres-operator.crunchydata.com/move-job";

/// The annotation without which a `PGUpgrade` does not touch a cluster; its value is the `PGUpgrade`'s name.
const ALLOWED: &str = "postgres-operator.crunchydata.com/allow-upgrade";

pub(in super::super) static FACTS: &[DraftFact] = &[
    row(
        "change.shutsDown",
        Type::Bool,
        "the living cluster is not asked to shut down, and the draft asks for it",
        |draft| newly(draft, &["spec", "shutdown"]),
    ),
    row(
        "change.paused",
        Type::Bool,
        "the draft asks the operator to leave the living cluster alone, so that nothing else of the edit happens",
        |draft| {
            let path = ["spec", "paused"];
            let paused = living(draft).is_some() && says(draft.object, &path);
            Fact::at(
                paused.into(),
                draft.object.nearest(&path),
                "the request to pause",
            )
        },
    ),
    row(
        "change.movesAgain",
        Type::Bool,
        "the draft adds dataSource.volumes to a cluster that runs, and no move Job of it is complete: directories would be moved below it",
        |draft| moves_again(draft).map(Value::from),
    ),
    row(
        "change.byPgUpgrade",
        Type::Bool,
        "the living cluster is shut down for a PGUpgrade: it, or the draft, has the annotation allow-upgrade",
        |draft| {
            let Some(living) = living(draft) else {
                return Fact::at(false.into(), draft.name_span(), "the draft");
            };
            let allowed = [living, draft.object]
                .into_iter()
                .find_map(|object| object.annotation(ALLOWED));
            let stopped = says(living, &["spec", "shutdown"]);
            match allowed.filter(|_| stopped) {
                Some(node) => Fact::at(true.into(), node.span(), "the PGUpgrade that is allowed"),
                None => Fact::at(false.into(), living.name_span(), "the living cluster"),
            }
        },
    ),
];

/// A move Job that is complete is never run again.
fn moves_again(draft: &Draft<'_>) -> Fact<bool> {
    let path = ["spec", "dataSource", "volumes"];
    let given = |object: &Object| object.at(&path).is_some_and(|node| !node.is_null());
    let span = draft.object.nearest(&path);
    let added =
        place(draft).filter(|(_, living)| has_run(living) && given(draft.object) && !given(living));
    let Some((inventory, living)) = added else {
        return Fact::at(false, span, "the volumes to adopt");
    };
    let jobs = inventory.of_v5_cluster(Kind::Job, living.namespace.as_deref(), &living.name);
    let done = |job: &&&Object| job.label(MOVE).is_some() && is_complete(job);
    match jobs.objects.iter().find(done) {
        Some(job) => Fact::at(false, job.name_span(), "the Job that moved them"),
        None => if_complete(&jobs.completeness, true).and_at(span, "the volumes to adopt"),
    }
}

fn is_complete(job: &Object) -> bool {
    let conditions = job.at(&["status", "conditions"]);
    let mut conditions = conditions.into_iter().flat_map(Node::items);
    let says = |one: Node<'_>, key, text: &str| one.get(key).is_some_and(|n| n.text() == text);
    conditions.any(|one| says(one, "type", "Complete") && says(one, "status", "True"))
}

fn says(object: &Object, path: &[&str]) -> bool {
    object.at(path).is_some_and(|node| node.text() == "true")
}

/// Whether the draft says true where the living cluster does not.
fn newly(draft: &Draft<'_>, path: &[&str]) -> Fact<Value> {
    let newly = living(draft).is_some_and(|living| says(draft.object, path) && !says(living, path));
    Fact::at(
        newly.into(),
        draft.object.nearest(path),
        "what the draft asks for",
    )
}
