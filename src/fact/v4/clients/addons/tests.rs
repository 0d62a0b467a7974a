//! What is said about add-ons.

use crate::fact::v4::testing::{PGCLUSTER, World, claim};

fn says(release: &str, spec: &str, labels: &str) -> String {
    let yaml = PGCLUSTER.replace("4.7.10", release);
    let yaml = yaml.replace("  port: '5432'\n", &format!("  port: '5432'\n{spec}"));
    World::partial(&yaml.replace("labels: {", &format!("labels: {{{labels}"))).says("addons.names")
}

#[test]
fn fields_count_from_4_6_on() {
    assert_eq!(says("4.7.10", "", ""), "[]");
    let spec = "  exporter: true\n  pgBadger: true\n  pgBouncer: {replicas: 2}\n";
    assert_eq!(
        says("4.7.10", spec, "crunchy-pgadmin: 'true', "),
        "[\"pgBouncer\", \"pgAdmin\", \"exporter\", \"pgBadger\"]"
    );
    // Trap 36: a label left over from before.
    assert_eq!(
        says(
            "4.7.10",
            "",
            "crunchy_collect: 'true', crunchy-pgbadger: 'true', "
        ),
        "[]"
    );
}

/// Trap 35: the exporter's label was renamed in 4.5.
#[test]
fn labels_count_before() {
    assert_eq!(says("4.4.1", "  exporter: true\n", ""), "[]");
    assert_eq!(
        says("4.4.1", "", "crunchy_collect: 'true', "),
        "[\"exporter\"]"
    );
    assert_eq!(
        says("4.5.1", "", "crunchy-postgres-exporter: 'true', "),
        "[\"exporter\"]"
    );
    assert_eq!(says("4.5.1", "", "crunchy-pgbadger: 'false', "), "[]");
    assert_eq!(
        says("4.2.4", "", "crunchy-pgbouncer: 'true', "),
        "[\"pgBouncer\"]"
    );
    assert_eq!(
        says("4.3.4", "  pgBouncer: {replicas: 1}\n", ""),
        "[\"pgBouncer\"]"
    );
}

/// pgpool of 4.1 was told by nobody, and its clients lost their way in.
#[test]
fn pgpool_is_one_as_long_as_pgo_has_it_or_it_runs() {
    let label = "crunchy-pgpool: 'true', ";
    assert_eq!(says("4.1.2", "", label), "[\"pgpool\"]");
    assert_eq!(says("4.2.4", "", label), "[]", "a label left over");
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: hippo-pgpool, namespace: pgo, \
                      labels: {pg-cluster: hippo, vendor: crunchydata}}\nspec: {replicas: 1}\n";
    let runs = format!("{}---\n{deployment}", PGCLUSTER.replace("4.7.10", "4.2.4"));
    assert_eq!(World::partial(&runs).says("addons.names"), "[\"pgpool\"]");
}

#[test]
fn policies_are_add_ons_too() {
    let yaml = PGCLUSTER.replace("policies: ''", "policies: 'audit,roles'");
    let world = World::partial(&yaml);
    assert_eq!(world.says("addons.names"), "[\"policies\"]");
    assert_eq!(world.points_at("addons.names"), "'audit,roles'");
}

#[test]
fn the_number_of_pgbouncers() {
    let yaml = PGCLUSTER.replace("policies: ''", "pgBouncer: {replicas: 3, limits: {}}");
    assert_eq!(World::partial(&yaml).says("addons.pgbouncer"), "3");
    assert_eq!(World::partial(PGCLUSTER).says("addons.pgbouncer"), "0");
}

#[test]
fn a_deleted_cluster_tells_of_no_add_ons() {
    assert_eq!(
        World::partial(&claim("hippo")).says("addons.names"),
        "unknown"
    );
}
