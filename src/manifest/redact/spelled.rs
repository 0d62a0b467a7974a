//! Credentials that a text spells out, whatever it is part of: in addresses, given to a name, in options, SQL and headers.
//!
//! It finds what only a credential looks like; positions stay, and so does what stands around it.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2_iter, memmem};

use super::assigned::{of_colons, of_equals, of_tags};
use super::issued::{ISSUED, is_issued};
use super::names::names_credential;

/// Shorter than any text with a credential in it, in bytes.
const SHORTEST: usize = 5;

/// The bytes that a credential follows, and the quotes that its value begins with after a colon: as in JSON without blanks.
#[allow(clippy::indexing_slicing)] // when this program is built
const TELLING: [bool; 256] = {
    let mut telling = [false; 256];
    let bytes = b"@= <\"'\\";
    let mut at = 0;
    while at < bytes.len() {
        telling[bytes[at] as usize] = true;
        at += 1;
    }
    telling
};

/// Whether a text can have a credential in it at all. Most texts are a word, which is looked through faster than any search
/// is begun.
#[inline]
pub(super) fn may_tell(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < SHORTEST {
        return false;
    }
    let telling = |byte: &u8| TELLING.get(usize::from(*byte)) == Some(&true);
    let Some(first) = bytes.iter().position(telling) else {
        return bytes.len() >= ISSUED && is_issued(text);
    };
    // Most of what is quoted has quotes around it, and no more.
    let mut before = first.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    let tells = bytes.get(first..).unwrap_or_default().iter().any(|byte| {
        let begins_value = before == Some(b':') && matches!(byte, b'"' | b'\'' | b'\\');
        before = Some(*byte);
        begins_value || matches!(byte, b'@' | b'=' | b' ' | b'<')
    });
    let bare = if first == 0 {
        text.trim_matches(['"', '\''])
    } else {
        text
    };
    tells || bare.len() >= ISSUED && is_issued(bare)
}

/// Where credentials stand in a text.
pub(super) fn credentials(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !may_tell(text) {
        return found;
    }
    let bytes = text.as_bytes();
    if memchr(b'@', bytes).is_some() {
        passwords_of_addresses(text, &mut found);
        passwords_before_hosts(text, &mut found);
    }
    of_equals(text, &mut found);
    of_colons(text, &mut found);
    if memchr(b'<', bytes).is_some() {
        of_tags(text, &mut found);
    }
    let has_blanks = memchr(b' ', bytes).is_some();
    by_words(text, has_blanks, &mut found);
    if has_blanks {
        of_sql(text, &mut found);
        let mut keys = memmem::find_iter(bytes, b" PRIVATE KEY").map(|at| text.get(at + 12..));
        // The second is PGP's.
        let begins = |rest: &str| rest.starts_with("-----") || rest.starts_with(" BLOCK-----");
        if keys.any(|rest| rest.is_some_and(begins)) {
            found.push(0..text.len());
        }
    }
    found.retain(|range| range.start < range.end);
    found
}

/// Whether a text spells one out.
pub(super) fn tells(text: &str) -> bool {
    !credentials(text).is_empty()
}

/// Whether a text gives a credential as an option (`--repo1-s3-key=...`), or in an address (`postgres://user:password@`).
pub(super) fn tells_credential(text: &str) -> bool {
    const SECRET: [&str; 6] = ["pass", "secret", "token", "credential", "-key", "apikey"];
    let named = |word: &str| {
        let name = word.split(['=', ' ']).next().unwrap_or(word);
        let name = name.to_ascii_lowercase();
        !name.ends_with("-type") && SECRET.iter().any(|secret| name.contains(secret))
    };
    let mut options = text.split_whitespace().filter(|word| word.starts_with('-'));
    let has_options = memchr(b'-', text.as_bytes()).is_some();
    has_options && options.any(named) || tells(text)
}

/// Whether a word of a command is an option, or several, without a credential. What stands alone may be the value of the option
/// before it, or a script with anything in it; and so may what follows the letter of a short option.
pub(super) fn is_option(word: &str) -> bool {
    /// Longer than the letters of most short options together, in bytes: `-ceu`.
    const SHORT: usize = 4;
    (word.starts_with("--") || word.starts_with('-') && word.len() <= SHORT)
        && !tells_credential(word)
}

/// Whether a word is an option whose value, a credential, is the next word.
pub(super) fn asks_for_credential(word: &str) -> bool {
    word.starts_with("--") && names_credential(word)
}

/// What is between `:` and `@` of `postgres://user:password@host`. A `/` in a password makes it no address, and somebody
/// wrote it all the same.
fn passwords_of_addresses(text: &str, found: &mut Vec<Range<usize>>) {
    if memmem::find(text.as_bytes(), b"://").is_none() {
        return;
    }
    for (at, word) in words(text) {
        let mut from = at;
        let mut scheme = "";
        for (number, part) in word.split("://").enumerate() {
            let before = std::mem::replace(&mut scheme, part);
            let start = from;
            from += part.len() + "://".len();
            let end = part.find(['/', '?', '#']).unwrap_or(part.len());
            let strict = part.get(..end).unwrap_or(part);
            // What is before the `/` of a password is no port.
            let is_port = |user: &str| {
                let (_, port) = user.split_once(':').unwrap_or_default();
                port.split('/')
                    .next()
                    .unwrap_or("")
                    .bytes()
                    .all(|byte| byte.is_ascii_digit())
            };
            let loose = part.split_once('@');
            let loose = loose.filter(|(user, host)| !is_port(user) && !is_digest(host));
            let address = strict.rsplit_once('@').or(loose);
            let Some((user, _)) = address.filter(|_| number > 0) else {
                continue;
            };
            if let Some((name, password)) = user.split_once(':') {
                let start = start + name.len() + 1;
                found.push(start..start + password.len());
            } else if takes_tokens(before) {
                found.push(start..start + user.len());
            }
        }
    }
}

/// Whether who stands alone before the host of such an address may be a token instead of a user.
fn takes_tokens(scheme: &str) -> bool {
    ["http", "https", "redis", "rediss"]
        .iter()
        .any(|known| scheme.ends_with(known))
}

/// The same of `user:password@host`, as some write it before a registry.
fn passwords_before_hosts(text: &str, found: &mut Vec<Range<usize>>) {
    let of = |at: usize| {
        let (before, host) = (text.get(..at)?, text.get(at + 1..)?);
        let is_host = host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
        let ends = |c: char| c.is_whitespace() || "\"'\\/<>@".contains(c);
        let from = before.rfind(ends).map_or(0, |end| end + 1);
        let (name, password) = before.get(from..)?.split_once(':')?;
        let is_name = |c: char| c.is_alphanumeric() || "._%+-$".contains(c);
        let is_one = is_host && name.ends_with(is_name) && !is_digest(host);
        is_one.then(|| at - password.len()..at)
    };
    found.extend(memchr_iter(b'@', text.as_bytes()).filter_map(of));
}

/// Whether what follows an `@` is the digest of an image.
fn is_digest(text: &str) -> bool {
    /// Longer than the name of any algorithm, in bytes.
    const NAME: usize = 20;
    if ["sha256:", "sha512:"]
        .iter()
        .any(|name| text.starts_with(name))
    {
        return true;
    }
    let head = text.bytes().take(NAME).position(|byte| byte == b':');
    let digits = head.and_then(|at| text.get(at + 1..)).unwrap_or("");
    digits
        .bytes()
        .take_while(u8::is_ascii_hexdigit)
        .take(32)
        .count()
        == 32
}

/// Tokens that are told by how they begin; the values of `--password hunter2` and `--user name:hunter2`; what follows `Bearer`
/// or `Basic`. A word without blanks around it is no option.
fn by_words(text: &str, has_blanks: bool, found: &mut Vec<Range<usize>>) {
    /// Shorter than what follows these, in bytes.
    const TOKEN: usize = 6;
    let mut before = "";
    for (at, word) in words(text) {
        let is_header =
            || before.eq_ignore_ascii_case("bearer") || before.eq_ignore_ascii_case("basic");
        let is_value = has_blanks && before.starts_with('-') && !word.starts_with('-');
        let user = word.split_once(':').map_or(0, |(user, _)| user.len() + 1);
        if is_issued(word)
            || has_blanks && word.len() >= TOKEN && is_header()
            || is_value && names_credential(before)
        {
            found.push(at..at + word.len());
        } else if is_value && matches!(before, "-u" | "--user") && user > 0 {
            found.push(at + user..at + word.len());
        } else {
            of_issued(at, word, found);
        }
        before = word;
    }
}

/// Tokens within a word that are told by how they begin: behind a name, in brackets, in a list.
fn of_issued(at: usize, word: &str, found: &mut Vec<Range<usize>>) {
    const ENDS: [char; 12] = ['=', ',', ';', ':', '(', ')', '[', ']', '{', '}', '|', '&'];
    if word.len() < ISSUED {
        return;
    }
    let mut from = at;
    for part in word.split_inclusive(ENDS) {
        let token = part.trim_end_matches(ENDS);
        if is_issued(token) {
            found.push(from..from + token.len());
        }
        from += part.len();
    }
}

/// `PASSWORD 'hunter2'` of an `ALTER ROLE`, to the last quote on its line: a quote in it is written twice.
fn of_sql(text: &str, found: &mut Vec<Range<usize>>) {
    const WORD: &[u8] = b"password";
    const QUOTES: [char; 4] = ['\'', '"', '$', '\\'];
    if !text.contains(QUOTES) {
        return;
    }
    let mut from = 0;
    for at in memchr2_iter(b'p', b'P', text.as_bytes()) {
        let word = text.as_bytes().get(at..at + WORD.len());
        if at < from || !word.is_some_and(|word| word.eq_ignore_ascii_case(WORD)) {
            continue;
        }
        from = at + WORD.len();
        let after = text.get(from..).unwrap_or("");
        let value = after.trim_start();
        let blank = after.len() - value.len();
        // As a text with escapes, or of a character set.
        let quoted = ["E", "e", "U&", "u&", "N", "n"]
            .iter()
            .find_map(|sort| {
                value
                    .strip_prefix(sort)
                    .filter(|rest| rest.starts_with('\''))
            })
            .unwrap_or(value);
        if blank == 0 || !quoted.starts_with(QUOTES) {
            continue;
        }
        let start = from + blank + value.len() - quoted.len();
        let end = quoted.find('\n').unwrap_or(quoted.len());
        let last = quoted.get(..end).and_then(|line| line.rfind(QUOTES));
        from = start + last.unwrap_or(0);
        found.push(start + 1..from);
    }
}

/// The words of a text, and where they begin: blanks, quotes and backslashes part them.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    // Most characters are seen at once to be none of these.
    let ends =
        |c: char| !c.is_ascii_graphic() && c.is_whitespace() || matches!(c, '"' | '\'' | '\\');
    text.split_inclusive(ends).filter_map(move |word| {
        let at = from;
        from += word.len();
        let word = word.trim_end_matches(ends);
        (!word.is_empty()).then_some((at, word))
    })
}

#[cfg(test)]
mod tests;
