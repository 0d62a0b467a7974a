//! A syntax tree to code: resolves names, expands macros, compiles patterns, refuses what is not known.
//!
//! Nothing is left to be found out during evaluation that can be found out here.

mod calls;
pub(super) mod code;
pub(super) mod scope;
pub(super) mod written;

use std::sync::Arc;

use super::function::Function;
use super::parse::syntax::{Term, TermKind};
use super::{ExprError, Name, Value};
use code::{Access, Code, Item};
use scope::{Place, Scope};

/// Turns terms into code, collecting the names they read.
pub(super) struct Compiler<'a> {
    scope: Scope<'a>,
    loops: usize,
}

type Compiled = Result<Code, ExprError>;

impl<'a> Compiler<'a> {
    pub(super) fn new(scope: Scope<'a>) -> Self {
        Compiler { scope, loops: 0 }
    }

    /// The names read, by slot, in the order of the source.
    pub(super) fn into_names(self) -> Box<[Name]> {
        self.scope.into_names()
    }

    pub(super) fn term(&mut self, term: &Term) -> Compiled {
        match &term.kind {
            TermKind::Literal(value) => Ok(Code::Constant(value.clone())),
            TermKind::Name(_) | TermKind::Field { .. } | TermKind::Index { .. } => self.place(term),
            TermKind::List(items) => {
                let items = items
                    .iter()
                    .map(|(item, optional)| self.item(item, *optional));
                Ok(list(items.collect::<Result<_, _>>()?))
            }
            TermKind::Map(entries) => self.map(entries),
            TermKind::Not(inner) => Ok(Code::Not(Box::new(self.term(inner)?))),
            TermKind::Negate(inner) => self.call(Function::Negate, &[inner]),
            TermKind::All(parts) => Ok(Code::All(self.terms(parts)?)),
            TermKind::Any(parts) => Ok(Code::Any(self.terms(parts)?)),
            TermKind::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                let parts = [
                    self.term(condition)?,
                    self.term(then)?,
                    self.term(otherwise)?,
                ];
                Ok(Code::If(Box::new(parts)))
            }
            TermKind::Binary { sign, sides } => {
                let [left, right] = &**sides;
                self.call(Function::of_sign(sign), &[left, right])
            }
            TermKind::Call {
                target: None,
                name,
                args,
            } => self.free_call(term.at, name, args),
            TermKind::Call {
                target: Some(target),
                name,
                args,
            } => self.member_call(term.at, target, name, args),
        }
    }

    fn terms(&mut self, terms: &[Term]) -> Result<Box<[Code]>, ExprError> {
        terms.iter().map(|term| self.term(term)).collect()
    }

    fn item(&mut self, term: &Term, optional: bool) -> Result<Item, ExprError> {
        let code = self.term(term)?;
        Ok(Item { code, optional })
    }

    fn map(&mut self, entries: &[(Term, Term, bool)]) -> Compiled {
        let mut compiled: Vec<(Code, Item)> = Vec::new();
        for (key, value, optional) in entries {
            if let TermKind::Literal(literal) = &key.kind {
                let repeated = |(known, _): &(Code, Item)| matches!(known, Code::Constant(known) if known == literal);
                if !matches!(literal, Value::Str(_)) {
                    return Err(ExprError::new(key.at, "keys of a map are strings".into()));
                }
                if compiled.iter().any(repeated) {
                    return Err(ExprError::new(
                        key.at,
                        "the same key twice in one map".into(),
                    ));
                }
            }
            compiled.push((self.term(key)?, self.item(value, *optional)?));
        }
        Ok(Code::Map(compiled.into()))
    }

    /// A name, a field or an index: a slot where the whole of it names something, steps otherwise.
    fn place(&mut self, term: &Term) -> Compiled {
        if let Some(place) = self.scope.place(term)? {
            return Ok(steps(place, Access::Must));
        }
        match &term.kind {
            TermKind::Field { of, name, optional } => Ok(Code::Field {
                of: Box::new(self.term(of)?),
                field: self.scope.field(name),
                access: if *optional {
                    Access::Optional
                } else {
                    Access::Must
                },
            }),
            TermKind::Index {
                of,
                index,
                optional,
            } => {
                let sides = Box::new([self.term(of)?, self.term(index)?]);
                Ok(Code::Index {
                    sides,
                    optional: *optional,
                })
            }
            _ => Err(ExprError::new(term.at, "a name was expected".into())),
        }
    }

    /// `has(x.field)`.
    fn has(&mut self, at: usize, args: &[Term]) -> Compiled {
        let [term] = args else {
            return Err(ExprError::new(at, "`has` takes 1 argument".into()));
        };
        let TermKind::Field {
            of,
            name,
            optional: false,
        } = &term.kind
        else {
            let message = "`has` takes a field: has(x.field); for an index use x[?i].hasValue()";
            return Err(ExprError::new(term.at, message.into()));
        };
        match self.scope.place(term)? {
            Some(Place {
                root: Code::Read(slot) | Code::Maybe(slot),
                fields,
            }) if fields.is_empty() => match self.scope.fact_at(slot) {
                Some(fact) => Err(ExprError::new(
                    term.at,
                    format!(
                        "`{fact}` is a fact: it is known or unknown, never missing; compare it, or ask set({fact})"
                    ),
                )),
                None => Ok(Code::Present(slot)),
            },
            Some(place) => Ok(steps(place, Access::Test)),
            None => Ok(Code::Field {
                of: Box::new(self.term(of)?),
                field: self.scope.field(name),
                access: Access::Test,
            }),
        }
    }
}

/// The fields after a name, one by one; the last one is asked for as wanted.
fn steps(place: Place, last: Access) -> Code {
    let count = place.fields.len();
    place.fields.into_iter().enumerate().fold(
        place.root,
        |of, (index, field): (usize, Arc<str>)| Code::Field {
            of: Box::new(of),
            field,
            access: if index + 1 == count {
                last
            } else {
                Access::Must
            },
        },
    )
}

/// A list written out; one of constants is made once for all evaluations.
fn list(items: Box<[Item]>) -> Code {
    let constant = |item: &Item| match &item.code {
        Code::Constant(value) if !item.optional => Some(value.clone()),
        _ => None,
    };
    match items.iter().map(constant).collect() {
        Some(values) => Code::Constant(Value::List(values)),
        None => Code::List(items),
    }
}
