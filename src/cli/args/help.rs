//! What `--help` says beside the flags: examples, each of which runs as it is printed, and under which headings flags stand.

use crate::source::recipe;

/// Flags that say what is judged, and by what.
pub(in crate::cli) const JUDGED: &str = "What is judged, and by what";
/// Flags that say what is written.
pub(in crate::cli) const WRITTEN: &str = "What is written";
/// Flags that say what counts for the exit code.
pub(in crate::cli) const COUNTED: &str = "What counts for the exit code";

pub(in crate::cli) const LONG_ABOUT: &str = "\
May my PGO v4 clusters move to PGO v5, by which method, and what must be done first?

Reads Kubernetes objects, exported with kubectl or live, and tells, for every PGO v4 Postgres cluster and each of the three \
upgrade methods (volumes, backups, standby), whether it is open, what to do first, and what the export cannot tell. \
It reads files, or live clusters where you name them; it changes nothing, and overwrites Secret values before anything else looks at them.";

/// What stands below the flags: how to begin.
pub(in crate::cli) fn after_help() -> String {
    let export = recipe().map(|command| format!("    {}\n", folded(&command)));
    format!("{EXPORT}{}{AFTER_EXPORT}", export.concat())
}

/// A command in lines that no terminal of 80 columns breaks: a list goes on at the beginning of the next line, where a shell
/// takes it for the same word.
fn folded(command: &str) -> String {
    const WIDTH: usize = 72;
    let mut out = String::new();
    let mut width = 0;
    for part in command.split_inclusive(',') {
        if width + part.len() > WIDTH && width > 0 {
            out.push_str("\\\n");
            width = 0;
        }
        out.push_str(part);
        width += part.len();
    }
    out
}

const EXPORT: &str = "\
Examples:
  Export what is needed from the namespace pgo, then judge it:
";

const AFTER_EXPORT: &str = "    pgo-preflight check preflight-*.yaml --target 5.8.2

  Judge what runs in a cluster, with get and list alone:
    pgo-preflight check --context prod -A

  Explain a rule:
    pgo-preflight rules replicas-present

Exit codes: 0 clean; 1 a cluster has no open method or a draft has an error; 3 undecided, unread input or
nothing to check; 2 the tool or its usage failed.

More: `pgo-preflight COMMAND --help`, the manual pages (`pgo-preflight generate man DIR`), README.md and docs/ in the sources.";

pub(in crate::cli) const CHECK_EXAMPLES: &str = "\
Examples:
  pgo-preflight check exports/                         every .yaml, .yml and .json below a folder
  kubectl get pgclusters -A -o yaml | pgo-preflight check -
  pgo-preflight check --context prod -A                a live cluster, all namespaces: get and list, no Secrets
  pgo-preflight check drafts/ --context prod -A        drafts in files against what runs and is installed there
  pgo-preflight check exports/ --method volumes --target 5.8.2
  pgo-preflight check exports/ --format human --format sarif=preflight.sarif --format json=preflight.json
  pgo-preflight check exports/ --assume-complete=Pod,Job   all there are: others count as not there
  pgo-preflight check --context prod -A --method upgrade --target 6.0.3   may the operator of v5 clusters go on?
  pgo-preflight check drafts/ --api-version v1         what the API version v1 would refuse";

pub(in crate::cli) const REPORT_EXAMPLES: &str = "\
Examples:
  pgo-preflight report reports/*.json                          how the fleet stands
  pgo-preflight report prod=a.json stage=b.json --format json=fleet.json
  pgo-preflight report fleet.json --since last-week.json       what moved, what regressed, what is new";

#[cfg(feature = "live")]
pub(in crate::cli) const COLLECT_EXAMPLES: &str = "\
Examples:
  pgo-preflight collect --context prod -A              writes pgo-preflight-prod-DATE.tar.gz
  pgo-preflight check pgo-preflight-prod-*.tar.gz      judges it, anywhere and at any time, as of then
  pgo-preflight collect -n pgo --check-access          what would be missing, and which verdicts that costs
  pgo-preflight collect -n pgo --print-commands        the same export with kubectl alone
  pgo-preflight collect --print-rbac | kubectl apply -f -

Exit codes: 0 everything was read; 3 something could not be, and the bundle says so; 2 no bundle, or wrong usage.";

pub(in crate::cli) const RULES_EXAMPLES: &str = "\
Examples:
  pgo-preflight rules                       one line per rule
  pgo-preflight rules replicas-present      explain one rule in full
  pgo-preflight rules --facts               what rules may read
  pgo-preflight rules --steps               the steps of plans, in the order of doing
  pgo-preflight rules --format markdown     the table in docs/rules.md
  pgo-preflight rules --format releases     what is known of each release of PGO: docs/releases.md
  pgo-preflight rules --format schema       a JSON Schema of rule files, for editors";

pub(in crate::cli) const TEST_EXAMPLES: &str = "\
Examples:
  pgo-preflight test                  the examples of every built-in rule and step
  pgo-preflight test my-rules/        those of the rules and steps in a folder";

#[cfg(test)]
mod tests {
    use super::*;

    /// clap breaks longer lines wherever there is a blank.
    #[test]
    fn the_export_that_help_shows_is_run_as_it_stands() {
        let text = after_help();
        let (export, _) = text.split_once("\n\n").unwrap();
        for line in export.lines() {
            assert!(line.len() <= 80, "{line}");
        }
        let joined = export.replace("\\\n", "");
        for command in recipe() {
            assert!(joined.contains(&format!("    {command}\n")), "{joined}");
        }
    }
}
