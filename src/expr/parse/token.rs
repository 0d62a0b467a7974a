//! CEL source to tokens.
//!
//! It must not know the grammar.

use crate::expr::ExprError;

/// A token of CEL.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::expr) enum Token<'a> {
    /// The end of the source.
    End,
    /// An identifier or a keyword.
    Word(&'a str),
    /// A field name in backticks, without them.
    Quoted(&'a str),
    /// An integer without its sign.
    Int(u64),
    /// A number with a fraction or an exponent, without its sign.
    Float(f64),
    /// A string, unescaped.
    Text(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// All tokens with the byte offset each begins at; the last is `End`.
pub(in crate::expr) fn tokens(source: &str) -> Result<Vec<(usize, Token<'_>)>, ExprError> {
    // A token for every four letters is more than most have.
    let mut found = Vec::with_capacity(source.len() / 4 + 4);
    let mut rest = source;
    loop {
        rest = skip_blank(rest);
        let at = source.len() - rest.len();
        if rest.is_empty() {
            found.push((at, Token::End));
            return Ok(found);
        }
        let (token, after) = token(rest).map_err(|message| ExprError::new(at, message))?;
        found.push((at, token));
        rest = after;
    }
}

/// The first two words of each dotted name, as they stand in a source.
pub(in crate::expr) fn dotted(source: &str) -> Result<Vec<(&str, &str)>, ExprError> {
    let tokens = tokens(source)?;
    let begins = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        !matches!(before, Some((_, Token::Sign("."))))
    };
    let windows = tokens.windows(3).enumerate();
    let names = windows.filter_map(|(at, window)| match window {
        [
            (_, Token::Word(root)),
            (_, Token::Sign(".")),
            (_, Token::Word(field)),
        ] => begins(at).then_some((*root, *field)),
        _ => None,
    });
    Ok(names.collect())
}

/// What follows white space and `//` comments.
fn skip_blank(mut rest: &str) -> &str {
    loop {
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'\x0c');
        let blanks = rest.bytes().take_while(is_blank).count();
        rest = rest.get(blanks..).unwrap_or("");
        let Some(comment) = rest.strip_prefix("//") else {
            return rest;
        };
        let end = comment.find('\n').unwrap_or(comment.len());
        rest = comment.get(end..).unwrap_or("");
    }
}

fn token(rest: &str) -> Result<(Token<'_>, &str), String> {
    let mut characters = rest.chars();
    let first = characters.next().unwrap_or(' ');
    let second = characters.next().unwrap_or(' ');
    if first == '"' || first == '\'' {
        return text(rest, false);
    }
    if matches!(first, 'r' | 'R') && matches!(second, '"' | '\'') {
        return text(rest.get(1..).unwrap_or(""), true);
    }
    if matches!(first, 'b' | 'B') && matches!(second, '"' | '\'') {
        return Err("byte strings are not supported; write a string".into());
    }
    if first.is_ascii_digit() || (first == '.' && second.is_ascii_digit()) {
        return number(rest);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let of_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let end = rest.bytes().take_while(of_word).count();
        let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        return Ok((Token::Word(word), after));
    }
    if first == '`' {
        let inner = rest.get(1..).unwrap_or("");
        let end = inner
            .find('`')
            .ok_or("a field name in backticks is not closed")?;
        let (name, after) = inner.split_at(end);
        return Ok((Token::Quoted(name), after.get(1..).unwrap_or("")));
    }
    if let Some(sign) = sign(first, second) {
        return Ok((Token::Sign(sign), rest.get(sign.len()..).unwrap_or("")));
    }
    Err(match first {
        '=' => "a single `=` is no operator; compare with `==`".into(),
        '&' | '|' => format!("a single `{first}` is no operator; write `{first}{first}`"),
        other => format!("unexpected character `{}`", other.escape_debug()),
    })
}

/// The operator or bracket that begins with these characters.
fn sign(first: char, second: char) -> Option<&'static str> {
    Some(match (first, second) {
        ('&', '&') => "&&",
        ('|', '|') => "||",
        ('=', '=') => "==",
        ('!', '=') => "!=",
        ('<', '=') => "<=",
        ('>', '=') => ">=",
        ('<', _) => "<",
        ('>', _) => ">",
        ('+', _) => "+",
        ('-', _) => "-",
        ('*', _) => "*",
        ('/', _) => "/",
        ('%', _) => "%",
        ('!', _) => "!",
        ('?', _) => "?",
        (':', _) => ":",
        ('.', _) => ".",
        (',', _) => ",",
        ('(', _) => "(",
        (')', _) => ")",
        ('[', _) => "[",
        (']', _) => "]",
        ('{', _) => "{",
        ('}', _) => "}",
        _ => return None,
    })
}

fn split_while(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

fn number(rest: &str) -> Result<(Token<'_>, &str), String> {
    if let Some(hex) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
        let (digits, after) = split_while(hex, |c| c.is_ascii_hexdigit());
        let value = u64::from_str_radix(digits, 16).map_err(|_| "not a 64-bit integer")?;
        return Ok((Token::Int(value), no_suffix(after)?));
    }
    let (whole, mut after) = split_while(rest, |c| c.is_ascii_digit());
    let mut is_float = false;
    if let Some(fraction) = after
        .strip_prefix('.')
        .filter(|f| f.starts_with(|c: char| c.is_ascii_digit()))
    {
        is_float = true;
        after = split_while(fraction, |c| c.is_ascii_digit()).1;
    }
    if let Some(exponent) = after.strip_prefix(['e', 'E']) {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let (digits, end) = split_while(unsigned, |c| c.is_ascii_digit());
        if !digits.is_empty() {
            is_float = true;
            after = end;
        }
    }
    let spelled = rest.get(..rest.len() - after.len()).unwrap_or(whole);
    let token = if is_float {
        Token::Float(spelled.parse().map_err(|_| "not a number")?)
    } else {
        Token::Int(spelled.parse().map_err(|_| "not a 64-bit integer")?)
    };
    Ok((token, no_suffix(after)?))
}

/// Refuses `1u` (unsigned numbers) and `1abc`.
fn no_suffix(after: &str) -> Result<&str, String> {
    match after.chars().next() {
        Some('u' | 'U') => Err("unsigned integers are not supported; leave out the `u`".into()),
        Some(c) if c.is_ascii_alphanumeric() || c == '_' => {
            Err("a number runs into a name; put a space between".into())
        }
        _ => Ok(after),
    }
}

/// A string in one or three quotes of either kind.
fn text(rest: &str, raw: bool) -> Result<(Token<'_>, &str), String> {
    let quote = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quote| rest.starts_with(quote))
        .unwrap_or("'");
    let mut value = String::new();
    let mut left = rest.get(quote.len()..).unwrap_or("");
    loop {
        if let Some(after) = left.strip_prefix(quote) {
            return Ok((Token::Text(value), after));
        }
        let Some(c) = left.chars().next() else {
            return Err(format!("a string is not closed with {quote}"));
        };
        left = left.get(c.len_utf8()..).unwrap_or("");
        match c {
            '\n' if quote.len() == 1 => {
                return Err(format!("a string is not closed with {quote} on its line"));
            }
            '\\' if !raw => {
                let (unescaped, after) = escape(left)?;
                value.push(unescaped);
                left = after;
            }
            '\\' => {
                // In a raw string a backslash stands for itself but still guards a quote.
                value.push(c);
                if let Some(next) = left.chars().next() {
                    value.push(next);
                    left = left.get(next.len_utf8()..).unwrap_or("");
                }
            }
            other => value.push(other),
        }
    }
}

/// The character of an escape sequence, after its backslash.
fn escape(rest: &str) -> Result<(char, &str), String> {
    let Some(c) = rest.chars().next() else {
        return Err("a string ends in a backslash".into());
    };
    let after = rest.get(c.len_utf8()..).unwrap_or("");
    let simple = match c {
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '\\' | '?' | '"' | '\'' | '`' => c,
        'x' | 'X' => return coded(after, 2, 16),
        'u' => return coded(after, 4, 16),
        'U' => return coded(after, 8, 16),
        '0'..='3' => return coded(rest, 3, 8),
        _ => {
            return Err(format!(
                "`\\{}` is no escape sequence; write `\\\\` for a backslash, or r\"...\"",
                c.escape_debug()
            ));
        }
    };
    Ok((simple, after))
}

fn coded(rest: &str, digits: usize, radix: u32) -> Result<(char, &str), String> {
    let code = rest
        .get(..digits)
        .filter(|code| code.chars().all(|c| c.is_digit(radix)));
    code.and_then(|code| u32::from_str_radix(code, radix).ok())
        .and_then(char::from_u32)
        .map(|c| (c, rest.get(digits..).unwrap_or("")))
        .ok_or_else(|| format!("an escape sequence needs {digits} digits that name a character"))
}
