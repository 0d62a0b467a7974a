//! What Postgres refuses of the users: the operator sends it all of them in one transaction, and does not go on without it.

use std::collections::BTreeSet;

use super::access::{User, users};
use crate::fact::Element;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::Fact;

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.usersRefused",
    "every user that Postgres refuses, for its name or its options: {name, why}",
    &["name", "why"],
    refused,
)];

fn refused(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let found = users(draft).map(|users| {
        let refused = users.iter().filter_map(|user| {
            let why = wrong(user)?;
            let (span, note) = (user.options_span, "refused by Postgres");
            let element = Element::new(format!("spec.users[{}]", user.name), span, note)
                .with("name", Fact::known(user.name.as_str().into()));
            Some(element.with("why", Fact::known(why.into())))
        });
        refused.collect()
    });
    found.and_at(draft.nearest(&["spec", "users"]), "the users")
}

fn wrong(user: &User) -> Option<String> {
    if matches!(user.name.as_str(), "public" | "none") {
        return Some(format!(
            "{} is a name that Postgres keeps for itself",
            user.name
        ));
    }
    // The operator writes its own for this one.
    (user.name != "postgres")
        .then(|| refusal(&user.options))
        .flatten()
}

/// Options that are on or off: `NO` in front turns one off.
const SWITCHES: [&str; 7] = [
    "SUPERUSER",
    "CREATEDB",
    "CREATEROLE",
    "INHERIT",
    "LOGIN",
    "REPLICATION",
    "BYPASSRLS",
];

/// What `ALTER ROLE ... WITH` refuses of options (Postgres src/backend/parser/gram.y, `AlterOptRoleElem`); nothing where
/// they are fine. Passwords and comments the operator takes out, or the schema refuses.
fn refusal(options: &str) -> Option<String> {
    let upper = options.to_uppercase();
    if ["PASSWORD", "--", "/*", ";"]
        .iter()
        .any(|word| upper.contains(word))
    {
        return None;
    }
    let mut words = options.split_whitespace();
    let mut seen = BTreeSet::new();
    while let Some(word) = words.next() {
        let upper = word.to_uppercase();
        let switch = upper
            .strip_prefix("NO")
            .filter(|rest| SWITCHES.contains(rest));
        let (name, fits) = match switch.unwrap_or(&upper) {
            switch if SWITCHES.contains(&switch) => (switch.to_owned(), true),
            "CONNECTION" => {
                let limit = words
                    .next()
                    .is_some_and(|word| word.eq_ignore_ascii_case("LIMIT"));
                let number = words.next().is_some_and(|word| word.parse::<i32>().is_ok());
                ("CONNECTION LIMIT".to_owned(), limit && number)
            }
            "VALID" => {
                let until = words
                    .next()
                    .is_some_and(|word| word.eq_ignore_ascii_case("UNTIL"));
                ("VALID UNTIL".to_owned(), until && is_text(&mut words))
            }
            _ => return Some(format!("{word} is no option of a role that is there")),
        };
        if !fits {
            return Some(format!("{name} has not what goes with it"));
        }
        if !seen.insert(name.clone()) {
            return Some(format!("{name} is said twice"));
        }
    }
    None
}

/// Whether a text in single quotes follows, blanks in it or not.
fn is_text<'o>(words: &mut impl Iterator<Item = &'o str>) -> bool {
    let Some(first) = words.next() else {
        return false;
    };
    let begins = first.trim_start_matches(['e', 'E']);
    if begins.starts_with('$') {
        return true;
    }
    let Some(rest) = begins.strip_prefix('\'') else {
        return false;
    };
    rest.ends_with('\'') || words.any(|word| word.ends_with('\''))
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn options_that_postgres_takes() {
        for options in [
            "",
            "SUPERUSER CREATEDB",
            "nosuperuser Login",
            "CONNECTION LIMIT 5",
            "CONNECTION LIMIT -1 NOINHERIT",
            "VALID UNTIL '2030-01-01'",
            "VALID UNTIL '2030-01-01 12:00:00+00' LOGIN",
            "VALID UNTIL $$infinity$$",
        ] {
            assert_eq!(refusal(options), None, "{options}");
        }
    }

    #[test]
    fn options_that_postgres_refuses() {
        for options in [
            "SUPER USER",
            "SUPERUSER, CREATEDB",
            "WITH SUPERUSER",
            "IN ROLE admin",
            "CREATEUSER",
            "GRANT admin",
            "CONNECTION LIMIT",
            "VALID UNTIL \"2030-01-01\"",
            "VALID UNTIL 2030-01-01",
            "LOGIN NOLOGIN",
            "SUPERUSER SUPERUSER",
        ] {
            assert!(refusal(options).is_some(), "{options}");
        }
    }
}
