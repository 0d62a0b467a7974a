//! Options, one on a line, as pgBackRest reads them from files.

use super::names::{is_credential, is_gcs_key};

/// Whether a file of options holds a credential.
pub(super) fn has_credential(file: &str) -> bool {
    file.lines().any(|line| credential_in(line).is_some())
}

/// Where in a line `option=value` the value begins, if it is a credential.
pub(super) fn credential_in(line: &str) -> Option<usize> {
    let (option, value) = line.split_once('=')?;
    // What was commented out was used once.
    let option = option.trim_start_matches([' ', '\t', '#', ';']).trim_end();
    // In JSON, what is spelled out goes alone.
    if option.contains(['"', '{']) {
        return None;
    }
    let at = line.len() - value.trim_start().len();
    let is_key = is_gcs_key(option) && !value.trim_start().starts_with('/');
    ((is_key || is_credential(option)) && !value.trim().is_empty()).then_some(at)
}
