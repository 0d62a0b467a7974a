//! Who may log in and how: rules for clients, certificates, users.

pub(in crate::fact::spec) mod lines;

use crate::expr::Value;
use crate::fact::spec::parameters::DYNAMIC;
use crate::fact::spec::reading::{resting_on_each, says_something, word, words};
use crate::fact::spec::{Draft, DraftFact, each, row};
use crate::fact::{Element, Type};
use crate::manifest::{Fact, Node};
use crate::source::Span;

const RULES: [&str; 3] = ["spec", "authentication", "rules"];
const USERS: [&str; 2] = ["spec", "users"];
const NOTE: &str = "the rules for clients";

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.hba",
        Type::Strings,
        "the draft's own rules for clients as lines of pg_hba: authentication.rules, then Patroni's pg_hba",
        |draft| {
            rules(draft).and_then(|rules| {
                let lines = rules.iter().map(|rule| rule.line.as_str());
                let fact = Fact::known(lines.collect::<Vec<_>>().into());
                let fact = resting_on_each(fact, rules.iter().map(|rule| rule.span), NOTE);
                fact.and_at(draft.nearest(&RULES), NOTE)
            })
        },
    ),
    row(
        "draft.customHba",
        Type::Bool,
        "the draft has rules of its own, which take the place of the default rule",
        |draft| any(draft, |_| true),
    ),
    row(
        "draft.hbaAsText",
        Type::Bool,
        "pg_hba of Patroni is one text, which the operator leaves out, and no list",
        |draft| {
            let [spec, patroni, dynamic] = DYNAMIC;
            let path = [spec, patroni, dynamic, "postgresql", "pg_hba"];
            let value = draft.at(&path).filter(|value| value.as_str().is_some());
            let span = value.map_or_else(|| draft.nearest(&path), Node::span);
            Fact::at(value.is_some().into(), span, "one text")
        },
    ),
    row(
        "draft.hbaPlain",
        Type::Bool,
        "one of its own rules lets clients in without TLS",
        |draft| any(draft, Rule::lets_plain_in),
    ),
    row(
        "draft.hbaMd5",
        Type::Bool,
        "one of its own rules is of method md5",
        |draft| any(draft, |rule| rule.method == "md5"),
    ),
    row(
        "draft.hbaCatchAll",
        Type::Bool,
        "one of its own rules lets all users from everywhere into all databases",
        |draft| any(draft, Rule::is_catch_all),
    ),
    row(
        "draft.tls.server",
        Type::Bool,
        "customTLSSecret is given",
        |draft| {
            draft
                .given(&["spec", "customTLSSecret"], "certificates of its own")
                .map(Value::from)
        },
    ),
    row(
        "draft.tls.replication",
        Type::Bool,
        "customReplicationTLSSecret is given",
        |draft| {
            let path = ["spec", "customReplicationTLSSecret"];
            draft
                .given(&path, "certificates of its own")
                .map(Value::from)
        },
    ),
    row(
        "draft.usersGiven",
        Type::Bool,
        "spec.users is written, be it as an empty list",
        |draft| draft.given(&USERS, "the users").map(Value::from),
    ),
    each(
        "draft.users",
        "the users the operator makes: {name, databases, options, passwordType}; without spec.users the one named like the cluster",
        &["name", "databases", "options", "passwordType"],
        |draft| {
            let all = users(draft).map(|users| users.iter().map(User::as_element).collect());
            all.and_at(draft.nearest(&USERS), "the users")
        },
    ),
    row(
        "draft.userNames",
        Type::Strings,
        "the names of these users",
        |draft| {
            users(draft).and_then(|users| {
                let names = users.iter().map(|user| user.name.as_str());
                let fact = Fact::known(names.collect::<Vec<_>>().into());
                let places = users.iter().map(|user| user.span);
                let fact = resting_on_each(fact, places, "a user");
                fact.and_at(draft.nearest(&USERS), "the users")
            })
        },
    ),
];

/// One rule for clients.
struct Rule {
    line: String,
    connection: String,
    database: String,
    user: String,
    address: String,
    method: String,
    span: Span,
}

impl Rule {
    /// From a line of `pg_hba`.
    fn of_line(line: &str, span: Span) -> Rule {
        let mut words = line.split_whitespace().map(str::to_owned);
        let mut next = || words.next().unwrap_or_default();
        let (connection, database, user) = (next(), next(), next());
        // Over a socket there is no address.
        let address = if connection == "local" {
            "all".to_owned()
        } else {
            next()
        };
        let mut method = next();
        // An address may be followed by its mask.
        if is_mask(&method) {
            method = next();
        }
        Rule {
            line: line.to_owned(),
            connection,
            database,
            user,
            address,
            method,
            span,
        }
    }

    /// From an item of `authentication.rules`; what it leaves out means all.
    fn of_item(item: Node<'_>) -> Rule {
        let hba = item.get("hba").filter(|node| !node.text().is_empty());
        if let Some(hba) = hba {
            return Rule::of_line(hba.text(), hba.span());
        }
        let all = |names: Vec<String>| {
            if names.is_empty() {
                "all".to_owned()
            } else {
                names.join(",")
            }
        };
        let connection = word(item, &["connection"]);
        let method = word(item, &["method"]);
        let (database, user) = (
            all(words(item, &["databases"])),
            all(words(item, &["users"])),
        );
        Rule {
            line: format!("{connection} {database} {user} all {method}"),
            connection,
            database,
            user,
            address: "all".to_owned(),
            method,
            span: item.get("connection").unwrap_or(item).span(),
        }
    }

    fn lets_in(&self) -> bool {
        self.method != "reject"
    }

    fn lets_plain_in(&self) -> bool {
        matches!(
            self.connection.as_str(),
            "host" | "hostnossl" | "hostnogssenc"
        ) && self.lets_in()
    }

    fn is_catch_all(&self) -> bool {
        self.connection.starts_with("host") && self.is_for_all() && self.lets_in()
    }

    fn is_for_all(&self) -> bool {
        let everywhere = matches!(self.address.as_str(), "all" | "0.0.0.0/0" | "0.0.0.0");
        everywhere && self.database == "all" && self.user == "all"
    }
}

/// Whether a word is a mask of addresses rather than a method.
fn is_mask(word: &str) -> bool {
    let of_address = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':');
    word.contains(['.', ':']) && word.chars().all(of_address)
}

fn rules(draft: &Draft<'_>) -> Fact<Vec<Rule>> {
    let [spec, patroni, dynamic] = DYNAMIC;
    let lines = draft.items(&[spec, patroni, dynamic, "postgresql", "pg_hba"]);
    let items = draft.items(&RULES);
    items.both(lines).map(|(items, lines)| {
        let items = items.into_iter().map(Rule::of_item);
        let lines = lines
            .into_iter()
            .map(|node| Rule::of_line(node.text(), node.span()));
        items.chain(lines).collect()
    })
}

/// Whether one of the rules is so; the first that is shows it.
fn any(draft: &Draft<'_>, is: fn(&Rule) -> bool) -> Fact<Value> {
    rules(draft).and_then(|rules| {
        let found = rules.iter().find(|rule| is(rule));
        let first = found.or(rules.first()).map(|rule| rule.span);
        let place = first.unwrap_or_else(|| draft.nearest(&RULES));
        Fact::at(found.is_some().into(), place, NOTE)
    })
}

/// One user the operator makes.
pub(in crate::fact::spec) struct User {
    pub(in crate::fact::spec) name: String,
    databases: Vec<String>,
    pub(super) options: String,
    password_type: String,
    pub(in crate::fact::spec) span: Span,
    pub(super) options_span: Span,
}

impl User {
    fn as_element(&self) -> Element {
        let options = Fact::at(
            self.options.as_str().into(),
            self.options_span,
            "its options",
        );
        Element::new(format!("spec.users[{}]", self.name), self.span, "a user")
            .with("name", Fact::known(self.name.as_str().into()))
            .with("databases", Fact::known(self.databases.clone().into()))
            .with("options", options)
            .with(
                "passwordType",
                Fact::known(self.password_type.as_str().into()),
            )
    }
}

/// The users the operator makes; without a list the one named like the cluster.
pub(in crate::fact::spec) fn users(draft: &Draft<'_>) -> Fact<Vec<User>> {
    let given = draft.given(&USERS, "the users");
    given.both(draft.items(&USERS)).map(|(given, items)| {
        if !given {
            return vec![User {
                name: draft.name.to_owned(),
                databases: vec![draft.name.to_owned()],
                options: String::new(),
                password_type: String::new(),
                span: draft.name_span(),
                options_span: draft.name_span(),
            }];
        }
        let user = |item: Node<'_>| User {
            name: word(item, &["name"]),
            databases: words(item, &["databases"]),
            options: word(item, &["options"]),
            password_type: if says_something(item, &["password"]) {
                word(item, &["password", "type"])
            } else {
                String::new()
            },
            span: item.get("name").unwrap_or(item).span(),
            options_span: item
                .get("options")
                .or(item.get("name"))
                .unwrap_or(item)
                .span(),
        };
        items.into_iter().map(user).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn lines_come_apart() {
        let span = Span {
            source: SourceId(0),
            start: 0,
            end: 0,
        };
        let rule = |line: &str| Rule::of_line(line, span);
        let catch_all = rule("hostssl all all all scram-sha-256");
        assert!(catch_all.is_catch_all() && !catch_all.lets_plain_in());
        let plain = rule("host  all  all  0.0.0.0/0  md5");
        assert!(plain.is_catch_all() && plain.lets_plain_in());
        let masked = rule("host all app 10.0.0.0 255.0.0.0 md5");
        assert!(!masked.is_catch_all() && masked.method == "md5");
        assert!(!rule("local all all peer").is_catch_all());
        assert!(!rule("host all all all reject").lets_plain_in());
        assert!(!rule("").is_catch_all());
    }
}
