//! CEL tokens to a syntax tree: the grammar of the language definition, by recursive descent.
//!
//! Written here rather than taken from the `cel` crate because that crate's parser ends the process
//! (stack overflow) on 16 nested parentheses in a thread of 2 MiB, gives no names to its errors, and
//! costs milliseconds on first use. `tests/cel_grammar.rs` holds the two against each other.

mod primary;

use super::ExprError;
use super::syntax::{MAX_HEIGHT, Term, TermKind, too_deep};
use super::token::{Token, tokens};

/// Longest source, in bytes.
const MAX_SOURCE: usize = 4096;

/// Binary operators by how tightly they bind: comparison, sums, products. All bind to the left.
const LEVELS: [&[&str]; 3] = [
    &["==", "!=", "<=", ">=", "<", ">", "in"],
    &["+", "-"],
    &["*", "/", "%"],
];

/// Parses one whole expression.
pub(super) fn parse(source: &str) -> Result<Term, ExprError> {
    if source.len() > MAX_SOURCE {
        let message =
            format!("the expression is longer than {MAX_SOURCE} bytes; make a fact of it");
        return Err(ExprError::new(0, message));
    }
    let mut parser = Parser {
        tokens: tokens(source)?,
        next: 0,
        nesting: 0,
    };
    let term = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(term),
        _ => Err(parser.unexpected("the end of the expression")),
    }
}

struct Parser<'a> {
    tokens: Vec<(usize, Token<'a>)>,
    next: usize,
    nesting: u16,
}

type Parsed = Result<Term, ExprError>;

impl<'a> Parser<'a> {
    fn peek(&self) -> &Token<'a> {
        self.tokens
            .get(self.next)
            .map_or(&Token::End, |(_, token)| token)
    }

    fn at(&self) -> usize {
        let token = self.tokens.get(self.next).or(self.tokens.last());
        token.map_or(0, |(at, _)| *at)
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(next) if *next == sign);
        if found {
            self.next += 1;
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), ExprError> {
        if self.take(sign) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{sign}`")))
        }
    }

    fn unexpected(&self, wanted: &str) -> ExprError {
        let found = match self.peek() {
            Token::End => "the expression ends".to_owned(),
            Token::Word(word) => format!("found `{word}`"),
            Token::Quoted(name) => format!("found the quoted name `{name}`"),
            Token::Int(_) | Token::Float(_) => "found a number".to_owned(),
            Token::Text(_) => "found a string".to_owned(),
            Token::Sign(sign) => format!("found `{sign}`"),
        };
        ExprError::new(self.at(), format!("{found} where {wanted} was expected"))
    }

    fn expression(&mut self) -> Parsed {
        self.nesting += 1;
        if self.nesting > MAX_HEIGHT {
            return Err(too_deep(self.at()));
        }
        let mut term = self.any()?;
        let at = self.at();
        if self.take("?") {
            let then = self.any()?;
            self.expect(":")?;
            let otherwise = self.expression()?;
            term = Term::new(at, TermKind::If(Box::new([term, then, otherwise])))?;
        }
        self.nesting -= 1;
        Ok(term)
    }

    fn any(&mut self) -> Parsed {
        self.chain("||", Self::all, TermKind::Any)
    }

    fn all(&mut self) -> Parsed {
        self.chain("&&", |parser| parser.binary(0), TermKind::All)
    }

    /// One part, or several joined by a sign.
    fn chain(
        &mut self,
        sign: &str,
        part: fn(&mut Self) -> Parsed,
        join: fn(Vec<Term>) -> TermKind,
    ) -> Parsed {
        let first = part(self)?;
        let at = self.at();
        if !self.take(sign) {
            return Ok(first);
        }
        let mut parts = vec![first, part(self)?];
        while self.take(sign) {
            parts.push(part(self)?);
        }
        Term::new(at, join(parts))
    }

    fn binary(&mut self, level: usize) -> Parsed {
        let Some(signs) = LEVELS.get(level) else {
            return self.unary();
        };
        let mut left = self.binary(level + 1)?;
        loop {
            let at = self.at();
            let next = match self.peek() {
                Token::Sign(sign) => *sign,
                Token::Word(word) => word,
                _ => return Ok(left),
            };
            let Some(sign) = signs.iter().find(|sign| **sign == next) else {
                return Ok(left);
            };
            self.next += 1;
            let sides = Box::new([left, self.binary(level + 1)?]);
            left = Term::new(at, TermKind::Binary { sign, sides })?;
        }
    }

    /// Any number of `!`, or of `-`, before a member. Pairs cancel out, as in every reader of CEL.
    fn unary(&mut self) -> Parsed {
        let at = self.at();
        let mut odd = false;
        if self.take("!") {
            odd = !odd;
            while self.take("!") {
                odd = !odd;
            }
            let member = Box::new(self.member()?);
            return if odd {
                Term::new(at, TermKind::Not(member))
            } else {
                Ok(*member)
            };
        }
        while !self.at_negative_number() && self.take("-") {
            odd = !odd;
        }
        let member = Box::new(self.member()?);
        if odd {
            Term::new(at, TermKind::Negate(member))
        } else {
            Ok(*member)
        }
    }

    fn at_negative_number(&self) -> bool {
        let next = self.tokens.get(self.next + 1).map(|(_, token)| token);
        matches!(self.peek(), Token::Sign("-"))
            && matches!(next, Some(Token::Int(_) | Token::Float(_)))
    }

    /// A primary with any number of `.field`, `.?field`, `.call(...)`, `[index]`, `[?index]`.
    fn member(&mut self) -> Parsed {
        let mut term = self.primary()?;
        loop {
            let at = self.at();
            if self.take(".") {
                let optional = self.take("?");
                let (name, quoted) = self.field_name()?;
                if !optional && !quoted && self.take("(") {
                    let args = self.items(")", false)?;
                    let call = TermKind::Call {
                        target: Some(Box::new(term)),
                        name,
                        args: args.into_iter().map(|(arg, _)| arg).collect(),
                    };
                    term = Term::new(at + 1, call)?;
                } else {
                    let of = Box::new(term);
                    term = Term::new(at, TermKind::Field { of, name, optional })?;
                }
            } else if self.take("[") {
                let optional = self.take("?");
                let index = Box::new(self.expression()?);
                self.expect("]")?;
                let of = Box::new(term);
                let kind = TermKind::Index {
                    of,
                    index,
                    optional,
                };
                term = Term::new(at, kind)?;
            } else {
                return Ok(term);
            }
        }
    }

    /// The name after a dot, and whether it stands in backticks.
    fn field_name(&mut self) -> Result<(String, bool), ExprError> {
        let found = match self.peek() {
            Token::Word(word) if !matches!(*word, "true" | "false" | "null" | "in") => {
                Ok(((*word).to_owned(), false))
            }
            Token::Quoted(name) => Ok(((*name).to_owned(), true)),
            _ => Err(self.unexpected("the name of a field")),
        };
        self.next += usize::from(found.is_ok());
        found
    }
}
