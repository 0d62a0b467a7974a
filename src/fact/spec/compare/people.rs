//! The users of the v4 cluster and what becomes of their passwords.

use std::collections::BTreeSet;

use super::super::pairing::of_pair;
use super::super::problems::{Problems, at};
use super::super::{Draft, DraftFact, access, existing, row};
use super::two_sides;
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Found, Kind};

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "pair.usersLost",
        Type::Strings,
        "users of v4 that the draft does not list; they stay in the database, unmanaged",
        lost,
    ),
    row(
        "pair.passwordsReplaced",
        Type::Strings,
        "users of v4 that the draft lists without a prepared Secret, so that they get new passwords",
        replaced,
    ),
];

fn lost(draft: &Draft<'_>) -> Fact<Value> {
    of_pair(draft, |_| {
        let mut problems = Problems::default();
        let ours = problems.look(access::users(draft));
        let theirs = problems.look(draft.v4_texts("access.users"));
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            let listed: BTreeSet<&str> = ours.value.iter().map(|user| user.name.as_str()).collect();
            let lost = theirs.value.iter();
            for name in lost.filter(|name| !listed.contains(name.as_str())) {
                problems.add(name.as_str(), &two_sides(&ours, &theirs));
            }
        }
        problems.list(draft.nearest(&["spec", "users"]), "the users")
    })
}

fn replaced(draft: &Draft<'_>) -> Fact<Value> {
    of_pair(draft, |_| {
        let mut problems = Problems::default();
        let ours = problems.look(access::users(draft));
        let theirs = problems.look(draft.v4_texts("access.users"));
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            let of_v4: BTreeSet<&String> = theirs.value.iter().collect();
            let both = ours.value.iter().filter(|user| of_v4.contains(&user.name));
            let both: Vec<&access::User> = both.collect();
            let namespace = (!both.is_empty())
                .then(|| problems.look(draft.namespace()))
                .flatten();
            for user in both {
                let Some(namespace) = &namespace else { break };
                let secret = format!("{}-pguser-{}", draft.name, user.name);
                match existing::find(draft, Kind::Secret, Some(namespace.value), &secret) {
                    Found::Here(_) => {}
                    Found::Absent(assumption) => {
                        problems.assume(assumption);
                        let place = at(user.span, "a user of v4 that the draft lists");
                        problems.add(user.name.as_str(), &[place]);
                    }
                    Found::Unseen(gap) => problems.unsure(&[gap]),
                }
            }
        }
        problems.list(draft.nearest(&["spec", "users"]), "the users")
    })
}
