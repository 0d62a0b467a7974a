//! Ways by which clients come in that an edit takes away: a pooler, Services, ports, rules.

use super::super::row::{DraftFact, each};
use super::takes::{Gone, gone, told};
use crate::manifest::{Node, Object};

pub(in super::super) static FACTS: &[DraftFact] = &[each(
    "change.waysInLost",
    "ways in of the living cluster that the draft takes away: \"PgBouncer\", \"pgAdmin, with the claim ...\", \"the type LoadBalancer of spec.service\", \"port 5432\", \"node port 30000 of spec.service\", \"the rule host all all all scram-sha-256\"",
    &["name"],
    |draft| told(draft, ways_in_lost),
)];

fn ways_in_lost(living: &Object, draft: &Object) -> Vec<Gone> {
    let mut lost = parts_lost(living, draft);
    lost.extend(types_lost(living, draft));
    lost.extend(node_ports_lost(living, draft));
    lost.extend(rules_lost(living, draft));
    lost.extend(ports_lost(living, draft));
    lost
}

/// Where a Service is asked for.
const SERVICES: [&[&str]; 4] = [
    &["spec", "service"],
    &["spec", "replicaService"],
    &["spec", "proxy", "pgBouncer", "service"],
    &["spec", "userInterface", "pgAdmin", "service"],
];
const BOUNCER: [&str; 3] = ["spec", "proxy", "pgBouncer"];

const ADMIN: [&str; 3] = ["spec", "userInterface", "pgAdmin"];

/// Whether clients come in through PgBouncer.
fn serves(object: &Object) -> bool {
    runs(object, &BOUNCER)
}

fn has_admin(object: &Object) -> bool {
    object.at(&ADMIN).is_some_and(|node| !node.is_null())
}

/// Whether a part is asked for, and not with no pod at all.
fn runs(object: &Object, part: &[&str]) -> bool {
    let section = object.at(part).filter(|node| !node.is_null());
    section.is_some_and(|one| one.get("replicas").is_none_or(|n| n.text() != "0"))
}

fn parts_lost(living: &Object, draft: &Object) -> Vec<Gone> {
    let mut lost = Vec::new();
    if serves(living) && !serves(draft) {
        lost.push(gone("PgBouncer".to_owned(), &BOUNCER, living, draft));
    }
    if has_admin(living) && !has_admin(draft) {
        let words = "pgAdmin, with the claim that keeps its users and their queries".to_owned();
        lost.push(gone(words, &ADMIN, living, draft));
    } else if runs(living, &ADMIN) && !runs(draft, &ADMIN) {
        lost.push(gone("pgAdmin".to_owned(), &ADMIN, living, draft));
    }
    lost
}

/// Services that are no longer reached from outside.
fn types_lost(living: &Object, draft: &Object) -> Vec<Gone> {
    let lost = SERVICES.into_iter().filter_map(|section| {
        let of = |object: &Object| {
            let node = object.at(section).and_then(|node| node.get("type"));
            node.map_or_else(|| "ClusterIP".to_owned(), |node| node.text().to_owned())
        };
        let (was, now) = (of(living), of(draft));
        // A Service that goes with PgBouncer or pgAdmin is said with it.
        let there = section.len() == 2
            || section
                .split_last()
                .is_some_and(|(_, part)| runs(draft, part));
        let outside = matches!(was.as_str(), "LoadBalancer" | "NodePort");
        let words = format!("the type {was} of {}", section.join("."));
        (there && was != now && outside).then(|| gone(words, section, living, draft))
    });
    lost.collect()
}

fn ports_lost(living: &Object, draft: &Object) -> Vec<Gone> {
    let paths = [
        &["spec", "port"][..],
        &["spec", "proxy", "pgBouncer", "port"],
    ];
    let lost = paths.into_iter().filter_map(|path| {
        let of = |object: &Object| {
            let node = object.at(path).filter(|node| !node.is_null());
            node.map_or_else(|| "5432".to_owned(), |node| node.text().to_owned())
        };
        let (was, now) = (of(living), of(draft));
        let both = path.len() == 2 || serves(living) && serves(draft);
        let whose = if path.len() == 2 { "" } else { " of PgBouncer" };
        (was != now && both).then(|| gone(format!("port {was}{whose}"), path, living, draft))
    });
    lost.collect()
}

/// Of Services that stay what they are.
fn node_ports_lost(living: &Object, draft: &Object) -> Vec<Gone> {
    let moved = SERVICES.into_iter().filter_map(|section| {
        let of = |object: &Object, key| {
            let node = object.at(section).and_then(|node: Node<'_>| node.get(key));
            node.map_or_else(String::new, |node| node.text().to_owned())
        };
        let (was, now) = (of(living, "nodePort"), of(draft, "nodePort"));
        // The server keeps a port that is left out.
        let moves = !was.is_empty() && !now.is_empty() && was != now;
        let stays = of(living, "type") == of(draft, "type");
        let words = format!("node port {was} of {}", section.join("."));
        (moves && stays).then(|| gone(words, section, living, draft))
    });
    moved.collect()
}

/// Rules of the living cluster that the draft has nowhere, as clients meet them.
fn rules_lost(living: &Object, draft: &Object) -> Vec<Gone> {
    const PLACES: [&[&str]; 2] = [
        &["spec", "authentication", "rules"],
        &[
            "spec",
            "patroni",
            "dynamicConfiguration",
            "postgresql",
            "pg_hba",
        ],
    ];
    let kept: Vec<String> = PLACES
        .iter()
        .filter_map(|path| draft.at(path))
        .flat_map(Node::items)
        .map(rule)
        .collect();
    let mut lost = Vec::new();
    for path in PLACES {
        let rules = living.at(path).into_iter().flat_map(Node::items);
        let rules = rules.map(|one| (rule(one), one.span()));
        let rules = rules.filter(|(text, _)| {
            let default = text.as_str() == DEFAULT && kept.iter().all(String::is_empty);
            !text.is_empty() && !kept.contains(text) && !default
        });
        lost.extend(rules.map(|(text, there)| Gone {
            key: format!("{}[{text}]", path.join(".")),
            name: format!("the rule {text}"),
            there,
            asked: draft.nearest(path),
        }));
    }
    lost
}

/// What the operator writes where no rule is asked for. By PGO v5.8.9 internal/postgres/hba.go and postgres.go
/// (`generatePostgresHBAs`).
const DEFAULT: &str = "hostssl all all all scram-sha-256";

/// A rule in words: a line as written, else what its fields say; nothing for one that lets nobody in, and for a comment.
fn rule(node: Node<'_>) -> String {
    let line = node.get("hba").unwrap_or(node).text();
    if !line.is_empty() {
        let line = line.split('#').next().unwrap_or_default();
        let words: Vec<&str> = line.split_whitespace().collect();
        return if words.contains(&"reject") {
            String::new()
        } else {
            words.join(" ")
        };
    }
    let list = |key| {
        let items = node.get(key).into_iter().flat_map(Node::items);
        let items: Vec<&str> = items.map(Node::text).collect();
        if items.is_empty() {
            "all".to_owned()
        } else {
            items.join(",")
        }
    };
    let text = |key| node.get(key).map_or("", Node::text);
    match text("method") {
        "" | "reject" => String::new(),
        method => {
            // Of local connections there is no address.
            let from = if text("connection") == "local" {
                ""
            } else {
                "all "
            };
            format!(
                "{} {} {} {from}{method}",
                text("connection"),
                list("databases"),
                list("users")
            )
        }
    }
}
