//! The claims that a draft adopts.

use super::super::super::Draft;
use crate::fact::spec::claims::volumes;
use crate::fact::spec::claims::volumes::Volume;
use crate::manifest::Fact;

/// The name of the claim for a volume; empty where none is given.
pub(super) fn adopted(draft: &Draft<'_>, volume: Volume) -> Fact<String> {
    let given = volumes::given(draft, volume);
    given.and_then(|given| {
        if given {
            volumes::claim_name(draft, volume)
        } else {
            Fact::known(String::new())
        }
    })
}
