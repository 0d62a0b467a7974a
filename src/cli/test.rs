//! `test`: run the examples of rules.

use super::Failure;
use super::args::TestArgs;
use super::door::Form;
use super::output::{print, tell};
use crate::check::{FAILED, names_of, run_examples};
use crate::rule::RuleSet;

/// Runs the examples; exit code 1 when one does not hold.
pub(super) fn run(args: &TestArgs) -> Result<u8, Failure> {
    let rules = match &args.dir {
        Some(folder) => super::rules::from_folder(folder)?,
        None => RuleSet::built_in_with_examples(names_of).map_err(|problems| {
            Failure::new(
                problems
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("\n  "),
            )
        })?,
    };
    let (mut count, mut failed) = (0, 0);
    for rule in rules.rules() {
        let (examples, failures) = run_examples(rule);
        count += examples;
        failed += failures.len();
        for failure in failures {
            tell(&format!(
                "{}: example `{}`: {}",
                rule.file, failure.example, failure.what
            ));
        }
    }
    print(
        &format!(
            "{} rules, {count} examples, {failed} failures\n",
            rules.rules().len()
        ),
        Form::Lines,
    )?;
    Ok(if failed == 0 { 0 } else { FAILED })
}
