//! Lines of `pg_hba` that somebody wrote: not those PGO v4 puts there by itself.

use super::super::Cluster;
use super::super::fields::scalar_text;
use super::super::traces::placed;
use super::parameters::{by_pgo, live, own_of_primary, own_was_seen};
use super::written::custom_map;
use crate::manifest::{Evidence, Fact, Node, Object, embedded};
use crate::source::Span;

/// The lines found so far.
#[derive(Default)]
struct Lines {
    found: Vec<String>,
    places: Vec<Evidence>,
}

impl Lines {
    fn add(&mut self, line: &str, span: Span) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let comment = words.first().is_none_or(|word| word.starts_with('#'));
        if comment || is_of_pgo(&words) {
            return;
        }
        let place = Evidence {
            absent: false,
            span,
            note: "pg_hba lines",
        };
        if !self.places.contains(&place) {
            self.places.push(place);
        }
        let line = words.join(" ");
        if !self.found.contains(&line) {
            self.found.push(line);
        }
    }

    fn add_all(&mut self, list: Option<Node<'_>>, span: Span) {
        for line in list
            .into_iter()
            .flat_map(Node::items)
            .filter_map(scalar_text)
        {
            self.add(&line, span);
        }
    }
}

/// The lines of Patroni's configuration, of the primary's own, and of custom configuration.
pub(super) fn lines(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let mut lines = Lines::default();
    let mut all = Fact::known(());
    let own = own_of_primary(cluster);
    all = all.both(own_was_seen(cluster)).map(|_| ());
    let shared = by_pgo(cluster, &format!("{}-dcs-config", cluster.name));
    for source in [live(cluster), shared, own] {
        all = all.both(source.as_ref().map(|_| ())).map(|_| ());
        if let Some(Some(written)) = source.value() {
            lines.add_all(written.postgresql("pg_hba"), written.span);
        }
    }
    let custom = custom_map(cluster);
    all = all.both(custom.as_ref().map(|_| ())).map(|_| ());
    if let Some(Some(map)) = custom.value() {
        add_custom(&mut lines, map);
    }
    if lines.found.is_empty() {
        return placed(cluster, all.map(|()| Vec::new()));
    }
    let places = lines.places.into_iter();
    places.fold(Fact::known(lines.found), |fact, place| {
        fact.and_at(place.span, place.note)
    })
}

/// Whether all users come in to all databases from everywhere, as PGO v4 has it: no list of somebody's own takes the place of
/// PGO's. The primary's own list outranks the one that all servers share.
pub(super) fn lets_all_in(cluster: &Cluster<'_>) -> Fact<bool> {
    // Where PGO keeps no configuration at all, the primary has none of its own, whichever it is.
    let own = own_of_primary(cluster).value().cloned().flatten();
    let own = own_was_seen(cluster).map(|()| own);
    let shared = by_pgo(cluster, &format!("{}-dcs-config", cluster.name));
    let mut all = Fact::known(());
    for source in [own, live(cluster), shared] {
        if let Some(Some(written)) = source.value()
            && let Some(list) = written.postgresql("pg_hba")
        {
            let told = Fact::at(admits_all(list), written.span, "pg_hba lines");
            return all.both(told).map(|((), admits)| admits);
        }
        all = all.both(source).map(|_| ());
    }
    let custom = custom_map(cluster);
    let told = custom.map(|map| {
        let yaml = map.and_then(|map| map.at(&["data", "postgres-ha.yaml"]));
        let tree = yaml.and_then(|yaml| embedded(yaml.text()));
        let list = tree
            .as_ref()
            .and_then(|tree| tree.root().at(&["postgresql", "pg_hba"]));
        list.is_none_or(admits_all)
    });
    placed(cluster, all.both(told).map(|((), admits)| admits))
}

/// Whether a line is there by which anybody comes in from anywhere.
fn admits_all(list: Node<'_>) -> bool {
    let admits = |line: String| {
        let words: Vec<&str> = line.split_whitespace().collect();
        matches!(
            words.as_slice(),
            ["host" | "hostssl" | "hostnossl", "all", "all", "0.0.0.0/0" | "all", method, ..] if *method != "reject"
        )
    };
    list.items().filter_map(scalar_text).any(admits)
}

/// The ConfigMap of custom configuration; `None` where there is none.
/// `postgres-ha.yaml`, or `pg_hba.conf` up to 4.1.
fn add_custom(lines: &mut Lines, map: &Object) {
    if let Some(yaml) = map.at(&["data", "postgres-ha.yaml"])
        && let Some(tree) = embedded(yaml.text())
    {
        let root = tree.root();
        lines.add_all(root.at(&["postgresql", "pg_hba"]), yaml.span());
        lines.add_all(
            root.at(&["bootstrap", "dcs", "postgresql", "pg_hba"]),
            yaml.span(),
        );
        lines.add_all(root.at(&["bootstrap", "pg_hba"]), yaml.span());
    }
    if let Some(file) = map.at(&["data", "pg_hba.conf"]) {
        for line in file.text().lines() {
            lines.add(line, file.span());
        }
    }
}

/// Whether PGO v4 writes this line by itself.
fn is_of_pgo(words: &[&str]) -> bool {
    let remote = |kind: &str| matches!(kind, "host" | "hostssl");
    match words {
        ["local", "all", "postgres" | "crunchyadm", "peer"]
        | ["hostnossl", "all", "all", "0.0.0.0/0", "reject"] => true,
        [
            kind,
            "replication",
            "primaryuser",
            "0.0.0.0/0",
            "md5" | "scram-sha-256" | "cert",
        ]
        | [kind, "all", "primaryuser", "0.0.0.0/0", "reject"]
        | [kind, "all", "all", "0.0.0.0/0", "md5" | "scram-sha-256"] => remote(kind),
        _ => false,
    }
}
