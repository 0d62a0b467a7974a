//! A rule's remedy to paragraphs and commands: what is indented, or is a command, stands as it is; the rest is prose.

use crate::check::prose_of;

/// A piece of a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::render) enum Block {
    /// One paragraph, as text and words in backticks.
    Prose(Vec<Word>),
    /// Lines to copy.
    Commands(String),
}

/// A run of text within a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::render) struct Word {
    /// Whether it stood in backticks.
    pub(in crate::render) code: bool,
    /// The text without them.
    pub(in crate::render) text: String,
}

/// The pieces of a remedy, in order.
pub(in crate::render) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut prose = String::new();
    let mut commands = String::new();
    for line in text.lines() {
        if is_command(line) {
            flush_prose(&mut blocks, &mut prose);
            commands.push_str(line.strip_prefix("    ").unwrap_or(line).trim_end());
            commands.push('\n');
        } else if line.trim().is_empty() {
            flush_prose(&mut blocks, &mut prose);
            if !commands.is_empty() {
                commands.push('\n');
            }
        } else {
            flush_commands(&mut blocks, &mut commands);
            if !prose.is_empty() {
                prose.push(' ');
            }
            prose.push_str(line.trim());
        }
    }
    flush_prose(&mut blocks, &mut prose);
    flush_commands(&mut blocks, &mut commands);
    blocks
}

/// Only the commands of a remedy, and the paragraphs that its rule cannot say in general.
pub(in crate::render) fn own_blocks(text: &str, general: &str) -> Vec<Block> {
    let said = blocks(general);
    let mut own = blocks(text);
    own.retain(|block| !said.contains(block));
    own
}

/// A rule's text with its names in angle brackets: `{cluster.name}` is `<cluster.name>`, as an unknown name is in a
/// finding's own remedy.
pub(in crate::render) fn general(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (brace, after) = from.split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            out.push_str(brace);
            rest = after;
        } else {
            out.push(if brace == "{" { '<' } else { '>' });
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// What a rule says in general about a remedy: its prose. Its commands stand where they hold a cluster's own names.
pub(in crate::render) fn general_blocks(fix: &str) -> Vec<Block> {
    blocks(&general(&prose_of(fix)))
}

fn is_command(line: &str) -> bool {
    let starts = ["  ", "$ ", "kubectl ", "pgo "];
    starts.iter().any(|start| line.starts_with(start)) && !line.trim().is_empty()
}

fn flush_prose(blocks: &mut Vec<Block>, prose: &mut String) {
    if !prose.is_empty() {
        blocks.push(Block::Prose(words(&std::mem::take(prose))));
    }
}

fn flush_commands(blocks: &mut Vec<Block>, commands: &mut String) {
    let text = commands.trim_end();
    if !text.is_empty() {
        blocks.push(Block::Commands(set_out(text)));
    }
    commands.clear();
}

/// Lines without what all of them are set in by.
fn set_out(text: &str) -> String {
    let filled = || text.lines().filter(|line| !line.trim().is_empty());
    let indents = filled().map(|line| line.len() - line.trim_start_matches(' ').len());
    let least = indents.min().unwrap_or(0);
    let lines = text.lines().map(|line| line.get(least..).unwrap_or(""));
    lines.collect::<Vec<_>>().join("\n")
}

/// A paragraph as text, its words of code in backticks.
pub(in crate::render) fn said(words: &[Word]) -> String {
    let quoted = |word: &Word| {
        if word.code {
            format!("`{}`", word.text)
        } else {
            word.text.clone()
        }
    };
    words.iter().map(quoted).collect()
}

/// The first sentence of a remedy.
pub(in crate::render) fn first_sentence(fix: &str) -> String {
    sentences(fix).next().unwrap_or_default()
}

/// The sentences of a remedy's first paragraph.
pub(in crate::render) fn sentences(fix: &str) -> impl Iterator<Item = String> {
    let text = match blocks(fix).into_iter().next() {
        Some(Block::Prose(words)) => said(&words),
        _ => String::new(),
    };
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.match_indices(". ").map(|(at, _)| at).find(|at| {
            let before = rest.get(..*at).unwrap_or_default();
            !before.ends_with("e.g") && !before.ends_with("i.e")
        });
        let after = rest.split_off(end.map_or(rest.len(), |at| at + 1));
        let sentence = std::mem::replace(&mut rest, after.trim_start().to_owned());
        Some(sentence)
    })
}

/// A rule's sentence for all clusters at once: the names in it go, "the cluster" stands for the cluster's own.
pub(in crate::render) fn in_general(sentence: &str) -> String {
    let mut out = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        // What stands in brackets for a name goes with it.
        let bracket = before.rfind('(').filter(|at| !before[*at..].contains(')'));
        if let (Some(at), Some((_, behind))) = (bracket, behind.split_once(')')) {
            out.push_str(before.get(..at).unwrap_or_default().trim_end());
            rest = behind;
            continue;
        }
        out.push_str(before);
        let word = out
            .trim_end()
            .rsplit(' ')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let stands_for = match name {
            "cluster.name" if !word.ends_with("cluster") => "the cluster",
            "cluster.namespace" if word != "namespace" => "its namespace",
            _ => "",
        };
        if stands_for.is_empty() {
            out.truncate(out.trim_end().len());
        }
        out.push_str(stands_for);
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A remedy with each paragraph on one line, whatever lines its rule has: no name and no command is broken.
pub(in crate::render) fn flowed(fix: &str) -> String {
    let set_in = |text: &str| {
        let lines = text
            .lines()
            .map(|line| format!("    {line}").trim_end().to_owned());
        lines.collect::<Vec<_>>().join("\n")
    };
    let told = blocks(fix).into_iter().map(|block| match block {
        Block::Prose(words) => said(&words),
        Block::Commands(text) => set_in(&text),
    });
    told.collect::<Vec<_>>().join("\n\n")
}

/// A paragraph cut at its backticks; an odd one stays as it is.
pub(in crate::render) fn words(text: &str) -> Vec<Word> {
    let plain = |text: &str| Word {
        code: false,
        text: text.to_owned(),
    };
    let mut words = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, behind)) = after.split_once('`') else {
            break;
        };
        if !before.is_empty() {
            words.push(plain(before));
        }
        words.push(Word {
            code: true,
            text: code.to_owned(),
        });
        rest = behind;
    }
    if !rest.is_empty() {
        words.push(plain(rest));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prose(text: &str) -> Block {
        Block::Prose(words(text))
    }

    #[test]
    fn paragraphs_are_joined_and_commands_are_not() {
        let text = "Do this\nat once.\n\n    kubectl get pods\n      -n pgo\n\n    kubectl get pvc\n\nThen `that`.";
        let commands = "kubectl get pods\n  -n pgo\n\nkubectl get pvc";
        assert_eq!(
            blocks(text),
            [
                prose("Do this at once."),
                Block::Commands(commands.to_owned()),
                prose("Then `that`.")
            ]
        );
    }

    #[test]
    fn what_the_rule_says_for_all_is_not_said_again() {
        let own = own_blocks(
            "Same.\n\n    kubectl get pod a",
            "Same.\n\n    kubectl get pod {name}",
        );
        assert_eq!(own, [Block::Commands("kubectl get pod a".to_owned())]);
    }

    #[test]
    fn names_stand_in_angle_brackets_and_doubled_braces_are_braces() {
        assert_eq!(
            general("get {cluster.name} '{{.spec}}'"),
            "get <cluster.name> '{.spec}'"
        );
    }

    #[test]
    fn a_sentence_for_one_is_one_for_all_without_the_names() {
        for (one, all) in [
            (
                "Scale down the replicas of {cluster.name} until one is left.",
                "Scale down the replicas of the cluster until one is left.",
            ),
            (
                "Set the data volume {dataClaim.volume} to Retain.",
                "Set the data volume to Retain.",
            ),
            (
                "Find out which clients use ({cluster.name}, {repo.otherWriters}).",
                "Find out which clients use.",
            ),
            (
                "Look whether namespace {cluster.namespace} is going.",
                "Look whether namespace is going.",
            ),
            ("Add {cluster.namespace} to it.", "Add its namespace to it."),
            ("Wait (some minutes) for {a.b}.", "Wait (some minutes) for."),
        ] {
            assert_eq!(in_general(one), all);
        }
    }

    #[test]
    fn an_odd_backtick_stays() {
        assert_eq!(words("a ` b").len(), 1);
        assert_eq!(words("`a` b").first().map(|word| word.code), Some(true));
    }

    #[test]
    fn a_command_in_a_sentence_is_not_broken_by_the_lines_of_its_rule() {
        let fix =
            "Do not run `pgo backup\n--now` here.\nGo on.\n\n    pgo a\n    pgo b\n\nThen stop.";
        let flowed = flowed(fix);
        let whole =
            "Do not run `pgo backup --now` here. Go on.\n\n    pgo a\n    pgo b\n\nThen stop.";
        assert_eq!(flowed, whole);
    }
}
