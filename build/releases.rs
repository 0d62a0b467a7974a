//! The releases of PGO as a table in Rust. `releases.json` states for each only what changed since the one before it; here
//! every row is whole.

use std::error::Error;

use serde_json::{Map, Value as Json};

/// An expression: a slice of `Release`, oldest first.
pub(super) fn table(text: &str) -> Result<String, Box<dyn Error>> {
    let rows: Vec<Map<String, Json>> = serde_json::from_str(text)?;
    let mut so_far = Map::new();
    let mut table = String::from("&[\n");
    for row in rows {
        // Whether a release was looked at says nothing of the next.
        so_far.insert("seen".to_owned(), Json::Bool(true));
        so_far.extend(row);
        table.push_str("Release { ");
        for (key, value) in &so_far {
            table.push_str(&format!("{}: {}, ", field(key), literal(key, value)?));
        }
        let number = so_far.get("version").and_then(Json::as_str);
        table.push_str(&format!("name: {:?} }},\n", number.unwrap_or("")));
    }
    table.push_str("]\n");
    Ok(table)
}

/// `apiVersions` as Rust writes it.
fn field(key: &str) -> String {
    let mut name = String::new();
    for letter in key.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// A value of the column of this name. What is of no plain type is told by its name; the compiler sees that all fits.
fn literal(key: &str, value: &Json) -> Result<String, Box<dyn Error>> {
    Ok(match (key, value) {
        ("version" | "crd", Json::String(text)) => version(text)?,
        ("patroniMax", Json::String(text)) => format!("Some({})", version(text)?),
        ("basis", Json::String(word)) => format!("ReadFrom::{}", variant(word)),
        ("repoOptionMatch", Json::String(word)) => format!("OptionMatch::{}", variant(word)),
        ("publishedImages", Json::Object(images)) => format!(
            "Some(PublishedImages {{ min: {}, max: {}, basis: Basis::{} }})",
            part(images, "min")?,
            part(images, "max")?,
            variant(part(images, "basis")?.as_str().unwrap_or(""))
        ),
        ("pgbackrest" | "pgbouncer", Json::Object(minors)) => format!(
            "Minors {{ min: {}, max: {} }}",
            part(minors, "min")?,
            part(minors, "max")?
        ),
        ("gates", Json::Object(gates)) => {
            let mut gates: Vec<_> = gates.iter().collect();
            gates.sort_by_key(|(name, _)| *name);
            let gates: String = gates
                .iter()
                .map(|(name, on)| format!("({name:?}, {on}), "))
                .collect();
            format!("&[{gates}]")
        }
        ("moveJobsPullSecrets", Json::Bool(value)) => format!("Some({value})"),
        (_, Json::Null) => "None".to_owned(),
        (_, Json::Array(items)) => {
            let items: String = items.iter().map(|item| format!("{item}, ")).collect();
            format!("&[{items}]")
        }
        (_, Json::Bool(_) | Json::Number(_) | Json::String(_)) => value.to_string(),
        (_, Json::Object(_)) => return Err(format!("releases.json: `{key}` is a map").into()),
    })
}

fn part<'m>(map: &'m Map<String, Json>, key: &str) -> Result<&'m Json, Box<dyn Error>> {
    let missing = || format!("releases.json: a map without `{key}`");
    Ok(map.get(key).ok_or_else(missing)?)
}

/// The variant that a word in small letters names.
fn variant(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// `5.8.2` as numbers.
fn version(text: &str) -> Result<String, Box<dyn Error>> {
    let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
    Ok(format!("Version::of(&{:?})", numbers?))
}
