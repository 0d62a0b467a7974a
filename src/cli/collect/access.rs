//! What the user may read of what would be asked for, and what it costs where that is not all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cost::{Cost, Sample};
use crate::check::{CLEAN, UNDECIDED};
use crate::cli::Failure;
use crate::cli::kube::LiveArgs;
use crate::cli::streams::door::Form;
use crate::cli::streams::output::print;
use crate::printable::one_line;
use crate::source::kube::{Access, Answers, Namespaces, Progress, access};

/// Asks, tells, and returns the exit code: whether everything may be read.
pub(super) fn run(live: &LiveArgs) -> Result<u8, Failure> {
    let options = live.options(Vec::new());
    let answers = access(&options, &Arc::new(Progress::default()))?;
    let sample = Sample::of(options.namespaces == Namespaces::All)?;
    print(&text(&answers, &sample), Form::Lines)?;
    let granted = |access: &Access| access.allowed == Ok(true);
    let all = answers
        .iter()
        .all(|answers| answers.asked.iter().flatten().all(granted) && answers.asked.is_ok());
    Ok(if all { CLEAN } else { UNDECIDED })
}

fn text(answers: &[Answers], sample: &Sample) -> String {
    let each: Vec<String> = answers
        .iter()
        .map(|answers| match &answers.asked {
            Ok(asked) => of_context(&answers.context, asked, sample),
            Err(because) => format!(
                "{}: nothing could be asked, so nothing is known of any permission: {because}\n",
                one_line(&answers.context)
            ),
        })
        .collect();
    each.join("\n")
}

fn of_context(context: &str, answers: &[Access], sample: &Sample) -> String {
    let context = one_line(context);
    let missing: Vec<&Access> = answers
        .iter()
        .filter(|answer| answer.allowed != Ok(true))
        .collect();
    if missing.is_empty() {
        let count = answers.len();
        return format!("{context}: all {count} permissions are there; nothing will be missing\n");
    }
    let unknown = missing.iter().filter(|answer| answer.allowed.is_err());
    let counts = [
        (missing.len() - unknown.clone().count(), "missing"),
        (unknown.count(), "not known"),
    ];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} of {} permissions are {what}", answers.len()))
        .collect();
    let mut text = format!("{context}: {}\n", counts.join(", "));
    let mut places: BTreeMap<(&str, Option<&str>), Vec<&Access>> = BTreeMap::new();
    for answer in &missing {
        let place = (answer.row.resource, answer.namespace.as_deref());
        places.entry(place).or_default().push(answer);
    }
    let mut hidden = BTreeSet::new();
    for ((resource, namespace), answers) in &places {
        text.push_str(&of_place(resource, *namespace, answers));
        if let Some(answer) = answers.first() {
            hidden.insert(answer.row.resource);
            let cost = sample.without(&[answer.row.resource].into());
            text.push_str(&words(&cost, "      "));
        }
    }
    text.push_str("  All that together costs a cluster that is ready by every method:\n");
    text.push_str(&words(&sample.without(&hidden), "      "));
    text
}

fn of_place(resource: &str, namespace: Option<&str>, answers: &[&Access]) -> String {
    let verbs: Vec<&str> = answers.iter().map(|answer| answer.verb).collect();
    let place = namespace.map_or(String::new(), |name| format!(" in namespace {name}"));
    let mut text = format!("\n  {} {resource}{place}\n", verbs.join(" and "));
    let Some(answer) = answers.first() else {
        return text;
    };
    text.push_str(&format!("      is for: to know {}\n", answer.row.why));
    if let Err(because) = &answer.allowed {
        text.push_str(&format!("      not known: {because}\n"));
    } else {
        text.push_str(&format!("      would be allowed by: {}\n", answer.ask));
    }
    if answer.row.kind == "Secret" {
        text.push_str(
            "      a role that names single Secrets (deploy/rbac-secret-metadata.yaml) is enough, and does not show here\n",
        );
    }
    text
}

fn words(cost: &Cost, indent: &str) -> String {
    let mut lines = Vec::new();
    if cost.unseen {
        lines.push("costs: clusters are not seen at all".to_owned());
    }
    for (method, now, whole) in &cost.verdicts {
        lines.push(format!("{}: {now} instead of {whole}", method.name()));
    }
    if !cost.rules.is_empty() {
        lines.push(format!("undecided: {}", cost.rules.join(", ")));
    }
    if !cost.facts.is_empty() && !cost.unseen {
        lines.push(format!("not known: {}", cost.facts.join(", ")));
    }
    if lines.is_empty() {
        lines.push("no verdict of an ordinary cluster".to_owned());
    }
    let deeper = format!("{indent}  ");
    let options = textwrap::Options::new(100)
        .initial_indent(indent)
        .subsequent_indent(&deeper)
        .break_words(false);
    lines
        .iter()
        .map(|line| format!("{}\n", textwrap::fill(line, &options)))
        .collect()
}
