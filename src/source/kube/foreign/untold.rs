//! Text that a kubeconfig, a login plugin, a proxy or a server wrote. It may repeat a credential: servers echo headers,
//! parsers quote what they could not read, plugins print their arguments.

use std::error::Error;

use serde::Deserialize;

/// Such a text. It cannot be printed: it has no `Display`, its `Debug` is silent, and nothing gives it back. What can be
/// told of it is the kind of failure it speaks of, in words of our own.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub(in crate::source::kube) struct Untold(String);

impl std::fmt::Debug for Untold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Untold")
    }
}

/// What is told where no phrase is known.
const NOT_TOLD: &str = "why is not shown here, as it may hold a credential";

/// Phrases that clients, proxies and systems use, in lower case, and what is told where one of them occurs. The first wins.
const PHRASES: [(&str, &str); 33] = [
    (
        "unknownissuer",
        "its certificate is of an authority that is not trusted",
    ),
    (
        "self-signed",
        "its certificate is of an authority that is not trusted",
    ),
    ("notvalidforname", "its certificate is for another name"),
    ("not valid for name", "its certificate is for another name"),
    ("certificateexpired", "a certificate is expired"),
    ("certificate expired", "a certificate is expired"),
    ("certexpired", "a certificate is expired"),
    ("certificaterequired", "it wants a client certificate"),
    ("certificate", "a certificate is not accepted"),
    ("corruptmessage", "it does not speak TLS"),
    ("corrupt message", "it does not speak TLS"),
    ("invalidcontenttype", "it does not speak TLS"),
    ("handshake", "TLS could not be agreed on"),
    (
        "proxy protocol",
        "the proxy is of a kind that is not known: http, https and socks5 are",
    ),
    ("tunnel", "the proxy refused, or cannot be reached"),
    ("socks", "the proxy refused, or cannot be reached"),
    ("proxy", "the proxy refused, or cannot be reached"),
    ("connection refused", "connection refused"),
    ("connection reset", "the connection was reset"),
    ("broken pipe", "the connection broke"),
    ("dns error", "its name is not known (DNS)"),
    ("lookup address", "its name is not known (DNS)"),
    ("network is unreachable", "the network is unreachable"),
    ("no route to host", "there is no route to it"),
    ("timed out", "no answer in time"),
    ("deadline", "no answer in time"),
    ("unexpected eof", "the connection was closed early"),
    ("incomplete message", "the connection was closed early"),
    ("closed before message", "the connection was closed early"),
    ("end of file", "the connection was closed early"),
    ("body", "the answer broke off"),
    ("gzip", "what came compressed cannot be read"),
    ("header", "something of it cannot be sent as a header"),
];

impl Untold {
    /// What an error and its causes say.
    pub(super) fn of(error: &(dyn Error + 'static)) -> Untold {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            text.push('\n');
            text.push_str(&inner.to_string());
            cause = inner.source();
        }
        Untold(text)
    }

    /// What it speaks of, in our own words.
    pub(in crate::source::kube) fn kind(&self) -> &'static str {
        let text = self.0.to_lowercase();
        let mut phrases = PHRASES.iter();
        phrases
            .find(|(phrase, _)| text.contains(phrase))
            .map_or(NOT_TOLD, |(_, told)| told)
    }

    /// One of the words that are known, if it is one.
    pub(in crate::source::kube) fn word(&self, known: &[&'static str]) -> Option<&'static str> {
        known.iter().copied().find(|word| *word == self.0)
    }

    /// The numbers of a version at its start, as in `v1.33.1-eks-1234`: what else it holds is not told.
    pub(in crate::source::kube) fn version(&self) -> Option<String> {
        let numbers = self.0.trim().strip_prefix('v')?;
        let end = numbers.find(|c: char| !c.is_ascii_digit() && c != '.');
        let numbers = numbers.get(..end.unwrap_or(numbers.len()))?;
        let parts: Vec<&str> = numbers.split('.').collect();
        let plain = |part: &&str| !part.is_empty() && part.len() <= 4;
        (parts.len() == 3 && parts.iter().all(plain)).then(|| format!("v{numbers}"))
    }

    /// The version of an API (`v1`, `v2beta1`), if it is one.
    pub(in crate::source::kube) fn api_version(&self) -> Option<&str> {
        let rest = self.0.strip_prefix('v')?;
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let rest = rest
            .strip_prefix("alpha")
            .or(rest.strip_prefix("beta"))
            .unwrap_or(rest);
        let short = self.0.len() > 1 && self.0.len() <= 12;
        (short && rest.chars().all(|c| c.is_ascii_digit())).then_some(&*self.0)
    }
}

impl From<String> for Untold {
    fn from(text: String) -> Untold {
        Untold(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_it_is_told() {
        let text = Untold::from("dns error for https://u:CANARY@host".to_owned());
        assert_eq!(text.kind(), "its name is not known (DNS)");
        assert_eq!(format!("{text:?}"), "Untold");
        assert_eq!(Untold::from("CANARY".to_owned()).kind(), NOT_TOLD);
        assert_eq!(Untold::from("CANARY".to_owned()).version(), None);
        assert_eq!(Untold::from("CANARY".to_owned()).api_version(), None);
    }

    #[test]
    fn a_version_is_its_numbers() {
        let version = |text: &str| Untold::from(text.to_owned()).version();
        assert_eq!(version("v1.33.1-eks-CANARY").as_deref(), Some("v1.33.1"));
        assert_eq!(version("v1.33"), None);
        assert_eq!(version("v1..2"), None);
        let api = |text: &str| Untold::from(text.to_owned()).api_version().is_some();
        assert!(api("v1") && api("v1beta1") && api("v2alpha12"));
        assert!(!api("v") && !api("v1x") && !api("vCANARY"));
    }
}
