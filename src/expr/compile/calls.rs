//! Calls: macros, functions, patterns.

use super::code::{Code, Loop, LoopKind};
use super::{Compiled, Compiler};
use crate::expr::eval::call;
use crate::expr::function::{Function, Style};
use crate::expr::parse::syntax::{Term, TermKind};
use crate::expr::{ExprError, Value};

/// How deeply loops may nest: two suffice for every rule we know, three could take minutes.
const MAX_LOOPS: usize = 2;
/// Largest compiled pattern, in bytes.
const MAX_PATTERN: usize = 1 << 20;

impl Compiler<'_> {
    pub(super) fn free_call(&mut self, at: usize, name: &str, args: &[Term]) -> Compiled {
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

    pub(super) fn member_call(
        &mut self,
        at: usize,
        target: &Term,
        name: &str,
        args: &[Term],
    ) -> Compiled {
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

    pub(super) fn call(&mut self, function: Function, args: &[&Term]) -> Compiled {
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
                    .map_err(|fault| ExprError::new(at, fault.message().to_owned()))?;
                Ok(Code::Constant(value))
            }
            _ => Ok(Code::Call(function, args.into())),
        }
    }
}
