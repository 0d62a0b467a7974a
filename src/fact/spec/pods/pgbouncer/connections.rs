//! The entries of PgBouncer's databases and users in `spec.proxy.pgBouncer.config`, and what it knows in them:
//! `pgbouncer.connections`.

use std::sync::OnceLock;

use super::minors;
use crate::expr::nearest;
use crate::fact::Element;
use crate::fact::spec::option_table::{OptionTable, missing_from};
use crate::fact::spec::reading::bare;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};
use crate::schema::Minors;

const CONFIG: [&str; 4] = ["spec", "proxy", "pgBouncer", "config"];

/// PgBouncer's own console.
const CONSOLE: &str = "pgbouncer";

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.pgbouncerConnections",
    "every entry of PgBouncer's databases and users: {section, name, why, hostless}; why it cannot be read, in words, or \"\", hostless whether it is a database without a host, for which PgBouncer looks in its own pod",
    &["section", "name", "why", "hostless"],
    entries,
)];

fn table() -> &'static OptionTable {
    static TABLE: OnceLock<OptionTable> = OnceLock::new();
    TABLE.get_or_init(|| OptionTable::read(include_str!("../pgbouncer.connections"), "1."))
}

fn entries(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let [databases, users] = ["databases", "users"].map(|section| {
        let entries = draft.entries(&[&CONFIG[..], &[section]].concat());
        entries.map(|entries| (section, entries))
    });
    let found = bare(databases.both(users)).map(|(databases, users)| {
        let possible = minors(draft);
        let mut all = Vec::new();
        for (section, entries) in [databases, users] {
            // A server drops those without a value; one that is no string is told by the schema.
            let said = entries.into_iter().filter(|(_, value)| {
                value.as_str().is_some() && !value.is_unsaid() && !value.is_null()
            });
            all.extend(said.map(|(key, value)| element(section, key, value, &possible)));
        }
        all
    });
    found.and_at(draft.nearest(&CONFIG), "PgBouncer's settings")
}

fn element(section: &'static str, key: Node<'_>, value: Node<'_>, possible: &[Minors]) -> Element {
    let name = key.key();
    let note = "what PgBouncer connects with";
    let pairs = pairs(value.text());
    let why = match &pairs {
        _ if section == "databases" && name == CONSOLE => "PgBouncer keeps that name".to_owned(),
        None => "it is no list of KEY=VALUE".to_owned(),
        Some(pairs) => {
            let wrong = pairs
                .iter()
                .find_map(|(key, value)| wrong(section, key, value, possible));
            wrong.unwrap_or_default()
        }
    };
    let has_host = pairs.is_some_and(|pairs| pairs.iter().any(|(key, _)| key == "host"));
    let hostless = section == "databases" && !has_host && why.is_empty();
    let is = |said: crate::expr::Value| Fact::at(said, value.span(), note);
    let id = format!("{}.{section}.{name}", CONFIG.join("."));
    Element::new(id, value.span(), note)
        .with("section", Fact::known(section.into()))
        .with("name", Fact::known((&*name).into()))
        .with("why", is(why.into()))
        .with("hostless", is(hostless.into()))
}

/// What is wrong with a pair.
fn wrong(section: &str, key: &str, value: &str, possible: &[Minors]) -> Option<String> {
    let full = format!("{section}.{key}");
    let Some(known) = table().get(&full) else {
        let names = table().names();
        let own = names.filter_map(|name| name.strip_prefix(section)?.strip_prefix('.'));
        let meant = if key.len() > 60 {
            None
        } else {
            nearest(key, own)
        };
        let meant = meant.map_or(String::new(), |meant| format!(" ({meant}?)"));
        return Some(format!(
            "it has {key}, which PgBouncer does not know{meant}"
        ));
    };
    if missing_from(known, possible) == "all" {
        let since = table().in_words(known);
        return Some(format!("it has {key}, which PgBouncer has {since}"));
    }
    let takes = table().takes(&full)?;
    let fits = takes.split('|').any(|one| one.eq_ignore_ascii_case(value));
    (!fits).then(|| {
        format!(
            "its {key} is {value}; it takes {}",
            takes.replace('|', ", ")
        )
    })
}

/// The pairs of a connection string, as PgBouncer takes it apart (`cstr_get_pair` in its src/loader.c); nothing where it does not.
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let mut rest = text.trim();
    let mut all = Vec::new();
    while !rest.is_empty() {
        let (key, after) = rest.split_once('=')?;
        let key = key.trim_end();
        if key.is_empty() || key.contains(char::is_whitespace) {
            return None;
        }
        let after = after.trim_start();
        let (value, next) = if let Some(quoted) = after.strip_prefix('\'') {
            unquote(quoted)?
        } else {
            let (value, next) = after.split_once(' ').unwrap_or((after, ""));
            (value.to_owned(), next)
        };
        if value.is_empty() {
            return None;
        }
        all.push((key.to_owned(), value));
        rest = next.trim_start();
    }
    Some(all)
}

/// A quoted value up to its end, where two quotes stand for one, and what follows.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('\'')?;
        value.push_str(before);
        match after.strip_prefix('\'') {
            Some(next) => {
                value.push('\'');
                rest = next;
            }
            None => return Some((value, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_taken_apart_as_pgbouncer_does() {
        let read = |text| {
            let pairs = pairs(text)?;
            let words: Vec<String> = pairs.iter().map(|(k, v)| format!("{k}:{v}")).collect();
            Some(words.join("|"))
        };
        assert_eq!(
            read("host=a port = 5432").as_deref(),
            Some("host:a|port:5432")
        );
        assert_eq!(
            read("connect_query='select ''x y''' dbname=b").as_deref(),
            Some("connect_query:select 'x y'|dbname:b")
        );
        assert_eq!(read("").as_deref(), Some(""));
        for odd in ["host", "host=", "=a", "host='a", "a b=c", "host=a port"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}
