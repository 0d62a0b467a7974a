//! What must hold of the schema room whatever the draft: misspelt keys are found, and form never matters.

use std::sync::OnceLock;

use pgo_preflight::expr::Version;
use pgo_preflight::manifest::{Loaded, Node, load};
use pgo_preflight::schema::{CrdSchemas, Family, Validation, releases};
use pgo_preflight::source::{OriginId, SourceId, Span};
use proptest::prelude::*;
use serde_json::Value as Json;

const DRAFT: &str = include_str!("../../fixtures/schema/draft.yaml");

fn read(text: &str) -> Loaded {
    let name = "draft.yaml".to_owned();
    let loaded = load(SourceId(0), OriginId(0), name, text.as_bytes().to_vec());
    assert_eq!(loaded.objects.len(), 1, "{:?}\n{text}", loaded.problems);
    loaded
}

fn newest() -> &'static CrdSchemas {
    static NEWEST: OnceLock<CrdSchemas> = OnceLock::new();
    NEWEST.get_or_init(|| CrdSchemas::of_release(&Version::parse("6.0.1").unwrap()).unwrap())
}

/// Rule, place and message of every breach, in one order.
fn breaches(text: &str) -> Vec<(&'static str, String, String)> {
    let loaded = read(text);
    let found = newest().validate(loaded.objects[0].root()).violations;
    let mut found: Vec<_> = found
        .into_iter()
        .map(|v| (v.rule, v.path, v.message))
        .collect();
    found.sort();
    found
}

/// Keys whose names the schema knows, with their pointers.
fn known_keys(node: Node<'_>, pointer: &str, keys: &mut Vec<(Span, String)>) {
    // Below these, names are the user's.
    const FREE: [&str; 9] = [
        "labels",
        "annotations",
        "matchLabels",
        "global",
        "parameters",
        "requests",
        "limits",
        "dynamicConfiguration",
        "metadata/",
    ];
    for (at, item) in node.items().enumerate() {
        known_keys(item, &format!("{pointer}/{at}"), keys);
    }
    for (key, value) in node.entries() {
        let below = format!("{pointer}/{}", key.key());
        if !matches!(below.as_str(), "/apiVersion" | "/kind" | "/metadata") {
            keys.push((key.span(), below.clone()));
        }
        if !FREE.contains(&&*key.key()) {
            known_keys(value, &below, keys);
        }
    }
}

fn with(text: &str, span: Span, replacement: &str) -> String {
    let (before, after) = (&text[..span.start as usize], &text[span.end as usize..]);
    format!("{before}{replacement}{after}")
}

#[test]
fn the_draft_is_sound() {
    assert_eq!(breaches(DRAFT), []);
}

#[test]
fn renaming_any_known_key_is_found_at_that_key_and_the_right_name_is_offered() {
    let loaded = read(DRAFT);
    let mut keys = Vec::new();
    known_keys(loaded.objects[0].root(), "", &mut keys);
    assert!(keys.len() > 150);
    for (span, pointer) in keys {
        let name = &DRAFT[span.start as usize..span.end as usize];
        let misspelt = format!("{name}x");
        let text = with(DRAFT, span, &misspelt);
        let loaded = read(&text);
        let found = newest().validate(loaded.objects[0].root()).violations;
        let unknown = found.iter().find(|v| v.rule == "schema-unknown-field");
        let unknown = unknown.unwrap_or_else(|| panic!("{pointer} as {misspelt} went unnoticed"));
        assert_eq!(unknown.path, format!("{pointer}x"));
        assert_eq!(loaded.source.slice(unknown.span), misspelt);
        // Short names have no near ones.
        if name.len() > 3 {
            assert_eq!(unknown.replacement.as_deref(), Some(name), "{pointer}");
        }
    }
}

/// The draft as JSON, with one part changed.
fn changed(mut json: Json, at: usize, how: usize) -> Json {
    fn places(json: &Json, pointer: &str, found: &mut Vec<String>) {
        let mut below = |name: String, value: &Json| {
            let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            found.push(pointer.clone());
            places(value, &pointer, found);
        };
        match json {
            Json::Object(object) => object
                .iter()
                .for_each(|(name, value)| below(name.clone(), value)),
            Json::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(at, item)| below(at.to_string(), item)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    places(&json["spec"], "/spec", &mut found);
    let place = json.pointer_mut(&found[at % found.len()]).unwrap();
    *place = match how {
        0 => Json::Null,
        1 => "text".into(),
        2 => 7.into(),
        3 => serde_json::json!({"strange": true}),
        4 => serde_json::json!([1, "a"]),
        5 => Json::Bool(true),
        _ => serde_json::json!([place.clone(), place.clone()]),
    };
    json
}

/// The same with the fields of every object in another order.
fn reordered(json: &Json, seed: u64) -> Json {
    match json {
        Json::Object(object) => {
            let mut fields: Vec<_> = object.iter().collect();
            fields.sort_by_key(|(name, _)| {
                let bytes = name.bytes().map(u64::from);
                bytes.fold(seed, |hash, byte| {
                    (hash ^ byte).wrapping_mul(0x0100_0000_01b3)
                })
            });
            let fields = fields.into_iter();
            Json::Object(
                fields
                    .map(|(name, value)| (name.clone(), reordered(value, seed)))
                    .collect(),
            )
        }
        Json::Array(items) => items.iter().map(|item| reordered(item, seed)).collect(),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// JSON, indented JSON and YAML, whatever the order of fields, give the same findings.
    #[test]
    fn form_and_order_never_change_the_outcome(at in 0_usize..10_000, how in 0_usize..7, seed in any::<u64>()) {
        let draft: Json = yaml_serde::from_str(DRAFT).unwrap();
        let draft = changed(draft, at, how);
        let expected = breaches(&serde_json::to_string(&draft).unwrap());
        prop_assert_eq!(&breaches(&serde_json::to_string_pretty(&draft).unwrap()), &expected);
        prop_assert_eq!(&breaches(&yaml_serde::to_string(&draft).unwrap()), &expected);
        let reordered = reordered(&draft, seed);
        prop_assert_eq!(&breaches(&yaml_serde::to_string(&reordered).unwrap()), &expected);
    }

    /// One letter too many, too few or another one, anywhere in any known key.
    #[test]
    fn any_slip_of_the_pen_in_a_known_key_is_found(which in 0_usize..10_000, at in 0_usize..20, kind in 0_u8..3) {
        let loaded = read(DRAFT);
        let mut keys = Vec::new();
        known_keys(loaded.objects[0].root(), "", &mut keys);
        let (span, pointer) = keys[which % keys.len()].clone();
        let mut name = DRAFT[span.start as usize..span.end as usize].to_owned();
        let at = at % name.len();
        match kind {
            0 => name.insert(at, 'q'),
            1 => {
                let other = if name[at..].starts_with('q') { "p" } else { "q" };
                name.replace_range(at..=at, other);
            }
            _ if name.len() > 1 => _ = name.remove(at),
            _ => name.push('q'),
        }
        let found = breaches(&with(DRAFT, span, &name));
        let parent = pointer.rsplit_once('/').unwrap().0;
        let path = format!("{parent}/{name}");
        prop_assert!(
            found.iter().any(|(rule, place, _)| *rule == "schema-unknown-field" && *place == path),
            "{} as {}: {:?}", pointer, name, found
        );
    }

    /// Nothing that a manifest may hold makes the check fail, and it says the same twice.
    #[test]
    fn arbitrary_values_are_survived(json in values(4)) {
        let mut draft: Json = yaml_serde::from_str(DRAFT).unwrap();
        draft["spec"] = json;
        let text = serde_json::to_string(&draft).unwrap();
        prop_assert_eq!(breaches(&text), breaches(&text));
    }
}

fn values(depth: u32) -> impl Strategy<Value = Json> {
    let names = prop_oneof![
        Just("instances"),
        Just("name"),
        Just("backups"),
        Just("pgbackrest"),
        Just("repos"),
        Just("volume"),
        Just("config"),
        Just("parameters"),
        Just("users"),
        Just("options"),
        Just("x"),
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>()
            .prop_filter("JSON has no others", |f| f.is_finite())
            .prop_map(Json::from),
        "[ -~äß☃]{0,12}".prop_map(Json::from),
    ];
    leaf.prop_recursive(depth, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::vec((names.clone(), inner), 0..5).prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

/// Rule, place and span of every breach, and whether rules were held back.
type Verdict = (Vec<(&'static str, String, Span)>, bool);

fn verdict(validation: Validation) -> Verdict {
    let breaches = validation.violations.into_iter();
    let breaches = breaches.map(|breach| (breach.rule, breach.path, breach.span));
    (breaches.collect(), validation.rules_held_back)
}

#[test]
fn several_releases_at_once_say_what_each_says_alone() {
    let family = Family::of_all_releases();
    let mut releases: Vec<Version> = releases().iter().map(|release| release.crd).collect();
    releases.dedup();
    let alone: Vec<CrdSchemas> = releases
        .iter()
        .map(|release| CrdSchemas::of_release(release).unwrap())
        .collect();
    let loaded = read(DRAFT);
    let mut keys = Vec::new();
    known_keys(loaded.objects[0].root(), "", &mut keys);
    let misspelt = keys
        .iter()
        .map(|(span, pointer)| (with(DRAFT, *span, "x"), pointer));
    let mistyped = keys.iter().filter_map(|(span, pointer)| {
        let colon = DRAFT[span.end as usize..].starts_with(": {");
        let brace = span.end as usize + 2;
        let emptied = format!("{}7, was: {}", &DRAFT[..brace], &DRAFT[brace..]);
        colon.then_some((emptied, pointer))
    });
    for (text, pointer) in misspelt.chain(mistyped).step_by(4) {
        let loaded = load(SourceId(0), OriginId(0), String::new(), text.into_bytes());
        let Some(object) = loaded.objects.first() else {
            continue;
        };
        let together = family.validate(object.root(), releases.iter().rev());
        let together: Vec<Verdict> = together.into_iter().map(|(_, one)| verdict(one)).collect();
        let apart = alone.iter().rev();
        let apart: Vec<Verdict> = apart
            .map(|schemas| verdict(schemas.validate(object.root())))
            .collect();
        assert_eq!(together, apart, "{pointer}");
    }
}
