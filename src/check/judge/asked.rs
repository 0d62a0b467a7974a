//! What is asked of a draft: which rules, and by which names.

use super::lookup::SubjectLookup;
use crate::fact::spec::{Draft, FACTS, V5Draft};
use crate::manifest::Gap;
use crate::rule::Rule;

/// A draft's names, answered once each.
pub(in crate::check) fn lookup<'s, 'a>(draft: &'s Draft<'a>) -> SubjectLookup<'s, 'a, V5Draft> {
    // Never told: a draft's object is always in the input.
    let no_object = |_: &Draft<'a>| Gap {
        missing: String::new(),
        because: String::new(),
        ask: String::new(),
    };
    SubjectLookup::new(draft, &FACTS, Some(draft.object), no_object, draft.run.now)
}

/// Whether a rule can say anything of a draft: one that compares needs a pair.
pub(in crate::check) fn concerns(rule: &Rule, draft: &Draft<'_>) -> bool {
    !rule.compares() || draft.pairing.pair().is_some()
}
