//! What archives WAL: pgBackRest, as PGO v4 sets it up, or nothing, or a command of somebody's own.

mod command;

use super::enabled;
use super::path::path;
use super::remote::bucket;
use super::stanza::stanza;
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::parse_bool;
use crate::fact::v4::postgres::{ARCHIVE_COMMAND, ARCHIVE_MODE, CUSTOM};
use crate::fact::v4::servers::exec::{Whose, in_postgres};
use crate::fact::v4::traces::V4Order;
use crate::manifest::{Fact, Gap};
use command::{OFF, OTHER, PGBACKREST, UNCHECKED, by};

/// What archives WAL; unknown where Patroni's configuration is not seen. Where that names no command, PGO's own counts:
/// it writes it into every instance.
pub(super) fn archiving(cluster: &Cluster<'_>) -> Fact<String> {
    let archiving = &cluster.repository().archiving;
    archiving.get_or_init(|| in_effect(cluster)).clone()
}

fn in_effect(cluster: &Cluster<'_>) -> Fact<String> {
    let in_use = enabled(cluster);
    if in_use.value() == Some(&false) {
        return in_use.map(|_| String::new());
    }
    if let Some(gap) = at_the_next_start(cluster) {
        return Fact::unknown(gap);
    }
    let mode = cluster.settled(&ARCHIVE_MODE);
    if mode
        .value()
        .is_some_and(|mode| mode.as_deref().is_some_and(is_off))
    {
        return mode.map(|_| OFF.to_owned());
    }
    let command = cluster.settled(&ARCHIVE_COMMAND);
    if command.value() == Some(&None) {
        return mode.map(|_| PGBACKREST.to_owned());
    }
    let elsewhere = of_another_place(cluster, &command);
    let word = command.map(|command| by(&command.unwrap_or_default()).to_owned());
    if word
        .value()
        .is_some_and(|word| matches!(word.as_str(), PGBACKREST | UNCHECKED))
    {
        if let Some(elsewhere) = elsewhere {
            return word.both(elsewhere).map(
                |(word, elsewhere)| {
                    if elsewhere { OTHER.to_owned() } else { word }
                },
            );
        }
        return word.both(mode).map(|(word, _)| word);
    }
    word
}

/// What PGO keeps of the primary says one thing, and the custom configuration, which the container takes when it starts,
/// another: which of them runs depends on when it last started.
fn at_the_next_start(cluster: &Cluster<'_>) -> Option<Gap> {
    let differs = |order: &'static V4Order, alike: fn(&str, &str) -> bool| {
        let told = cluster.told(order);
        let said = told.value.value()?.clone()?;
        let other = told.against.iter().find(|other| other.place == CUSTOM)?;
        (!alike(&said, &other.text)).then(|| (said, other.text.clone()))
    };
    let mode = differs(&ARCHIVE_MODE, |one, other| is_off(one) == is_off(other));
    let command = || differs(&ARCHIVE_COMMAND, |one, other| by(one) == by(other));
    let (name, (said, other)) = match mode {
        Some(both) => ("archive_mode", both),
        None => ("archive_command", command()?),
    };
    Some(Gap {
        missing: format!("{name} in effect for {}", cluster.name),
        because: format!("PGO keeps {said:?} for the primary, and {CUSTOM}, says {other:?}"),
        ask: in_postgres(cluster, Whose::Any, &format!("psql -Atc \"SHOW {name}\"")),
    })
}

/// Whether a command that names stanza, path or bucket names another than that of the backups; `None` where it names none.
fn of_another_place(cluster: &Cluster<'_>, command: &Fact<Option<String>>) -> Option<Fact<bool>> {
    let command = command.value()?.as_deref()?;
    let alike = |one: &str, other: &str| one.trim_end_matches('/') == other.trim_end_matches('/');
    let mut found: Option<Fact<bool>> = None;
    for (names, real) in PLACES {
        let Some(named) = command::option(command, names) else {
            continue;
        };
        let differs = real(cluster).map(|real| !alike(&real, named));
        found = Some(match found {
            Some(one) => one.both(differs).map(|(one, other)| one || other),
            None => differs,
        });
    }
    found
}

/// An option of pgBackRest, in its spellings, and the fact it is held against.
type PlaceOption = (&'static [&'static str], fn(&Cluster<'_>) -> Fact<String>);

/// The options that lead a push to another place than that of the backups.
const PLACES: [PlaceOption; 3] = [
    (&["--stanza"], stanza),
    (&["--repo1-path", "--repo-path"], path),
    (&["--repo1-s3-bucket", "--repo1-gcs-bucket"], bucket),
];

/// Whether it was seen that pgBackRest does not archive.
pub(super) fn stopped(cluster: &Cluster<'_>) -> Fact<bool> {
    match archiving(cluster) {
        Fact::Unknown(_) => {
            let words = format!(
                "pgBackRest archives the WAL of {}, as PGO v4 sets it up",
                cluster.name
            );
            Fact::at(false, cluster.name_span(), "the cluster").assuming(words.into())
        }
        known @ Fact::Known(_) => {
            known.map(|by| !matches!(by.as_str(), "" | PGBACKREST | UNCHECKED))
        }
    }
}

/// Whether it was seen that Postgres is told of success where pgBackRest failed.
pub(super) fn unchecked(cluster: &Cluster<'_>) -> Fact<bool> {
    match archiving(cluster) {
        Fact::Unknown(_) => Fact::at(false, cluster.name_span(), "the cluster"),
        known @ Fact::Known(_) => known.map(|by| by == UNCHECKED),
    }
}

/// Postgres takes every unambiguous beginning of a word, in any case.
fn is_off(mode: &str) -> bool {
    let mode = mode.trim().to_ascii_lowercase();
    let word = |word: &str, least: usize| mode.len() >= least && word.starts_with(&mode);
    parse_bool(&mode) == Some(false) || word("off", 2) || word("no", 1) || word("false", 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::v4::testing::{PGCLUSTER, World, deployment, pod, stream, with};

    #[test]
    fn archiving_is_off_in_every_spelling() {
        for off in ["off", "OFF", "of", "false", "f", "no", "n", "0"] {
            assert!(is_off(off), "{off}");
        }
        for on in ["on", "true", "always", "1", "yes", "o"] {
            assert!(!is_off(on), "{on}");
        }
    }

    /// What archives with these parameters in the custom configuration, the primary's own entry and Patroni's configuration;
    /// `-` for a place that is not there.
    fn with_parameters(custom: &str, own: &str, shared: &str) -> String {
        let map = |name: &str, data: String| {
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: pgo, labels: {{pg-cluster: hippo}}}}\n{data}"
            )
        };
        let file = |key: &str, at: &str, text: &str| {
            format!("data:\n  {key}: |\n    {at}: {{parameters: {{{text}}}}}\n")
        };
        let cluster = with(PGCLUSTER, "customconfig: ''", "customconfig: of-mine");
        let mut all = vec![cluster, deployment("hippo", 1), pod("hippo", "master")];
        if custom != "-" {
            all.push(map(
                "of-mine",
                file("postgres-ha.yaml", "postgresql", custom),
            ));
        }
        if own != "-" {
            all.push(map(
                "hippo-pgha-config",
                file("hippo-local-config", "postgresql", own),
            ));
        }
        let json = format!("{{\"postgresql\": {{\"parameters\": {{{shared}}}}}}}");
        let shared = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: hippo-config, namespace: pgo, annotations: {{config: '{json}'}}}}\n"
        );
        all.push(shared);
        let parts: Vec<&str> = all.iter().map(String::as_str).collect();
        World::without("ConfigMap", &stream(&parts)).says("repo.archiving")
    }

    const ON: &str =
        "\"archive_mode\": \"on\", \"archive_command\": \"pgbackrest archive-push %p\"";

    #[test]
    fn the_custom_configuration_outranks_what_all_servers_share() {
        assert_eq!(
            with_parameters("archive_mode: 'off'", "work_mem: 4MB", ON),
            "\"nothing\""
        );
        assert_eq!(
            with_parameters("archive_command: /bin/true", "work_mem: 4MB", ON),
            "\"another command\""
        );
        assert_eq!(
            with_parameters("ARCHIVE_MODE: false", "work_mem: 4MB", ON),
            "\"nothing\""
        );
        assert_eq!(
            with_parameters("work_mem: 8MB", "work_mem: 4MB", ON),
            "\"pgbackrest\""
        );
        assert_eq!(
            with_parameters("archive_mode: true", "archive_mode: 'on'", ON),
            "\"pgbackrest\""
        );
    }

    #[test]
    fn a_push_into_another_repository_archives_for_none_of_the_backups() {
        let push = |option| {
            let own = format!("archive_command: 'pgbackrest {option} archive-push %p'");
            with_parameters("-", &own, ON)
        };
        for other in ["--stanza=old", "--repo1-path=/mnt/old", "--repo-path /old"] {
            assert_eq!(push(other), "\"another command\"", "{other}");
        }
        for own in [
            "--stanza=db",
            "--repo1-path=/backrestrepo/hippo-backrest-shared-repo/",
            "--process-max=2",
        ] {
            assert_eq!(push(own), "\"pgbackrest\"", "{own}");
        }
    }

    #[test]
    fn what_counts_only_at_the_next_start_leaves_it_open() {
        assert_eq!(
            with_parameters("archive_mode: 'off'", "archive_mode: 'on'", ON),
            "unknown"
        );
        assert_eq!(
            with_parameters(
                "archive_command: /bin/true",
                "archive_command: pgbackrest archive-push %p",
                ON
            ),
            "unknown"
        );
    }

    #[test]
    fn a_custom_configuration_out_of_sight_leaves_it_open_unless_pgo_read_it_back() {
        assert_eq!(with_parameters("-", "-", ON), "unknown");
        assert_eq!(with_parameters("-", "work_mem: 4MB", ON), "\"pgbackrest\"");
    }
}
