//! The Secrets of a living cluster's users, by their metadata.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::live::row::{LivingFact, row};
use crate::fact::live::subject::Living;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Kind, Node, Object};

const USER: &str = "postgres-operator.crunchydata.com/pguser";

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[
    row(
        "live.users",
        Type::Strings,
        "the users that a Secret labelled by v5 speaks of, sorted; unknown where Secrets were not exported",
        |living| {
            let mut names: Vec<&str> = secrets(living).map(|(user, _)| user).collect();
            names.sort_unstable();
            names.dedup();
            if_complete(&living.all_of(Kind::Secret).completeness, names.into())
        },
    ),
    row(
        "live.userSecrets",
        Type::Records,
        "those Secrets as {user, name, created}: created is RFC 3339, \"\" where the export does not say",
        |living| {
            let records: Vec<Value> = secrets(living)
                .map(|(user, secret)| record(user, secret))
                .collect();
            if_complete(
                &living.all_of(Kind::Secret).completeness,
                Value::List(records.into()),
            )
        },
    ),
];

fn secrets<'s, 'a>(
    living: &'s Living<'a>,
) -> impl Iterator<Item = (&'a str, &'a Object)> + use<'s, 'a> {
    let all = living.all_of(Kind::Secret).objects.iter().copied();
    all.filter_map(|secret| Some((secret.label(USER)?.text(), secret)))
}

fn record(user: &str, secret: &Object) -> Value {
    let created = secret
        .at(&["metadata", "creationTimestamp"])
        .map_or("", Node::text);
    let fields = [
        ("user", Value::from(user)),
        ("name", (&*secret.name).into()),
        ("created", created.into()),
    ];
    let fields = fields.into_iter().map(|(key, value)| (key.into(), value));
    Value::Map(fields.collect())
}
