//! Texts with names in braces: `{cluster.name} keeps its backups in {repo.types}`.

use super::lines::Lines;
use super::scope::fact;
use super::{ExprError, Lookup, Name, Names, Value};
use crate::manifest::Fact;

/// A text with names in it. `{{` and `}}` stand for single braces.
#[derive(Debug)]
pub struct Template {
    parts: Box<[Part]>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    /// As written, the name, and the fields below it if it is a fact.
    Name {
        written: String,
        name: Name,
        fields: Vec<String>,
    },
}

/// How a template shows what is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// In words, for a message: "unknown", and "none" for what is absent or empty.
    Words,
    /// As a placeholder to fill in, `<primary.name>`, and with values quoted for a shell where they
    /// need it: for texts that hold commands.
    Placeholder,
}

impl Template {
    /// Reads a text; names that are not known are refused.
    pub fn parse(text: &str, names: &dyn Names) -> Result<Template, ExprError> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let offset = text.len() - rest.len() + at;
            let (before, from) = rest.split_at(at);
            plain.push_str(before);
            if from.starts_with("{{") || from.starts_with("}}") {
                plain.push_str(from.get(..1).unwrap_or(""));
                rest = from.get(2..).unwrap_or("");
                continue;
            }
            let inner = from
                .strip_prefix('{')
                .and_then(|inner| inner.split_once('}'));
            let Some((written, after)) = inner else {
                let message = "a single brace; write {{ or }} for a brace, {name} for a name";
                return Err(ExprError::new(offset, message.into()));
            };
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(
                named(written, names).map_err(|message| ExprError::new(offset + 1, message))?,
            );
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Template {
            parts: parts.into(),
        })
    }

    /// The names in the text, in their order, with repetitions.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Name { name, .. } => Some(name),
        })
    }

    /// The text with values in place of names. With placeholders, an indented line (a command) is written once for
    /// each item of a list in it.
    pub fn render(&self, lookup: &dyn Lookup, missing: Missing) -> String {
        let mut text = Lines::default();
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.add(plain),
                Part::Name {
                    written,
                    name,
                    fields,
                } => {
                    let value = value(lookup, name, fields);
                    if let (Ok(Value::List(items)), Missing::Placeholder) = (&value, missing) {
                        let items = items.iter().map(|item| shown(item, missing).ok());
                        let items: Option<Vec<String>> = items.collect();
                        match items.filter(|items| !items.is_empty()) {
                            Some(items) => text.add_each(items),
                            None => text.add(&format!("<{written}>")),
                        }
                        continue;
                    }
                    match (value.and_then(|value| shown(&value, missing)), missing) {
                        (Ok(shown), _) => text.add(&shown),
                        (Err(word), Missing::Words) => text.add(word),
                        (Err(_), Missing::Placeholder) => text.add(&format!("<{written}>")),
                    }
                }
            }
        }
        text.finish()
    }
}

const UNKNOWN: &str = "unknown";
const NONE: &str = "none";

fn value(lookup: &dyn Lookup, name: &Name, fields: &[String]) -> Result<Value, &'static str> {
    let Fact::Known(truth) = lookup.read(name) else {
        return Err(UNKNOWN);
    };
    fields
        .iter()
        .try_fold(truth.value, |value, field| match value {
            Value::Unknown(_) => Err(UNKNOWN),
            value => value.get(field).cloned().ok_or(NONE),
        })
}

/// A value in words; the error says what to show in its place.
fn shown(value: &Value, missing: Missing) -> Result<String, &'static str> {
    let text = match value {
        Value::Unknown(_) => return Err(UNKNOWN),
        Value::Absent | Value::Null | Value::Optional(None) => return Err(NONE),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Str(text) if text.is_empty() => return Err(NONE),
        Value::Str(text) => quoted(text, missing),
        Value::List(items) if items.is_empty() => return Err(NONE),
        Value::List(items) => several(items.iter().map(|item| shown(item, missing)), missing)?,
        Value::Map(entries) if entries.is_empty() => return Err(NONE),
        // A record may say itself how it reads.
        Value::Map(_) if value.get("text").is_some() => {
            return value
                .get("text")
                .map_or(Err(NONE), |text| shown(text, missing));
        }
        Value::Map(entries) => {
            let entry = |(key, value): &(_, Value)| {
                let value = shown(value, Missing::Words).unwrap_or_else(str::to_owned);
                Ok(quoted(&format!("{key}={value}"), missing))
            };
            several(entries.iter().map(entry), missing)?
        }
        Value::Version(version) => version.to_string(),
        Value::Quantity(quantity) => quantity.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Duration(span) => format!("{span:#}"),
        Value::Optional(Some(inner)) => shown(inner, missing)?,
        Value::Type(name) => (*name).to_owned(),
    };
    Ok(text)
}

/// Items joined; one that cannot be shown is named by its word, unless a placeholder must stand for all.
fn several(
    items: impl Iterator<Item = Result<String, &'static str>>,
    missing: Missing,
) -> Result<String, &'static str> {
    let items: Result<Vec<String>, _> = items
        .map(|item| match (item, missing) {
            (Err(word), Missing::Words) => Ok(word.to_owned()),
            (item, _) => item,
        })
        .collect();
    Ok(items?.join(", "))
}

/// A text that may stand in a command: quoted for a shell unless it is plain.
fn quoted(text: &str, missing: Missing) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if missing == Missing::Words || text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn named(written: &str, names: &dyn Names) -> Result<Part, String> {
    let mut fields: Vec<&str> = written.split('.').collect();
    let root = if fields.is_empty() {
        ""
    } else {
        fields.remove(0)
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let is_name = |part: &str| !part.is_empty() && part.chars().all(plain);
    if !is_name(root) || !fields.iter().all(|field| is_name(field)) {
        return Err(format!(
            "`{{{written}}}` holds no dotted name; write {{{{ for a brace"
        ));
    }
    let owned = |fields: &[&str]| fields.iter().map(|field| (*field).to_owned()).collect();
    let (name, fields) = match (root, fact(names, root, &fields)) {
        ("now", _) if fields.is_empty() => (Name::Now, Vec::new()),
        ("self", _) => (
            Name::Own(fields.iter().map(|field| Box::from(*field)).collect()),
            Vec::new(),
        ),
        (_, Some((number, rest))) => (Name::Fact(number), owned(rest)),
        _ => {
            return Err(match names.similar(written) {
                Some(similar) => {
                    format!("there is nothing named `{written}`; did you mean `{similar}`?")
                }
                None => format!("there is nothing named `{written}`"),
            });
        }
    };
    Ok(Part::Name {
        written: written.to_owned(),
        name,
        fields,
    })
}
