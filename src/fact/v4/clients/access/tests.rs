//! What is said about how applications get in.

use crate::fact::v4::testing::{PGCLUSTER, World, claim, stream};

fn of(spec: &str, documents: &[&str]) -> World {
    let own = PGCLUSTER.replace("  port: '5432'\n", &format!("  port: '5432'\n{spec}"));
    World::partial(&stream(&[&[own.as_str()], documents].concat()))
}

fn secret(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: pgo, labels: {{pg-cluster: hippo, vendor: crunchydata}}}}\n"
    )
}

#[test]
fn tls_needs_an_authority_and_a_key_pair() {
    for (spec, says) in [
        ("", "false"),
        ("  tls: {caSecret: ca, tlsSecret: ''}\n", "false"),
        ("  tls: {caSecret: ca, tlsSecret: pair}\n", "true"),
    ] {
        assert_eq!(of(spec, &[]).says("access.tls"), says, "{spec}");
    }
    let with_tls = "  tls: {caSecret: ca, tlsSecret: pair}\n  tlsOnly: true\n";
    assert_eq!(of(with_tls, &[]).says("access.tlsOnly"), "true");
    // PGO accepts only TLS where there are certificates.
    assert_eq!(of("  tlsOnly: true\n", &[]).says("access.tlsOnly"), "false");
    assert_eq!(of("", &[]).says("access.tlsOnly"), "false");
}

#[test]
fn without_the_pgcluster_the_deployments_tell_about_tls_but_not_about_passwords() {
    let deployment = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: hippo, namespace: pgo, labels: {pg-cluster: hippo, vendor: crunchydata, pgo-pg-database: 'true'}}
spec: {template: {spec: {containers: [{name: database, env: [{name: PGHA_TLS_ENABLED, value: 'true'}, {name: PGHA_TLS_ONLY, value: 'false'}, {name: PGHA_PASSWORD_TYPE, value: md5}]}]}}}
";
    let world = World::partial(deployment);
    for (fact, says) in [
        ("access.tls", "true"),
        ("access.tlsOnly", "false"),
        ("access.passwordType", "unknown"),
        ("access.users", "unknown"),
    ] {
        assert_eq!(world.says(fact), says, "{fact}");
    }
    assert_eq!(
        World::partial(&claim("hippo")).says("access.tlsOnly"),
        "unknown"
    );
}

#[test]
fn unset_passwords_are_md5() {
    for (written, says) in [
        ("''", "\"md5\""),
        ("md5", "\"md5\""),
        ("scram-sha-256", "\"scram-sha-256\""),
    ] {
        let world = of(&format!("  passwordType: {written}\n"), &[]);
        assert_eq!(world.says("access.passwordType"), says, "{written}");
        assert_eq!(world.points_at("access.passwordType"), written);
    }
    assert_eq!(of("", &[]).says("access.passwordType"), "\"md5\"");
}

#[test]
fn users_are_those_with_secrets_but_not_pgos_own() {
    let names = [
        "hippo-postgres-secret",
        "hippo-primaryuser-secret",
        "hippo-app-secret",
        "hippo-reader-secret",
        "hippo-pgbouncer-secret",
        "hippo-exporter-secret",
        "hippo-backrest-repo-config",
    ];
    let secrets = names.map(secret).join("---\n");
    let own = PGCLUSTER.replace("  port: '5432'\n", "  user: testuser\n");
    let yaml = stream(&[&own, &secrets]);
    let world = World::listing("Secret", &yaml);
    assert_eq!(
        world.says("access.users"),
        "[\"app\", \"reader\", \"testuser\"]"
    );
    assert_eq!(world.points_at("access.users"), "testuser");
    // There may be more.
    assert_eq!(World::partial(&yaml).says("access.users"), "unknown");
}

#[test]
fn the_database_is_called_like_the_cluster_only_if_the_settings_say_nothing() {
    assert_eq!(
        of("  database: shop\n", &[]).says("access.database"),
        "\"shop\""
    );
    assert_eq!(of("", &[]).says("access.database"), "unknown");
    let settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: pgo-config, namespace: system}\ndata:\n  pgo.yaml: |\n    Cluster: {Database: ''}\n";
    assert_eq!(
        World::listing("Deployment", &stream(&[PGCLUSTER, settings])).says("access.database"),
        "\"hippo\""
    );
}

#[test]
fn the_secrets_of_a_deleted_cluster_tell_its_users() {
    let kept = stream(&[
        &claim("hippo"),
        &secret("hippo-postgres-secret"),
        &secret("hippo-app-secret"),
    ]);
    assert_eq!(World::complete(&kept).says("access.users"), "[\"app\"]");
    assert_eq!(World::partial(&kept).says("access.users"), "unknown");
    assert_eq!(
        World::complete(&claim("hippo")).says("access.users"),
        "unknown"
    );
}
