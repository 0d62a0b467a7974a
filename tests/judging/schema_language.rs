//! Each part of the schema language on a made-up resource, and what is reported where.

use pgo_preflight::manifest::{Loaded, load};
use pgo_preflight::schema::{CrdSchemas, Validation};
use pgo_preflight::source::{OriginId, SourceId};

const GROUP: &str = "postgres-operator.crunchydata.com";

fn read(text: &str) -> Loaded {
    // The reader keeps only the kinds of its own trade; the kind does not matter to a schema.
    let text = text
        .replace("kind: Vessel\n", "kind: PostgresCluster\n")
        .replace("example.test", GROUP);
    load(
        SourceId(0),
        OriginId(0),
        "vessel.yaml".to_owned(),
        text.into_bytes(),
    )
}

fn vessels() -> CrdSchemas {
    let loaded = read(include_str!("../../fixtures/schema/vessels-crd.yaml"));
    CrdSchemas::from_crd(loaded.objects[0].root()).unwrap()
}

fn check(text: &str) -> (Validation, Loaded) {
    let loaded = read(text);
    let validation = vessels().validate(loaded.objects[0].root());
    (validation, loaded)
}

/// `rule pointer [labelled text] message`, one for each breach of an object with this spec.
fn found(spec: &str) -> Vec<String> {
    let head = "apiVersion: example.test/v1\nkind: Vessel\nmetadata: {name: nina}\nspec:\n";
    let indented: String = spec.lines().map(|line| format!("  {line}\n")).collect();
    listed(&format!("{head}{indented}"))
}

fn listed(text: &str) -> Vec<String> {
    let (validation, loaded) = check(text);
    let lines = validation.violations.iter().map(|violation| {
        let label = loaded.source.slice(violation.span).replace('\n', "⏎");
        let line = format!(
            "{} {} [{label}] {}",
            violation.rule, violation.path, violation.message
        );
        line.replace(GROUP, "example.test")
    });
    lines.collect()
}

const SOUND: &str = "hull: {length: 20}\ncaptain: {nickname: Bob}\n";

fn with(more: &str) -> Vec<String> {
    found(&format!("{SOUND}{more}"))
}

#[test]
fn a_sound_object_passes() {
    assert_eq!(with("name: Nina\nfuel: 3k\npaused: false\n"), [""; 0]);
}

#[test]
fn an_unknown_field_is_found_wherever_it_is_and_the_right_one_is_named() {
    assert_eq!(
        with("nmae: Nina\nstatus: {}\n"),
        [
            "schema-unknown-field /spec/nmae [nmae] `nmae` is not a field of spec: the API server would drop it. Did you mean `name`?",
            "schema-unknown-field /spec/status [status] `status` is not a field of spec: the API server would drop it",
        ]
    );
    assert_eq!(
        with("nickname: Bob\n"),
        [
            "schema-unknown-field /spec/nickname [nickname] `nickname` is not a field of spec: the API server would drop it. The field belongs under `spec.captain`"
        ]
    );
    assert_eq!(
        listed(
            "apiVersion: example.test/v1\nkind: Vessel\nmetadata: {name: x}\nhull: {length: 20}\nspec:\n  hull: {length: 20}\n  captain: {nickname: B}\n"
        ),
        [
            "schema-unknown-field /hull [hull] `hull` is not a field of the object: the API server would drop it. The field belongs under `spec`"
        ]
    );
}

#[test]
fn free_form_places_keep_what_they_hold_and_check_what_they_name() {
    assert_eq!(with("extra: {anything: {goes: [1]}}\n"), [""; 0]);
    assert_eq!(
        with("extra: {known: x}\n"),
        [
            "schema-wrong-type /spec/extra/known [x] spec.extra.known must be an integer, not the string \"x\""
        ]
    );
}

#[test]
fn types_are_the_api_server_s() {
    assert_eq!(
        found(
            "hull: {length: '20', draught: 1}\npaused: \"true\"\nname: 5\nspeeds: {a: 1}\ncargo: no\n"
        ),
        [
            "schema-wrong-type /spec/hull/length ['20'] spec.hull.length must be an integer, not the string \"20\"",
            "schema-wrong-type /spec/paused [\"true\"] spec.paused must be true or false, not the string \"true\"",
            "schema-wrong-type /spec/name [5] spec.name must be a string, not the number 5",
            "schema-wrong-type /spec/speeds [speeds] spec.speeds must be a list, not a mapping",
            "schema-wrong-type /spec/cargo [no] spec.cargo must be a list, not the boolean false",
        ]
    );
    assert_eq!(
        found("hull: {length: 20.0}\ncaptain: {nickname: B}\nspeeds: [9999999999]\n"),
        [""; 0]
    );
    assert_eq!(
        with("speeds: [1.5]\nfuel: 1.5\n"),
        [
            "schema-wrong-type /spec/speeds/0 [1.5] spec.speeds[0] must be an integer, not the number 1.5",
            "schema-wrong-type /spec/fuel [1.5] spec.fuel must be an integer or a string, not the number 1.5",
        ]
    );
}

#[test]
fn null_counts_as_absent_unless_it_is_allowed() {
    assert_eq!(
        found("hull: {length: 20, material: null, draught: null}\ncaptain: {nickname: B}\nname:\n"),
        [""; 0]
    );
    assert_eq!(
        found("hull: {length: }\n"),
        [
            "schema-missing-field /spec/hull/length [hull] spec.hull lacks `length`, which is required"
        ]
    );
    assert_eq!(
        with("speeds: [null]\n"),
        ["schema-wrong-type /spec/speeds/0 [null] spec.speeds[0] must be an integer, not null"]
    );
    let bare = "apiVersion: example.test/v1\nkind: Vessel\nmetadata: {name: x}\n";
    assert_eq!(listed(bare), [""; 0]);
    assert_eq!(listed(&format!("{bare}spec:\n")), [""; 0]);
}

#[test]
fn a_missing_field_points_at_the_nearest_key() {
    assert_eq!(
        found("flag: red\n"),
        ["schema-missing-field /spec/hull [spec] spec lacks `hull`, which is required"]
    );
    assert_eq!(
        with("cargo:\n- weight: 1\n"),
        [
            "schema-missing-field /spec/cargo/0/deck [cargo] spec.cargo[0] lacks `deck`, which is required"
        ]
    );
    let (validation, loaded) = check(
        "apiVersion: example.test/v1\nkind: Vessel\nmetadata: {name: x}\nspec:\n  hull: {length: 20}\n  cargo:\n  - deck: a\n  - weight: 2\n",
    );
    let (span, text) = &validation.violations[0].related[0];
    assert_eq!(
        (loaded.source.slice(*span), text.as_str()),
        ("weight", "spec.cargo[1] begins here")
    );
}

#[test]
fn values_are_held_to_their_limits() {
    assert_eq!(
        found("hull: {length: 9, draught: 0, registration: abc}\nflag: Red\n"),
        [
            "schema-value /spec/hull/length [9] spec.hull.length must be at least 10, not 9",
            "schema-value /spec/hull/draught [0] spec.hull.draught must be more than 0, not 0",
            "schema-value /spec/hull/registration [abc] spec.hull.registration must be at least 5 characters long, not \"abc\"",
            "schema-value /spec/hull/registration [abc] spec.hull.registration must match `[A-Z]{3}-[0-9]+`, not \"abc\"",
            "schema-value /spec/flag [Red] spec.flag must be one of \"none\", \"red\", \"blue\", not \"Red\"",
        ]
    );
    assert_eq!(
        found("hull: {length: 401, draught: 1.25, registration: 'MS ABC-1 too long'}\n"),
        [
            "schema-value /spec/hull/length [401] spec.hull.length must be at most 400, not 401",
            "schema-value /spec/hull/draught [1.25] spec.hull.draught must be a multiple of 0.5, not 1.25",
            "schema-value /spec/hull/registration ['MS ABC-1 too long'] spec.hull.registration must be at most 12 characters long (17 now), not \"MS ABC-1 too long\"",
        ]
    );
    assert_eq!(
        with("name: ''\nfuel: 3x\ncargo: []\nlabels: {a: '1', b: '2', c: '3'}\n"),
        [
            "schema-value /spec/name [''] spec.name must not be empty",
            "schema-value /spec/fuel [3x] spec.fuel must match `^[0-9]+(k|M)?$`, not \"3x\"",
            "schema-value /spec/cargo [cargo] spec.cargo must have at least 1 item, but has 0",
            "schema-value /spec/labels [labels] spec.labels must have at most 2 fields, but has 3",
        ]
    );
}

#[test]
fn patterns_match_anywhere() {
    assert_eq!(
        found("hull: {length: 20, registration: xABC-1x}\ncaptain: {nickname: B}\n"),
        [""; 0]
    );
}

#[test]
fn formats_are_checked() {
    assert_eq!(
        with("lastPort: yesterday\npatience: soon\n"),
        [
            "schema-value /spec/lastPort [yesterday] spec.lastPort must be a time such as 2024-02-29T08:30:00Z, not \"yesterday\"",
            "schema-value /spec/patience [soon] spec.patience must be a duration such as 90s, 1h30m or 2 weeks, not \"soon\"",
        ]
    );
}

#[test]
fn items_of_maps_and_sets_differ() {
    let (validation, loaded) = check(
        "apiVersion: example.test/v1\nkind: Vessel\nmetadata: {name: x}\nspec:\n  hull: {length: 20}\n  captain: {nickname: B}\n  cargo:\n  - {deck: a}\n  - {row: 2, deck: a}\n  - {deck: a, row: 1, tags: [x, w, x]}\n",
    );
    let lines: Vec<_> = validation
        .violations
        .iter()
        .map(|v| (v.path.as_str(), v.message.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            (
                "/spec/cargo/2",
                "spec.cargo has `deck: \"a\", row: 1` twice"
            ),
            (
                "/spec/cargo/2/tags/2",
                "spec.cargo[2].tags has `\"x\"` twice"
            ),
        ]
    );
    let (span, text) = &validation.violations[0].related[0];
    assert_eq!(
        (
            span.start < validation.violations[0].span.start,
            text.as_str()
        ),
        (true, "first here, in spec.cargo[0]")
    );
    assert_eq!(loaded.source.slice(*span), "a");
}

#[test]
fn alternatives_are_counted() {
    assert_eq!(with("choice: {oars: 2}\n"), [""; 0]);
    assert_eq!(
        with("choice: {oars: 2, sail: jib, motor: x}\n"),
        [
            "schema-value /spec/choice [choice] spec.choice must have exactly one of the forms that the schema allows, not a mapping",
            "schema-value /spec/choice [choice] spec.choice must not have a form that the schema excludes",
        ]
    );
}

#[test]
fn rules_see_defaults_and_say_their_own_message() {
    assert_eq!(
        with("cargo: [{deck: a, weight: 30}]\npatience: 3h\n"),
        [
            "schema-cel /spec [spec] spec: nobody waits that long",
            "schema-cel /spec/cargo [cargo] spec.cargo: more than 20 tons on one deck",
        ]
    );
}

#[test]
fn a_rule_that_reads_a_missing_field_is_a_breach_of_it() {
    assert_eq!(
        found("hull: {length: 20}\n"),
        [
            "schema-cel /spec [spec] spec: the rule `self.captain.nickname != 'Ahab'` fails: no such key: captain"
        ]
    );
}

#[test]
fn which_breaches_keep_rules_from_being_applied() {
    let held_back = |spec: &str| {
        let text = format!(
            "apiVersion: example.test/v1\nkind: Vessel\nmetadata: {{name: x}}\nspec: {spec}\n"
        );
        check(&text).0.rules_held_back
    };
    for blocking in [
        "{}",
        "{hull: {length: x}}",
        "{hull: {length: 20}, flag: pink}",
        "{hull: {length: 20, registration: 'ABC-1 and more'}}",
        "{hull: {length: 20}, labels: {a: '1', b: '2', c: '3'}}",
        "{hull: {length: 20}, lastPort: x}",
    ] {
        assert!(held_back(blocking), "{blocking}");
    }
    for harmless in [
        "{hull: {length: 2}}",
        "{hull: {length: 20}, unknown: 1}",
        "{hull: {length: 20, registration: abcdef}}",
        "{hull: {length: 20}, cargo: []}",
        "{hull: {length: 20}, cargo: [{deck: a}, {deck: a}]}",
    ] {
        assert!(!held_back(harmless), "{harmless}");
    }
}

#[test]
fn metadata_is_checked_as_that_of_every_object() {
    let head = "apiVersion: example.test/v1\nkind: Vessel\n";
    assert_eq!(
        listed(&format!(
            "{head}metadata:\n  name: Santa_Maria\n  namespace: a.b\n  lables: {{}}\n  labels: {{'-x': 1, ok: 'no good'}}\n  annotations: {{a/b/c: ''}}\n"
        )),
        [
            "schema-metadata /metadata/name [Santa_Maria] metadata.name is \"Santa_Maria\" but must be lower-case letters, digits, `-` and `.`, beginning and ending with a letter or digit, at most 253 characters",
            "schema-metadata /metadata/namespace [a.b] metadata.namespace is \"a.b\" but must be lower-case letters, digits and `-`, beginning and ending with a letter or digit, at most 63 characters",
            "schema-unknown-field /metadata/lables [lables] `lables` is not a field of metadata: the API server would drop it",
            "schema-metadata /metadata/labels/-x ['-x'] metadata.labels.-x is \"-x\" but must be a name of at most 63 letters, digits, `-`, `_` and `.`, optionally after a DNS domain and `/`",
            "schema-wrong-type /metadata/labels/-x [1] metadata.labels.-x must be a string, not the number 1",
            "schema-metadata /metadata/labels/ok ['no good'] metadata.labels.ok is \"no good\" but must be at most 63 letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit",
            "schema-metadata /metadata/annotations/a~1b~1c [a/b/c] metadata.annotations[\"a/b/c\"] is \"a/b/c\" but must be a name of at most 63 letters, digits, `-`, `_` and `.`, optionally after a DNS domain and `/`",
        ]
    );
    assert_eq!(
        listed(&format!("{head}spec:\n")),
        [
            "schema-metadata /metadata/name [apiVersion] the object has no name: metadata needs `name`"
        ]
    );
    assert_eq!(
        listed(&format!("{head}metadata: {{generateName: x-}}\n")),
        [""; 0]
    );
}

#[test]
fn embedded_objects_are_objects() {
    assert_eq!(
        with("tender: {apiVersion: v1, kind: Boat, metadata: {name: t}, wheels: 4}\n"),
        [""; 0]
    );
    assert_eq!(
        with("tender: {kind: Boat, metadata: {name: T}}\n"),
        [
            "schema-missing-field /spec/tender [tender] spec.tender lacks `apiVersion`, which every object has",
            "schema-metadata /spec/tender/metadata/name [T] spec.tender.metadata.name is \"T\" but must be lower-case letters, digits, `-` and `.`, beginning and ending with a letter or digit, at most 253 characters",
        ]
    );
}

#[test]
fn a_status_that_the_server_drops_is_checked_for_unknown_fields_only() {
    let text = "apiVersion: example.test/v1\nkind: Vessel\nmetadata: {name: x}\nstatus: {phase: 1, phaze: x}\n";
    assert_eq!(
        listed(text),
        [
            "schema-unknown-field /status/phaze [phaze] `phaze` is not a field of status: the API server would drop it"
        ]
    );
}

#[test]
fn a_version_that_is_not_served_is_all_that_is_said() {
    let text =
        |version: &str| format!("{version}kind: Vessel\nmetadata: {{name: x}}\nspec: {{a: 1}}\n");
    assert_eq!(
        listed(&text("apiVersion: example.test/v1alpha1\n")),
        [
            "schema-version /apiVersion [example.test/v1alpha1] example.test/v1alpha1 is not served; example.test/v1 is"
        ]
    );
    let (validation, _) = check(&text("apiVersion: example.test/v2\n"));
    assert_eq!(
        validation.violations[0].replacement.as_deref(),
        Some(format!("{GROUP}/v1").as_str())
    );
}

#[test]
fn of_repeated_keys_the_last_counts() {
    assert_eq!(with("name: 5\nname: Nina\n"), [""; 0]);
    assert_eq!(with("name: Nina\nname: 5\n").len(), 1);
}

#[test]
fn a_crd_that_is_none_is_refused_with_a_reason() {
    let refused = |text: &str| {
        let loaded = read(text);
        CrdSchemas::from_crd(loaded.objects[0].root())
            .unwrap_err()
            .message
    };
    assert_eq!(
        refused("apiVersion: example.test/v1\nkind: Vessel\nmetadata: {name: x}\n"),
        "this is not a CustomResourceDefinition"
    );
    assert_eq!(
        refused(
            "apiVersion: apiextensions.k8s.io/v1beta1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n"
        ),
        "only CRDs of apiextensions.k8s.io/v1 can be read, not of apiextensions.k8s.io/v1beta1"
    );
    assert_eq!(
        refused(
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n"
        ),
        "the CRD holds no schema"
    );
}

#[test]
fn what_cannot_be_checked_is_said() {
    let crd = include_str!("../../fixtures/schema/vessels-crd.yaml");
    let crd = crd.replace("format: date}", "format: isbn}").replace(
        "self.captain.nickname != 'Ahab'",
        "self.captain.sail('jib')",
    );
    let loaded = read(&crd);
    let schemas = CrdSchemas::from_crd(loaded.objects[0].root()).unwrap();
    assert_eq!(
        schemas.served("v1").unwrap().schema.unchecked(),
        [
            "the format isbn",
            "the rule `self.captain.sail('jib')` (there is no function `sail`; did you mean `all`?)",
        ]
    );
    assert_eq!(vessels().served("v1").unwrap().schema.unchecked(), [""; 0]);
}
