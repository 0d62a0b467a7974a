//! What an HTTP answer says: its status, what the server writes about a failure, one page of a list.

use std::time::Duration;

use http::StatusCode;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::fault::Fault;
use super::foreign::{self, Untold};

/// What Kubernetes writes when a request fails.
#[derive(Debug, Default, Deserialize)]
struct Status {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    reason: Option<Untold>,
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

/// One page of a list; its entries as text, to be read one by one.
#[derive(Debug, Deserialize)]
struct Page<'b> {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    metadata: Meta,
    /// `null` is how Go writes a list without entries.
    #[serde(borrow, default)]
    items: Items<'b>,
}

/// Entries of a list, not more than a page can have.
#[derive(Debug, Default)]
struct Items<'b>(Vec<&'b RawValue>);

/// More than the smallest objects of the largest answer.
const MOST_ENTRIES: usize = 200_000;

impl<'de: 'b, 'b> Deserialize<'de> for Items<'b> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Entry;
        impl<'de> Visitor<'de> for Entry {
            type Value = Vec<&'de RawValue>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("entries")
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Vec::new())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = seq.next_element()? {
                    if entries.len() == MOST_ENTRIES {
                        return Err(serde::de::Error::custom("too many entries"));
                    }
                    entries.push(entry);
                }
                Ok(entries)
            }
        }
        from.deserialize_any(Entry).map(Items)
    }
}

/// What is too large where an answer is.
pub(super) const LARGE: &str = "the answer";

/// More than an API server stores of one object (etcd takes one and a half million bytes, a request three).
const MOST_OF_ONE: usize = 8 << 20;

/// The entries of one page and the token of the next.
pub(super) struct Entries<'b> {
    items: Vec<&'b RawValue>,
    pub(super) next: Option<String>,
}

impl Entries<'_> {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.items.len()
    }

    /// One after the other, so that no more than one is held as values.
    pub(super) fn each(&self) -> impl Iterator<Item = Result<Value, Fault>> {
        self.items.iter().map(|item| {
            if item.get().len() > MOST_OF_ONE {
                return Err(Fault::TooLarge("an object", MOST_OF_ONE as u64));
            }
            let object: Value = foreign::json(item.get().as_bytes())
                .map_err(|error| Fault::of_json("object in the list", &error))?;
            if object.is_object() {
                Ok(object)
            } else {
                Err(Fault::Foreign(
                    "a list of something else than objects".to_owned(),
                ))
            }
        })
    }
}

/// Reasons that Kubernetes gives: words of its API, so they can be told.
const REASONS: [&str; 13] = [
    "BadRequest",
    "Conflict",
    "Expired",
    "Gone",
    "InternalError",
    "Invalid",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "ServerTimeout",
    "ServiceUnavailable",
    "Timeout",
    "TooManyRequests",
];

/// What an unsuccessful answer means.
pub(super) fn fault(status: StatusCode, body: &[u8], wait: Option<Duration>) -> Fault {
    let said: Status = foreign::json(body).unwrap_or_default();
    let official = said.kind == "Status";
    let reason = said
        .reason
        .as_ref()
        .and_then(|reason| reason.word(&REASONS));
    let words = match (official, reason) {
        (true, Some(reason)) => reason,
        _ => status
            .canonical_reason()
            .unwrap_or("no reason that is known"),
    };
    match status.as_u16() {
        401 => Fault::Unauthorized,
        403 if official => Fault::Forbidden,
        403 => Fault::Refused(403, "refused, and not by Kubernetes: a proxy?"),
        404 if official
            && reason == Some("NotFound")
            && said.details.and_then(|details| details.name).is_some() =>
        {
            Fault::NoSuchObject
        }
        404 => Fault::NoSuchPath,
        410 => {
            let next = said.metadata.and_then(|metadata| metadata.next);
            Fault::Expired(next.filter(|token| !token.is_empty()))
        }
        429 | 500..=599 => Fault::Busy(status.as_u16(), wait),
        code => Fault::Refused(code, words),
    }
}

/// One page of a list; anything else that comes with 200 is not Kubernetes', such as a proxy's page for logging in.
pub(super) fn page(body: &[u8]) -> Result<Entries<'_>, Fault> {
    let page: Page<'_> =
        foreign::json(body).map_err(|error| Fault::of_json("list of objects", &error))?;
    if !page.kind.ends_with("List") {
        return Err(Fault::Foreign(
            "something else where a list was asked for".to_owned(),
        ));
    }
    Ok(Entries {
        items: page.items.0,
        next: page.metadata.next.filter(|token| !token.is_empty()),
    })
}

/// The numbers of the server's release in its answer to `/version`.
pub(super) fn version(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Version {
        git_version: Untold,
    }
    let said: Version = foreign::json(body).ok()?;
    said.git_version.version()
}

/// One object.
pub(super) fn object(body: &[u8]) -> Result<Value, Fault> {
    let object: Value = foreign::json(body).map_err(|error| Fault::of_json("object", &error))?;
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
        assert_eq!(of(403, real), Fault::Forbidden);
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
