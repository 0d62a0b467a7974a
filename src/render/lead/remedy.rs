//! What a remedy says to be done, in a sentence or a clause, and its commands.

use crate::render::document::Document;
use crate::render::text::prose::{Block, blocks, first_sentence, in_general};
use crate::render::view::Topic;

/// What to do, as a sentence without its full stop: the cluster's own where all that have it are told the same, else what
/// the rule says for all.
pub(super) fn do_this(topic: &Topic<'_>, document: Option<&Document<'_>>) -> String {
    let mut fixes = topic.findings.iter().map(|(_, one)| &*one.fix);
    let first = fixes.next().unwrap_or_default();
    let sentence = first_sentence(first);
    // Most are the same text, or differ in the first name.
    let mut differs = || fixes.any(|fix| fix != first && first_sentence(fix) != sentence);
    let rule = document.and_then(|all| all.rules.get(topic.rule));
    let words = match rule.filter(|_| differs()) {
        Some(rule) => in_general(&first_sentence(&rule.fix)),
        None => sentence,
    };
    match words.strip_suffix(['.', ':']).unwrap_or(&words) {
        "" => format!("settle this: {}", topic.text),
        words => words.to_owned(),
    }
}

/// The first clause of what to do: "take the applications offline before the last backup".
pub(super) fn in_short(sentence: &str) -> String {
    let ends = ["; ", ": "]
        .into_iter()
        .filter_map(|end| sentence.find(end));
    let clause = ends.min().and_then(|end| sentence.get(..end));
    let clause = clause.unwrap_or(sentence);
    // A bracket that was opened in it closes behind it.
    match clause.rfind(" (") {
        Some(open) if !clause.get(open..).unwrap_or_default().contains(')') => {
            clause.get(..open).unwrap_or(clause).to_owned()
        }
        _ => clause.to_owned(),
    }
}

/// A sentence as a part of another: it begins with a verb.
pub(super) fn lower(sentence: &str) -> String {
    let mut rest = sentence.chars();
    let first = rest.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(rest).collect()
}

/// The commands of a remedy; pieces of manifests are none.
pub(super) fn commands(fix: &str) -> Vec<String> {
    let mut all = Vec::new();
    for block in blocks(fix) {
        if let Block::Commands(text) = block
            && !text.lines().next().is_some_and(|line| line.ends_with(':'))
        {
            all.extend(
                text.lines()
                    .filter(|line| !line.trim().is_empty())
                    .map(str::to_owned),
            );
        }
    }
    all
}
