//! A rule that is itself at fault must not let a method pass.

use crate::common;

use common::{judge, worked_examples};
use pgo_preflight::check::{BROKEN, FailOn, Verdict, exit_code, names_of};
use pgo_preflight::rule::{Method, RuleSet};

const AT_FAULT: &str = "id: no-comparison
subject: Pgcluster
title: the name is more than nothing
effect: {volumes: block, backups: action}
when: cluster.name > 0
message: \"{cluster.name} is more than nothing\"
why: never
fix: nothing
source: none
examples:
  - {name: one, given: 'x', expect: fires}
  - {name: two, given: 'x', expect: passes}
";

#[test]
fn a_method_is_not_ready_by_a_rule_that_is_at_fault() {
    let rules = RuleSet::from_texts([("no-comparison.yaml", AT_FAULT)], names_of).unwrap();
    let example = &worked_examples()[0];
    let (options, assume) = example.options();
    let report = judge(&example.documents(), &rules, &options, &assume);
    let methods = &report.clusters[0].methods;
    assert_eq!(methods[&Method::Volumes].verdict, Verdict::Unknown);
    assert_eq!(methods[&Method::Backups].verdict, Verdict::Action);
    assert_eq!(exit_code(&report, FailOn::default()), BROKEN);
}
