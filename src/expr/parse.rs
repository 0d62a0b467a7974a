//! CEL tokens to a syntax tree: the grammar of the language definition, by recursive descent.
//!
//! Written here rather than taken from the `cel` crate because that crate's parser ends the process
//! (stack overflow) on 16 nested parentheses in a thread of 2 MiB, gives no names to its errors, and
//! costs milliseconds on first use. `tests/judging/cel_oracle.rs` holds the two against each other.

pub(super) mod escape;
mod primary;
pub(super) mod syntax;
pub(super) mod token;

use super::ExprError;
use syntax::{Term, TermKind, too_deep};
use token::{Token, tokens};

/// Longest source, in bytes.
const MAX_SOURCE: usize = 4096;

/// Deepest nesting of brackets: far more than anyone can read.
const MAX_NESTING: u16 = 32;

/// How tightly a binary operator binds, and itself.
fn ranked(sign: &str) -> Option<(usize, &'static str)> {
    Some(match sign {
        "||" => (0, "||"),
        "&&" => (1, "&&"),
        "==" => (2, "=="),
        "!=" => (2, "!="),
        "<=" => (2, "<="),
        ">=" => (2, ">="),
        "<" => (2, "<"),
        ">" => (2, ">"),
        "in" => (2, "in"),
        "+" => (3, "+"),
        "-" => (3, "-"),
        "*" => (4, "*"),
        "/" => (4, "/"),
        "%" => (4, "%"),
        _ => return None,
    })
}

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
    #[inline]
    fn peek(&self) -> &Token<'a> {
        self.tokens
            .get(self.next)
            .map_or(&Token::End, |(_, token)| token)
    }

    fn at(&self) -> usize {
        let token = self.tokens.get(self.next).or(self.tokens.last());
        token.map_or(0, |(at, _)| *at)
    }

    #[inline]
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
        if self.nesting > MAX_NESTING {
            return Err(too_deep(self.at()));
        }
        let mut term = self.joined(0)?;
        let at = self.at();
        if self.take("?") {
            let then = self.joined(0)?;
            self.expect(":")?;
            let otherwise = self.expression()?;
            term = Term::new(at, TermKind::If(Box::new([term, then, otherwise])))?;
        }
        self.nesting -= 1;
        Ok(term)
    }

    /// Terms joined by operators of at least this rank. Those of one rank bind to the left.
    fn joined(&mut self, least: usize) -> Parsed {
        let mut left = self.unary()?;
        loop {
            let at = self.at();
            let next = match self.peek() {
                Token::Sign(sign) => *sign,
                Token::Word(word) => word,
                _ => return Ok(left),
            };
            let Some((rank, sign)) = ranked(next).filter(|(rank, _)| *rank >= least) else {
                return Ok(left);
            };
            self.next += 1;
            left = join(at, sign, left, self.joined(rank + 1)?)?;
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
            let member = self.member()?;
            return if odd {
                Term::new(at, TermKind::Not(Box::new(member)))
            } else {
                Ok(member)
            };
        }
        while !self.at_negative_number() && self.take("-") {
            odd = !odd;
        }
        let member = self.member()?;
        if odd {
            Term::new(at, TermKind::Negate(Box::new(member)))
        } else {
            Ok(member)
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

/// Two terms joined by an operator; chains of `&&` and of `||` become one.
fn join(at: usize, sign: &'static str, left: Term, right: Term) -> Parsed {
    let chain: fn(Vec<Term>) -> TermKind = match sign {
        "||" => TermKind::Any,
        "&&" => TermKind::All,
        _ => {
            let sides = Box::new([left, right]);
            return Term::new(at, TermKind::Binary { sign, sides });
        }
    };
    let (at, mut parts) = match (sign, left) {
        (
            "||",
            Term {
                at,
                kind: TermKind::Any(parts),
                ..
            },
        )
        | (
            "&&",
            Term {
                at,
                kind: TermKind::All(parts),
                ..
            },
        ) => (at, parts),
        (_, left) => (at, vec![left]),
    };
    parts.push(right);
    Term::new(at, chain(parts))
}
