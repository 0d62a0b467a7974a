//! Lines of `pg_hba` that Postgres cannot read. One is enough: at its start Postgres then gives up, and a running one goes
//! on with the rules it had.

use core::net::IpAddr;

use super::{DYNAMIC, RULES, Rule};
use crate::expr::Value;
use crate::fact::spec::{Draft, DraftFact, each, row};
use crate::fact::{Element, Type, element};
use crate::manifest::{Fact, Node};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    each(
        "draft.hbaLinesRefused",
        "lines of pg_hba, in authentication.rules or in Patroni's configuration, that Postgres cannot read: {line, why}",
        &["line", "why"],
        refused,
    ),
    row(
        "draft.hbaShutsOut",
        Type::String,
        "the rule of its own that refuses everybody, where one that lets everybody in stands behind it; \"\" for none",
        shuts_out,
    ),
];

/// What a line may begin with, and the methods (Postgres 10 to 18, src/backend/libpq/hba.c). `include` and its kin came with
/// 16.
const TYPES: [&str; 9] = [
    "local",
    "host",
    "hostssl",
    "hostnossl",
    "hostgssenc",
    "hostnogssenc",
    "include",
    "include_if_exists",
    "include_dir",
];
const METHODS: [&str; 15] = [
    "trust",
    "reject",
    "md5",
    "password",
    "scram-sha-256",
    "gss",
    "sspi",
    "ident",
    "peer",
    "pam",
    "bsd",
    "ldap",
    "radius",
    "cert",
    "oauth",
];

/// Postgres takes the first rule that fits.
fn shuts_out(draft: &Draft<'_>) -> Fact<Value> {
    super::rules(draft).and_then(|rules| {
        let open = rules.iter().position(Rule::is_catch_all).unwrap_or(0);
        let mut before = rules.iter().take(open);
        let (text, place) = match before.find(|rule| rule.refuses_all()) {
            Some(rule) => (rule.line.as_str(), rule.span),
            None => ("", draft.nearest(&RULES)),
        };
        Fact::at(text.into(), place, "refuses everybody")
    })
}

impl Rule {
    /// Whether it refuses all who come by TLS, as all do unless a rule says otherwise.
    fn refuses_all(&self) -> bool {
        let by_tls = matches!(self.connection.as_str(), "host" | "hostssl");
        by_tls && self.is_for_all() && !self.lets_in()
    }
}

fn refused(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let [spec, patroni, dynamic] = DYNAMIC;
    let lines = draft.items(&[spec, patroni, dynamic, "postgresql", "pg_hba"]);
    let rules = draft.items(&RULES);
    let found = rules.both(lines).map(|(rules, lines)| {
        let mut found: Vec<Element> = rules.iter().copied().filter_map(wrong_part).collect();
        let rules = rules.into_iter().filter_map(|rule| rule.get("hba"));
        for node in rules.chain(lines).filter(|node| node.as_str().is_some()) {
            if let Some(why) = wrong(node.text()) {
                found.push(told(node, &why));
            }
        }
        element::told_apart(found)
    });
    found.and_at(draft.nearest(&RULES), "the rules for clients")
}

fn told(node: Node<'_>, why: &str) -> Element {
    let line = node.text();
    let id = format!("spec.authentication.rules[{line}]");
    Element::new(id, node.span(), "Postgres cannot read this")
        .with("line", Fact::known(line.into()))
        .with("why", Fact::known(why.into()))
}

/// A rule in parts, of which Postgres knows no such type or method.
fn wrong_part(rule: Node<'_>) -> Option<Element> {
    let part = |name| {
        rule.get(name)
            .filter(|part| !part.text().is_empty() && !part.is_unsaid())
    };
    let (connection, method) = (part("connection")?, part("method")?);
    let is_type = |text: &str| TYPES.contains(&text) && !text.starts_with("include");
    let (node, why) = if !is_type(connection.text()) {
        (connection, "type of connection")
    } else if !METHODS.contains(&method.text()) {
        (method, "method")
    } else {
        return None;
    };
    let line = format!("{} {}", connection.text(), method.text());
    let why = format!("{} is no {why}", node.text());
    let id = format!("spec.authentication.rules[{line}]");
    Some(
        Element::new(id, node.span(), "Postgres cannot read this")
            .with(
                "line",
                Fact::at(
                    line.as_str().into(),
                    node.span(),
                    "Postgres cannot read this",
                ),
            )
            .with("why", Fact::known(why.into())),
    )
}

/// Quoted names may hold blanks, so that a line with quotes is not looked at beyond its first word.
fn wrong(line: &str) -> Option<String> {
    let line = line.split('#').next().unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().collect();
    let first = *words.first()?;
    if !TYPES.contains(&first) {
        return Some(format!("{first} is no type of connection"));
    }
    if line.contains('"') || first.starts_with("include") {
        return None;
    }
    let before = if first == "local" { 3 } else { 4 };
    let address = words.get(3).filter(|_| first != "local");
    let mask = words.get(4).is_some_and(|word| super::is_mask(word));
    if let Some(why) = address.and_then(|address| wrong_address(address, mask)) {
        return Some(why);
    }
    let Some(method) = words.get(before) else {
        return Some("it ends before the method".to_owned());
    };
    // An address may be followed by its mask.
    let masked = first != "local" && super::is_mask(method);
    let method = if masked {
        words.get(before + 1)
    } else {
        Some(method)
    };
    match method {
        None => Some("it ends before the method".to_owned()),
        Some(method) if !METHODS.contains(method) => Some(format!("{method} is no method")),
        Some(_) => None,
    }
}

/// What is wrong with an address, which is a network and no name (`parse_hba_line`, there).
fn wrong_address(address: &str, masked: bool) -> Option<String> {
    let (network, bits) = match address.split_once('/') {
        Some((network, bits)) => (network, Some(bits)),
        None => (address, None),
    };
    let four = network.bytes().all(|c| c.is_ascii_digit() || c == b'.') && !network.is_empty();
    if !four && !network.contains(':') {
        // The name of a host, or of a family of them.
        return bits.map(|_| format!("{address} is a name with a mask"));
    }
    let most = match network.parse::<IpAddr>() {
        Err(_) => return Some(format!("{network} is no address")),
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
    };
    match bits.map(str::parse::<u32>) {
        None if masked => None,
        None => Some(format!("{address} has no mask behind it: {address}/{most}")),
        Some(Ok(bits)) if bits <= most => None,
        Some(_) => Some(format!("{address} has a mask that is none")),
    }
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn lines_that_postgres_reads_are_left_alone() {
        for line in [
            "local all all peer",
            "hostssl all all all scram-sha-256",
            "host all app 10.0.0.0 255.0.0.0 md5",
            "host all app ::1/128 md5",
            "hostssl all all fd00::1 ffff:: md5",
            "hostssl all all 0.0.0.0/0 md5",
            "hostssl all all .example.com md5",
            "hostssl all all db-1.example.com md5",
            "hostssl all \"a b\" all cert clientcert=verify-full",
            "host all all samenet ldap ldapserver=x ldapprefix=\"cn=\"",
            "include /pgconf/more",
            "# only a remark",
            "",
        ] {
            assert_eq!(wrong(line), None, "{line}");
        }
    }

    #[test]
    fn lines_that_keep_postgres_from_starting_are_told() {
        for line in [
            "hostx all all all md5",
            "host all all md5",
            "hostssl all all 10.0.0.0/33 md5",
            "hostssl all all 10.0.0.1 scram-sha-256",
            "hostssl all all 10.0.0/8 md5",
            "hostssl all all ::/129 md5",
            "hostssl all all db.example.com/32 md5",
            "host all all all scram",
            "local all all",
            "all all all md5",
            "host all all 10.0.0.0 255.0.0.0",
        ] {
            assert!(wrong(line).is_some(), "{line}");
        }
    }
}
