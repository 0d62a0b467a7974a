//! What an HTTP answer says: its status, what the server writes about a failure, one page of a list.

use std::time::Duration;

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::fault::{Fault, shown};

/// What Kubernetes writes when a request fails.
#[derive(Debug, Default, Deserialize)]
struct Status {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    metadata: Option<Meta>,
    #[serde(default)]
    details: Option<Details>,
}

#[derive(Debug, Default, Deserialize)]
struct Details {
    #[serde(default)]
    name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Meta {
    #[serde(default, rename = "continue")]
    next: Option<String>,
}

/// One page of a list.
#[derive(Debug, Deserialize)]
struct Page {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    metadata: Meta,
    /// `null` is how Go writes a list without entries.
    items: Option<Vec<Value>>,
}

/// The entries of one page and the token of the next.
pub(super) struct Entries {
    pub(super) items: Vec<Value>,
    pub(super) next: Option<String>,
}

/// What an unsuccessful answer means.
pub(super) fn fault(status: StatusCode, body: &[u8], wait: Option<Duration>) -> Fault {
    let said: Status = serde_json::from_slice(body).unwrap_or_default();
    let official = said.kind == "Status";
    let words = match (official, said.message) {
        (true, Some(message)) => shown(&message),
        _ => shown(status.canonical_reason().unwrap_or("no reason given")),
    };
    match status.as_u16() {
        401 => Fault::Unauthorized(words),
        403 if official => Fault::Forbidden(words),
        403 => Fault::Refused(403, format!("{words}, and not by Kubernetes: a proxy?")),
        404 if official
            && said.reason.as_deref() == Some("NotFound")
            && said.details.and_then(|details| details.name).is_some() =>
        {
            Fault::NoSuchObject
        }
        404 => Fault::NoSuchPath,
        410 => {
            let next = said.metadata.and_then(|metadata| metadata.next);
            Fault::Expired(next.filter(|token| !token.is_empty()))
        }
        429 | 500..=599 => Fault::Busy(status.as_u16(), words, wait),
        code => Fault::Refused(code, words),
    }
}

/// One page of a list; anything else that comes with 200 is not Kubernetes', such as a proxy's page for logging in.
pub(super) fn page(body: &[u8]) -> Result<Entries, Fault> {
    let page: Page = serde_json::from_slice(body)
        .map_err(|error| Fault::Foreign(format!("no list of objects ({error})")))?;
    if !page.kind.ends_with("List") {
        return Err(Fault::Foreign(format!(
            "`{}` where a list was asked for",
            shown(&page.kind)
        )));
    }
    Ok(Entries {
        items: page.items.unwrap_or_default(),
        next: page.metadata.next.filter(|token| !token.is_empty()),
    })
}

/// The server's release in its answer to `/version`.
pub(super) fn version(body: &[u8]) -> Option<String> {
    let said: Value = serde_json::from_slice(body).ok()?;
    said.get("gitVersion")?.as_str().map(shown)
}

/// One object.
pub(super) fn object(body: &[u8]) -> Result<Value, Fault> {
    let object: Value = serde_json::from_slice(body)
        .map_err(|error| Fault::Foreign(format!("no object ({error})")))?;
    let named = object
        .pointer("/metadata/name")
        .is_some_and(Value::is_string);
    if named {
        Ok(object)
    } else {
        Err(Fault::Foreign("an object without a name".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: u16, body: &str) -> Fault {
        fault(StatusCode::from_u16(code).unwrap(), body.as_bytes(), None)
    }

    #[test]
    fn a_404_is_about_an_object_only_when_the_server_names_it() {
        let named = r#"{"kind":"Status","reason":"NotFound","details":{"name":"pv1"},"code":404}"#;
        assert_eq!(of(404, named), Fault::NoSuchObject);
        for other in [
            "404 page not found\n",
            "<html>",
            "",
            r#"{"kind":"Status","reason":"NotFound"}"#,
        ] {
            assert_eq!(of(404, other), Fault::NoSuchPath, "{other}");
        }
    }

    #[test]
    fn a_proxys_refusal_is_no_lack_of_a_role() {
        assert!(matches!(of(403, "<html>go away"), Fault::Refused(403, _)));
        let real = r#"{"kind":"Status","message":"pods is forbidden","code":403}"#;
        assert_eq!(
            of(403, real),
            Fault::Forbidden("pods is forbidden".to_owned())
        );
    }

    #[test]
    fn only_a_list_is_a_list() {
        assert!(page(br#"{"kind":"PodList","items":null,"metadata":{}}"#).is_ok());
        for wrong in [
            "",
            "<html>",
            "{}",
            r#"{"kind":"PodList"}"#,
            r#"{"kind":"Pod","items":[]}"#,
            r#"{"kind":"PodList","items":[{"#,
        ] {
            let read = page(wrong.as_bytes());
            let empty = wrong == r#"{"kind":"PodList"}"#;
            assert!(empty || matches!(read, Err(Fault::Foreign(_))), "{wrong}");
        }
    }
}
