//! S3 endpoints as pgBackRest reads them: a host until 2.36, a URL of https from 2.37 on, of http too from 2.58 on.
//!
//! From its src/storage/s3/helper.c and src/common/io/http/url.c at each release's tag.

use crate::schema::Minors;

/// The first minor that reads an endpoint as a URL, and the first that takes plain HTTP.
const URLS_SINCE: u32 = 37;
const PLAIN_HTTP_SINCE: u32 = 58;

/// An endpoint, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Endpoint<'e> {
    /// What stands before `://`.
    pub(super) scheme: Option<&'e str>,
    pub(super) host: &'e str,
    pub(super) port: Option<&'e str>,
    /// More than a slash follows the host.
    pub(super) has_path: bool,
    /// A slash follows the host.
    slash: bool,
}

impl<'e> Endpoint<'e> {
    pub(super) fn parse(text: &'e str) -> Endpoint<'e> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, text),
        };
        let (authority, path) = match rest.split_once('/') {
            Some((authority, path)) => (authority, Some(path)),
            None => (rest, None),
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        Endpoint {
            scheme,
            host,
            port,
            has_path: path.is_some_and(|path| !path.trim_matches('/').is_empty()),
            slash: path.is_some(),
        }
    }

    /// The first minor of pgBackRest 2 that takes it; the greatest number for one that none takes.
    pub(super) fn since(&self) -> u32 {
        match self.scheme {
            None if self.slash => URLS_SINCE,
            None => 0,
            Some("https") => URLS_SINCE,
            Some("http") => PLAIN_HTTP_SINCE,
            Some(_) => u32::MAX,
        }
    }

    /// Which of these releases refuse it.
    pub(super) fn refused(&self, possible: &[Minors]) -> Refused {
        let since = self.since();
        if possible.iter().all(|one| one.max < since) {
            return Refused::Always;
        }
        if !possible.iter().all(|one| since <= one.min) {
            return Refused::Sometimes;
        }
        Refused::Never
    }
}

/// Which of the releases of pgBackRest that may run refuse an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Always,
    Sometimes,
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_come_apart() {
        let since = |text| Endpoint::parse(text).since();
        assert_eq!(since("s3.example.com:9000"), 0);
        assert_eq!(since("https://s3.example.com/"), 37);
        assert_eq!(since("s3.example.com/backups"), 37);
        assert_eq!(since("http://minio.zoo.svc:9000"), 58);
        assert_eq!(since("s3://backups"), u32::MAX);
        assert_eq!(since("HTTPS://s3.example.com"), u32::MAX);
        let parse = Endpoint::parse;
        assert_eq!(parse("https://s3.example.com:443/a").host, "s3.example.com");
        assert_eq!(parse("minio:9000").port, Some("9000"));
        assert_eq!(parse("[::1]:9000").port, Some("9000"));
        assert_eq!(parse("::1").port, None);
        assert!(parse("https://a/b").has_path && !parse("https://a/").has_path);
    }
}
