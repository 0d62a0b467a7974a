//! What an expression is made of: literals, names, calls, brackets.

use super::syntax::{Term, TermKind};
use super::token::Token;
use super::{Parsed, Parser};
use crate::expr::{ExprError, Value};

/// Reserved by the language: no variable may have these names (fields may).
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Parsed {
        let at = self.at();
        if self.take("(") {
            let inner = self.expression()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.take("[") {
            return Term::new(at, TermKind::List(self.items("]", true)?));
        }
        if self.take("{") {
            return Term::new(at, TermKind::Map(self.entries()?));
        }
        let negative = self.at_negative_number() && self.take("-");
        let literal = match self.peek() {
            Token::Int(number) => Value::Int(signed(*number, negative).ok_or_else(|| {
                ExprError::new(at, "the number does not fit into 64 bits".to_owned())
            })?),
            Token::Float(number) => Value::Float(if negative { -number } else { *number }),
            Token::Text(text) => Value::from(text.as_str()),
            Token::Word("true") => Value::Bool(true),
            Token::Word("false") => Value::Bool(false),
            Token::Word("null") => Value::Null,
            Token::Word(word) => {
                let word = (*word).to_owned();
                return self.name_or_call(at, word);
            }
            _ => return Err(self.unexpected("a value")),
        };
        self.next += 1;
        Term::new(at, TermKind::Literal(literal))
    }

    fn name_or_call(&mut self, at: usize, name: String) -> Parsed {
        if name == "in" {
            return Err(self.unexpected("a value"));
        }
        if RESERVED.contains(&name.as_str()) {
            let message = format!("`{name}` is a reserved word and cannot name a value");
            return Err(ExprError::new(at, message));
        }
        self.next += 1;
        if self.take("(") {
            let args = self.items(")", false)?;
            let args = args.into_iter().map(|(arg, _)| arg).collect();
            let target = None;
            return Term::new(at, TermKind::Call { target, name, args });
        }
        if matches!(self.peek(), Token::Sign("{")) {
            return Err(ExprError::new(
                at,
                "objects with a type name are not supported".into(),
            ));
        }
        Term::new(at, TermKind::Name(name))
    }

    /// Expressions separated by commas up to a closing bracket; a list may end in a comma and mark
    /// items as optional.
    pub(super) fn items(
        &mut self,
        close: &str,
        list: bool,
    ) -> Result<Vec<(Term, bool)>, ExprError> {
        let mut items = Vec::new();
        while !self.take(close) {
            if !items.is_empty() {
                self.expect(",")?;
                if list && self.take(close) {
                    break;
                }
            }
            let optional = list && self.take("?");
            items.push((self.expression()?, optional));
        }
        Ok(items)
    }

    /// Entries of a map literal, after its opening brace.
    fn entries(&mut self) -> Result<Vec<(Term, Term, bool)>, ExprError> {
        let mut entries = Vec::new();
        while !self.take("}") {
            if !entries.is_empty() {
                self.expect(",")?;
                if self.take("}") {
                    break;
                }
            }
            let optional = self.take("?");
            let key = self.expression()?;
            self.expect(":")?;
            entries.push((key, self.expression()?, optional));
        }
        Ok(entries)
    }
}

fn signed(number: u64, negative: bool) -> Option<i64> {
    if negative {
        0_i64.checked_sub_unsigned(number)
    } else {
        i64::try_from(number).ok()
    }
}
