//! What an edit asks the operator to do or to leave: shut down, pause, move directories, upgrade.

use super::super::Draft;
use super::super::row::{DraftFact, row};
use super::living::{has_run, living, place};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Found, Gap, Inventory, Kind, Node, Object, shell_word};

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
        "change.restoresInPlace",
        Type::String,
        "the value of the annotation that asks for a restore in place which the draft enables and the living cluster does not remember: the running database would be replaced; \"\" for none",
        |draft| restores_in_place(draft).map(Value::from),
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
        "a PGUpgrade has carried the files of the living cluster over to the major of the draft: its status says so, or a PGUpgrade of it has succeeded and it is shut down, whether or not the annotation allow-upgrade is still there; unknown where the PGUpgrade that this names is not in the input",
        |draft| by_pgupgrade(draft).map(Value::from),
    ),
];

/// The annotation that asks for a restore in place; each value is done once.
///
/// Source: PGO 5.8 internal/controller/postgrescluster/cluster.go (the restore identity) and pgbackrest.go
/// (`restore.enabled`, `status.pgbackrest.restore.id`).
const RESTORE: &str = "postgres-operator.crunchydata.com/pgbackrest-restore";

/// What the draft does not write stays as the living cluster has it, as with a patch.
fn restores_in_place(draft: &Draft<'_>) -> Fact<String> {
    let path = ["spec", "backups", "pgbackrest", "restore", "enabled"];
    let none = Fact::at(String::new(), draft.object.nearest(&path), "the draft");
    let Some(living) = living(draft) else {
        return none;
    };
    let flag = draft.object.at(&path);
    let enabled = match flag {
        Some(flag) => flag.text() == "true",
        None => draft.is_part() && says(living, &path),
    };
    let asked = draft
        .object
        .annotation(RESTORE)
        .or_else(|| living.annotation(RESTORE));
    let remembered = living.at(&["status", "pgbackrest", "restore", "id"]);
    let asked = asked.filter(|asked| {
        let done = remembered.is_some_and(|id| id.text() == asked.text());
        enabled && !asked.text().is_empty() && !done
    });
    match asked {
        Some(asked) => {
            let span = flag.map_or_else(|| asked.span(), Node::span);
            Fact::at(asked.text().to_owned(), asked.span(), "asks for a restore")
                .and_at(span, "the restore is enabled")
        }
        None => none,
    }
}

/// Whether the files are of the draft's major by now.
fn by_pgupgrade(draft: &Draft<'_>) -> Fact<bool> {
    let Some((evidence, living)) = place(draft) else {
        return Fact::at(false, draft.name_span(), "the draft");
    };
    let wanted = draft
        .object
        .at(&["spec", "postgresVersion"])
        .map_or("", Node::text);
    let done = living.at(&["status", "postgresVersion"]);
    if let Some(done) = done.filter(|done| done.text() == wanted) {
        return Fact::at(true, done.span(), "the major that a PGUpgrade went to");
    }
    let mut both = [living, draft.object].into_iter();
    let allowed = both.find_map(|object| object.annotation(ALLOWED));
    let stands_still = says(living, &["spec", "shutdown"]);
    if stands_still && let Some(done) = succeeded(evidence, living, wanted) {
        return Fact::at(true, done.name_span(), "the PGUpgrade that succeeded");
    }
    let Some(allowed) = allowed.filter(|_| stands_still) else {
        return Fact::at(false, living.name_span(), "the living cluster");
    };
    let namespace = living.namespace.as_deref();
    match evidence.find(Kind::PgUpgrade, namespace, allowed.text()) {
        Found::Here(upgrade) => {
            let name = upgrade.name_span();
            Fact::at(false, name, "the PGUpgrade that is allowed")
        }
        Found::Absent(_) | Found::Unseen(_) => Fact::unknown(untold(living, allowed.text())),
    }
}

/// A `PGUpgrade` that carried the files over: the annotation is needed to begin, and may be gone when it is done.
fn succeeded<'a>(evidence: &'a Inventory, living: &Object, wanted: &str) -> Option<&'a Object> {
    let said = |one: &Object, key: &str| {
        let node = one.at(&["spec", key]);
        node.map_or_else(String::new, |node| node.text().to_owned())
    };
    let all = evidence.list_all(Kind::PgUpgrade).objects.into_iter();
    all.filter(|one| one.namespace == living.namespace)
        .filter(|one| said(one, "postgresClusterName") == *living.name)
        .find(|one| said(one, "toPostgresVersion") == wanted && has_condition(one, "Succeeded"))
}

fn untold(living: &Object, upgrade: &str) -> Gap {
    let namespace = living.namespace.as_deref();
    let flag = namespace.map_or_else(String::new, |name| format!(" -n {}", shell_word(name)));
    Gap {
        missing: format!(
            "whether the PGUpgrade {upgrade} of {} has succeeded",
            living.name
        ),
        because: "it is not in the input".to_owned(),
        ask: format!(
            "kubectl get pgupgrade {}{flag} -o yaml",
            shell_word(upgrade)
        ),
    }
}

/// A move Job that is complete is never run again.
fn moves_again(draft: &Draft<'_>) -> Fact<bool> {
    let path = ["spec", "dataSource", "volumes"];
    // Without a directory no Job is made.
    let moves = |volume: Node<'_>| {
        let given = |key| volume.get(key).is_some_and(|text| !text.text().is_empty());
        given("pvcName") && given("directory")
    };
    let given = |object: &Object| {
        let volumes = object.at(&path).into_iter().flat_map(Node::entries);
        volumes.into_iter().any(|(_, volume)| moves(volume))
    };
    let span = draft.object.nearest(&path);
    let added = place(draft).filter(|(_, living)| given(draft.object) && !given(living));
    let Some((inventory, living)) = added else {
        return Fact::at(false, span, "the volumes to adopt");
    };
    let jobs = inventory.of_v5_cluster(Kind::Job, living.namespace.as_deref(), &living.name);
    let done = |job: &&&Object| job.label(MOVE).is_some() && has_condition(job, "Complete");
    match jobs.objects.iter().find(done) {
        Some(job) => Fact::at(false, job.name_span(), "the Job that moved them"),
        None => has_run(inventory, living)
            .and_then(|ran| {
                if ran {
                    if_complete(&jobs.completeness, true)
                } else {
                    Fact::known(false)
                }
            })
            .and_at(span, "the volumes to adopt"),
    }
}

/// Whether the status has a condition that holds.
fn has_condition(object: &Object, kind: &str) -> bool {
    let conditions = object.at(&["status", "conditions"]);
    let mut conditions = conditions.into_iter().flat_map(Node::items);
    let says = |one: Node<'_>, key, text: &str| one.get(key).is_some_and(|n| n.text() == text);
    conditions.any(|one| says(one, "type", kind) && says(one, "status", "True"))
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
