//! A syntax tree to code: resolves names, expands macros, compiles patterns, refuses what is not known.
//!
//! Nothing is left to be found out during evaluation that can be found out here.

use std::sync::Arc;

use super::code::{Access, Code, Item, Loop, LoopKind};
use super::function::{Function, Style};
use super::scope::{Place, Scope};
use super::syntax::{Term, TermKind};
use super::{ExprError, Name, Value, call};

/// How deeply loops may nest: two suffice for every rule we know, three could take minutes.
const MAX_LOOPS: usize = 2;
/// Largest compiled pattern, in bytes.
const MAX_PATTERN: usize = 1 << 20;

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
                Ok(Code::List(items.collect::<Result<_, _>>()?))
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

    fn free_call(&mut self, at: usize, name: &str, args: &[Term]) -> Compiled {
        match (name, args) {
            ("has", _) => self.has(at, args),
            ("matches", [text, pattern]) => self.matches(text, pattern),
            _ => {
                let function = Function::find(name, Style::Free, args.len())
                    .map_err(|message| ExprError::new(at, message))?;
                self.checked_call(at, function, args.iter())
            }
        }
    }

    fn member_call(&mut self, at: usize, target: &Term, name: &str, args: &[Term]) -> Compiled {
        if matches!(&target.kind, TermKind::Name(root) if root == "optional" && !self.scope.is_local(root))
        {
            let function = Function::find(name, Style::Optional, args.len())
                .map_err(|message| ExprError::new(at, message))?;
            return self.checked_call(at, function, args.iter());
        }
        let kind = match name {
            "exists" => Some(LoopKind::Exists),
            "all" => Some(LoopKind::All),
            "exists_one" | "existsOne" => Some(LoopKind::ExistsOne),
            "filter" => Some(LoopKind::Filter),
            "map" => Some(LoopKind::Map),
            _ => None,
        };
        match (kind, name, args) {
            (Some(kind), _, [variable, body]) => self.looped(kind, target, variable, None, body),
            (Some(kind @ LoopKind::Map), _, [variable, keep, body]) => {
                self.looped(kind, target, variable, Some(keep), body)
            }
            (Some(_), ..) => Err(ExprError::new(
                at,
                format!("`{name}` is written x.{name}(v, ...) with one variable"),
            )),
            (None, "matches", [pattern]) => self.matches(target, pattern),
            (None, "orValue" | "or", [other]) => {
                let sides = Box::new([self.term(target)?, self.term(other)?]);
                Ok(Code::OrElse {
                    sides,
                    unwrap: name == "orValue",
                })
            }
            (None, "optMap" | "optFlatMap", [variable, body]) => {
                let target = self.term(target)?;
                self.scope.declare(variable)?;
                let body = self.term(body);
                self.scope.forget();
                Ok(Code::OptMap {
                    sides: Box::new([target, body?]),
                    flat: name == "optFlatMap",
                })
            }
            _ => {
                let function = Function::find(name, Style::Member, args.len() + 1)
                    .map_err(|message| ExprError::new(at, message))?;
                self.checked_call(at, function, std::iter::once(target).chain(args))
            }
        }
    }

    fn looped(
        &mut self,
        kind: LoopKind,
        over: &Term,
        variable: &Term,
        keep: Option<&Term>,
        body: &Term,
    ) -> Compiled {
        let over = self.term(over)?;
        if self.loops == MAX_LOOPS {
            let message = format!("loops nest deeper than {MAX_LOOPS}; make a fact of it");
            return Err(ExprError::new(variable.at, message));
        }
        self.loops += 1;
        self.scope.declare(variable)?;
        let keep = keep.map(|keep| self.term(keep)).transpose();
        let body = self.term(body);
        self.scope.forget();
        self.loops -= 1;
        Ok(Code::Loop(Box::new(Loop {
            kind,
            over,
            keep: keep?,
            body: body?,
        })))
    }

    fn matches(&mut self, text: &Term, pattern: &Term) -> Compiled {
        let TermKind::Literal(Value::Str(source)) = &pattern.kind else {
            let message = "the pattern of `matches` must be written out, so that it can be checked on loading";
            return Err(ExprError::new(pattern.at, message.into()));
        };
        let regex = regex::RegexBuilder::new(source)
            .size_limit(MAX_PATTERN)
            .build();
        let regex = regex.map_err(|error| {
            let text = error.to_string();
            let reason = text
                .lines()
                .last()
                .unwrap_or("")
                .trim()
                .trim_start_matches("error: ");
            ExprError::new(pattern.at, format!("bad pattern: {reason}"))
        })?;
        Ok(Code::Matches(Box::new(self.term(text)?), regex))
    }

    fn call(&mut self, function: Function, args: &[&Term]) -> Compiled {
        let args = args.iter().map(|arg| self.term(arg));
        Ok(Code::Call(function, args.collect::<Result<_, _>>()?))
    }

    /// A call; one that reads a version, quantity or time from a literal is made here, once.
    fn checked_call<'t>(
        &mut self,
        at: usize,
        function: Function,
        args: impl Iterator<Item = &'t Term>,
    ) -> Compiled {
        let args: Vec<Code> = args.map(|arg| self.term(arg)).collect::<Result<_, _>>()?;
        let constructor = matches!(
            function,
            Function::Version | Function::Quantity | Function::Time | Function::Duration
        );
        match args.as_slice() {
            [Code::Constant(value)] if constructor => {
                let value = call::convert(function, value)
                    .map_err(|message| ExprError::new(at, message))?;
                Ok(Code::Constant(value))
            }
            _ => Ok(Code::Call(function, args.into())),
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
