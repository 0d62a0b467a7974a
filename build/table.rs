//! Rules as a table in Rust, so that the program finds them ready and no run reads a text to begin with.

use crate::raw::{OneOrMany, RawApplies, RawEffect, RawRule, Text};

/// An expression: a slice of pairs of a rule's file and the rule, without its examples.
pub(super) fn of_rules(rules: &[(String, RawRule)]) -> String {
    let rows = rules.iter().map(|(file, rule)| row(file, rule));
    format!("&[\n{}]\n", rows.collect::<String>())
}

fn row(file: &str, rule: &RawRule) -> String {
    let RawRule {
        id,
        subject,
        title,
        question,
        effect,
        phase,
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
        "({file:?}, RawRule {{ {}{}applies: RawApplies {{ {}}}, effect: {}, source: {}, examples: Vec::new() }}),\n",
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

fn one_or_many(texts: &OneOrMany) -> String {
    match texts {
        OneOrMany::One(one) => format!("OneOrMany::One({})", text(one)),
        OneOrMany::Many(many) => {
            let many: String = many.iter().map(|one| format!("{}, ", text(one))).collect();
            format!("OneOrMany::Many(Cow::Borrowed(&[{many}]))")
        }
        OneOrMany::Number(number) => format!("OneOrMany::Number({number})"),
    }
}

fn maybe(value: Option<&Text>) -> String {
    value.map_or("None".to_owned(), |value| format!("Some({})", text(value)))
}

fn text(value: &str) -> String {
    format!("Cow::Borrowed({value:?})")
}
