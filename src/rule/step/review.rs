//! The mistakes a step's author can make that only a compiled step shows.

use super::{Decided, Step};
use crate::expr::ExprError;
use crate::rule::resolve::{Faults, Part};
use crate::rule::review::identity;

/// Looks for every mistake in a step by itself.
pub(super) fn review(step: &Step, faults: &mut Faults) {
    identity(&step.id, &step.file, faults);
    if step.title.trim().is_empty() || step.title.contains('\n') {
        faults.add(
            Part::Key("title"),
            "the title is one line that says what is done",
        );
    }
    if step.source.iter().all(|source| source.trim().is_empty()) {
        faults.add(Part::Key("source"), "every step cites what it rests on");
    }
    if step.run.is_empty() && step.wait.is_empty() && step.answers.is_empty() {
        let message = "a step has commands in `run` or `wait`, or names in `answers` the rules whose remedy it is";
        faults.add(Part::Key("id"), message);
    }
    expressions(step, faults);
    texts(step, faults);
    examples(step, faults);
}

fn noted<T>(result: Option<Result<&T, &ExprError>>, key: &'static str, faults: &mut Faults) {
    if let Some(Err(error)) = result {
        let message = format!("{key}: {}", error.message);
        faults.add(Part::Within(key, error.offset), message);
    }
}

fn expressions(step: &Step, faults: &mut Faults) {
    noted(step.needed(), "needed", faults);
    noted(step.restarts_v4(), "restarts_v4", faults);
    noted(step.done(), "done", faults);
    let all = [
        ("run", step.run()),
        ("wait", step.wait()),
        ("back", step.back()),
        ("no_return", step.no_return()),
    ];
    for (key, cases) in all {
        for case in cases {
            if let Some(Err(error)) = case.condition() {
                faults.add(Part::Key(key), format!("{key}: if: {}", error.message));
            }
            if let Err(error) = case.commands() {
                faults.add(Part::Key(key), format!("{key}: {}", error.message));
            }
            if let Some(name) = case.text().lines().find_map(quoted_name) {
                let message = format!(
                    "{key}: write {name} without quotes around it: it gets those it needs, and a value that needs some cannot stand in others"
                );
                faults.add(Part::Key(key), message);
            }
        }
    }
}

/// A name that is a quoted word of a command by itself, as in `--target='{primary.name}'`; in a quoted text of more words
/// there is no other way.
fn quoted_name(line: &str) -> Option<&str> {
    if !line.starts_with("  ") {
        return None;
    }
    let (mut open, mut escaped) = (None, false);
    for (at, c) in line.char_indices() {
        match (open, c) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            (None, '\'' | '"') => {
                open = Some(c);
                let inner = line.get(at + 1..)?;
                let name = inner.split_once(c).map_or("", |(name, _)| name);
                let fact = name
                    .strip_prefix('{')
                    .and_then(|name| name.strip_suffix('}'));
                if fact.is_some_and(|fact| !fact.is_empty() && !fact.contains(['{', '}', ' '])) {
                    return Some(name);
                }
            }
            (Some(quote), c) if quote == c => open = None,
            _ => {}
        }
    }
    None
}

fn texts(step: &Step, faults: &mut Faults) {
    noted(step.changes(), "changes", faults);
    for case in step.never() {
        let condition = case.condition().and_then(Result::err);
        for error in condition.into_iter().chain(case.commands().err()) {
            faults.add(Part::Key("never"), format!("never: {}", error.message));
        }
    }
}

fn examples(step: &Step, faults: &mut Faults) {
    for (index, example) in step.examples.iter().enumerate() {
        let same = |other: &&super::StepExample| other.name == example.name;
        if step.examples.iter().filter(same).count() > 1 {
            let message = format!("two examples are called `{}`", example.name);
            faults.add(Part::Example(index), message);
        }
        if example.needed.is_none() && example.done.is_none() {
            let message = format!(
                "example `{}` says neither `needed` nor `done`",
                example.name
            );
            faults.add(Part::Example(index), message);
        }
    }
    let shows = |wanted| step.examples.iter().any(|one| one.done == Some(wanted));
    if step.done.is_some() && !(shows(Decided::Yes) && shows(Decided::No)) {
        let message =
            "a step with `done` has an example in which it is done, and one in which it is not";
        faults.add(Part::Key("examples"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::quoted_name;

    #[test]
    fn a_name_in_quotes_of_its_own_is_told_from_one_inside_a_quoted_text() {
        assert_eq!(
            quoted_name("  pgo scaledown --target='{primary.name}'"),
            Some("{primary.name}")
        );
        assert_eq!(
            quoted_name("  psql -d \"{access.database}\""),
            Some("{access.database}")
        );
        for fine in [
            "  psql -d {access.database}",
            r#"  kubectl patch -p '{{"spec":{{"size":"{dataClaim.size}"}}}}'"#,
            r#"  kubectl get -o jsonpath="{{.status.state}}""#,
            r#"  sh -c "cd {repo.directory} && ls""#,
            "It says '{primary.name}'.",
        ] {
            assert_eq!(quoted_name(fine), None, "{fine}");
        }
    }
}
