//! The fuzz bodies over a fixed number of mutated texts: the same ones in every run.

use crate::bodies;

/// Texts to start from: every construct the reader knows.
fn seeds() -> Vec<Vec<u8>> {
    let cases = std::fs::read_to_string("fixtures/yaml/kubectl.yaml").unwrap();
    let cases: Vec<serde_json::Value> = yaml_serde::from_str(&cases).unwrap();
    let bodies = cases.iter().map(|case| case["body"].as_str().unwrap());
    let mut seeds = Vec::new();
    for body in bodies {
        let head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n";
        seeds.push(format!("{head}spec:\n{body}").into_bytes());
        seeds.push(format!("spec:\n{body}").into_bytes());
    }
    for text in [
        "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: a}\n  data:\n    p: |\n      x\n\
         - metadata:\n    name: b\n  kind: Pod\nkind: List\nmetadata:\n  continue: \"\"\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: a, namespace: x}\ndata: &d\n  a: >-\n    x\n    y\n  b: *m\n\
         x:\n  <<: [*d, {p: 1}]\n  q: !!int '12'\n---\n# Source: a/b.yaml\nkind: Pod\napiVersion: v1\n...\nx\n",
        "{\"apiVersion\":\"v1\",\"items\":[{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\
         \"annotations\":{\"x\":\"{\\\"env\\\":[{\\\"name\\\":\\\"KEY\\\",\\\"value\\\":\\\"x\\\"}]}\"}}}],\"kind\":\"List\"}\n{}\n",
        "# a\n---\n# b\napiVersion: v1\nitems:\n- apiVersion: v1\n  data:\n    a: |2+\n       x\n\n      y \n\n    b: |\n      {}\n\n             c: >\n      a\n      b\n\n       c\n      d\n    d: \"a b\\\n      \\  c\\n \\u00e9\n      d\\U0001F600\"\n    e: 'a''s b\n\n      c'\n    f: a\n      b: c\n           kind: ConfigMap\n  metadata:\n    annotations: {}\n    name: x\n  spec:\n    - - a: 1\n        b: []\n      - c\n    -\n      d: -1\n    - |-\n      e\n             - long text that goes\n      on # and on\n# c\n- apiVersion: v1\n  kind: Pod\n  metadata: # c\n    name: \"a\"\nkind: List\nmetadata:\n  resourceVersion: \"\"\n",
        "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n        {\n            \"apiVersion\": \"v1\",\n            \"kind\": \"Pod\",\n                     \"metadata\": {\n                \"name\": \"a\"\n            },\n            \"x\": [\n                1.5,\n                -2e3,\n                true,\n                         null,\n                {}\n            ]\n        },\n        {\n            \"kind\": \"Job\",\n            \"apiVersion\": \"batch/v1\"\n        }\n    ],\n             \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n",
        "apiVersion: v1\nitems:\n- apiVersion: apps/v1\n  kind: ReplicaSet\n  metadata:\n    annotations:\n      a: |\n        {}\n    labels: {}\n\
             \x20   name: \"x\"\n  spec:\n    args:\n    - -c\n    - 'a: b'\n    - - x\n      - y: 1\n        z: []\n    env:\n      - name: b\n\
             \x20       value: >-\n          c\n- count: 1\n  involvedObject:\n    kind: Pod\n  apiVersion: v1\n  kind: Event\n- apiVersion: v1\n  kind: Pod\n\
             kind: List\n",
        "\u{feff}%YAML 1.1\r\n---\r\napiVersion: v1\r\nkind: Pod\r\nmetadata:\r\n  name: {{ .x }}\r\n? [a]\r\n: \"\\u00e9\r\n  b\"\r\n",
    ] {
        seeds.push(text.as_bytes().to_vec());
    }
    seeds
}

/// Numbers that look random: xorshift, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }
}

/// Pieces that change the structure.
const PIECES: [&str; 40] = [
    "\n",
    "\n---\n",
    "\n...\n",
    ": ",
    "- ",
    "? ",
    "\"",
    "'",
    "|",
    ">",
    "{",
    "}",
    "[",
    "]",
    ",",
    "#",
    " #",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "!!binary ",
    "\t",
    "\r",
    "\u{0}",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\\",
    "\\u12",
    "  ",
    "kind: List\n",
    "items:\n",
    "kind: Secret\n",
    "data:\n",
    "%",
    "~",
    ".inf",
    "\u{1f600}",
    "\u{fffd}",
];

fn mutate(text: &mut Vec<u8>, dice: &mut Dice, seeds: &[Vec<u8>]) {
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(text.len() + 1);
        let until = (at + dice.roll(12)).min(text.len());
        match dice.roll(6) {
            0 => drop(text.drain(at..until)),
            1 => text.truncate(at.max(1)),
            2 if at < text.len() => text[at] = u8::try_from(dice.roll(256)).unwrap(),
            3 => {
                let again = text[at..until].to_vec();
                text.splice(at..at, again);
            }
            4 => {
                let other = &seeds[dice.roll(seeds.len())];
                let from = dice.roll(other.len() + 1);
                text.splice(
                    at..until,
                    other[from..(from + 40).min(other.len())].iter().copied(),
                );
            }
            _ => drop(text.splice(at..at, PIECES[dice.roll(PIECES.len())].bytes())),
        }
    }
}

fn run(rounds: usize, body: fn(&[u8])) {
    run_from(&seeds(), rounds, body);
}

fn run_from(seeds: &[Vec<u8>], rounds: usize, body: fn(&[u8])) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for round in 0..rounds {
        let mut text = seeds[round % seeds.len()].clone();
        mutate(&mut text, &mut dice, seeds);
        let result = std::panic::catch_unwind(|| body(&text));
        assert!(
            result.is_ok(),
            "round {round}: {:?}",
            String::from_utf8_lossy(&text)
        );
    }
}

#[test]
fn mutated_texts_load() {
    run(20_000, bodies::load_any);
}

#[test]
fn mutated_texts_are_read_alike_by_both_readers() {
    run(60_000, |data| {
        bodies::same_by_both(data);
    });
}

#[test]
fn what_is_passed_over_makes_no_difference() {
    run(40_000, bodies::same_when_passed_over);
}

#[test]
fn mutated_secrets_stay_hidden() {
    run(20_000, bodies::hide_any);
}

/// Definitions with every keyword that costs something.
fn definitions() -> Vec<Vec<u8>> {
    let rule = "{rule: 'self.all(x, self.all(y, x != y || x.matches(\"a{1,9}\")))', message: m, fieldPath: '.a[0]', messageExpression: 'string(self)'}";
    let schema = format!(
        "{{type: object, properties: {{spec: {{type: object, required: [a, z], properties: {{a: {{type: array, \
         x-kubernetes-list-type: set, items: {{anyOf: [{{type: integer}}, {{pattern: '^(a{{1,9}}){{1,9}}$', enum: [x, y]}}], \
         default: 1}}, x-kubernetes-validations: [{rule}]}}, d: {{type: string, format: date-time, maxLength: 3}}}}, \
         additionalProperties: {{type: number, multipleOf: 0.1}}}}}}}}"
    );
    let texts = ["postgres-operator.crunchydata.com", "g"].map(|group| {
        format!(
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: a}}\nspec:\n  group: {group}\n  \
             names: {{kind: PostgresCluster}}\n  versions:\n  - name: v1beta1\n    served: true\n    schema:\n      openAPIV3Schema: {schema}\n"
        )
    });
    texts.map(String::into_bytes).into()
}

#[test]
fn mutated_definitions_check_within_bounds() {
    run_from(&definitions(), 3_000, bodies::check_by_any);
}

#[test]
fn mutated_configurations_are_understood_or_told() {
    let text = "target: 5.8.2\nmethods: [volumes]\nrules: rules\nexclude: ['old/**', a]\nseverity: {no-backups: warn}\nwaivers:\n- rule: a\n  \
                subject: {name: '*'}\n  reason: b\n  expires: 2026-12-31\nattestations:\n- {statement: a, settles: b, by: c, date: 2026-01-01, reason: d}\n";
    run_from(
        &[text.as_bytes().to_vec()],
        10_000,
        bodies::configure_by_any,
    );
}

#[cfg(feature = "live")]
#[test]
fn mutated_kubeconfigs_are_read_or_told_without_a_word_of_them() {
    let text = "apiVersion: v1\nkind: Config\ncurrent-context: prod\npreferences: {}\nclusters:\n- name: prod\n  cluster:\n    server: https://127.0.0.1:6443\n    \
                certificate-authority-data: aGk=\n    insecure-skip-tls-verify: true\n    proxy-url: socks5://u:p@127.0.0.1:1\ncontexts:\n- context: {cluster: prod, user: me, namespace: pgo}\n  \
                name: prod\nusers:\n- name: me\n  user:\n    token: hunter2\n- name: other\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: x\n      \
                args: [--secret=hunter2]\n      env: [{name: A, value: hunter2}]\n      interactiveMode: Never\n- name: old\n  user: {username: a, password: hunter2, auth-provider: {name: oidc, config: {refresh-token: hunter2}}}\n";
    let json = "{\"apiVersion\":\"v1\",\"kind\":\"Config\",\"users\":[{\"name\":\"a\",\"user\":{\"token\":\"hunter2\",\"client-key-data\":\"hunter2\"}}]}";
    let seeds = [text, json].map(|text| text.as_bytes().to_vec());
    run_from(&seeds, 20_000, bodies::connect_by_any);
}

#[test]
fn mutated_coverage_and_archives_are_evidence_or_told() {
    let coverage = serde_json::json!({
        "kind": "pgo-preflight bundle", "version": 1, "tool": "x", "origin": "prod", "taken": "2026-11-20T12:00:00Z", "server": "v1.33.0",
        "objects": 1, "listed": [{"resource": "pods"}, {"resource": "pgclusters.crunchydata.com", "namespace": "a"}],
        "notInstalled": [{"resource": "pods"}], "failed": [{"resource": "pods", "because": "x", "ask": "y"}],
        "skipped": [{"name": "a", "reason": "b", "hides": "anything"}],
    });
    run_from(
        &[coverage.to_string().into_bytes()],
        5_000,
        bodies::unpack_any,
    );
}

#[test]
fn mutated_reports_are_refused_or_shown() {
    let draft = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {name: a}\nspec: {x: 1}\n";
    let gathered = pgo_preflight::manifest::gather_texts(vec![(
        "a.yaml".to_owned(),
        draft.as_bytes().to_vec(),
    )]);
    let evidence =
        pgo_preflight::check::Evidence::of(gathered, &pgo_preflight::manifest::Assume::nothing());
    let rules = pgo_preflight::rule::RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    let report = pgo_preflight::check::check(evidence, &rules, &crate::common::options());
    let mut text = Vec::new();
    pgo_preflight::render::write_json(&mut text, &report, 1, None).unwrap();
    run_from(&[text], 2_000, bodies::show_any);
}

/// Clusters of v4 and of v5, from files that other tests judge.
fn clusters() -> Vec<Vec<u8>> {
    let cases = ["01", "03", "05", "09", "12", "16"];
    let files = cases.map(|case| format!("fixtures/worked-examples/{case}"));
    let folders = files
        .iter()
        .map(|folder| std::fs::read_dir(folder).unwrap());
    let mut paths: Vec<_> = folders.flatten().map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|ext| ext == "yaml"));
    let texts = paths.iter().map(|path| std::fs::read(path).unwrap());
    texts.filter(|text| text.len() < 20_000).collect()
}

#[test]
fn mutated_clusters_are_judged_planned_and_drafted_from() {
    run_from(&clusters(), 400, bodies::judge_any);
}
