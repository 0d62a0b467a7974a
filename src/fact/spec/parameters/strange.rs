//! Parameters that Postgres will not have as they are written.

use super::patroni_keys::is_key;
use super::postgres_parameters::strange;
use super::{Parameter, in_effect, place};
use crate::fact::Element;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::Fact;

pub(in super::super) static FACTS: &[DraftFact] = &[
    each(
        "draft.parametersStrange",
        "every parameter that no Postgres has, or not one of the draft's major: {name, knownIn, suggestion}; knownIn is \"from 18 on\" or \"\" where none has it, suggestion the one it resembles",
        &["name", "knownIn", "suggestion"],
        strangers,
    ),
    each(
        "draft.parametersMisshapen",
        "every parameter in Patroni's dynamic configuration whose value is a list or a mapping, shared_preload_libraries aside: {name}",
        &["name"],
        misshapen,
    ),
];

fn strangers(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let major = draft.number(&["spec", "postgresVersion"], "the Postgres version");
    // Without it the names alone tell.
    let major = major.value().copied().flatten().unwrap_or(0);
    let found = in_effect(draft).map(|parameters| {
        let all = parameters.iter().filter(|one| !is_key(&one.name));
        let strange = all.filter_map(|one| Some((one, strange(&one.name, major)?)));
        strange
            .map(|(one, why)| {
                element(one, "not a parameter of this Postgres")
                    .with("knownIn", Fact::known(why.known_in.as_str().into()))
                    .with("suggestion", Fact::known(why.suggestion.into()))
            })
            .collect()
    });
    found.and_at(place(draft), super::NOTE)
}

fn misshapen(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let found = in_effect(draft).map(|parameters| {
        let is_odd = |one: &&Parameter<'_>| {
            let told = one.name == "shared_preload_libraries" || is_key(&one.name);
            (one.value.is_seq() || one.value.is_map()) && !told
        };
        let odd = parameters.iter().filter(is_odd);
        odd.map(|one| element(one, "no text, number or truth"))
            .collect()
    });
    found.and_at(place(draft), super::NOTE)
}

fn element(one: &Parameter<'_>, note: &'static str) -> Element {
    let key = format!("parameters.{}", one.name);
    let name = Fact::at(one.name.as_str().into(), one.key.span(), note);
    Element::new(key, one.key.span(), note).with("name", name)
}
