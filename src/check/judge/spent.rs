//! What is said in place of an answer where no more may be done: for one subject, or for the run.

use std::sync::Arc;

use crate::allowance::RULES_STEPS;
use crate::expr::{Evaluation, Outcome, Reads};
use crate::manifest::Gap;

/// The rules that say of a subject that nothing else is said of it.
const BEYOND: [&str; 4] = [
    "too-many-clusters-to-judge",
    "too-many-drafts-to-judge",
    "too-many-living-clusters-to-judge",
    "too-many-moves-to-judge",
];

/// What a rule says of a subject where the run may find no more: nothing, or that.
pub(super) fn by_the_run(rule: &str) -> Option<Evaluation> {
    BEYOND.contains(&rule).then(|| {
        undecided(Gap {
            missing: "the answers of all rules about this one".to_owned(),
            because: "what was found before it is all that one run may find".to_owned(),
            ask: "give each run less: some of the files, or one namespace".to_owned(),
        })
    })
}

/// What is said once the rules have taken all that they may take for a subject.
pub(super) fn by_its_rules() -> Evaluation {
    undecided(Gap {
        missing: "an answer to all rules".to_owned(),
        because: format!(
            "the rules before took the {RULES_STEPS} steps that all of them may take for one subject"
        ),
        ask: "run again with fewer rules, or with ones that go over less".to_owned(),
    })
}

fn undecided(gap: Gap) -> Evaluation {
    Evaluation {
        outcome: Outcome::Unknown(Arc::from([gap])),
        reads: Reads::new(),
    }
}
