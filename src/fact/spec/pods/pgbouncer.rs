//! The options of PgBouncer in `spec.proxy.pgBouncer.config.global`, and the releases that know them: `pgbouncer.options`.

pub(in crate::fact::spec) mod connections;

use std::sync::OnceLock;

use crate::expr::{Value, nearest};
use crate::fact::Element;
use crate::fact::spec::option_table::{OptionTable, missing_from};
use crate::fact::spec::reading::bare;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::fact::v4::objects::image::Image;
use crate::manifest::{Fact, Node};
use crate::schema::Minors;

const GLOBAL: [&str; 5] = ["spec", "proxy", "pgBouncer", "config", "global"];
const IMAGE: [&str; 4] = ["spec", "proxy", "pgBouncer", "image"];
const PORT: [&str; 4] = ["spec", "proxy", "pgBouncer", "port"];

/// Options that the operator sets over whatever is written (`clusterINI` in its internal/pgbouncer/config.go).
const OVERWRITTEN: [&str; 1] = ["conffile"];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.pgbouncerOptions",
    "every option of PgBouncer's own section: {name, known, suggestion, knownIn, missingFrom, overwritten, value, takes, unreachable}; known whether any PgBouncer has it, suggestion the one it resembles, missingFrom which of the releases of PgBouncer that may run lack it, \"all\", \"some\" or \"none\" of them, knownIn those that have it in words, overwritten whether the operator writes its own value over it, value what is written, takes what it takes, where the value is none of that, unreachable why nobody reaches PgBouncer with it, \"\" for most",
    &[
        "name",
        "known",
        "suggestion",
        "knownIn",
        "missingFrom",
        "overwritten",
        "value",
        "takes",
        "unreachable",
    ],
    options,
)];

fn table() -> &'static OptionTable {
    static TABLE: OnceLock<OptionTable> = OnceLock::new();
    TABLE.get_or_init(|| OptionTable::read(include_str!("pgbouncer.options"), "1."))
}

fn options(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let found = bare(draft.entries(&GLOBAL)).map(|entries| {
        let possible = if entries.is_empty() {
            Vec::new()
        } else {
            minors(draft)
        };
        // A server drops those without a value.
        let said = entries.into_iter().filter(|(_, value)| !value.is_null());
        let port = draft.at(&PORT).map_or("5432", Node::text);
        said.map(|(key, value)| {
            let why = unreachable(&key.key(), value, port);
            let why = Fact::at(why.into(), value.span(), "where PgBouncer listens");
            element(key, value, &possible).with("unreachable", why)
        })
        .collect()
    });
    found.and_at(draft.nearest(&GLOBAL), "PgBouncer's settings")
}

fn element(key: Node<'_>, value: Node<'_>, possible: &[Minors]) -> Element {
    let name = key.key();
    let releases = table().get(&name);
    let is = |value: Value, note| Fact::at(value, key.span(), note);
    let meant = match releases {
        Some(_) => None,
        None if name.len() > 60 => None,
        None => nearest(
            &name.to_ascii_lowercase().replace('-', "_"),
            table().names(),
        ),
    };
    let missing = releases.map_or("none", |known| missing_from(known, possible));
    let known_in = releases.map_or_else(String::new, |known| table().in_words(known));
    Element::new(
        format!("{}.{name}", GLOBAL.join(".")),
        key.span(),
        "an option",
    )
    .with("name", Fact::known((&*name).into()))
    .with(
        "known",
        is(releases.is_some().into(), "PgBouncer has no such option"),
    )
    .with("suggestion", Fact::known(meant.unwrap_or("").into()))
    .with("knownIn", Fact::known(known_in.into()))
    .with(
        "missingFrom",
        is(missing.into(), "an option of other releases of PgBouncer"),
    )
    .with(
        "overwritten",
        is(
            OVERWRITTEN.contains(&&*name).into(),
            "the operator overwrites it",
        ),
    )
    .with("value", Fact::known(value.text().into()))
    .with(
        "takes",
        Fact::at(refused(&name, value).into(), value.span(), "its value"),
    )
}

/// The Service leads to the pod's address, at the port that the spec has.
fn unreachable(name: &str, value: Node<'_>, port: &str) -> String {
    let text = value.text().trim();
    let inner = ["127.", "localhost", "::1"];
    let mut listened = text.split(',').map(str::trim);
    let mut only_inner = || listened.all(|one| inner.iter().any(|start| one.starts_with(start)));
    match name {
        _ if value.is_unsaid() => String::new(),
        "listen_addr" if text.is_empty() || only_inner() => {
            "only its own pod reaches that address".to_owned()
        }
        "listen_port" if text != port => format!("its Service leads to port {port}"),
        _ => String::new(),
    }
}

/// What an option takes, where the value is none of that; else `""`. As PgBouncer's lib/usual/cfparser.c reads them.
fn refused(name: &str, value: Node<'_>) -> String {
    // One that is no string is told by the schema.
    let text = value.as_str().filter(|_| !value.is_unsaid());
    let (Some(takes), Some(text)) = (table().takes(name), text) else {
        return String::new();
    };
    match takes {
        "int" if is_whole(text) => String::new(),
        "int" => "a whole number".to_owned(),
        "seconds" if text.trim().parse::<f64>().is_ok() => String::new(),
        "seconds" => "a number of seconds, without a unit".to_owned(),
        _ if takes.split('|').any(|one| one.eq_ignore_ascii_case(text)) => String::new(),
        _ => takes.replace('|', ", "),
    }
}

/// A whole number, be it hexadecimal or octal.
fn is_whole(text: &str) -> bool {
    let text = text.trim_start();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let hex = digits.strip_prefix("0x").or(digits.strip_prefix("0X"));
    match hex {
        Some(hex) => !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// Between which minors of PgBouncer 1 that of the draft lies, by its image or by each release it may go to.
fn minors(draft: &Draft<'_>) -> Vec<Minors> {
    let image = draft.at(&IMAGE).map_or("", Node::text);
    if image.is_empty() {
        let releases = draft.target().releases.iter();
        return releases.map(|release| release.pgbouncer).collect();
    }
    let minor = minor_of(Image::parse(image).tag);
    minor
        .map(|minor| Minors {
            min: minor,
            max: minor,
        })
        .into_iter()
        .collect()
}

/// The minor in a tag of the vendor's: `ubi9-1.24-2534`, `ubi8-5.3.0-0` of old ones tells none.
fn minor_of(tag: &str) -> Option<u32> {
    let version = tag.split('-').find(|part| part.contains('.'))?;
    let mut numbers = version.split('.');
    if numbers.next()? != "1" {
        return None;
    }
    numbers.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_tell_the_minor_or_nothing() {
        assert_eq!(minor_of("ubi9-1.24-2534"), Some(24));
        assert_eq!(minor_of("1.17.0"), Some(17));
        assert_eq!(minor_of("ubi8-5.3.0-0"), None);
        assert_eq!(minor_of("latest"), None);
    }
}
