//! The oldest PGO release that has every field a draft uses.

mod bound;

pub(in crate::fact::spec) use bound::Floor;

use crate::expr::Version;
use crate::fact::Type;
use crate::fact::spec::reading::has;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::manifest::{Fact, Node};
use crate::schema::{newest_field, releases};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.floor",
        Type::Version,
        "the oldest PGO release that has every field the draft uses",
        |draft| {
            let floor = draft.floor();
            let first = releases().first().map(|release| release.version);
            let release = floor.release.or(first);
            Fact::at(release.into(), floor.place, "the field that needs it")
        },
    ),
    row(
        "draft.floorWhy",
        Type::String,
        "the field that needs this release; \"\" where any will do",
        |draft| {
            let floor = draft.floor();
            Fact::at(
                floor.why.as_str().into(),
                floor.place,
                "the field that needs it",
            )
        },
    ),
];

impl Draft<'_> {
    /// What the draft's fields need.
    pub(in crate::fact::spec) fn floor(&self) -> &Floor {
        self.memo().floor.get_or_init(|| of(self))
    }
}

/// What the draft's fields need, by the catalogue, and three things that are no fields: the version of the API, a spec
/// without backups, and the major of Postgres.
fn of(draft: &Draft<'_>) -> Floor {
    let newest = newest_field(draft.object.root());
    let mut floor = match newest {
        Some(found) => Floor {
            release: Some(found.lifetime.since),
            why: found.path.trim_start_matches('/').replace('/', "."),
            place: found.key,
        },
        None => Floor {
            release: None,
            why: String::new(),
            place: draft.name_span(),
        },
    };
    let mut raise = |release: Option<Version>, why: String, place: Node<'_>| {
        if release > floor.release {
            (floor.release, floor.why, floor.place) = (release, why, place.span());
        }
    };
    // A server writes the version that it was asked for, or prefers: that says nothing of what was applied.
    if let Some(api) = draft.at(&["apiVersion"])
        && draft.object.is_draft()
        && api.text().ends_with("/v1")
    {
        raise(
            Version::parse("6.0.0"),
            format!("apiVersion: {}", api.text()),
            api,
        );
    }
    if let Some((key, spec)) = draft.entry(&["spec"])
        && spec.is_map()
        && !has(spec, &["backups"])
        && !draft.is_part()
    {
        raise(
            Version::parse("5.7.0"),
            "a spec without backups".to_owned(),
            key,
        );
    }
    if let Some(field) = draft.at(&["spec", "postgresVersion"])
        && let Ok(major) = field.text().parse::<u32>()
    {
        let newer = releases()
            .iter()
            .skip_while(|release| release.postgres_max < major);
        let first = newer.map(|release| release.version).next();
        if first > releases().first().map(|release| release.version) {
            raise(first, format!("spec.postgresVersion: {major}"), field);
        }
    }
    floor
}

#[cfg(test)]
mod tests {
    use crate::fact::spec::testing::{Desk, draft};

    #[test]
    fn what_a_draft_uses_raises_the_floor() {
        let floor = |spec: &str| {
            let desk = Desk::of(&[&draft(spec)]);
            (desk.says("draft.floor"), desk.first_place("draft.floor"))
        };
        let backups = "  backups: {pgbackrest: {repos: []}}\n";
        let of = |spec: &str| floor(&format!("{backups}{spec}"));
        assert_eq!(
            of("  postgresVersion: 13\n"),
            ("5.0.0".into(), "hippo".into())
        );
        assert_eq!(
            of("  standby: {host: a.b}\n"),
            ("5.2.0".into(), "host".into())
        );
        assert_eq!(of("  postgresVersion: 15\n"), ("5.3.0".into(), "15".into()));
        assert_eq!(
            of("  instances: [{}, {tablespaceVolumes: []}]\n").0,
            "5.4.0"
        );
        // The catalogue knows every field, and a null is none.
        assert_eq!(
            of(
                "  standby: {host: a.b}\n  instances: [{dataVolumeClaimSpec: {autoGrow: {trigger: 80}}}]\n"
            ),
            ("6.0.0".into(), "autoGrow".into())
        );
        assert_eq!(of("  standby: {host: ~}\n").0, "5.0.0");
        assert_eq!(
            floor("  postgresVersion: 13\n  instances: [{name: a}]\n"),
            ("5.7.0".into(), "spec".into())
        );
        // A part has its backups elsewhere.
        assert_eq!(floor("  postgresVersion: 13\n").0, "5.0.0");
        let v1 = draft(backups).replace("v1beta1", "v1");
        assert_eq!(Desk::of(&[&v1]).says("draft.floor"), "6.0.0");
    }

    #[test]
    fn the_version_that_a_server_writes_raises_no_floor() {
        let backups = "  backups: {pgbackrest: {repos: []}}\n";
        let v1 = draft(backups).replace("v1beta1", "v1");
        let seen = Desk::of(&[&format!("{v1}status: {{observedGeneration: 1}}\n")]).lint_live();
        assert_eq!(seen.says("draft.floor"), "5.0.0");
        // What it uses does, whoever wrote it down.
        let standby = format!("{v1}  standby: {{host: a.b}}\nstatus: {{observedGeneration: 1}}\n");
        assert_eq!(
            Desk::of(&[&standby]).lint_live().says("draft.floor"),
            "5.2.0"
        );
    }
}
