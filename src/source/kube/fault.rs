//! What can go wrong with a request, in words, and what would let it succeed.

use std::error::Error;
use std::time::Duration;

use super::super::Wanted;

/// Why a request gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No connection, or it broke: refused, reset, TLS, name not found.
    Unreachable(String),
    /// The credentials could not be made: an authentication plugin failed, a file is missing.
    NoCredentials(String),
    /// One request took too long.
    Slow(Duration),
    /// All of them together took too long.
    OutOfTime(Duration),
    /// More bytes than we take.
    TooLarge(u64),
    /// 401.
    Unauthorized(String),
    /// 403.
    Forbidden(String),
    /// 404 that a Kubernetes API server wrote about one object.
    NoSuchObject,
    /// 404 of any other kind: the path is unknown to whoever answered.
    NoSuchPath,
    /// 410: a page was asked for too late; with the token that continues regardless.
    Expired(Option<String>),
    /// 429 and 5xx, and how long to wait where the server says.
    Busy(u16, String, Option<Duration>),
    /// Any other refusal.
    Refused(u16, String),
    /// An answer that is not Kubernetes'.
    Foreign(String),
}

impl Fault {
    /// What a failed call of the client means.
    pub(super) fn of_client(error: &kube::Error) -> Fault {
        let words = chain(error);
        match error {
            kube::Error::Auth(_) => Fault::NoCredentials(words),
            _ => Fault::Unreachable(words),
        }
    }

    /// What a client that could not be made means: a certificate or a plugin.
    pub(super) fn of_credentials(error: &kube::Error) -> Fault {
        Fault::NoCredentials(chain(error))
    }

    /// What a body that ends early means.
    pub(super) fn of_broken_body(error: &(dyn Error + 'static)) -> Fault {
        Fault::Unreachable(format!("the answer broke off: {}", chain(error)))
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
                | Fault::OutOfTime(_)
                | Fault::Unauthorized(_)
                | Fault::Busy(..)
        )
    }

    /// Why, for people.
    pub(super) fn because(&self) -> String {
        match self {
            Fault::Unreachable(words) => format!("the server could not be reached: {words}"),
            Fault::NoCredentials(words) => format!("no credentials for the server: {words}"),
            Fault::Slow(limit) => format!("the server did not answer within {}", span(*limit)),
            Fault::OutOfTime(limit) => format!("the run's {} were over", span(*limit)),
            Fault::TooLarge(most) => format!("the answer is larger than {most} bytes"),
            Fault::Unauthorized(words) => {
                format!("the server does not accept the credentials: {words}")
            }
            Fault::Forbidden(words) => format!("the server refused: {words}"),
            Fault::NoSuchObject => "there is no such object".to_owned(),
            Fault::NoSuchPath => {
                "whoever answered does not know this path (404): no Kubernetes API server?"
                    .to_owned()
            }
            Fault::Expired(_) => "the list grew old while it was read, twice".to_owned(),
            Fault::Busy(code, words, _) => {
                format!("the server answered {code} again and again: {words}")
            }
            Fault::Refused(code, words) => format!("the server answered {code}: {words}"),
            Fault::Foreign(words) => format!("the answer is not Kubernetes': {words}"),
        }
    }

    /// What would settle it.
    pub(super) fn ask(&self, context: &str, row: &Wanted, namespace: Option<&str>) -> String {
        let kubectl = format!("kubectl --context {}", word(context));
        let list = match namespace {
            Some(namespace) => format!(
                "{kubectl} get {} -n {} -o yaml",
                row.resource,
                word(namespace)
            ),
            None if row.namespaced => format!("{kubectl} get {} -A -o yaml", row.resource),
            None => format!("{kubectl} get {} -o yaml", row.resource),
        };
        match self {
            Fault::Forbidden(_) => permission(row, namespace),
            Fault::Unauthorized(_) | Fault::NoCredentials(_) => {
                format!("log in again, until {kubectl} get --raw /version answers")
            }
            Fault::Unreachable(_) | Fault::Foreign(_) | Fault::NoSuchPath => {
                format!("see what {kubectl} get --raw /version says, then run again")
            }
            Fault::Slow(_) => format!("a longer --request-timeout, or {list}"),
            Fault::OutOfTime(_) => format!("a longer --timeout, or {list}"),
            _ => list,
        }
    }
}

/// The RBAC rule that would have allowed it.
pub(super) fn permission(row: &Wanted, namespace: Option<&str>) -> String {
    let rule = row.rbac_rule();
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

/// A word that a shell takes as it is.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._:/@".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// `30s`, `250ms`.
fn span(duration: Duration) -> String {
    if duration.subsec_millis() == 0 {
        format!("{}s", duration.as_secs())
    } else {
        format!("{}ms", duration.as_millis())
    }
}

/// An error and its causes, each once: wrappers like to repeat what they wrap.
fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !words.contains(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        cause = inner.source();
    }
    let told = ["ServiceError: ", "HyperError: "]
        .into_iter()
        .find_map(|name| words.strip_prefix(name));
    shown(told.unwrap_or(&words))
}

/// What a stranger wrote, fit for a line: no control characters, not too long.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 300;
    let text = text.trim();
    let mut line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MOST)
        .collect();
    if text.chars().count() > MOST {
        line.push_str("...");
    }
    line
}
