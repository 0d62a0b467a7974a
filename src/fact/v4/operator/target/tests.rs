//! What is said about the target of the move.

use super::*;
use crate::expr::{Value, Version};
use crate::fact::v4::testing::{PGCLUSTER, World, stream};

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

fn versions(set: &TargetSet) -> Vec<String> {
    set.releases
        .iter()
        .map(|release| release.version.to_string())
        .collect()
}

fn operator(namespace: &str, tag: &str) -> String {
    format!(
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: pgo, namespace: {namespace}, labels: {{postgres-operator.crunchydata.com/control-plane: pgo}}}}
spec: {{template: {{spec: {{containers: [{{name: operator, image: 'registry/postgres-operator{tag}'}}]}}}}}}
"
    )
}

fn definition(labels: &str, schema: &str) -> String {
    format!(
        "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: postgresclusters.postgres-operator.crunchydata.com, labels: {{{labels}}}}}
spec:
  group: postgres-operator.crunchydata.com
  versions:
  - name: v1beta1
    schema: {{openAPIV3Schema: {{properties: {{spec: {schema}}}}}}}
"
    )
}

fn target(documents: &[&str]) -> TargetSet {
    let world = World::partial(&stream(&[&[PGCLUSTER], documents].concat()));
    world
        .clusters()
        .first()
        .unwrap()
        .surroundings
        .target
        .clone()
}

#[test]
fn without_a_hint_every_release_since_the_guide_counts() {
    let world = World::partial(PGCLUSTER);
    assert_eq!(world.says("target.known"), "false");
    let set = target(&[]);
    assert_eq!(versions(&set).first().unwrap(), "5.0.3");
    assert_eq!(
        set.releases.last().unwrap().version,
        Release::newest().unwrap().version
    );
    assert!(set.gaps.first().unwrap().ask.contains("--target"));
}

#[test]
fn the_flag_decides_alone() {
    let set = TargetSet::named(&[version("5.0.2")], "--target 5.0.2".to_owned(), Vec::new());
    assert_eq!(
        (versions(&set), set.known),
        (vec!["5.0.2".to_owned()], true)
    );
}

#[test]
fn a_patch_the_table_lacks_is_judged_by_the_one_before() {
    let set = TargetSet::named(
        &[version("5.8.99")],
        "--target 5.8.99".to_owned(),
        Vec::new(),
    );
    assert_eq!(
        set.from,
        "--target 5.8.99, judged as 5.8.9, the newest of its minor that is known"
    );
    assert!(set.known);
}

#[test]
fn a_minor_the_table_lacks_leaves_everything_open() {
    let set = TargetSet::named(&[version("7.3.0")], "--target 7.3.0".to_owned(), Vec::new());
    assert!(!set.known && set.releases.len() > 1);
    assert!(set.gaps.first().unwrap().missing.contains("7.3.0"));
}

#[test]
fn the_operator_comes_before_the_definition() {
    let crd = definition("app.kubernetes.io/version: 5.3.0", "{}");
    let set = target(&[&operator("pgo-system", ":ubi9-5.8.2-0"), &crd]);
    assert_eq!(
        (versions(&set), set.known),
        (vec!["5.8.2".to_owned()], true)
    );
    assert_eq!(set.from, "the operator pgo-system/pgo");
    assert_eq!(set.evidence.len(), 1);
}

#[test]
fn two_operators_leave_two_releases() {
    let set = target(&[
        &operator("a", ":ubi9-5.8.2-0"),
        &operator("b", ":ubi8-5.3.1-0"),
    ]);
    assert_eq!(
        (versions(&set), set.known),
        (vec!["5.3.1".to_owned(), "5.8.2".to_owned()], false)
    );
    assert_eq!(set.from, "the operator a/pgo and b/pgo");
}

#[test]
fn an_operator_by_digest_leaves_the_definition_to_tell() {
    let crd = definition("app.kubernetes.io/version: 5.3.0", "{}");
    let set = target(&[&operator("a", "@sha256:abcd"), &crd]);
    assert_eq!(
        (versions(&set), set.known),
        (vec!["5.3.0".to_owned()], true)
    );
}

#[test]
fn a_definition_without_a_label_is_known_by_its_schema() {
    let schema = "{required: [instances, postgresVersion], properties: {postgresVersion: {minimum: 11, maximum: 17}, \
        users: {}, config: {properties: {parameters: {}}}, authentication: {properties: {rules: {}}}, \
        backups: {properties: {pgbackrest: {required: [repos]}}}, standby: {properties: {host: {}}}, \
        dataSource: {properties: {volumes: {}, pgbackrest: {}}}}}";
    let set = target(&[&definition("app.kubernetes.io/version: latest", schema)]);
    assert_eq!(versions(&set), ["5.8.0", "5.8.1", "5.8.2", "5.8.3"]);
    assert!(!set.known);
    let strange = target(&[&definition(
        "",
        &schema.replace("maximum: 17", "maximum: 99"),
    )]);
    assert_eq!(versions(&strange).first().unwrap(), "5.0.3");
}

#[test]
fn a_release_is_a_row_of_what_rules_ask() {
    let row = super::row(Release::find(&version("5.8.2")).unwrap());
    let Value::Map(fields) = row else { panic!() };
    let get = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| &**key == name)
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(get("version"), "5.8.2".into());
    assert_eq!(get("defaultMajors"), Value::from(vec![16_i64, 17]));
    assert_eq!(get("defaultHba"), "scram-sha-256".into());
    assert_eq!(get("externalWalRequired"), false.into());
    assert_eq!(get("el"), 9_i64.into());
}
