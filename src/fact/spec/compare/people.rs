//! The users of the v4 cluster and what becomes of their passwords.

use std::collections::BTreeSet;

use super::super::pairing::of_pair;
use super::super::problems::{Culprits, at};
use super::super::{Draft, DraftFact, each};
use super::sides::first_of;
use crate::fact::Element;
use crate::fact::spec::around::existing;
use crate::fact::spec::clients::access;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Found, Kind, Object};

pub(super) static FACTS: &[DraftFact] = &[
    each(
        "pair.usersLost",
        "users of v4 that the draft does not list; they stay in the database, unmanaged: {name}",
        &["name"],
        lost,
    ),
    each(
        "pair.passwordsReplaced",
        "users of v4 that the draft lists without a prepared Secret, so that they get new passwords: {name}",
        &["name"],
        replaced,
    ),
];

fn lost(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    of_pair(draft, |pair| {
        let mut problems = Culprits::default();
        let ours = problems.look(access::users(draft));
        let theirs = problems.look(draft.v4_texts("access.users"));
        let place = draft.nearest(&["spec", "users"]);
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            let listed: BTreeSet<&str> = ours.value.iter().map(|user| user.name.as_str()).collect();
            let secrets = &pair.cluster.all_of(Kind::Secret).objects;
            let lost = theirs.value.iter();
            for name in lost.filter(|name| !listed.contains(name.as_str())) {
                let secret = format!("{}-{name}-secret", pair.cluster.name);
                let secret = secrets.iter().find(|one| *one.name == *secret);
                let of_v4 = match secret {
                    Some(secret) => Some(at(secret.name_span(), "the Secret of a user")),
                    None => first_of(&theirs, "the v4 cluster"),
                };
                let places: Vec<_> = [at(place, "the draft")].into_iter().chain(of_v4).collect();
                let key = format!("spec.users[{name}]");
                problems.tell(key, [("name", name.as_str().into())], &places);
            }
        }
        problems.list(place, "the users")
    })
}

fn replaced(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    of_pair(draft, |_| {
        let mut problems = Culprits::default();
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
                look_for_secret(draft, namespace.value, user, &mut problems);
            }
        }
        problems.list(draft.nearest(&["spec", "users"]), "the users")
    })
}

/// The operator finds a user's Secret by its labels, whatever its name; one that bears the name it would give and not
/// the labels is overwritten.
fn look_for_secret(
    draft: &Draft<'_>,
    namespace: &str,
    user: &access::User,
    problems: &mut Culprits,
) {
    let mut prepared = false;
    let mut complete = Fact::known(());
    for (number, place) in draft.places().enumerate() {
        let secrets = place.of_v5_cluster(Kind::Secret, Some(namespace), draft.name);
        let of_user = |secret: &&Object| {
            let label = secret.label("postgres-operator.crunchydata.com/pguser");
            label.is_some_and(|label| label.text() == user.name)
        };
        prepared |= secrets.objects.iter().any(of_user);
        // The first place is the one that counts; the others may add to it.
        if number == 0 {
            complete = if_complete(&secrets.completeness, ());
        }
    }
    let name = format!("{}-pguser-{}", draft.name, user.name);
    let unlabelled = match existing::find(draft, Kind::Secret, Some(namespace), &name) {
        Found::Here(secret) if !prepared => Some(secret),
        _ => None,
    };
    let mut places = vec![at(user.span, "a user of v4 that the draft lists")];
    let name = unlabelled.map(|secret| at(secret.name_span(), "not found: it lacks the labels"));
    places.extend(name);
    if !prepared && (unlabelled.is_some() || problems.look(complete).is_some()) {
        let key = format!("spec.users[{}]", user.name);
        problems.tell(key, [("name", user.name.as_str().into())], &places);
    }
}
