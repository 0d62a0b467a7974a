//! Rules and steps as tables in Rust, so that the program finds them ready and no run reads a text to begin with.

use crate::raw::{OneOrMany, RawApplies, RawEffect, RawRule, Text};
use crate::raw_step::{RawCase, RawCommands, RawNever, RawStep};

/// An expression: a slice of pairs of a rule's file and the rule, without its examples.
pub(super) fn of_rules(rules: &[(String, RawRule)]) -> String {
    let rows = rules.iter().map(|(file, rule)| rule_row(file, rule));
    format!("&[\n{}]\n", rows.collect::<String>())
}

/// The same of steps.
pub(super) fn of_steps(steps: &[(String, RawStep)]) -> String {
    let rows = steps.iter().map(|(file, step)| step_row(file, step));
    format!("&[\n{}]\n", rows.collect::<String>())
}

fn step_row(file: &str, step: &RawStep) -> String {
    let RawStep {
        id,
        methods,
        phase,
        after,
        scope,
        needed,
        restarts_v4,
        done,
        unseen,
        outlives_v4,
        answers,
        stopped_by,
        title,
        run,
        wait,
        changes,
        back,
        never,
        no_return,
        downtime,
        source,
        examples: _,
    } = step;
    let optional = [
        ("scope", scope),
        ("needed", needed),
        ("restarts_v4", restarts_v4),
        ("done", done),
        ("unseen", unseen),
        ("changes", changes),
        ("downtime", downtime),
    ];
    let required = [("id", id), ("phase", phase), ("title", title)];
    let lists = [
        ("methods", methods),
        ("after", after),
        ("answers", answers),
        ("stopped_by", stopped_by),
    ];
    let commands = [
        ("run", run),
        ("wait", wait),
        ("back", back),
        ("no_return", no_return),
    ];
    let optional = optional.map(|(key, value)| format!("{key}: {}, ", maybe(value.as_ref())));
    let required = required.map(|(key, value)| format!("{key}: {}, ", text(value)));
    let lists = lists.map(|(key, values)| format!("{key}: {}, ", texts(values)));
    let commands = commands.map(|(key, value)| format!("{key}: {}, ", commands_of(value.as_ref())));
    format!(
        "({file:?}, RawStep {{ {}{}{}{}never: {}, outlives_v4: {outlives_v4}, source: {}, examples: Vec::new() }}),\n",
        required.concat(),
        optional.concat(),
        lists.concat(),
        commands.concat(),
        nevers(never),
        one_or_many(source),
    )
}

fn commands_of(commands: Option<&RawCommands>) -> String {
    match commands {
        None => "None".to_owned(),
        Some(RawCommands::Always(always)) => {
            format!("Some(RawCommands::Always({}))", text(always))
        }
        Some(RawCommands::Cases(cases)) => {
            let cases: String = cases.iter().map(case).collect();
            format!("Some(RawCommands::Cases(Cow::Borrowed(&[{cases}])))")
        }
    }
}

fn nevers(all: &[RawNever]) -> String {
    let one = |never: &RawNever| match never {
        RawNever::Always(always) => format!("RawNever::Always({}), ", text(always)),
        RawNever::Case(one) => format!("RawNever::Case({}), ", case(one).trim_end_matches(", ")),
    };
    format!(
        "Cow::Borrowed(&[{}])",
        all.iter().map(one).collect::<String>()
    )
}

fn case(case: &RawCase) -> String {
    let RawCase {
        condition,
        remedies,
        run,
        like,
    } = case;
    format!(
        "RawCase {{ condition: {}, remedies: {}, run: {}, like: {} }}, ",
        maybe(condition.as_ref()),
        texts(remedies),
        text(run),
        maybe(like.as_ref())
    )
}

fn rule_row(file: &str, rule: &RawRule) -> String {
    let RawRule {
        id,
        subject,
        title,
        question,
        effect,
        phase,
        loses_data,
        holds,
        holds_if,
        applies: RawApplies { target, v4, from },
        each,
        when,
        message,
        why,
        fix,
        source,
        label,
        examples: _,
    } = rule;
    let optional = [
        ("question", question),
        ("phase", phase),
        ("holds", holds),
        ("holds_if", holds_if),
        ("each", each),
        ("when", when),
        ("label", label),
    ];
    let required = [
        ("id", id),
        ("subject", subject),
        ("title", title),
        ("message", message),
        ("why", why),
        ("fix", fix),
    ];
    let optional = optional.map(|(key, value)| format!("{key}: {}, ", maybe(value.as_ref())));
    let required = required.map(|(key, value)| format!("{key}: {}, ", text(value)));
    let applies = [("target", target), ("v4", v4), ("from", from)]
        .map(|(key, value)| format!("{key}: {}, ", maybe(value.as_ref())));
    format!(
        "({file:?}, RawRule {{ {}{}loses_data: {loses_data}, applies: RawApplies {{ {}}}, effect: {}, source: {}, examples: Vec::new() }}),\n",
        required.concat(),
        optional.concat(),
        applies.concat(),
        effect_of(effect),
        one_or_many(source),
    )
}

fn effect_of(effect: &RawEffect) -> String {
    match effect {
        RawEffect::Word(word) => format!("RawEffect::Word({})", text(word)),
        RawEffect::Methods(words) => {
            let pairs = words
                .iter()
                .map(|(method, word)| format!("({}, {}), ", text(method), text(word)));
            let pairs: String = pairs.collect();
            format!("RawEffect::Methods(Cow::Borrowed(&[{pairs}]))")
        }
    }
}

fn one_or_many(all: &OneOrMany) -> String {
    match all {
        OneOrMany::One(one) => format!("OneOrMany::One({})", text(one)),
        OneOrMany::Many(many) => format!("OneOrMany::Many({})", texts(many)),
        OneOrMany::Number(number) => format!("OneOrMany::Number({number})"),
    }
}

fn maybe(value: Option<&Text>) -> String {
    value.map_or("None".to_owned(), |value| format!("Some({})", text(value)))
}

fn texts(all: &[Text]) -> String {
    let all: String = all.iter().map(|one| format!("{}, ", text(one))).collect();
    format!("Cow::Borrowed(&[{all}])")
}

fn text(value: &str) -> String {
    format!("Cow::Borrowed({value:?})")
}
