//! Findings about the input itself: copies of an object that differ, keys written twice, objects that are not what they seem.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::judge::label::pointer;
use crate::check::report::finding::{Finding, FindingSubject, Label};
use crate::manifest::{Change, DuplicateKey, Found, Inventory, Kind, Object, ProblemKind, Stray};
use crate::rule::{Method, Rule, RuleSet};
use crate::schema::{refused_shape, unknown_field};
use crate::source::Span;

/// What is odd about an inventory's objects.
pub(in crate::check) fn findings(
    inventory: &Inventory,
    duplicates: &[&DuplicateKey],
    rules: &RuleSet,
    methods: &[Method],
) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(rule) = rules.get("duplicate-object") {
        found.extend(
            inventory
                .contested()
                .filter_map(|object| contested(rule, methods, inventory, object)),
        );
    }
    if let Some(rule) = rules.get("duplicate-key") {
        let mut by_object: BTreeMap<_, Vec<&DuplicateKey>> = BTreeMap::new();
        for key in duplicates {
            let object = (key.kind, key.namespace.as_deref(), &*key.name);
            by_object.entry(object).or_default().push(key);
        }
        found.extend(
            by_object
                .values()
                .filter_map(|keys| repeated(rule, methods, inventory, keys)),
        );
    }
    found
}

/// Objects that are not what they seem, one finding each.
pub(in crate::check) fn strays(
    strays: &[&Stray],
    origin: &str,
    rules: &RuleSet,
    methods: &[Method],
) -> Vec<Finding> {
    let told = |stray: &&Stray| {
        let (rule, message) = match stray.problem {
            ProblemKind::Almost(_) => ("not-an-object-of-pgo", "seems meant as this"),
            ProblemKind::Nameless(_) => ("object-without-name", "no metadata.name"),
            ProblemKind::JsonPatch => ("json-patch-not-applied", "operations on a spec"),
            ProblemKind::OpenParameter => ("template-parameter-open", "not filled in"),
            _ => return None,
        };
        let subject = FindingSubject {
            origin: origin.to_owned(),
            kind: stray.kind.info().name.to_owned(),
            namespace: stray.namespace.to_string(),
            name: stray.name.to_string(),
        };
        let labels = vec![label(stray.span, true, message)];
        let said = stray.problem.to_string();
        finding(
            rules.get(rule)?,
            methods,
            subject,
            said,
            labels,
            String::new(),
        )
    };
    let mut found: Vec<Finding> = strays.iter().filter_map(told).collect();
    for stray in strays {
        found.extend(operations(stray, origin, rules, methods));
    }
    found
}

/// Operations of a JSON patch on fields that no PostgresCluster has, and with values that a field does not take. The values
/// themselves are never told.
fn operations(stray: &Stray, origin: &str, rules: &RuleSet, methods: &[Method]) -> Vec<Finding> {
    let told = |change: &Change| {
        let (rule, said, note) = if let Some(unknown) = unknown_field(&change.pointer) {
            let mut said = format!(
                "`{}` is not a field of {}: the operation would make one that the API server drops",
                unknown.name, unknown.parent
            );
            if let Some(near) = &unknown.near {
                said.push_str(&format!(". Did you mean `{near}`?"));
            }
            ("schema-unknown-field", said, "not a field")
        } else {
            let shape = change.shape?;
            let takes = refused_shape(&change.pointer, shape)?;
            let said = format!(
                "{} must be {takes}, not {}, which the operation puts there",
                change.pointer,
                shape.in_words()
            );
            ("schema-wrong-type", said, "a value of another type")
        };
        let subject = FindingSubject {
            origin: origin.to_owned(),
            kind: stray.kind.info().name.to_owned(),
            namespace: stray.namespace.to_string(),
            name: stray.name.to_string(),
        };
        let labels = vec![label(change.span, true, note)];
        let rule = rules.get(rule)?;
        let path = change.pointer.to_string();
        finding(rule, methods, subject, said, labels, path)
    };
    stray.changes.iter().filter_map(told).collect()
}

/// PostgresClusters that a server has seen, where nothing else is judged: how to have one checked like a draft.
pub(in crate::check) fn seen_by_a_server(
    inventory: &Inventory,
    rules: &RuleSet,
    methods: &[Method],
) -> Vec<Finding> {
    let clusters = inventory.list_all(Kind::PostgresCluster).objects;
    let told = |object: &Object| {
        let subject = subject_of(inventory, object);
        let message = format!(
            "--lint-live checks {} as a draft: a server has seen it (it has a uid or a status), so it is not taken for one",
            named(&subject)
        );
        let labels = vec![label(object.name_span(), true, "seen by a server")];
        let path = pointer(object, object.name_span()).unwrap_or_default();
        finding(
            rules.get("export-kept-as-manifest")?,
            methods,
            subject,
            message,
            labels,
            path,
        )
    };
    clusters.into_iter().filter_map(told).collect()
}

/// An object as what a finding is about.
pub(super) fn subject_of(inventory: &Inventory, object: &Object) -> FindingSubject {
    FindingSubject {
        origin: inventory.origin_name.clone(),
        kind: object.kind.info().name.to_owned(),
        namespace: object.namespace.as_deref().unwrap_or("").to_owned(),
        name: object.name.to_string(),
    }
}

fn contested(
    rule: &Rule,
    methods: &[Method],
    inventory: &Inventory,
    object: &Object,
) -> Option<Finding> {
    let subject = subject_of(inventory, object);
    let copies = object.rivals.len() + 1;
    let message = format!(
        "the input holds {copies} copies of {} that differ",
        named(&subject)
    );
    let mut labels = vec![label(object.name_span(), true, "one copy")];
    labels.extend(
        object
            .rivals
            .iter()
            .map(|rival| label(rival.name_span(), false, "another copy")),
    );
    let path = pointer(object, object.name_span()).unwrap_or_default();
    finding(rule, methods, subject, message, labels, path)
}

/// One finding for all keys of an object that are written twice: a hostile object may hold very many.
fn repeated(
    rule: &Rule,
    methods: &[Method],
    inventory: &Inventory,
    keys: &[&DuplicateKey],
) -> Option<Finding> {
    let first = keys.first()?;
    let namespace = first.namespace.as_deref();
    let subject = FindingSubject {
        origin: inventory.origin_name.clone(),
        kind: first.kind.info().name.to_owned(),
        namespace: namespace.unwrap_or("").to_owned(),
        name: first.name.to_string(),
    };
    let what = match keys.len() {
        1 => format!("`{}` is", first.key),
        more => format!("`{}` and {} other keys are", first.key, more - 1),
    };
    let message = format!(
        "{what} written twice in {}; the last one counts",
        named(&subject)
    );
    let labels = vec![
        label(first.again, true, "this one counts"),
        label(first.earlier, false, "this one does not"),
    ];
    let path = match inventory.find(first.kind, namespace, &first.name) {
        Found::Here(object) => pointer(object, first.again).unwrap_or_default(),
        Found::Absent(_) | Found::Unseen(_) => String::new(),
    };
    finding(rule, methods, subject, message, labels, path)
}

pub(super) fn finding(
    rule: &Rule,
    methods: &[Method],
    subject: FindingSubject,
    message: String,
    labels: Vec<Label>,
    path: String,
) -> Option<Finding> {
    let effect = rule.effect.for_methods(methods)?;
    let made = Finding::of(&rule.id, Arc::new(subject), effect, &[&path]);
    Some(Finding {
        path,
        message: message.into(),
        labels,
        fix: rule.fix_text().into(),
        ..made
    })
}

pub(super) fn label(span: Span, primary: bool, message: &'static str) -> Label {
    Label {
        span,
        primary,
        message: Cow::Borrowed(message),
    }
}

pub(super) fn named(subject: &FindingSubject) -> String {
    match subject.namespace.as_str() {
        "" => format!("{} {}", subject.kind, subject.name),
        namespace => format!("{} {namespace}/{}", subject.kind, subject.name),
    }
}
