//! The healthy base case, and what holds for every fact.

use super::*;

/// Hippo with one instance, as far as these facts go.
fn healthy() -> String {
    stream(&[
        PGCLUSTER,
        &deployment("hippo", 1),
        &pod("hippo", "master"),
        &claim("hippo"),
        &claim("hippo-pgbr-repo"),
        DRIVER,
        CLASS,
    ])
}

#[test]
fn every_fact_has_a_value_of_its_type_or_a_reason() {
    for world in [World::complete(&healthy()), World::partial(&healthy())] {
        for fact in FACTS.facts() {
            match world.fact("hippo", fact.name) {
                Fact::Unknown(gaps) => {
                    assert!(!gaps.is_empty(), "{}", fact.name);
                    for gap in gaps.iter() {
                        let told = [&gap.missing, &gap.because, &gap.ask];
                        assert!(
                            told.iter().all(|text| !text.is_empty()),
                            "{}: {gap:?}",
                            fact.name
                        );
                    }
                }
                Fact::Known(truth) => {
                    let name = fact.ty.name();
                    let fits = match &truth.value {
                        Value::Bool(_) => "bool",
                        Value::Int(_) => "int",
                        Value::Version(_) => "version",
                        Value::Str(_) if name == "quantity" => name,
                        Value::Str(text) if text.is_empty() && name == "version" => name,
                        Value::Str(_) => "string",
                        Value::List(_) if name == "list of maps" => name,
                        Value::List(items)
                            if name == "list of whole numbers"
                                && items.iter().all(|item| matches!(item, Value::Int(_))) =>
                        {
                            name
                        }
                        Value::List(_) => "list of strings",
                        Value::Map(_) => "map",
                        other => panic!("{}: {other:?}", fact.name),
                    };
                    assert_eq!(fits, name, "{}", fact.name);
                }
            }
        }
    }
}

#[test]
fn the_healthy_base_case() {
    let world = World::complete(&healthy());
    for (fact, says) in [
        ("cluster.remains", "false"),
        ("cluster.v4", "4.7.10"),
        ("cluster.labelled", "true"),
        ("cluster.state", "\"pgcluster Initialized\""),
        ("cluster.shutdown", "false"),
        ("cluster.standby", "false"),
        ("cluster.v5Exists", "false"),
        ("cluster.ignoredKeys", "[]"),
        ("cluster.tolerations", "false"),
        ("cluster.affinity", "false"),
        ("cluster.port", "5432"),
        ("primary.name", "\"hippo\""),
        ("primary.certain", "true"),
        ("primary.disagree", "false"),
        ("primary.running", "true"),
        ("primary.dataDirectory", "\"hippo\""),
        ("replicas.names", "[]"),
        ("replicas.present", "false"),
        ("replicas.claims", "[]"),
        ("dataClaim.storage", "\"claim\""),
        ("dataClaim.name", "\"hippo\""),
        ("dataClaim.exists", "true"),
        ("dataClaim.phase", "\"Bound\""),
        ("dataClaim.size", "\"1Gi\""),
        ("dataClaim.capacity", "\"2Gi\""),
        ("dataClaim.expandable", "true"),
        ("dataClaim.volume", "\"pv-hippo\""),
        ("dataClaim.volumeClaimedBy", "\"\""),
        ("dataClaim.reclaimPolicy", "\"Retain\""),
        ("dataClaim.fsGroup", "\"yes\""),
        ("dataClaim.source", "\"csi ebs.csi.aws.com\""),
        (
            "dataClaim.mountedBy",
            "[\"Deployment hippo\", \"Pod hippo-5d8f6bbc7d-x2x4z\"]",
        ),
        ("dataClaim.mountedByOthers", "[]"),
        ("dataClaim.v4Labels", "[\"pg-cluster\", \"vendor\"]"),
        ("dataClaim.candidates", "[\"hippo\"]"),
        ("walClaim.storage", "\"none\""),
        ("walClaim.name", "\"\""),
        ("walClaim.fsGroup", "\"\""),
        ("walClaim.addedLater", "false"),
        ("repoClaim.name", "\"hippo-pgbr-repo\""),
        ("repoClaim.reclaimPolicy", "\"Retain\""),
        ("tablespaces.names", "[]"),
    ] {
        assert_eq!(world.says(fact), says, "{fact}: {}", world.asks(fact));
    }
}

#[test]
fn evidence_is_the_value_that_decides() {
    let world = World::complete(&healthy());
    for (fact, text) in [
        ("cluster.state", "pgcluster Initialized"),
        ("cluster.v4", "4.7.10"),
        ("primary.name", "hippo"),
        ("dataClaim.size", "1Gi"),
        ("dataClaim.reclaimPolicy", "Retain"),
        ("dataClaim.fsGroup", "File"),
        ("dataClaim.source", "ebs.csi.aws.com"),
        ("primary.dataDirectory", "/pgdata/hippo"),
        ("cluster.shutdownRequested", "false"),
        ("walClaim.storage", "volumes"),
    ] {
        assert_eq!(world.points_at(fact), text, "{fact}");
    }
}

#[test]
fn every_known_fact_points_somewhere() {
    let world = World::complete(&healthy());
    let pathless = ["target.", "operator.", "crd.", "platform."];
    for fact in FACTS.facts() {
        if pathless.iter().any(|group| fact.name.starts_with(group)) {
            continue;
        }
        if let Fact::Known(truth) = world.fact("hippo", fact.name) {
            assert!(!truth.evidence.is_empty(), "{}", fact.name);
        }
    }
}
