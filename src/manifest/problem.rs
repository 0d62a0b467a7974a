//! What could not be read, where, and why: in words of our own, never with the text itself, which may hold secrets.

use std::fmt;

use super::Kind;
use crate::source::{Source, Span};

/// Something in a text that we could not read, or read but did not take for what it seems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it was noticed; the text there has been overwritten. Its `Position` is still right.
    pub span: Span,
    /// What it is.
    pub kind: ProblemKind,
}

/// Why something was not read. `Display` is a whole sentence without the full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// UTF-16, as older versions of `PowerShell` write with `>`.
    Utf16,
    /// NUL bytes.
    Binary,
    /// More than 4 GiB.
    TooLarge,
    /// More values than any object has.
    TooManyValues,
    /// A control character, which kubectl rejects.
    ControlCharacter,
    /// The text ends inside a value or a collection.
    Truncated,
    /// A tab used for indentation.
    Tab,
    /// More than [`MAX_DEPTH`] levels.
    TooDeep,
    /// Aliases stand for more nodes than the text can account for.
    TooManyAliases,
    /// An alias inside the value it stands for.
    AliasInItself,
    /// An alias without an anchor before it.
    UnknownAlias,
    /// `<<` with something that is not a mapping.
    MergeOfNoMapping,
    /// A mapping or sequence as a key.
    ComplexKey,
    /// `null` as a key.
    NullKey,
    /// A number that JSON has no word for.
    NotJson,
    /// An explicit tag whose value does not fit it.
    WrongTag,
    /// A character that kubectl reads as a line break and others do not.
    OddLineBreak,
    /// The document starts with a `%` directive: kubectl rejects that, we read on.
    Directive,
    /// Something follows the end of the document's value.
    SecondRoot,
    /// Something follows `...`: kubectl silently ignores it.
    AfterEnd,
    /// Template markers where they break the manifest.
    UnrenderedTemplate,
    /// [`MAX_PROBLEMS`] were found before this place; the rest is not told, and may not have been read.
    TooManyProblems,
    /// Any other violation of YAML's grammar, in the parser's words.
    Syntax(&'static str),
    /// A list of operations (RFC 6902) on the spec of a cluster of PGO v5.
    JsonPatch,
    /// Well-formed, but without `apiVersion` and `kind`: a values file, a kustomization, data.
    NotKubernetes,
    /// Meant as one of PGO's kinds, but its apiVersion or kind is not as an API server knows it.
    Almost(Kind),
    /// An object of a kind we keep that has no name.
    Nameless(Kind),
    /// A parameter of an OpenShift Template that has no value, and that objects of PGO's use.
    OpenParameter,
}

/// The place where a document broke, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    /// Byte offset in the source.
    pub(super) at: u32,
    pub(super) kind: ProblemKind,
}

/// How many problems are told of one input.
pub const MAX_PROBLEMS: usize = 1000;

/// How deep a document may be nested.
pub const MAX_DEPTH: usize = 512;

impl ProblemKind {
    /// Whether nothing a verdict could rest on was lost: the text is read, or was never a manifest.
    pub fn is_harmless(self) -> bool {
        matches!(self, ProblemKind::NotKubernetes | ProblemKind::Directive)
    }

    /// Whether template markers nearby would explain it.
    pub(super) fn may_be_template(self) -> bool {
        matches!(
            self,
            ProblemKind::Syntax(_)
                | ProblemKind::ComplexKey
                | ProblemKind::NullKey
                | ProblemKind::Truncated
                | ProblemKind::SecondRoot
                | ProblemKind::UnknownAlias
        )
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            ProblemKind::NotUtf8 => "this is not UTF-8 text",
            ProblemKind::Utf16 => {
                "this is UTF-16 text (older PowerShells write it with `>`); save it as UTF-8"
            }
            ProblemKind::Binary => "this is not text: it holds NUL bytes",
            ProblemKind::TooLarge => "this is larger than 4 GiB; split it",
            ProblemKind::TooManyValues => {
                "this is one document of more than four million values; no API server takes such an object"
            }
            ProblemKind::ControlCharacter => "control characters are not allowed in YAML",
            ProblemKind::Truncated => "the text ends in the middle of a document: it was cut off",
            ProblemKind::Tab => "a tab cannot indent YAML; use spaces",
            ProblemKind::TooDeep => "this is nested more than 512 levels deep",
            ProblemKind::TooManyAliases => "the aliases in this text expand to too many values",
            ProblemKind::AliasInItself => "this alias is inside the value it stands for",
            ProblemKind::UnknownAlias => "no anchor before this alias has its name",
            ProblemKind::MergeOfNoMapping => "`<<` can merge only mappings",
            ProblemKind::ComplexKey => "a key must be a string, not a mapping or a list",
            ProblemKind::NullKey => "a key must not be null",
            ProblemKind::NotJson => "Kubernetes has no infinite numbers and no NaN",
            ProblemKind::WrongTag => "the value does not fit its tag",
            ProblemKind::OddLineBreak => {
                "kubectl takes this character (U+0085, U+2028 or U+2029) for a line break; write it as an \
                 escape in double quotes"
            }
            ProblemKind::Directive => {
                "kubectl does not accept a `%` directive before a document; it was read without it"
            }
            ProblemKind::SecondRoot => "something follows the end of this document's value",
            ProblemKind::AfterEnd => {
                "kubectl ignores what follows `...`; start another document with `---`"
            }
            ProblemKind::UnrenderedTemplate => {
                "this is an unrendered template; render it first (`helm template`, `envsubst`)"
            }
            ProblemKind::TooManyProblems => {
                "1000 problems were found before this; the rest of the input was given up"
            }
            ProblemKind::Syntax(words) => words,
            ProblemKind::Almost(kind) => {
                let row = kind.info();
                let version = if *kind == Kind::PostgresCluster {
                    "v1beta1"
                } else {
                    "v1"
                };
                return write!(
                    f,
                    "no API server takes this for a {name}: PGO's has `apiVersion: {group}/{version}` and `kind: {name}`, capitals included",
                    name = row.name,
                    group = row.group
                );
            }
            ProblemKind::Nameless(kind) => {
                return write!(
                    f,
                    "this {} has no name: no metadata.name is written; is the indentation lost?",
                    kind.info().name
                );
            }
            ProblemKind::OpenParameter => {
                "this parameter of the template has no value: what it stands for was not checked; fill it in (`oc process -f FILE -p NAME=VALUE`) and check what comes out"
            }
            ProblemKind::JsonPatch => {
                "this is a JSON patch for a PostgresCluster, not a whole one: what it makes of it was not checked; check what `kubectl kustomize` makes of its folder"
            }
            ProblemKind::NotKubernetes => "this has no `apiVersion` and `kind`: not a manifest",
        };
        f.write_str(words)
    }
}

/// A problem at the character that starts at this byte.
pub(super) fn problem_at(source: &Source, at: u32, kind: ProblemKind) -> Problem {
    let rest = source.text.get(at as usize..).unwrap_or("");
    let first = rest
        .chars()
        .next()
        .filter(|first| *first != '\n' && *first != '\r');
    #[allow(clippy::cast_possible_truncation)] // at most 4
    let length = first.map_or(0, char::len_utf8) as u32;
    let span = Span {
        source: source.id,
        start: at,
        end: at + length,
    };
    Problem { span, kind }
}
