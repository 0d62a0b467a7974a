//! What a setting, an option or a variable is called that is a credential.
//!
//! It must not know where the name was found.

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
    ends_with(key, ends)
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

/// Whether something of this name is a credential, by how the name ends.
pub(super) fn names_credential(name: &str) -> bool {
    // Told by the last two letters, which most names are done with.
    let ends: &[&str] = match tail(name) {
        [b'r', b'd'] => &["password"],
        [b'w', b'd'] => &["passwd", "pwd"],
        [b's', b'e'] => &["passphrase"],
        [b's', b's'] => &["pass"],
        [b'e', b't'] => &["secret"],
        [b't', b's'] => &["secrets"],
        [b'e', b'n'] => &["token"],
        [b'a', b'l'] => &["credential"],
        [b'l', b's'] => &["credentials"],
        [b'e', b'y'] => &[
            "-key",
            "_key",
            "apikey",
            "accesskey",
            "accountkey",
            "encryptionkey",
            "licensekey",
            "masterkey",
            "privatekey",
            "secretkey",
            "signingkey",
            "sshkey",
        ],
        [b't', b'a'] => &["key-data", "key_data", "keydata"],
        [b'd', b'e'] => &["passcode"],
        [b'w', b't'] => &["jwt"],
        // Of an address that lets in whoever has it.
        [b'r', b'e'] => &["signature"],
        [b'i', b'g'] => return name == "sig",
        [b'p', b'w'] => return is_short_for_one(name),
        _ => return false,
    };
    ends_with(name, ends)
}

/// Whether a name ends with one of these, in whatever case.
pub(super) fn ends_with(name: &str, ends: &[&str]) -> bool {
    let bytes = name.as_bytes();
    ends.iter().any(|end| {
        let tail = bytes.len().checked_sub(end.len());
        let tail = tail.and_then(|at| bytes.get(at..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end.as_bytes()))
    })
}

/// Whether what users call like this is a credential itself; of what is called a secret, the value may be its name.
pub(super) fn names_value(name: &str) -> bool {
    names_credential(name) && !ends_with(name, &["secret", "secrets"])
        || ends_with(name, &["authorization", "cookie"])
}

/// Whether the value of this name says something of a credential, and is none: `password-type`, `tokenExpirationSeconds`.
pub(super) fn tells_of(name: &str) -> bool {
    const ENDS: [&str; 11] = [
        "days",
        "encryption",
        "expiration",
        "expiry",
        "length",
        "name",
        "policy",
        "ref",
        "rotation",
        "seconds",
        "type",
    ];
    ends_with(name, &ENDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_called_like_a_credential_is_one_and_what_tells_of_one_is_none() {
        for name in [
            "signing-key",
            "license_key",
            "storageAccountKey",
            "client-key-data",
            "passcode",
            "upstream-jwt",
            "api-token",
            "Cookie",
        ] {
            assert!(names_value(name) && !tells_of(name), "{name}");
        }
        for name in [
            "password-type",
            "tokenExpirationSeconds",
            "secretName",
            "key-rotation",
            "passwordLength",
        ] {
            assert!(tells_of(name), "{name}");
        }
        for name in [
            "password-secret",
            "fsGroup",
            "topologyKey",
            "key",
            "monkey",
            "keyed",
            "pg-cluster",
            "tls-secret",
            "metadata",
        ] {
            assert!(!names_value(name), "{name}");
        }
    }
}
