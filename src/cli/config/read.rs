//! A text to a configuration, or to everything that is wrong with it.

use std::sync::Arc;

use super::super::Failure;
use super::fields::{Reading, cut, get};
use super::{Config, Severity};
use crate::check::{Attestation, Glob, Place, Selector, Waiver};
use crate::expr::Version;
use crate::manifest::{Node, settings};
use crate::rule::{Method, SubjectKind, Weight};
use crate::source::Source;

/// The keys of the file.
pub(super) const KEYS: [&str; 8] = [
    "$schema",
    "target",
    "methods",
    "rules",
    "severity",
    "exclude",
    "waivers",
    "attestations",
];
/// The keys of a waiver.
pub(super) const WAIVER: [&str; 4] = ["rule", "subject", "reason", "expires"];
/// The keys of an attestation.
pub(super) const ATTESTATION: [&str; 7] = [
    "statement",
    "settles",
    "subject",
    "by",
    "date",
    "reason",
    "expires",
];
/// The keys of a selector.
pub(super) const SUBJECT: [&str; 4] = ["kind", "namespace", "name", "origin"];
/// What a finding can be about.
pub(super) fn kinds() -> [&'static str; 4] {
    SubjectKind::ALL.map(SubjectKind::name)
}

/// Reads a configuration.
pub(super) fn config(source: &Arc<Source>) -> Result<Config, Failure> {
    let tree = settings(source).map_err(|problem| {
        let at = source.position(problem.span.start);
        Failure::new(format!(
            "{}:{}:{}: {}",
            source.uri, at.line, at.column, problem.kind
        ))
    })?;
    let mut config = Config {
        text: Some(Arc::clone(source)),
        ..Config::default()
    };
    let Some(tree) = tree else {
        return Ok(config);
    };
    let mut reading = Reading {
        source,
        problems: Vec::new(),
    };
    reading.config(tree.root(), &mut config);
    if reading.problems.is_empty() {
        return Ok(config);
    }
    reading.problems.sort();
    let lines: Vec<String> = reading.problems.into_iter().map(|(_, line)| line).collect();
    Err(Failure::new(lines.join("\n  ")))
}

impl Reading<'_> {
    fn config(&mut self, root: Node<'_>, config: &mut Config) {
        if root.is_null() {
            return;
        }
        for (key, value) in self.fields(root, "the configuration", &KEYS) {
            if value.is_null() {
                continue;
            }
            match key {
                "target" => config.target = self.target(value),
                "methods" => config.methods = self.methods(value),
                "rules" => {
                    for folder in self.one_or_more(value, "rules") {
                        let folder = self.text(folder, "a folder of rules").map(str::to_owned);
                        config.rules.extend(folder);
                    }
                }
                "severity" => self.severity(value, config),
                "exclude" => {
                    config.excludes = Some(self.entry_place(value));
                    for pattern in self.one_or_more(value, "exclude") {
                        let glob = self.glob(pattern, "a path", Glob::path);
                        config.exclude.extend(glob);
                    }
                }
                "waivers" => {
                    for entry in self.list(value, "waivers") {
                        let waiver = self.waiver(entry, config);
                        config.policy.waivers.extend(waiver);
                    }
                }
                "attestations" => {
                    for entry in self.list(value, "attestations") {
                        let attestation = self.attestation(entry, config);
                        config.policy.attestations.extend(attestation);
                    }
                }
                _ => {}
            }
        }
    }

    fn target(&mut self, value: Node<'_>) -> Option<Version> {
        let version = Version::parse(self.text(value, "target")?);
        if version.is_none() {
            self.wrong(value, "target must be a version such as 5.8.2");
        }
        version
    }

    fn methods(&mut self, value: Node<'_>) -> Vec<Method> {
        let mut methods = Vec::new();
        for item in self.one_or_more(value, "methods") {
            let method = Method::ALL
                .into_iter()
                .find(|method| method.name() == item.text());
            if method.is_none() {
                self.wrong(item, "methods are volumes, backups and standby");
            }
            methods.extend(method);
        }
        methods
    }

    fn severity(&mut self, value: Node<'_>, config: &mut Config) {
        if !value.is_map() {
            self.wrong(value, "severity must be a mapping of rules to severities");
        }
        for (rule, severity) in value.entries() {
            let weights = [
                Weight::Block,
                Weight::Error,
                Weight::Action,
                Weight::Warn,
                Weight::Info,
            ];
            let weight = weights
                .into_iter()
                .find(|weight| weight.name() == severity.text());
            let Some(weight) = weight else {
                self.wrong(
                    severity,
                    "a severity is block, action, warn or info for v4 clusters, error, warn or info for drafts",
                );
                continue;
            };
            config.severity.push(Severity {
                rule: rule.text().to_owned(),
                weight,
                place: self.place(rule.span().start),
            });
        }
    }

    fn waiver(&mut self, entry: Node<'_>, config: &mut Config) -> Option<Waiver> {
        let fields = self.fields(entry, "a waiver", &WAIVER);
        let rules = self.rules(entry, &fields, ("rule", "a waiver"), config);
        let subject = self.subject(&fields);
        let reason = self.needed(entry, &fields, ("reason", "a waiver"));
        let expires = get(&fields, "expires");
        if expires.is_none() && entry.is_map() {
            self.wrong(
                entry,
                "a waiver needs `expires`, the last day on which it holds",
            );
        }
        Some(Waiver {
            rules: rules?,
            subject: subject?,
            reason: Arc::from(reason?),
            expires: self.date(expires?, "expires")?,
            place: self.entry_place(entry),
        })
    }

    fn attestation(&mut self, entry: Node<'_>, config: &mut Config) -> Option<Attestation> {
        let what = "an attestation";
        let fields = self.fields(entry, what, &ATTESTATION);
        let rules = self.rules(entry, &fields, ("settles", what), config);
        let subject = self.subject(&fields);
        let statement = self.needed(entry, &fields, ("statement", what));
        let by = self.needed(entry, &fields, ("by", what));
        let reason = self.needed(entry, &fields, ("reason", what));
        let date = self.needed(entry, &fields, ("date", what));
        let date = date.and(get(&fields, "date"));
        let date = date.and_then(|date| self.date(date, "date"));
        let expires = match get(&fields, "expires") {
            None => Some(None),
            Some(expires) => self.date(expires, "expires").map(Some),
        };
        Some(Attestation {
            rules: rules?,
            subject: subject?,
            statement: Arc::from(statement?),
            by: Arc::from(by?),
            date: date?,
            reason: Arc::from(reason?),
            expires: expires?,
            place: self.entry_place(entry),
        })
    }

    /// A text that must be there.
    fn needed<'a>(
        &mut self,
        entry: Node<'_>,
        fields: &[(&str, Node<'a>)],
        (key, what): (&str, &str),
    ) -> Option<&'a str> {
        if let Some(value) = get(fields, key) {
            return self.text(value, key);
        }
        if entry.is_map() {
            self.wrong(entry, &format!("{what} needs `{key}`"));
        }
        None
    }

    /// The rules that an entry names; whether they exist is known only later.
    fn rules(
        &mut self,
        entry: Node<'_>,
        fields: &[(&str, Node<'_>)],
        (key, what): (&str, &str),
        config: &mut Config,
    ) -> Option<Vec<String>> {
        let Some(value) = get(fields, key) else {
            self.needed(entry, fields, (key, what));
            return None;
        };
        let mut rules = Vec::new();
        for item in self.one_or_more(value, key) {
            let rule = self.text(item, "a rule")?.to_owned();
            let place = self.place(item.span().start);
            config.named.push((rule.clone(), place));
            rules.push(rule);
        }
        Some(rules)
    }

    /// Whom an entry is about; everybody where it does not say.
    fn subject(&mut self, fields: &[(&str, Node<'_>)]) -> Option<Selector> {
        let Some(value) = get(fields, "subject") else {
            return Some(Selector::default());
        };
        let before = self.problems.len();
        let mut selector = Selector::default();
        for (key, value) in self.fields(value, "a subject", &SUBJECT) {
            let what = format!("{key} of a subject");
            let glob = if value.as_str() == Some("") {
                Glob::name("").ok()
            } else {
                self.glob(value, &what, Glob::name)
            };
            let of_kind = |glob: &Glob| kinds().iter().any(|kind| glob.matches(kind));
            if key == "kind" && glob.as_ref().is_some_and(|glob| !of_kind(glob)) {
                self.wrong(
                    value,
                    &format!("findings are about one of {}", kinds().join(", ")),
                );
            }
            match key {
                "kind" => selector.kind = glob,
                "namespace" => selector.namespace = glob,
                "name" => selector.name = glob,
                _ => selector.origin = glob,
            }
        }
        (self.problems.len() == before).then_some(selector)
    }

    fn glob<E: std::fmt::Display>(
        &mut self,
        value: Node<'_>,
        what: &str,
        build: fn(&str) -> Result<Glob, E>,
    ) -> Option<Glob> {
        let text = self.text(value, what)?;
        match build(text) {
            Ok(glob) => Some(glob),
            Err(error) => {
                self.wrong(value, &format!("{}: {error}", cut(text)));
                None
            }
        }
    }

    fn entry_place(&self, entry: Node<'_>) -> Place {
        let span = entry.span();
        let line = self.source.position(span.start).line;
        Place {
            bytes: span.start..span.end,
            named: Arc::from(format!("{}:{line}", self.source.uri)),
        }
    }
}
