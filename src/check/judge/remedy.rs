//! A rule's remedy for one subject, with commands that can be run as they stand, or none.
//!
//! A command never holds a placeholder, and under what is undecided there is no command at all: what settles it comes
//! first.

use std::borrow::Cow;
use std::sync::Arc;

use crate::expr::{Lookup, Missing, Names, Outcome, Template, Value};
use crate::manifest::{Gap, shell_word};
use crate::rule::StepSet;

/// How the sentence begins that stands where commands would be that lack a name, and how it goes on behind what they lack.
const LEFT_OUT: &str = "A command is left out here: it needs what cannot be told without ";
const ASKED: &str = ". First add to the input what this prints";

/// What has to be known for a command that was left out of a remedy.
pub(crate) fn lacked(fix: &str) -> Option<&str> {
    let (_, behind) = fix.split_once(LEFT_OUT)?;
    behind.split_once(ASKED).map(|(missing, _)| missing)
}

/// The remedy of a finding that fires.
pub(in crate::check) fn of_firing(template: &Template, lookup: &dyn Lookup) -> Arc<str> {
    let text = template.render(lookup, Missing::Placeholder);
    let open: Vec<(String, Value)> = template.missing_in(&text, lookup).collect();
    if open.is_empty() {
        return text;
    }
    let holds = |line: &str| open.iter().any(|(written, _)| line.contains(written));
    let mut kept = without(&text, &|commands| commands.iter().any(|line| holds(line)));
    for (written, value) in &open {
        let word = match value {
            Value::Unknown(_) => NOT_KNOWN,
            _ => "(none)",
        };
        kept = kept.replace(written, word);
    }
    kept = without_empty(&kept).into_owned();
    let left_out = text.lines().any(|line| is_command(line) && holds(line));
    if let (true, Some(first)) = (left_out, first_question(&open)) {
        kept.push_str(&first);
    }
    kept.into()
}

/// Commands alone, without those that lack a name; and what is missing for these.
pub(in crate::check) fn commands_of(
    template: &Template,
    lookup: &dyn Lookup,
) -> (String, Vec<Gap>) {
    let text = template.render(lookup, Missing::Placeholder);
    let open: Vec<(String, Value)> = template.missing_in(&text, lookup).collect();
    let holds = |line: &str| open.iter().any(|(written, _)| line.contains(written));
    let kept = without(&text, &|commands| commands.iter().any(|line| holds(line)));
    let gaps = open.iter().filter_map(|(written, value)| match value {
        Value::Unknown(gaps) => gaps.first().cloned(),
        // What is there and cannot stand in a shell's words, as a name with quotes inside quotes.
        value if is_there(value) => Some(unfit(written)),
        _ => None,
    });
    (kept, gaps.collect())
}

fn is_there(value: &Value) -> bool {
    match value {
        Value::Absent | Value::Null | Value::Optional(None) => false,
        Value::Str(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        _ => true,
    }
}

/// Why a command is left out although everything for it is known.
const UNFIT: &str = "its value cannot stand within the quotes that are there";

/// A command that is left out although everything for it is known.
fn unfit(written: &str) -> Gap {
    let name = written.trim_matches(['<', '>']);
    Gap {
        missing: format!("how {name} is written in a command"),
        because: UNFIT.to_owned(),
        ask: format!(
            "a command with {name} is to be written by hand: the value takes quotes of its own"
        ),
    }
}

/// The remedy of a finding that fires with the commands of the steps that answer its rule; where the remedy has commands of
/// its own, as it is.
pub(in crate::check) fn with_steps(
    fix: &Arc<str>,
    rule: &str,
    steps: &StepSet,
    names: &dyn Names,
    lookup: &dyn Lookup,
) -> Option<Arc<str>> {
    if fix.lines().any(is_command) {
        return None;
    }
    let mut text = String::new();
    let mut open: Option<Gap> = None;
    for step in steps.answering(rule) {
        for case in step.run() {
            let named = case.remedies.is_empty() || case.remedies.iter().any(|id| &**id == rule);
            let Some((condition, commands)) = case.by_names(names).filter(|_| named) else {
                continue;
            };
            match condition.map_or(Outcome::True, |one| one.eval(lookup).outcome) {
                Outcome::True => {}
                Outcome::Unknown(gaps) => {
                    open = open.or_else(|| gaps.first().cloned());
                    continue;
                }
                _ => continue,
            }
            let (commands, gaps) = commands_of(&commands, lookup);
            let unknown = gaps.into_iter().find(|gap| gap.because != UNFIT);
            open = open.or(unknown);
            if !commands.is_empty() && !text.contains(&commands) {
                text.push('\n');
                text.push_str(&commands);
            }
        }
    }
    if text.is_empty() {
        return None;
    }
    // A part of a row of commands must not look like the whole of it.
    let left_out = open.as_ref().map_or_else(String::new, left_out);
    Some(format!("{}\n{}{left_out}", fix.trim_end(), text.trim_end()).into())
}

/// The remedy of a finding that is undecided: its prose.
pub(in crate::check) fn of_undecided(template: &Template, lookup: &dyn Lookup) -> Arc<str> {
    let text = template.render(lookup, Missing::Placeholder);
    let mut kept = Cow::Borrowed(&*text);
    if text.lines().any(is_command) {
        kept = prose_of(&text).into();
    }
    let open: Vec<(String, Value)> = template.missing_in(&kept, lookup).collect();
    for (written, _) in open {
        kept = kept.replace(&written, NOT_KNOWN).into();
    }
    without_unknown(&without_empty(&kept)).as_ref().into()
}

/// What stands for a value that nobody knows yet.
const NOT_KNOWN: &str = "(not known)";

/// Prose without sentences that speak of what is not known; the whole of it where nothing else is said.
fn without_unknown(text: &str) -> Cow<'_, str> {
    // Most texts speak of nothing of the kind.
    if !brackets(text).any(|(_, after)| after.starts_with(NOT_KNOWN)) {
        return Cow::Borrowed(text.trim());
    }
    let mut kept = text.to_owned();
    while let Some(at) = kept.find(NOT_KNOWN) {
        let (before, after) = kept.split_at(at);
        let begins = |end: &str| before.rfind(end).map(|found| found + end.len());
        let start = [". ", ".\n", "\n\n"].into_iter().filter_map(begins).max();
        let ends = |end: &str| after.find(end).map(|found| at + found + 1);
        let end = [". ", ".\n"].into_iter().filter_map(ends).min();
        kept.replace_range(start.unwrap_or(0)..end.unwrap_or(kept.len()), "");
    }
    match kept.trim() {
        "" => Cow::Borrowed(text),
        kept => Cow::Owned(kept.to_owned()),
    }
}

/// What is before each bracket of a text, and from there on.
fn brackets(text: &str) -> impl Iterator<Item = (&str, &str)> {
    memchr::memchr_iter(b'(', text.as_bytes()).filter_map(|at| text.split_at_checked(at))
}

/// Prose without sentences that end in a name and have none: "Replicas seen here: (not known)."
fn without_empty(text: &str) -> Cow<'_, str> {
    // Most texts have neither.
    if !brackets(text).any(|(before, after)| before.ends_with(": ") && after.starts_with("(no")) {
        return Cow::Borrowed(text.trim_start());
    }
    let mut kept = text.to_owned();
    for empty in [": (not known).", ": (none)."] {
        while let Some(at) = kept.find(empty) {
            let before = kept.get(..at).unwrap_or_default();
            let ends = [". ", ".\n"].map(|end| before.rfind(end).map(|dot| dot + 1));
            let line = before.rfind("\n\n").map(|gap| gap + 2);
            let start = ends.into_iter().max().flatten().max(line).unwrap_or(0);
            kept.replace_range(start..at + empty.len(), "");
        }
    }
    Cow::Owned(kept.trim_start().to_owned())
}

/// What a remedy says, without its commands and what only introduces them.
pub(crate) fn prose_of(text: &str) -> String {
    let mut kept: Vec<Cow<'_, str>> = Vec::new();
    let mut follows_command = false;
    for line in text.lines() {
        let is_command = is_command(line);
        if !is_command {
            kept.push(line.into());
        } else if !follows_command {
            drop_introduction(&mut kept);
        }
        follows_command = is_command;
    }
    joined(kept)
}

/// "What the other commands need is not known: the Pods of namespace pgo. First: ..."
fn first_question(open: &[(String, Value)]) -> Option<String> {
    let gap: &Gap = open.iter().find_map(|(_, value)| match value {
        Value::Unknown(gaps) => gaps.first(),
        _ => None,
    })?;
    Some(left_out(gap))
}

fn left_out(gap: &Gap) -> String {
    format!(
        "\n\n{LEFT_OUT}{}{ASKED}, and check again: `{}`.",
        gap.missing, gap.ask
    )
}

/// A text without the commands that are not wanted, and without words that only introduce them.
pub(in crate::check) fn without(text: &str, unwanted: &dyn Fn(&[&str]) -> bool) -> String {
    let mut kept: Vec<Cow<'_, str>> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if !is_command(line) {
            kept.push(line.into());
            continue;
        }
        let mut block = vec![line];
        while let Some(next) = lines.next_if(|next| is_command(next)) {
            block.push(next);
        }
        let before = kept.len();
        for command in commands(&block) {
            if !unwanted(&command) {
                kept.extend(command.iter().map(|line| Cow::from(*line)));
            }
        }
        if kept.len() == before {
            drop_introduction(&mut kept);
        }
    }
    joined(kept)
}

/// Lines as a text, without blank ones at its end.
fn joined(mut lines: Vec<Cow<'_, str>>) -> String {
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    lines.join("\n")
}

/// A block of commands, one by one; what is no row of commands (a manifest, a here-document) stays together.
fn commands<'t>(block: &[&'t str]) -> Vec<Vec<&'t str>> {
    let mut all: Vec<Vec<&str>> = Vec::new();
    let mut open = false;
    for line in block {
        let begins = line.trim_start();
        let program = begins.split(' ').next().unwrap_or_default();
        let program = !program.is_empty()
            && program != "-"
            && program
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
        match all.last_mut() {
            Some(last) if open => last.push(line),
            Some(last) if !program => last.push(line),
            _ => all.push(vec![line]),
        }
        open |= line.contains("<<");
        open = (open && begins != "EOF") || line.ends_with('\\');
    }
    let manifest = block
        .first()
        .is_some_and(|line| line.trim_end().ends_with(':'));
    if manifest {
        return vec![block.to_vec()];
    }
    all
}

/// Takes back a sentence that ends in a colon: what it announced is not there.
fn drop_introduction(kept: &mut Vec<Cow<'_, str>>) {
    while kept.last().is_some_and(|line| line.trim().is_empty()) {
        kept.pop();
    }
    let Some(last) = kept.last_mut().filter(|line| line.ends_with(':')) else {
        return;
    };
    let last = last.to_mut();
    if let Some(end) = last.rfind(". ") {
        last.truncate(end + 1);
    } else {
        last.pop();
        last.push('.');
    }
}

/// Whether a line of a remedy is one to copy.
fn is_command(line: &str) -> bool {
    let starts = ["  ", "$ ", "kubectl ", "pgo "];
    starts.iter().any(|start| line.starts_with(start)) && !line.trim().is_empty()
}

/// Our own commands that read a live cluster.
const OWN: [&str; 5] = [
    "pgo-preflight collect ",
    "pgo-preflight check ",
    "pgo-preflight draft ",
    "pgo-preflight plan ",
    "pgo-preflight verify ",
];

/// Commands of kubectl, and our own, for the cluster that was read.
pub(in crate::check) fn with_context(text: &str, context: &str) -> String {
    let named = format!("kubectl --context {} ", shell_word(context));
    let mut out = String::with_capacity(text.len() + 40);
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let bare = line.contains("kubectl ") && !line.contains("--context");
        let own = OWN.iter().find(|own| line.trim_start().starts_with(*own));
        if bare && (is_command(line) || line.contains("`kubectl ")) {
            out.push_str(&line.replace("kubectl ", &named));
        } else if let (Some(own), false) = (own, line.contains("--context")) {
            let named = format!("{own}--context {} ", shell_word(context));
            out.push_str(&line.replacen(own, &named, 1));
        } else {
            out.push_str(line);
        }
    }
    out
}

#[cfg(test)]
mod tests;
