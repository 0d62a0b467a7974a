//! The examples of the built-in rules, which are both their documentation and their tests.

use pgo_preflight::check::{names_of, run_examples};
use pgo_preflight::rule::{RuleProblem, RuleSet};
use rayon::prelude::*;

#[test]
fn every_example_of_every_built_in_rule_holds() {
    let rules = RuleSet::built_in_with_examples(names_of).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(RuleProblem::to_string).collect();
        panic!("{}", problems.join("\n"));
    });
    let ran: Vec<_> = rules.rules().par_iter().map(run_examples).collect();
    let failures = ran.iter().flat_map(|(_, failures)| failures);
    let wrong: Vec<String> = failures
        .map(|failure| {
            format!(
                "{}: example `{}`: {}",
                failure.rule, failure.example, failure.what
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let count: usize = ran.iter().map(|(examples, _)| examples).sum();
    assert!(count > 900, "only {count} examples were found");
}
