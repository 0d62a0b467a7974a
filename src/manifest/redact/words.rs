//! The words that make a setting, a variable or a manifest one with a secret in it.
//!
//! It must not know where they are looked for.

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

pub(super) fn is_secret_name(name: &str) -> bool {
    static NAMES: Words = Words::of(&["key", "secret", "pass", "token", "credential", "cipher"]);
    NAMES.is_in(name)
}

/// Whether a text says `kind: Secret`, however it is spelt.
pub(super) fn says_secret(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    let is_quote = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\');
    let mut rest = small.as_str();
    while let Some((_, after)) = rest.split_once("kind") {
        let value = after.trim_start_matches(is_quote).strip_prefix(':');
        if value.is_some_and(|value| value.trim_start_matches(is_quote).starts_with("secret")) {
            return true;
        }
        rest = after;
    }
    false
}

/// The last two letters of a name, as small ones.
#[inline]
pub(super) fn tail(name: &str) -> [u8; 2] {
    /// What makes a letter a small one.
    const SMALL: u8 = 0x20;
    match name.as_bytes() {
        [.., last_but_one, last] => [last_but_one | SMALL, last | SMALL],
        _ => [0; 2],
    }
}

/// A setting that is a secret whatever it is a setting of: passwords, and credentials that belong in pgBackRest's Secret.
#[inline]
pub(super) fn is_credential(key: &str) -> bool {
    let bytes = key.as_bytes();
    // Told by the last two letters, which most keys are done with.
    let ends: &[&str] = match tail(key) {
        [b'r' | b'w' | b'n', b'd'] => &["password", "passwd", "passphrase_command", "pwd"],
        [b's', b'e'] => &["passphrase"],
        // As in the file of a registry's client, and in a kubeconfig.
        [b't', b'h'] => return key == "auth",
        [b'e', b'n'] if key == "token" => return true,
        [b's', b's'] => &["-pass", "_pass"],
        [b'e', b'y'] => &[
            "s3-key",
            "s3key",
            "-azure-key",
            "-customer-key",
            "secretkey",
            "secret-key",
            "secret_key",
            "accesskey",
            "access-key",
            "access_key",
            "api-key",
            "apikey",
            "api_key",
            "encryption-key",
            "encryption_key",
            "encryptionkey",
            "private_key",
            "privatekey",
        ],
        [b'e' | b'l', b't'] => &[
            "-s3-key-secret",
            "s3keysecret",
            "client-secret",
            "client_secret",
            "clientsecret",
            "password_salt",
        ],
        [b'e', b'n'] => &["-token", "_token", "accesstoken", "apitoken", "authtoken"],
        _ => return false,
    };
    ends.iter().any(|end| {
        let tail = bytes.len().checked_sub(end.len());
        let tail = tail.and_then(|at| bytes.get(at..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end.as_bytes()))
    })
}

/// Whether a name is what people write for a password when they are in a hurry.
pub(super) fn is_short_for_one(name: &str) -> bool {
    const SHORT: [&str; 5] = ["pw", "pass", "pwd", "credential", "credentials"];
    // Told by the last letter, which most names are done with.
    if !matches!(tail(name), [_, b'w' | b's' | b'd' | b'l']) {
        return false;
    }
    let word = name.rsplit(['-', '_', '.', '/']).next().unwrap_or(name);
    SHORT.iter().any(|short| word.eq_ignore_ascii_case(short))
}

/// Whether a setting of this name is a key of Google's, or the path of one. Told by the last letter, which most names are
/// done with.
#[inline]
pub(super) fn is_gcs_key(name: &str) -> bool {
    name.as_bytes().last() == Some(&b'y') && name.ends_with("-gcs-key")
}

/// Whether a setting of this name is a command's options.
#[inline]
pub(super) fn names_options(name: &str) -> bool {
    // Told by the last letter, which most names are done with.
    if !matches!(name.as_bytes().last(), Some(b's' | b'S')) {
        return false;
    }
    let end = name.len().checked_sub(4).and_then(|at| name.get(at..));
    end.is_some_and(|end| end.eq_ignore_ascii_case("opts"))
        || name.len() > 7 && name.ends_with("options")
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
            Settings::Labels => WORDS.is_in(key) || is_credential(key) || is_short_for_one(key),
            // `password_encryption` of Postgres is none.
            Settings::Parameters => {
                const MORE: [&str; 4] = ["pass", "accountkey", "clientsecret", "client-secret"];
                let key = key.to_ascii_lowercase();
                let mut words = WORDS.all.iter().chain(&MORE);
                words.any(|word| key.ends_with(word))
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
        let bytes = text.as_bytes();
        let of = |words: &[u16; 256], byte: &u8| words.get(usize::from(*byte)).copied();
        let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
        pairs.enumerate().any(|(at, (first, second))| {
            // Of two letters few words are left, and mostly none.
            let starting = of(&self.starts, first).unwrap_or(0);
            let starting = starting & of(&self.seconds, second).unwrap_or(0);
            starting != 0 && self.starts_at(bytes.get(at..).unwrap_or_default(), starting)
        })
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
