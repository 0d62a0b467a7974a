//! Random expressions and values, drawn from a tape of bytes so that a failing case shrinks.
//!
//! Expressions are mostly well typed, so that they come to an answer, and now and then not.

use pgo_preflight::expr::Value;

/// Where choices come from; all zero at its end.
pub struct Tape<'a>(std::slice::Iter<'a, u8>);

impl<'a> Tape<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Tape(bytes.iter())
    }

    /// A number below `count`.
    pub fn pick(&mut self, count: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % count
    }

    fn one<'o>(&mut self, of: &[&'o str]) -> &'o str {
        of[self.pick(of.len())]
    }
}

/// Variables by kind: booleans, integers, strings, lists, maps, anything.
pub const VARIABLES: [&str; 10] = ["a", "b", "i", "j", "s", "t", "l", "k", "m", "x"];

/// A value fit for a variable; `partly` lets items of lists and maps be unknown.
pub fn value(tape: &mut Tape<'_>, variable: &str, partly: Option<&Value>) -> Value {
    match variable {
        "a" | "b" => Value::Bool(tape.pick(2) == 0),
        "i" | "j" => integer(tape),
        "s" | "t" => string(tape),
        "l" | "k" => list(tape, partly),
        "m" => map(tape, partly),
        _ => match tape.pick(8) {
            0 => Value::Null,
            1 => Value::Bool(true),
            2 => Value::Float(1.5),
            3 => Value::Float(2.0),
            4 => string(tape),
            5 => list(tape, partly),
            6 => map(tape, partly),
            _ => integer(tape),
        },
    }
}

fn integer(tape: &mut Tape<'_>) -> Value {
    Value::Int([0, 1, 2, 3, -1, i64::MAX][tape.pick(6)])
}

fn string(tape: &mut Tape<'_>) -> Value {
    Value::from(tape.one(&["", "a", "b", "ab", "aab", "ä b"]))
}

fn item(tape: &mut Tape<'_>, partly: Option<&Value>) -> Value {
    match (tape.pick(6), partly) {
        (0, Some(unknown)) => unknown.clone(),
        (1, _) => string(tape),
        (2, _) => Value::Null,
        _ => integer(tape),
    }
}

fn list(tape: &mut Tape<'_>, partly: Option<&Value>) -> Value {
    let count = tape.pick(4);
    Value::List((0..count).map(|_| item(tape, partly)).collect())
}

fn map(tape: &mut Tape<'_>, partly: Option<&Value>) -> Value {
    let keys = ["a", "b", "c"]
        .into_iter()
        .filter(|_| tape.pick(3) > 0)
        .collect::<Vec<_>>();
    Value::Map(
        keys.into_iter()
            .map(|key| (key.into(), item(tape, partly)))
            .collect(),
    )
}

/// A condition.
pub fn condition(tape: &mut Tape<'_>) -> String {
    boolean(tape, 4, &mut Vec::new())
}

type Locals = Vec<String>;

/// In brackets half of the time: without, the operators' ranks decide what belongs together.
fn maybe_bracketed(tape: &mut Tape<'_>, text: String) -> String {
    if tape.pick(2) == 0 {
        format!("({text})")
    } else {
        text
    }
}

fn boolean(tape: &mut Tape<'_>, depth: usize, locals: &mut Locals) -> String {
    if depth == 0 {
        return tape
            .one(&[
                "true", "false", "a", "b", "x", "has(m.a)", "s == t", "i < j",
            ])
            .to_owned();
    }
    let depth = depth - 1;
    let text = match tape.pick(16) {
        0..=2 => format!(
            "{} && {}",
            boolean(tape, depth, locals),
            boolean(tape, depth, locals)
        ),
        3..=5 => format!(
            "{} || {}",
            boolean(tape, depth, locals),
            boolean(tape, depth, locals)
        ),
        6 => {
            let inner = boolean(tape, depth, locals);
            // The grammar knows no minus after an exclamation mark.
            if inner.starts_with('-') {
                format!("!({inner})")
            } else {
                format!("!{inner}")
            }
        }
        7 => {
            let condition = boolean(tape, depth, locals);
            let (then, otherwise) = (boolean(tape, depth, locals), boolean(tape, depth, locals));
            format!("({condition}) ? ({then}) : {otherwise}")
        }
        8 => {
            let sign = tape.one(&["==", "!=", "<", "<=", ">", ">="]);
            format!(
                "{} {sign} {}",
                integral(tape, depth, locals),
                integral(tape, depth, locals)
            )
        }
        9 => {
            let sign = tape.one(&["==", "!=", "<", ">="]);
            format!(
                "{} {sign} {}",
                text(tape, depth, locals),
                text(tape, depth, locals)
            )
        }
        10 => {
            let sign = tape.one(&["==", "!="]);
            format!(
                "{} {sign} {}",
                anything(tape, depth, locals),
                anything(tape, depth, locals)
            )
        }
        11 => format!(
            "{} in {}",
            anything(tape, depth, locals),
            container(tape, depth, locals)
        ),
        12 => {
            let function = tape.one(&["startsWith", "endsWith", "contains"]);
            format!(
                "{}.{function}({})",
                text(tape, depth, locals),
                text(tape, depth, locals)
            )
        }
        13 | 14 => {
            let over = container(tape, depth, locals);
            let quantifier = tape.one(&["exists", "all", "exists_one"]);
            let variable = format!("v{}", locals.len());
            if locals.len() == 2 {
                return format!("{} == {}", over, list_text(tape, depth, locals));
            }
            locals.push(variable.clone());
            let body = boolean(tape, depth, locals);
            locals.pop();
            format!("{over}.{quantifier}({variable}, {body})")
        }
        _ => optional(tape, depth, locals),
    };
    maybe_bracketed(tape, text)
}

/// Optional access of the right type: the `cel` crate takes a wrong one for "none", we for an error.
fn optional(tape: &mut Tape<'_>, depth: usize, locals: &mut Locals) -> String {
    match tape.pick(5) {
        0 => "m.?a.hasValue()".to_owned(),
        // A plain default: Kubernetes' CEL evaluates it only if needed, the `cel` crate always.
        1 => format!("m.?a.orValue(i) == {}", integral(tape, depth, locals)),
        2 => format!("l[?{}].hasValue()", tape.one(&["0", "i", "-1", "2"])),
        3 => format!("m[?{}].orValue(true) == true", tape.one(&["s", "'a'"])),
        _ => tape
            .one(&["has(m.a)", "has(m.b)", "has(x.a)", "m.a == m.b"])
            .to_owned(),
    }
}

fn integral(tape: &mut Tape<'_>, depth: usize, locals: &mut Locals) -> String {
    let leaf = depth == 0 || tape.pick(3) == 0;
    if leaf {
        if let (Some(local), 0) = (locals.last(), tape.pick(2)) {
            return local.clone();
        }
        return tape
            .one(&[
                "0", "1", "2", "-1", "1.5", "i", "j", "m.a", "x", "l[0]", "k[i]",
            ])
            .to_owned();
    }
    let depth = depth - 1;
    let text = match tape.pick(8) {
        0..=3 => {
            let sign = tape.one(&["+", "-", "*", "/", "%"]);
            format!(
                "{} {sign} {}",
                integral(tape, depth, locals),
                integral(tape, depth, locals)
            )
        }
        4 => format!("size({})", container(tape, depth, locals)),
        5 => format!("size({})", text(tape, depth, locals)),
        6 => format!("-({})", integral(tape, depth, locals)),
        _ => format!(
            "({} ? {} : {})",
            boolean(tape, depth, locals),
            integral(tape, depth, locals),
            integral(tape, depth, locals)
        ),
    };
    maybe_bracketed(tape, text)
}

fn text(tape: &mut Tape<'_>, depth: usize, locals: &mut Locals) -> String {
    if depth == 0 || tape.pick(2) == 0 {
        if let (Some(local), 0) = (locals.last(), tape.pick(3)) {
            return local.clone();
        }
        return tape
            .one(&[
                "''",
                "'a'",
                "\"b\"",
                "r'ab'",
                "s",
                "t",
                "x",
                "m.b",
                "'\\u00e4'",
            ])
            .to_owned();
    }
    format!(
        "({} + {})",
        text(tape, depth - 1, locals),
        text(tape, depth - 1, locals)
    )
}

fn anything(tape: &mut Tape<'_>, depth: usize, locals: &mut Locals) -> String {
    match tape.pick(6) {
        0 => integral(tape, depth, locals),
        1 => text(tape, depth, locals),
        2 => list_text(tape, depth, locals),
        3 => tape.one(&["null", "x", "m", "m.c", "true"]).to_owned(),
        4 => format!("({})", boolean(tape, depth.min(1), locals)),
        _ => locals.last().cloned().unwrap_or_else(|| "i".to_owned()),
    }
}

/// A list or a map. What goes over a map here does not depend on the order of its keys.
fn container(tape: &mut Tape<'_>, depth: usize, locals: &mut Locals) -> String {
    match tape.pick(3) {
        0 => "m".to_owned(),
        _ => list_text(tape, depth, locals),
    }
}

fn list_text(tape: &mut Tape<'_>, depth: usize, locals: &mut Locals) -> String {
    if depth == 0 {
        return tape.one(&["l", "k", "[]", "[1, 2]"]).to_owned();
    }
    let depth = depth - 1;
    match tape.pick(6) {
        0 => format!(
            "[{}, {}]",
            anything(tape, depth, locals),
            anything(tape, depth, locals)
        ),
        1 => format!(
            "({} + {})",
            list_text(tape, depth, locals),
            list_text(tape, depth, locals)
        ),
        2 if locals.len() < 2 => {
            let over = list_text(tape, depth, locals);
            let variable = format!("v{}", locals.len());
            locals.push(variable.clone());
            let body = if tape.pick(2) == 0 {
                format!("filter({variable}, {})", boolean(tape, depth, locals))
            } else {
                format!("map({variable}, {})", anything(tape, depth, locals))
            };
            locals.pop();
            format!("{over}.{body}")
        }
        _ => tape.one(&["l", "k", "[i, j]", "['a']"]).to_owned(),
    }
}
