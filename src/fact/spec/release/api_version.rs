//! What another API version refuses of a draft that its own takes: the move to v1 beforehand.
//!
//! Source: PGO 6.0 `config/crd/bases`: v1 has every field of v1beta1 but takes fewer values; what it refuses is said by rules
//! of the definition, and what to do about each stands here beside the words by which it is known.

use crate::fact::Element;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::Fact;
use crate::schema::{CrdSchemas, Release, Violation, releases};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.refusedByApi",
    "what the API version of --api-version refuses of the draft and v1beta1 does not: {path, why, fix}; none without that flag",
    &["path", "why", "fix"],
    |draft| refused(draft).and_at(draft.nearest(&["apiVersion"]), "the draft's API version"),
)];

/// What to do about a refusal, by a word in what the definition says of it or in its path.
const REMEDIES: [(&str, &str); 7] = [
    (
        "userInterface",
        "Save what was set up in the built-in pgAdmin, make a PGAdmin object beside the cluster, and take spec.userInterface out.",
    ),
    (
        "log_directory",
        "Write log, which is a directory below the data, or /pgdata/logs/postgres; below /pgtmp, /pgwal and /volumes only with that volume on every instance set.",
    ),
    (
        "log-path",
        "Take log-path out of global and write spec.backups.pgbackrest.log.path, with an additional volume below /volumes on every instance set.",
    ),
    (
        "log file",
        "Write a logfile below /tmp/logs/pgbouncer/ that ends in .log, or one on an additional volume of pgBouncer.",
    ),
    (
        "log.path",
        "Give every instance set, repository host or Job that writes there the additional volume that the path names.",
    ),
    (
        "log",
        "Write a path below /volumes, on an additional volume that is there wherever it is written.",
    ),
    (
        "instances",
        "Merge instance sets: v1 takes sixteen, each with any number of replicas.",
    ),
];

fn refused(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let api = draft
        .run
        .definition
        .as_ref()
        .and_then(|given| given.api_version);
    let Some(api) = api else {
        return Fact::known(Vec::new());
    };
    let serves = |release: &&&'static Release| release.api_versions.contains(&api);
    let wanted = draft.target().releases.iter().rev().find(serves).copied();
    let newest = || releases().iter().rev().find(|one| serves(&one));
    let Some(schemas) = wanted
        .or_else(newest)
        .and_then(|one| CrdSchemas::shared(one.crd))
    else {
        return Fact::known(Vec::new());
    };
    let root = draft.object.root();
    let by = |version: &str| {
        let served = schemas.served(version);
        served
            .map(|known| known.schema.validate(root).violations)
            .unwrap_or_default()
    };
    let own = by("v1beta1");
    let is_old = |one: &Violation| {
        own.iter()
            .any(|old| (old.rule, &old.path) == (one.rule, &one.path) && old.message == one.message)
    };
    let new = by(api).into_iter().filter(|one| !is_old(one));
    Fact::known(new.map(|one| element(&one)).collect())
}

fn element(violation: &Violation) -> Element {
    let path = violation.path.trim_start_matches('/').replace('/', ".");
    let said = format!("{} {path}", violation.message);
    let remedy = REMEDIES.iter().find(|(word, _)| said.contains(word));
    let fix = remedy.map_or_else(
        || violation.fix.clone().unwrap_or_default(),
        |(_, remedy)| (*remedy).to_owned(),
    );
    Element::new(
        format!("{path} {}", violation.rule),
        violation.span,
        "v1 refuses it",
    )
    .with("path", Fact::known(path.into()))
    .with("why", Fact::known(violation.message.clone().into()))
    .with("fix", Fact::known(fix.into()))
}
