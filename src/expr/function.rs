//! The functions an expression may call: names, ways to call them, numbers of arguments.
//!
//! What they do is in `text.rs`, `list.rs`, `compare.rs` and `convert.rs`.

/// A function of known arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Negate,
    Size,
    Set,
    Type,
    Dyn,
    Bool,
    Int,
    Double,
    String,
    Version,
    Quantity,
    IsVersion,
    IsQuantity,
    Time,
    Duration,
    StartsWith,
    EndsWith,
    Contains,
    LowerAscii,
    UpperAscii,
    Trim,
    Split,
    Join,
    Replace,
    Substring,
    IndexOf,
    LastIndexOf,
    CharAt,
    Sum,
    Min,
    Max,
    IsSorted,
    OptionalOf,
    OptionalOfNonZero,
    OptionalNone,
    HasValue,
    Value,
    IsLessThan,
    IsGreaterThan,
    CompareTo,
}

/// How a function is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `f(x)`.
    Free,
    /// `x.f()`.
    Member,
    /// Either.
    Both,
    /// `optional.f(x)`.
    Optional,
}

use Function as F;
use Style::{Both, Free, Member, Optional};

/// Name, style, least and most arguments (the target of a member call counts as one).
const TABLE: &[(&str, Style, usize, usize, Function)] = &[
    ("size", Both, 1, 1, F::Size),
    ("set", Free, 1, 1, F::Set),
    ("type", Free, 1, 1, F::Type),
    ("dyn", Free, 1, 1, F::Dyn),
    ("bool", Free, 1, 1, F::Bool),
    ("int", Free, 1, 1, F::Int),
    ("double", Free, 1, 1, F::Double),
    ("string", Free, 1, 1, F::String),
    ("version", Free, 1, 1, F::Version),
    ("quantity", Free, 1, 1, F::Quantity),
    ("isVersion", Free, 1, 1, F::IsVersion),
    ("isQuantity", Free, 1, 1, F::IsQuantity),
    ("timestamp", Free, 1, 1, F::Time),
    ("duration", Free, 1, 1, F::Duration),
    ("startsWith", Member, 2, 2, F::StartsWith),
    ("endsWith", Member, 2, 2, F::EndsWith),
    ("contains", Member, 2, 2, F::Contains),
    ("lowerAscii", Member, 1, 1, F::LowerAscii),
    ("upperAscii", Member, 1, 1, F::UpperAscii),
    ("trim", Member, 1, 1, F::Trim),
    ("split", Member, 2, 3, F::Split),
    ("join", Member, 1, 2, F::Join),
    ("replace", Member, 3, 4, F::Replace),
    ("substring", Member, 2, 3, F::Substring),
    ("indexOf", Member, 2, 2, F::IndexOf),
    ("lastIndexOf", Member, 2, 2, F::LastIndexOf),
    ("charAt", Member, 2, 2, F::CharAt),
    ("sum", Member, 1, 1, F::Sum),
    ("min", Member, 1, 1, F::Min),
    ("max", Member, 1, 1, F::Max),
    ("isSorted", Member, 1, 1, F::IsSorted),
    ("of", Optional, 1, 1, F::OptionalOf),
    ("ofNonZeroValue", Optional, 1, 1, F::OptionalOfNonZero),
    ("none", Optional, 0, 0, F::OptionalNone),
    ("hasValue", Member, 1, 1, F::HasValue),
    ("value", Member, 1, 1, F::Value),
    ("isLessThan", Member, 2, 2, F::IsLessThan),
    ("isGreaterThan", Member, 2, 2, F::IsGreaterThan),
    ("compareTo", Member, 2, 2, F::CompareTo),
];

/// The names of the macros and functions that are not in the table, for "did you mean".
const MACROS: &[&str] = &[
    "has",
    "exists",
    "all",
    "exists_one",
    "existsOne",
    "filter",
    "map",
    "matches",
    "orValue",
    "or",
    "optMap",
    "optFlatMap",
];

impl Function {
    /// The function of this name when written in this style with this many arguments, the target
    /// included; otherwise what is wrong.
    pub(super) fn find(name: &str, style: Style, count: usize) -> Result<Function, String> {
        let Some((_, found, least, most, function)) = TABLE.iter().find(|row| row.0 == name) else {
            return Err(unknown(name));
        };
        if !(*found == style || (*found == Both && matches!(style, Free | Member))) {
            return Err(match found {
                Free | Both => format!("`{name}` is called as {name}(x)"),
                Member => format!("`{name}` is called as x.{name}(...)"),
                Optional => format!("`{name}` is called as optional.{name}(...)"),
            });
        }
        if count < *least || count > *most {
            let target = usize::from(matches!(style, Member));
            let (least, most, count) = (least - target.min(*least), most - target, count - target);
            let wanted = if least == most {
                least.to_string()
            } else {
                format!("{least} or {most}")
            };
            return Err(format!("`{name}` takes {wanted} arguments, not {count}"));
        }
        Ok(*function)
    }

    /// The function of a binary operator.
    pub(super) fn of_sign(sign: &str) -> Function {
        match sign {
            "==" => F::Equal,
            "!=" => F::Unequal,
            "<" => F::Less,
            "<=" => F::LessEqual,
            ">" => F::Greater,
            ">=" => F::GreaterEqual,
            "in" => F::In,
            "+" => F::Add,
            "-" => F::Subtract,
            "*" => F::Multiply,
            "/" => F::Divide,
            _ => F::Modulo,
        }
    }

    /// How it is written, for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            F::Equal => "==",
            F::Unequal => "!=",
            F::Less => "<",
            F::LessEqual => "<=",
            F::Greater => ">",
            F::GreaterEqual => ">=",
            F::In => "in",
            F::Add => "+",
            F::Subtract | F::Negate => "-",
            F::Multiply => "*",
            F::Divide => "/",
            F::Modulo => "%",
            other => {
                let row = TABLE.iter().find(|row| row.4 == other);
                row.map_or("function", |row| row.0)
            }
        }
    }
}

fn unknown(name: &str) -> String {
    let names = TABLE.iter().map(|row| row.0).chain(MACROS.iter().copied());
    match nearest(name, names) {
        Some(near) => format!("there is no function `{name}`; did you mean `{near}`?"),
        None => format!("there is no function `{name}`"),
    }
}

/// The candidate most like a misspelt name, if one is near enough to be meant.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let bound = 1 + name.len() / 4;
    let ranked =
        candidates.filter_map(|candidate| Some((distance(name, candidate, bound)?, candidate)));
    ranked.min().map(|(_, candidate)| candidate)
}

/// How many letters of one word the other does not have at all: each of them must be dropped or changed. Letters of either
/// case have the same five bits; what else has them counts as the same, so that there may be more.
fn strange(word: &str, other: &str) -> usize {
    let bit = |byte: u8| 1_u32 << (byte & 31);
    let known = other.bytes().fold(0, |known, byte| known | bit(byte));
    word.bytes().filter(|byte| known & bit(*byte) == 0).count()
}

/// How many letters must be inserted, dropped or changed, without regard to case; `None` if it is more than a bound.
fn distance(left: &str, right: &str, bound: usize) -> Option<usize> {
    if left.is_ascii() && right.is_ascii() {
        let least = left.len().abs_diff(right.len());
        if least > bound || strange(left, right) > bound || strange(right, left) > bound {
            return None;
        }
    }
    let right: Vec<char> = right.chars().flat_map(char::to_lowercase).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, from) in left.chars().flat_map(char::to_lowercase).enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        for (to, cell) in right.iter().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(from != *to);
            diagonal = *cell;
            *cell = changed.min(before + 1).min(diagonal + 1);
            before = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
        // No later row holds less than the least of this one.
        if row.iter().all(|cell| *cell > bound) {
            return None;
        }
    }
    row.last().copied().filter(|distance| *distance <= bound)
}
