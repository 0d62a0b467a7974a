//! Texts with names in braces: `{cluster.name} keeps its backups in {repo.types}`.

use std::borrow::Cow;
use std::sync::Arc;

use super::lines::{Lines, Spot};
use super::{ExprError, Lookup, Name, Names, Value};
use crate::printable::is_hidden;

/// A text with names in it. `{{` and `}}` stand for single braces.
#[derive(Debug)]
pub struct Template {
    parts: Box<[Part]>,
}

#[derive(Debug)]
enum Part {
    Text(Arc<str>),
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
    /// need it: for texts that hold commands. A value that could not stand in a command is missing, too.
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
                parts.push(Part::Text(std::mem::take(&mut plain).into()));
            }
            let (name, fields) =
                named(written, names).map_err(|message| ExprError::new(offset + 1, message))?;
            let written = written.to_owned();
            parts.push(Part::Name {
                written,
                name,
                fields,
            });
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain.into()));
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
    /// each item of a list in it. A text without names is shared by all who render it.
    pub fn render(&self, lookup: &dyn Lookup, missing: Missing) -> Arc<str> {
        if let [Part::Text(text)] = &*self.parts {
            return Arc::clone(text);
        }
        let mut text = Lines::with_capacity(self.parts.iter().map(Part::length).sum());
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
                        let items = items.iter();
                        let spot = text.in_command();
                        let items: Option<Vec<String>> = items
                            .map(|item| Some(shown(item, missing).ok()?.into_owned()))
                            .map(|item| item.filter(|item| can_stand(item, spot)))
                            .collect();
                        match items.filter(|items| !items.is_empty()) {
                            Some(items) => text.add_each(items),
                            None => text.add(&format!("<{written}>")),
                        }
                        continue;
                    }
                    let shown = match &value {
                        Ok(value) => shown(value, missing),
                        Err(word) => Err(*word),
                    };
                    match (shown, missing) {
                        (Ok(shown), Missing::Placeholder)
                            if !can_stand(&shown, text.in_command()) =>
                        {
                            text.add(&format!("<{written}>"));
                        }
                        (Ok(shown), _) => text.add(&shown),
                        (Err(word), Missing::Words) => text.add(word),
                        (Err(_), Missing::Placeholder) => text.add(&format!("<{written}>")),
                    }
                }
            }
        }
        text.finish().into()
    }
}

impl Template {
    /// The names that a text made of it lacks: what each stands as there, `<primary.name>`, and the value.
    pub fn missing_in(
        &self,
        text: &str,
        lookup: &dyn Lookup,
    ) -> impl Iterator<Item = (String, Value)> {
        // Most texts lack none.
        let parts = if text.contains('<') {
            &*self.parts
        } else {
            &[]
        };
        parts.iter().filter_map(move |part| match part {
            Part::Text(_) => None,
            Part::Name { written, name, .. } => {
                let written = format!("<{written}>");
                text.contains(&written)
                    .then(|| (written, lookup.value(name)))
            }
        })
    }
}

fn named(written: &str, names: &dyn Names) -> Result<(Name, Vec<String>), String> {
    if !written.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(format!(
            "`{{{written}}}` holds no name; write {{{{ for a brace"
        ));
    }
    match Name::parse(written, names)? {
        (Name::Own(path), _) if path.is_empty() => {
            Err("name a field of `self`; all of it is too much for a text".into())
        }
        found => Ok(found),
    }
}

const UNKNOWN: &str = "unknown";
const NONE: &str = "none";

fn value(lookup: &dyn Lookup, name: &Name, fields: &[String]) -> Result<Value, &'static str> {
    fields
        .iter()
        .try_fold(lookup.value(name), |value, field| match value {
            Value::Unknown(_) => Err(UNKNOWN),
            value => value.get(field).cloned().ok_or(NONE),
        })
}

/// A value in words; the error says what to show in its place.
fn shown(value: &Value, missing: Missing) -> Result<Cow<'_, str>, &'static str> {
    let text = match value {
        Value::Unknown(_) => return Err(UNKNOWN),
        Value::Absent | Value::Null | Value::Optional(None) => return Err(NONE),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Str(text) if text.is_empty() => return Err(NONE),
        Value::Str(text) => return Ok(quoted(text, missing)),
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
                let value = shown(value, Missing::Words).unwrap_or_else(Cow::Borrowed);
                let pair = format!("{key}={value}");
                Ok(Cow::Owned(quoted(&pair, missing).into_owned()))
            };
            several(entries.iter().map(entry), missing)?
        }
        Value::Version(version) => version.to_string(),
        Value::Quantity(quantity) => quantity.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Duration(span) => format!("{span:#}"),
        Value::Optional(Some(inner)) => return shown(inner, missing),
        Value::Type(name) => return Ok(Cow::Borrowed(name)),
    };
    Ok(Cow::Owned(text))
}

/// Items joined; one that cannot be shown is named by its word, unless a placeholder must stand for all.
fn several<'v>(
    items: impl Iterator<Item = Result<Cow<'v, str>, &'static str>>,
    missing: Missing,
) -> Result<String, &'static str> {
    let mut text = String::new();
    for (index, item) in items.enumerate() {
        let item = match (item, missing) {
            (Err(word), Missing::Words) => Cow::Borrowed(word),
            (item, _) => item?,
        };
        text.push_str(if index == 0 { "" } else { ", " });
        text.push_str(&item);
    }
    Ok(text)
}

/// Whether a value, quoted for a shell, can stand at a place of a command: not as a flag where a word begins, not with
/// quotes of its own inside a quote, and not with characters that nobody can copy. No name in Kubernetes is of these kinds.
fn can_stand(shown: &str, spot: Option<Spot>) -> bool {
    let Some(spot) = spot else {
        return true;
    };
    let flag = spot.begins_word && shown.trim_start_matches('\'').starts_with('-');
    let breaks_out = spot.quoted && shown.starts_with('\'');
    // Most values are plain, which is seen at once.
    let plain = shown.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    !flag && !breaks_out && (plain || !shown.contains(is_hidden))
}

/// A text that may stand in a command: quoted for a shell unless it is plain.
fn quoted(text: &str, missing: Missing) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    if missing == Missing::Words || text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", text.replace('\'', "'\\''")))
}

impl Part {
    /// Bytes of its text; of a name, what most values take.
    fn length(&self) -> usize {
        match self {
            Part::Text(text) => text.len(),
            Part::Name { .. } => 12,
        }
    }
}
