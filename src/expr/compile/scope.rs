//! What a name in an expression stands for: a loop's variable, the object as written, a fact, or a
//! variable of a program.

use std::sync::Arc;

use super::code::Code;
use crate::expr::function::nearest;
use crate::expr::parse::escape::unescaped;
use crate::expr::parse::syntax::{Term, TermKind};
use crate::expr::{ExprError, Name, Names, Value};

/// Most names one expression may read: reads are kept as bits.
const MAX_NAMES: usize = 128;
/// Names of types, as `type(x)` gives them.
const TYPES: &[&str] = &[
    "bool",
    "int",
    "double",
    "string",
    "list",
    "map",
    "null_type",
    "type",
    "optional_type",
];

/// Who gives names their meaning.
#[derive(Clone, Copy)]
pub(in crate::expr) enum Given<'a> {
    /// A rule: `self`, `now` and facts.
    Facts(&'a dyn Names),
    /// A program: its variables, one slot each.
    Variables(&'a [&'a str]),
}

/// The names in sight.
pub(in crate::expr) struct Scope<'a> {
    given: Given<'a>,
    names: Vec<Name>,
    locals: Vec<String>,
}

/// Where a name leads: a slot, a loop's variable or a constant, and the fields that remain after it.
pub(in crate::expr) struct Place {
    pub(in crate::expr) root: Code,
    pub(in crate::expr) fields: Vec<Arc<str>>,
}

impl<'a> Scope<'a> {
    pub(in crate::expr) fn new(given: Given<'a>) -> Self {
        Scope {
            given,
            names: Vec::new(),
            locals: Vec::new(),
        }
    }

    pub(in crate::expr) fn into_names(self) -> Box<[Name]> {
        self.names.into()
    }

    pub(in crate::expr) fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|local| local == name)
    }

    /// Brings a macro's variable into sight.
    pub(in crate::expr) fn declare(&mut self, variable: &Term) -> Result<(), ExprError> {
        let TermKind::Name(name) = &variable.kind else {
            let message = "the first argument of a macro is the name of its variable";
            return Err(ExprError::new(variable.at, message.into()));
        };
        let taken = match &self.given {
            Given::Facts(names) => {
                matches!(name.as_str(), "self" | "now")
                    || (name == "it" && names.element().is_some())
                    || names.fact(name).is_some()
            }
            Given::Variables(_) => false,
        };
        if taken {
            let message = format!("`{name}` already names something; choose another variable");
            return Err(ExprError::new(variable.at, message));
        }
        self.locals.push(name.clone());
        Ok(())
    }

    pub(in crate::expr) fn forget(&mut self) {
        self.locals.pop();
    }

    /// A field's name: in programs with Kubernetes' escapes undone.
    pub(in crate::expr) fn field(&self, name: &str) -> Arc<str> {
        match self.given {
            Given::Facts(_) => name.into(),
            Given::Variables(_) => unescaped(name).into(),
        }
    }

    /// The name of the fact, or of the field of `it`, in a slot, if it holds one.
    pub(in crate::expr) fn fact_at(&self, slot: u8) -> Option<String> {
        match (&self.given, self.names.get(usize::from(slot))?) {
            (Given::Facts(names), name @ (Name::Fact(_) | Name::Item(_))) => {
                Some(name.written(*names))
            }
            _ => None,
        }
    }

    /// The path of a term below `self`, if it is one.
    pub(in crate::expr) fn own(&self, term: &Term) -> Option<Arc<[Box<str>]>> {
        let (path, _) = self.own_path(term)?;
        Some(path.into_iter().map(Box::from).collect())
    }

    /// What a term names, if it is a name: `self.a["b"]`, `fact.name.field`, `variable.field`.
    pub(in crate::expr) fn place(&mut self, term: &Term) -> Result<Option<Place>, ExprError> {
        if let Some((path, optional)) = self.own_path(term) {
            let path: Arc<[Box<str>]> = path.into_iter().map(Box::from).collect();
            let slot = self.slot(term.at, Name::Own(path))?;
            let root = if optional {
                Code::Maybe(slot)
            } else {
                Code::Read(slot)
            };
            return Ok(Some(Place {
                root,
                fields: Vec::new(),
            }));
        }
        let Some((at, root, fields)) = dotted(term) else {
            return Ok(None);
        };
        if let Some(index) = self.locals.iter().rposition(|local| local == root) {
            let root = Code::Local(u8::try_from(index).unwrap_or(u8::MAX));
            return Ok(Some(Place {
                root,
                fields: fields.iter().map(|field| self.field(field)).collect(),
            }));
        }
        self.given(at, root, &fields).map(Some)
    }

    fn given(&mut self, at: usize, root: &str, fields: &[&str]) -> Result<Place, ExprError> {
        match self.given {
            Given::Variables(variables) => {
                if let Some(index) = variables.iter().position(|variable| *variable == root) {
                    let root = Code::Read(u8::try_from(index).unwrap_or(u8::MAX));
                    let fields = fields.iter().map(|field| self.field(field)).collect();
                    return Ok(Place { root, fields });
                }
            }
            Given::Facts(_) if root == "now" => {
                if !fields.is_empty() {
                    return Err(ExprError::new(
                        at,
                        "`now` is a time and has no fields".into(),
                    ));
                }
                let root = Code::Read(self.slot(at, Name::Now)?);
                return Ok(Place {
                    root,
                    fields: Vec::new(),
                });
            }
            Given::Facts(names) => {
                if let ("it", Some(known)) = (root, names.element()) {
                    let found = item(known, fields);
                    let (name, rest) = found.map_err(|message| ExprError::new(at, message))?;
                    let root = Code::Read(self.slot(at, name)?);
                    let fields = rest.iter().map(|field| Arc::from(*field)).collect();
                    return Ok(Place { root, fields });
                }
                if let Some((number, rest)) = fact(names, root, fields) {
                    let root = Code::Read(self.slot(at, Name::Fact(number))?);
                    let fields = rest.iter().map(|field| Arc::from(*field)).collect();
                    return Ok(Place { root, fields });
                }
            }
        }
        if let (Some(name), []) = (TYPES.iter().find(|name| **name == root), fields) {
            return Ok(Place {
                root: Code::Constant(Value::Type(name)),
                fields: Vec::new(),
            });
        }
        Err(self.unknown(at, root, fields))
    }

    fn unknown(&self, at: usize, root: &str, fields: &[&str]) -> ExprError {
        let name = joined(root, fields);
        if root == "it" {
            let message =
                "`it` is an element of what `each` goes over, which this rule does not have";
            return ExprError::new(at, message.into());
        }
        let similar = match self.given {
            Given::Facts(names) => names.similar(&name),
            Given::Variables(variables) => {
                let nearest = crate::expr::nearest(root, variables.iter().copied());
                nearest.map(str::to_owned)
            }
        };
        ExprError::new(
            at,
            match similar {
                Some(similar) => {
                    format!("there is nothing named `{name}`; did you mean `{similar}`?")
                }
                None => format!("there is nothing named `{name}`"),
            },
        )
    }

    /// The path of a term below `self` in a rule, and whether any step of it was optional.
    fn own_path<'t>(&self, term: &'t Term) -> Option<(Vec<&'t str>, bool)> {
        match &term.kind {
            TermKind::Name(name) => {
                let own = name == "self" && matches!(self.given, Given::Facts(_));
                own.then(|| (Vec::new(), false))
            }
            TermKind::Field { of, name, optional } => {
                let (mut path, already) = self.own_path(of)?;
                path.push(name);
                Some((path, already || *optional))
            }
            TermKind::Index {
                of,
                index,
                optional,
            } => {
                let TermKind::Literal(Value::Str(key)) = &index.kind else {
                    return None;
                };
                let (mut path, already) = self.own_path(of)?;
                path.push(key);
                Some((path, already || *optional))
            }
            _ => None,
        }
    }

    fn slot(&mut self, at: usize, name: Name) -> Result<u8, ExprError> {
        let known = self.names.iter().position(|known| *known == name);
        let slot = known.unwrap_or(self.names.len());
        if slot == MAX_NAMES {
            let message = format!("the expression reads more than {MAX_NAMES} names");
            return Err(ExprError::new(at, message));
        }
        if known.is_none() {
            self.names.push(name);
        }
        Ok(u8::try_from(slot).unwrap_or(u8::MAX))
    }
}

/// The fact with the longest dotted name that begins this chain, and the fields that remain.
pub(in crate::expr) fn fact<'f>(
    names: &dyn Names,
    root: &str,
    fields: &'f [&'f str],
) -> Option<(u16, &'f [&'f str])> {
    let mut name = joined(root, fields);
    (0..=fields.len()).rev().find_map(|count| {
        let (taken, rest) = fields.split_at_checked(count)?;
        let found = names.fact(&name);
        let last = taken.last().map_or(0, |field| field.len() + 1);
        name.truncate(name.len() - last);
        Some((found?, rest))
    })
}

fn joined(root: &str, fields: &[&str]) -> String {
    let length = fields.iter().map(|field| field.len() + 1).sum::<usize>();
    let mut name = String::with_capacity(root.len() + length);
    name.push_str(root);
    for field in fields {
        name.push('.');
        name.push_str(field);
    }
    name
}

/// The root and the fields of `root.a.b`, and where the root stands.
fn dotted(term: &Term) -> Option<(usize, &str, Vec<&str>)> {
    match &term.kind {
        TermKind::Name(name) => Some((term.at, name, Vec::new())),
        TermKind::Field {
            of,
            name,
            optional: false,
        } => {
            let (at, root, mut fields) = dotted(of)?;
            fields.push(name);
            Some((at, root, fields))
        }
        _ => None,
    }
}

/// The field of `it` that these fields begin with, and the fields that remain; `Err` names what there is none of.
pub(in crate::expr) fn item<'f>(
    known: &[&str],
    fields: &'f [&'f str],
) -> Result<(Name, &'f [&'f str]), String> {
    let Some((first, rest)) = fields.split_first() else {
        return Ok((Name::Item("".into()), fields));
    };
    if known.contains(first) {
        return Ok((Name::Item((*first).into()), rest));
    }
    Err(match nearest(first, known.iter().copied()) {
        Some(near) => format!("`it` has no field `{first}`; did you mean `it.{near}`?"),
        None => format!("`it` has no field `{first}`; it has {}", known.join(", ")),
    })
}
