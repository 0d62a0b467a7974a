//! Tokens that are told by how they begin, whatever they are given to.

/// Shorter than any token that somebody issues, in bytes.
pub(super) const ISSUED: usize = 20;

/// How they begin, by their first letter: most words are told by theirs.
fn begin(first: u8) -> &'static [&'static str] {
    match first {
        b'A' => &["AGE-SECRET-KEY-", "AIza", "ATATT3"],
        b'N' => &["NRAK-"],
        b'S' => &["SG."],
        b'c' => &["cbkey_"],
        b'd' => &["dckr_pat_", "dckr_oat_", "dop_v1_"],
        b'g' => &[
            "ghp_",
            "gho_",
            "ghr_",
            "ghs_",
            "ghu_",
            "github_pat_",
            "glpat-",
            "glrt-",
            "glptt-",
            "gldt-",
            "glcbt-",
            "glft-",
            "glsa_",
            "glc_",
        ],
        b'h' => &[
            // An address whose path lets in whoever has it.
            "https://hooks.slack.com/services/",
            "https://hooks.slack.com/workflows/",
            "https://hooks.slack.com/triggers/",
            "https://discord.com/api/webhooks/",
            "https://outlook.office.com/webhook/",
            "hvb.",
            "hvs.",
        ],
        b'l' => &["lin_api_"],
        b'n' => &["npm_"],
        b'p' => &["pypi-AgE"],
        b'r' => &["rk_live_", "rk_test_", "rubygems_"],
        b's' => &[
            "sha256~", "shpat_", "shpss_", "sk_live_", "sk_test_", "sk-ant-", "sk-proj-",
        ],
        b'w' => &["whsec_"],
        b'x' => &[
            "xapp-", "xoxa-", "xoxb-", "xoxe.", "xoxe-", "xoxp-", "xoxs-",
        ],
        b'y' => &["ya29."],
        _ => &[],
    }
}

/// Whether a word is a token as those begin that are issued to be known again: GitHub's, GitLab's, Slack's, npm's, Vault's, Google's,
/// Amazon's, OpenShift's, Crunchy Bridge's and the like, and what is signed (JWT), which Kubernetes' are.
pub(super) fn is_issued(word: &str) -> bool {
    if word.len() < ISSUED {
        return false;
    }
    let begins = begin(word.as_bytes().first().copied().unwrap_or_default());
    let is_signed = || word.starts_with("eyJ") && word.matches('.').count() == 2;
    begins.iter().any(|begin| word.starts_with(begin)) || is_of_amazon(word) || is_signed()
}

/// Whether a word is who signs requests to Amazon, which goes with the key.
fn is_of_amazon(word: &str) -> bool {
    let rest = word
        .strip_prefix("AKIA")
        .or_else(|| word.strip_prefix("ASIA"));
    let is_digit = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    rest.is_some_and(|rest| rest.len() == 16 && rest.bytes().all(is_digit))
}

#[cfg(test)]
mod tests {
    use super::{begin, is_issued};

    #[test]
    fn a_word_that_only_begins_like_one_is_none() {
        assert!(is_issued("ghp_0123456789abcdef0123456789abcdef0123"));
        assert!(is_issued("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"));
        assert!(is_issued("https://hooks.slack.com/services/T0/B0/hunter2"));
        assert!(is_issued("AKIAIOSFODNN7EXAMPLE"));
        for word in (0..=u8::MAX).flat_map(begin) {
            assert!(is_issued(&format!("{word}0123456789abcdefgh")), "{word}");
        }
        for word in [
            "ghp_short",
            "eyJhbGciOiJIUzI1NiJ9",
            "npm_config",
            "https://hooks.slack.com/",
            "AKIAIOSFODNN7EXAMPLE.example.com",
            "sha256:0123456789abcdef0123456789abcdef",
            "sk-bratislava-primary-volume",
            "glusterfs-dynamic-hippo-pgdata",
            "hippo-pgbackrest-repo-host",
        ] {
            assert!(!is_issued(word), "{word}");
        }
    }
}
