//! What the manifest of the v5 cluster names, and whether that is there.

use super::aim;
use super::row::{CourseFact, row};
use super::subject::Course;
use crate::expr::{Names, Value};
use crate::fact::Type;
use crate::fact::spec::{self, Draft};
use crate::manifest::{Fact, Gap, Node};

pub(super) static FACTS: &[CourseFact] = &[
    row(
        "course.image",
        Type::String,
        "the image that its manifest names (spec.image); \"\" where there is no manifest yet, or it names none",
        image,
    ),
    row(
        "course.draftMethod",
        Type::String,
        "the method of migration that the draft in the input is shaped for, \"mixed\" or \"none\"; \"\" where there is no draft",
        |course| course.draft.map_or(Fact::known("".into()), Draft::method),
    ),
    row(
        "course.draftErrors",
        Type::Strings,
        "the rules that find an error in the draft in the input; none without a draft",
        |course| {
            let errors = Value::from(course.draft_errors.clone());
            match course.draft {
                Some(draft) => Fact::at(errors, draft.name_span(), "the draft"),
                None => Fact::known(errors),
            }
        },
    ),
    row(
        "course.draftAccepted",
        Type::Bool,
        "the draft in the input is one to apply: not where an error of it is found or it is for another method; else unknown, for no object shows what the server says to it",
        accepted,
    ),
    row(
        "course.unprepared",
        Type::Strings,
        "Secrets and ConfigMaps that its manifest needs and that are not there: projections for pgBackRest, certificates, and the Secrets of users who would get another password than in v4",
        |course| unprepared(course).map(Value::from),
    ),
];

fn accepted(course: &Course<'_>) -> Fact<Value> {
    let refused = course.draft.filter(|draft| {
        let other = |method: &Value| *method != Value::from(course.method);
        !course.draft_errors.is_empty() || draft.method().value().is_some_and(other)
    });
    match refused {
        Some(draft) if course.migration.is_none() => {
            Fact::at(false.into(), draft.name_span(), "the draft")
        }
        _ => Fact::unknown(Gap {
            missing: "what the server says to the manifest".to_owned(),
            because: "no object shows it".to_owned(),
            ask: "the output of its server-side dry run".to_owned(),
        }),
    }
}

fn image(course: &Course<'_>) -> Fact<Value> {
    let object = aim::object(course);
    let written = object.and_then(|one| one.at(&["spec", "image"]));
    match written.filter(|node| !node.is_placeholder()) {
        Some(node) => Fact::at(Node::text(node).into(), node.span(), "its image"),
        None => Fact::known("".into()),
    }
}

fn unprepared(course: &Course<'_>) -> Fact<Vec<String>> {
    let Some(draft) = course.draft else {
        return Fact::unknown(Gap {
            missing: "the manifest of the PostgresCluster".to_owned(),
            because: "the input holds no draft for it".to_owned(),
            ask: "name the draft among the files of this command".to_owned(),
        });
    };
    let projections = names(draft, "draft.projections", true);
    let certificates = names(draft, "draft.certificates", true);
    let users = names(draft, "pair.passwordsReplaced", false);
    projections
        .both(certificates)
        .both(users)
        .map(|((mut all, certificates), users)| {
            all.extend(certificates.iter().map(|name| format!("secret/{name}")));
            all.extend(users.iter().map(|name| format!("user {name}")));
            all
        })
}

/// The names of the elements of a list, of those alone that are not there where the elements say whether they are.
fn names(draft: &Draft<'_>, fact: &str, may_be_there: bool) -> Fact<Vec<String>> {
    let number = spec::FACTS.fact(fact);
    let listed = number.and_then(|number| spec::FACTS.read(number, draft));
    let listed = listed.unwrap_or_else(|| Fact::known(Value::from(Vec::<String>::new())));
    listed.and_then(|list| {
        let Value::List(elements) = list else {
            return Fact::known(Vec::new());
        };
        let mut lacking = Vec::new();
        for element in elements.iter() {
            match element.get("there") {
                Some(Value::Unknown(gaps)) => return Fact::Unknown(gaps.clone()),
                Some(Value::Bool(true)) if may_be_there => continue,
                _ => {}
            }
            if let Some(Value::Str(name)) = element.get("name") {
                lacking.push(name.to_string());
            }
        }
        Fact::known(lacking)
    })
}
