//! The words that make a setting, a variable or a manifest one with a secret in it.
//!
//! It must not know where they are looked for.

use super::names::{is_credential, is_short_for_one, names_value, tells_of};

/// What environment variables with secrets are called.
pub(super) static SECRET_WORDS: Words = Words::of(&[
    "key",
    "secret",
    "pass",
    "token",
    "credential",
    "cipher",
    "env",
    "auth",
    "configmap",
]);

/// What a manifest with secrets says, even if it cannot be parsed.
pub(super) static MANIFEST_WORDS: Words = Words::of(&[
    "\"env\"",
    "env:",
    "stringdata",
    "kind: secret",
    "\"secret\"",
]);

/// Whether a setting of this name may be a credential.
pub(crate) fn names_secret(name: &str) -> bool {
    is_credential(name) || is_secret_name(name)
}

pub(super) fn is_secret(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("Secret")
}

pub(super) fn is_config_map(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("ConfigMap")
}

pub(super) fn is_secret_name(name: &str) -> bool {
    static NAMES: Words = Words::of(&["key", "secret", "pass", "token", "credential", "cipher"]);
    NAMES.is_in(name)
}

/// Whether a text says `kind: Secret` or `kind: ConfigMap`, however it is spelt.
pub(super) fn says_secret(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    let is_quote = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\');
    let mut rest = small.as_str();
    while let Some((_, after)) = rest.split_once("kind") {
        let value = after.trim_start_matches(is_quote).strip_prefix(':');
        let value = value.map_or("", |value| value.trim_start_matches(is_quote));
        if value.starts_with("secret") || value.starts_with("configmap") {
            return true;
        }
        rest = after;
    }
    false
}

/// Settings that users name themselves.
#[derive(Clone, Copy)]
pub(super) enum Settings {
    Labels,
    /// Of a task, or of Postgres.
    Parameters,
    /// Of a `ConfigMap`.
    Data,
    None,
}

impl Settings {
    /// What stands under this key.
    pub(super) fn under(key: &str) -> Self {
        match key {
            // The last two are of a volume's driver.
            "userlabels" | "labels" | "matchLabels" | "annotations" | "volumeAttributes"
            | "options" => Settings::Labels,
            "parameters" => Settings::Parameters,
            "data" => Settings::Data,
            _ => Settings::None,
        }
    }

    /// Whether the one of this name is a secret.
    #[inline]
    pub(super) fn hold_secret(self, key: &str) -> bool {
        !matches!(self, Settings::None) && self.name_secret(key)
    }

    fn name_secret(self, key: &str) -> bool {
        static WORDS: Words = Words::of(&[
            "password",
            "passwd",
            "passphrase",
            "secret-key",
            "secretkey",
            "userkey",
            "api-key",
            "apikey",
            "token",
        ]);
        match self {
            Settings::Labels => {
                let is_one = WORDS.is_in(key) || is_credential(key) || is_short_for_one(key);
                (is_one || names_value(key)) && !tells_of(key)
            }
            // `password_encryption` of Postgres is none.
            Settings::Parameters => {
                const MORE: [&str; 3] = ["pass", "clientsecret", "client-secret"];
                let small = key.to_ascii_lowercase();
                let mut words = WORDS.all.iter().chain(&MORE);
                words.any(|word| small.ends_with(word)) || names_value(key)
            }
            // Environment variables are in capitals.
            Settings::Data => {
                let is_capital = |byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_');
                key.bytes().all(is_capital) && is_secret_name(key)
            }
            Settings::None => false,
        }
    }
}

/// Words in small letters to look for, in whatever case.
pub(super) struct Words {
    all: &'static [&'static str],
    /// For each byte those of the words, one a bit, that start with it.
    starts: [u16; 256],
    /// The same of the byte after the first.
    seconds: [u16; 256],
}

impl Words {
    #[allow(clippy::indexing_slicing)] // when this program is built
    const fn of(all: &'static [&'static str]) -> Self {
        let (mut starts, mut seconds) = ([0; 256], [0; 256]);
        let mut at = 0;
        while at < all.len() {
            let (first, second) = (all[at].as_bytes()[0], all[at].as_bytes()[1]);
            starts[first as usize] |= 1 << at;
            starts[first.to_ascii_uppercase() as usize] |= 1 << at;
            seconds[second as usize] |= 1 << at;
            seconds[second.to_ascii_uppercase() as usize] |= 1 << at;
            at += 1;
        }
        Words {
            all,
            starts,
            seconds,
        }
    }

    /// Whether a text contains one of them. One pass: most texts are a word or two.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let of = |words: &[u16; 256], byte: u8| words.get(usize::from(byte)).copied().unwrap_or(0);
        let mut rest = text.as_bytes();
        while let [first, tail @ ..] = rest {
            let Some(second) = tail.first() else { break };
            // Of two letters few words are left, and mostly none.
            let starting = of(&self.starts, *first) & of(&self.seconds, *second);
            if starting != 0 && self.starts_at(rest, starting) {
                return true;
            }
            rest = tail;
        }
        false
    }

    /// Whether a text starts with one of these words.
    fn starts_at(&self, text: &[u8], mut starting: u16) -> bool {
        while starting != 0 {
            let word = self.all.get(starting.trailing_zeros() as usize);
            let word = word.map_or(&[][..], |word| word.as_bytes());
            let window = text.get(..word.len());
            if window.is_some_and(|window| window.eq_ignore_ascii_case(word)) {
                return true;
            }
            starting &= starting - 1;
        }
        false
    }
}
