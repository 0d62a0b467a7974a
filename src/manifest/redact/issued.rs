//! Tokens that are told by how they begin, whatever they are given to.

/// Shorter than any token that somebody issues, in bytes.
pub(super) const ISSUED: usize = 20;

/// How they begin.
const BEGIN: [&str; 17] = [
    // An address whose path lets in whoever has it.
    "https://hooks.slack.com/services/",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "glrt-",
    "xoxa-",
    "xoxb-",
    "xoxp-",
    "npm_",
    "hvs.",
    "AIza",
    "sk_live_",
    "rk_live_",
    "dckr_pat_",
];

/// Whether a word is a token as those begin that are issued to be known again: GitHub's, GitLab's, Slack's, npm's, Vault's, Google's and
/// Stripe's, and what is signed (JWT), which Kubernetes' are.
pub(super) fn is_issued(word: &str) -> bool {
    if word.len() < ISSUED {
        return false;
    }
    // Most words are told by their first letter.
    let first = word.as_bytes().first();
    let is_signed = || word.starts_with("eyJ") && word.matches('.').count() == 2;
    let mut begins = BEGIN
        .iter()
        .filter(|begin| begin.as_bytes().first() == first);
    begins.any(|begin| word.starts_with(begin)) || is_signed()
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, is_issued};

    #[test]
    fn a_word_that_only_begins_like_one_is_none() {
        assert!(is_issued("ghp_0123456789abcdef0123456789abcdef0123"));
        assert!(is_issued("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"));
        assert!(is_issued("https://hooks.slack.com/services/T0/B0/hunter2"));
        for word in BEGIN {
            assert!(is_issued(&format!("{word}0123456789abcdef")), "{word}");
        }
        for word in [
            "ghp_short",
            "eyJhbGciOiJIUzI1NiJ9",
            "npm_config",
            "https://hooks.slack.com/",
            "hippo-pgbackrest-repo-host",
        ] {
            assert!(!is_issued(word), "{word}");
        }
    }
}
