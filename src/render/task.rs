//! What a finding asks to be done, told before why: by its remedy's first sentence, which begins with a verb.

use super::document::Finding;
use super::text::prose::{Block, first_sentence, said, words};
use crate::check::FindingOutcome;
use crate::rule::{Method, Weight};

/// What is to be done about a cluster, without a full stop; none where nothing is, or where that is not known.
pub(super) fn task(finding: &Finding<'_>) -> Option<String> {
    // Rules about v4 clusters name in that sentence what it is about; others may go on from what is so.
    let mut ways = Method::ALL.into_iter();
    let asks = finding.outcome == FindingOutcome::Fires
        && ways.any(|method| finding.effect.on(method) >= Some(Weight::Action));
    let sentence = first_sentence(&finding.fix);
    let task = sentence.strip_suffix(['.', ':']).unwrap_or(&sentence);
    (asks && !task.is_empty()).then(|| task.to_owned())
}

/// A remedy without the sentence that was told as its head.
pub(super) fn after(task: &str, mut blocks: Vec<Block>) -> Vec<Block> {
    let Some(Block::Prose(first)) = blocks.first_mut().filter(|_| !task.is_empty()) else {
        return blocks;
    };
    let text = said(first);
    let Some(rest) = text.strip_prefix(task) else {
        return blocks;
    };
    let rest = rest.trim_start_matches(['.', ':']).trim_start();
    if rest.is_empty() {
        blocks.remove(0);
    } else {
        *first = words(rest);
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text::prose::blocks;

    #[test]
    fn what_was_told_as_the_head_is_not_told_again() {
        let fix = "Set `a` to Retain. Then go on.\n\n    kubectl get pv";
        let rest = after("Set `a` to Retain", blocks(fix));
        assert_eq!(rest, blocks("Then go on.\n\n    kubectl get pv"));
        let alone = after("Wait", blocks("Wait:\n\n    kubectl get pv"));
        assert_eq!(alone, blocks("    kubectl get pv"));
        assert_eq!(after("Other", blocks(fix)), blocks(fix));
    }
}
