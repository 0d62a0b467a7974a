//! Values of flags, as several commands read them.

use jiff::Timestamp;

use crate::expr::Version;
use crate::rule::Method;

pub(in crate::cli) fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| format!("`{text}` is not a version such as 5.8.2"))
}

pub(in crate::cli) fn timestamp(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is not a time such as 2026-11-22T20:00:00Z"))
}

pub(in crate::cli) fn method(text: &str) -> Result<Method, String> {
    let found = Method::EVERY
        .into_iter()
        .find(|method| method.name() == text);
    found.ok_or_else(|| {
        format!("`{text}` is not a method; use volumes, backups or standby, or for living v5 clusters upgrade")
    })
}

/// The wall clock, where no flag and no evidence gives the time; to the second: nobody reads more.
pub(in crate::cli) fn clock() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}
