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

#[cfg(test)]
mod tests {
    use crate::check::names_of;
    use crate::rule::{RuleSet, SubjectKind};

    #[test]
    fn a_rule_s_text_tells_whether_it_reads_the_pair() {
        let rules = RuleSet::built_in(names_of).unwrap();
        let of_pair = |written: &str| {
            let asks =
                ["pair.known", "pair.candidates", "pair.why", "pair.beside"].contains(&written);
            !asks && (written.starts_with("v4.") || written.starts_with("pair."))
        };
        let mut compare = 0;
        let of_drafts = |rule: &&crate::rule::Rule| rule.subject == SubjectKind::Draft;
        for rule in rules.rules().iter().filter(of_drafts) {
            let names = rule.when().map_or(&[][..], |when| when.unwrap().names());
            let list = rule
                .each()
                .map(|list| rule.names().fact_name(list).to_owned());
            let mut names = names
                .iter()
                .map(|name| name.written(rule.names()))
                .chain(list);
            let reads = names.any(|name| of_pair(&name));
            assert_eq!(rule.compares(), reads, "{}", rule.id);
            compare += usize::from(reads);
        }
        assert!(compare > 20);
    }
}
