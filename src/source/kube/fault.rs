//! What can go wrong with a request, in words, and what would let it succeed.

use std::time::Duration;

use super::super::{Wanted, repo_secret};
use super::foreign::Foreign;

/// Why a request gave nothing. No text of a kubeconfig, a plugin, a proxy or a server is in it: see [`Foreign`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No connection, or it broke: refused, reset, TLS, name not found.
    Unreachable(&'static str),
    /// The credentials could not be made: an authentication plugin failed, a file is missing.
    NoCredentials(String),
    /// One request took too long.
    Slow(Duration),
    /// Nothing came from the server for so long, to this request and to another.
    Silent(Duration),
    /// All of them together took too long.
    OutOfTime(Duration),
    /// More bytes than we take of one thing: of an answer, of an object, of all that is read.
    TooLarge(&'static str, u64),
    /// A list that goes on and on.
    Endless(&'static str),
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404 that a Kubernetes API server wrote about one object.
    NoSuchObject,
    /// 404 of any other kind: the path is unknown to whoever answered.
    NoSuchPath,
    /// 410: a page was asked for too late; with the token that continues regardless.
    Expired(Option<String>),
    /// 429 and 5xx, and how long to wait where the server says.
    Busy(u16, Option<Duration>),
    /// Any other refusal.
    Refused(u16, &'static str),
    /// An answer that is not Kubernetes'.
    Foreign(String),
}

impl Fault {
    /// What a failed call of the client means.
    pub(super) fn of_client(error: &Foreign<kube::Error>) -> Fault {
        if error.is_of_credentials() {
            Fault::NoCredentials(error.kind().to_owned())
        } else {
            Fault::Unreachable(error.kind())
        }
    }

    /// What a client that could not be made means: a certificate or a proxy.
    pub(super) fn of_credentials(error: &Foreign<kube::Error>) -> Fault {
        Fault::NoCredentials(error.kind().to_owned())
    }

    /// What a body that ends early means, or that cannot be unpacked.
    pub(super) fn of_broken_body() -> Fault {
        Fault::Unreachable("the answer broke off, or could not be unpacked")
    }

    /// What an answer means that is no JSON of the shape asked for.
    pub(super) fn of_json(what: &str, error: &Foreign<serde_json::Error>) -> Fault {
        let (line, column) = error.place();
        Fault::Foreign(format!("no {what} (line {line}, column {column})"))
    }

    /// Whether the same request may succeed a moment later.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Fault::Unreachable(_) => true,
            Fault::Busy(code, ..) => matches!(code, 429 | 500 | 502 | 503 | 504),
            _ => false,
        }
    }

    /// Whether nothing can be asked of this server at all.
    pub(super) fn is_of_the_server(&self) -> bool {
        matches!(
            self,
            Fault::Unreachable(_)
                | Fault::NoCredentials(_)
                | Fault::Slow(_)
                | Fault::Silent(_)
                | Fault::OutOfTime(_)
                | Fault::Unauthorized
                | Fault::Busy(..)
        )
    }

    /// Why, for people.
    pub(super) fn because(&self) -> String {
        match self {
            Fault::Unreachable(why) => format!("the server could not be reached: {why}"),
            Fault::NoCredentials(words) => format!("no credentials for the server: {words}"),
            Fault::Slow(limit) => format!("the server did not answer within {}", span(*limit)),
            Fault::Silent(limit) => {
                format!(
                    "the server says nothing any more: no answer within {}",
                    span(*limit)
                )
            }
            Fault::OutOfTime(limit) => format!("the run's {} were over", span(*limit)),
            Fault::TooLarge(what, most) => format!("{what} is larger than {most} bytes"),
            Fault::Endless(why) => format!("the list does not end: {why}"),
            Fault::Unauthorized => "the server does not accept the credentials (401)".to_owned(),
            Fault::Forbidden => "the server refused (403): this user may not".to_owned(),
            Fault::NoSuchObject => "there is no such object".to_owned(),
            Fault::NoSuchPath => {
                "whoever answered does not know this path (404): no Kubernetes API server?"
                    .to_owned()
            }
            Fault::Expired(_) => "the list grew old while it was read, twice".to_owned(),
            Fault::Busy(code, _) => {
                format!("the server answered {code} again and again, and was given up")
            }
            Fault::Refused(code, words) => format!("the server answered {code}: {words}"),
            Fault::Foreign(words) => format!("the answer is not Kubernetes': {words}"),
        }
    }

    /// What would settle it; `names` are the objects that were got by name, where no others are of interest.
    pub(super) fn ask(
        &self,
        context: &str,
        row: &Wanted,
        namespace: Option<&str>,
        names: &[String],
    ) -> String {
        let kubectl = format!("kubectl --context {}", word(context));
        let list = match namespace {
            Some(namespace) if row.kind == "Secret" => format!(
                "{kubectl} get {} {} -n {} -o jsonpath='{{.metadata.annotations}}'",
                row.resource,
                names.first().map_or_else(String::new, |name| word(name)),
                word(namespace)
            ),
            Some(namespace) => format!(
                "{kubectl} get {} -n {} -o yaml",
                row.resource,
                word(namespace)
            ),
            None if row.namespaced => format!("{kubectl} get {} -A -o yaml", row.resource),
            None => format!("{kubectl} get {} -o yaml", row.resource),
        };
        match self {
            Fault::Forbidden => permission(row, namespace, names),
            Fault::Unauthorized | Fault::NoCredentials(_) => {
                format!("log in again, until {kubectl} get --raw /version answers")
            }
            Fault::Unreachable(_) | Fault::Silent(_) | Fault::Foreign(_) | Fault::NoSuchPath => {
                format!("see what {kubectl} get --raw /version says, then run again")
            }
            Fault::Slow(_) => format!("a longer --request-timeout, or {list}"),
            Fault::OutOfTime(_) => format!("a longer --timeout, or {list}"),
            _ => list,
        }
    }
}

/// The RBAC rule that would have allowed it.
pub(super) fn permission(row: &Wanted, namespace: Option<&str>, names: &[String]) -> String {
    let rule = if row.kind == "Secret" {
        named_rule(row, names)
    } else {
        row.rbac_rule()
    };
    match namespace {
        Some(namespace) => {
            format!("the RBAC rule {rule} in a Role of namespace {namespace}, bound to this user")
        }
        None if row.namespaced => format!(
            "the RBAC rule {rule} in a ClusterRole bound to this user, or name the namespaces it may read with -n"
        ),
        None => format!("the RBAC rule {rule} in a ClusterRole bound to this user"),
    }
}

/// For Secrets nothing but get, and nothing but those that are got.
fn named_rule(row: &Wanted, names: &[String]) -> String {
    let usual = [repo_secret("CLUSTER")];
    let names = if names.is_empty() { &usual[..] } else { names };
    format!(
        "{{apiGroups: [\"{}\"], resources: [\"{}\"], resourceNames: [\"{}\"], verbs: [\"get\"]}}",
        row.group,
        row.plural(),
        names.join("\", \"")
    )
}

/// A word that a shell takes as it is.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._:/@".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// `30s`, `250ms`, `1500ms`; of what was left of a limit the whole seconds, rounded.
pub(super) fn span(duration: Duration) -> String {
    let millis = duration.as_millis();
    // What somebody gave is told as given; what was left of it is no round number.
    if millis < 1000 || !millis.is_multiple_of(1000) && millis.is_multiple_of(100) {
        format!("{millis}ms")
    } else {
        format!("{}s", (millis + 500) / 1000)
    }
}
