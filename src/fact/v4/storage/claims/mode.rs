//! Whether a claim is for files or for blocks.

use crate::fact::v4::fields::text;
use crate::manifest::{Fact, Object};

/// The claim's volume mode; Kubernetes takes Filesystem where it is not written.
pub(in crate::fact::v4) fn mode_of(object: &Object) -> Fact<String> {
    text(object, &["spec", "volumeMode"], "the claim's volume mode").map(|mode| {
        match mode.as_str() {
            "" => "Filesystem".to_owned(),
            _ => mode,
        }
    })
}
