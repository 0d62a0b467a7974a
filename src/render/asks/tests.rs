//! Questions of many findings, as the fewest commands.

use super::*;
use crate::check::Invocation;
use crate::source::secret_metadata;

fn merged(asks: &[&str]) -> Answers {
    answers(asks.iter().map(|ask| (*ask, 1)), None)
}

/// What is said about the answers, where nobody knows how the run was called.
fn then(found: &Answers) -> String {
    let then = found.then("Check", None);
    assert_eq!(then.command, None);
    format!("{} {}", then.first, then.notes.join(" "))
}

#[test]
fn questions_about_one_namespace_are_one_command() {
    let found = merged(&[
        "kubectl get pods -n pgo -o yaml",
        "kubectl get jobs -n pgo -l pg-cluster=hippo -o yaml",
        "kubectl get persistentvolumeclaim hippo -n pgo -o yaml",
        "kubectl get deployments -n pgo -o yaml",
    ]);
    assert_eq!(
        found.commands,
        ["kubectl get deployments,jobs,persistentvolumeclaims,pods -n pgo -o yaml"]
    );
}

/// A server that does not know a kind answers for none of those that are asked for with it.
#[test]
fn kinds_of_v5_are_asked_for_apart() {
    let found = merged(&[
        "kubectl get pods -n pgo -o yaml",
        "kubectl get postgresclusters.postgres-operator.crunchydata.com -n pgo -o yaml",
    ]);
    assert_eq!(
        found.commands,
        [
            "kubectl get pods -n pgo -o yaml",
            "kubectl get postgresclusters.postgres-operator.crunchydata.com -n pgo -o yaml"
        ]
    );
    let told = then(&found);
    assert!(
        told.contains("`--assume-complete=PostgresCluster`"),
        "{told}"
    );
    let told = then(&merged(&["kubectl get pods -n pgo -o yaml"]));
    assert!(!told.contains("PostgresCluster"), "{told}");
}

#[test]
fn kinds_without_a_namespace_are_asked_for_with_those_of_all() {
    let found = merged(&[
        "kubectl get namespaces -o yaml",
        "kubectl get deployments -A -o yaml",
        "kubectl get pods -o yaml",
    ]);
    assert_eq!(
        found.commands,
        [
            "kubectl get deployments,namespaces -A -o yaml",
            "kubectl get pods -o yaml"
        ]
    );
}

#[test]
fn what_is_said_to_be_whole_is_a_flag_and_no_part_of_the_command() {
    let found = merged(&["kubectl get deployments -A -o yaml # and --assume-complete=Deployment"]);
    assert_eq!(found.commands, ["kubectl get deployments -A -o yaml"]);
    assert!(found.assume.contains("Deployment"));
}

#[test]
fn of_secrets_only_metadata_is_printed() {
    let metadata = format!("kubectl get {}", secret_metadata(" -n pgo"));
    assert_eq!(merged(&[&metadata]).commands, [metadata]);
    let found = merged(&["kubectl get secret x -n pgo -o yaml"]);
    assert!(found.commands[0].contains("go-template="), "{found:?}");
    assert!(!found.commands[0].contains("-o yaml"));
}

#[test]
fn many_namespaces_are_one_collect_for_each_cluster() {
    let asks: Vec<String> = (0..9)
        .map(|n| format!("kubectl --context prod get pods -n ns{n} -o yaml"))
        .collect();
    let asks: Vec<&str> = asks.iter().map(String::as_str).collect();
    assert_eq!(
        merged(&asks).commands,
        ["pgo-preflight collect --context prod -A --output evidence-prod.tar.gz"]
    );
}

#[test]
fn what_a_command_needs_is_no_part_of_it() {
    let found = merged(&[
        "kubectl get persistentvolume pv-a -o yaml # needs a ClusterRole with get on persistentvolumes",
        "kubectl get persistentvolume pv-b -o yaml # needs a ClusterRole with get on persistentvolumes",
    ]);
    assert_eq!(found.commands, ["kubectl get persistentvolumes -o yaml"]);
    let needs: Vec<&str> = found.needs.iter().map(String::as_str).collect();
    assert_eq!(
        needs,
        ["a ClusterRole with get and list on persistentvolumes"]
    );
    assert!(found.look.is_empty());
}

#[test]
fn what_runs_in_a_pod_stands_apart() {
    let ask = "kubectl exec -n pgo deployment/hippo -c database -- readlink /pgdata/hippo/pg_wal";
    let found = merged(&[ask]);
    assert!(found.commands.is_empty());
    assert_eq!(found.look, [(ask.to_owned(), 1)]);
}

#[test]
fn a_hostile_name_stays_one_word() {
    let found = merged(&[r"kubectl get pods -n 'a;b'\''$(c)' -o yaml"]);
    assert_eq!(
        found.commands,
        [r"kubectl get pods -n 'a;b'\''$(c)' -o yaml"]
    );
}

/// What is printed belongs into the input: each command writes a file of its own, called after what it asks for.
#[test]
fn what_is_asked_goes_into_a_file() {
    let found = merged(&[
        "kubectl get deployments -n pgo -o yaml",
        "kubectl get pods -n pgo -o yaml",
        "kubectl get configmaps -A -o yaml",
    ]);
    assert_eq!(
        found.to_run(),
        [
            "kubectl get deployments,pods -n pgo -o yaml > preflight-pgo-deployments-and-1.yaml",
            "kubectl get configmaps -A -o yaml > preflight-all-configmaps.yaml",
        ]
    );
    let told = then(&found);
    assert!(
        told.contains("with preflight-pgo-deployments-and-1.yaml and preflight-all-configmaps.yaml added to the input"),
        "{told}"
    );
    let version = merged(&["kubectl version -o yaml"]).to_run();
    assert_eq!(
        version,
        ["kubectl version -o yaml > preflight-version.yaml"]
    );
}

fn of_pods_and_secrets(context: &str, count: usize) -> Vec<String> {
    let both = |number: usize| {
        let secrets = secret_metadata(&format!(" -n ns{number}"));
        [
            format!("kubectl{context} get pods -n ns{number} -o yaml"),
            format!("kubectl{context} get {secrets}"),
        ]
    };
    (0..count).flat_map(both).collect()
}

/// The metadata came in a file beside the bundle, which was evidence of another cluster and answered nothing.
#[test]
fn what_is_collected_is_one_bundle_that_takes_the_place_of_the_input() {
    let asks = of_pods_and_secrets("", 6);
    let asks: Vec<&str> = asks.iter().map(String::as_str).collect();
    let found = merged(&asks);
    assert_eq!(
        found.to_run(),
        ["pgo-preflight collect -A --secret-metadata --output evidence.tar.gz"]
    );
    assert_eq!(found.settled.len(), asks.len());
    let told = then(&found);
    assert!(
        told.starts_with("Check again with evidence.tar.gz in place of the input."),
        "{told}"
    );
}

/// A file beside a bundle, or beside what was read live, is evidence of another cluster: it answered nothing.
#[test]
fn what_a_bundle_leaves_open_is_collected_anew() {
    let ask = "kubectl --context prod get persistentvolumes -o yaml # needs a ClusterRole with get on persistentvolumes";
    let run = ["pgo-preflight collect --context prod -A --output evidence-prod.tar.gz"];
    assert_eq!(merged(&[ask]).to_run(), run);
    let of_a_namespace = merged(&["kubectl --context prod get pods -n pgo -o yaml"]).to_run();
    assert!(of_a_namespace[0].contains(" -n pgo "), "{of_a_namespace:?}");
    // The same without a context, where all that is known is that the input is an archive.
    let called = Invocation {
        command: "check".to_owned(),
        paths: vec!["evidence.tar.gz".to_owned()],
        apart: true,
        ..Invocation::default()
    };
    let found = answers(
        std::iter::once(("kubectl get pods -n pgo -o yaml", 1)),
        Some(&called),
    );
    // And never into the file that is the input.
    assert_eq!(
        found.to_run(),
        ["pgo-preflight collect -n pgo --output evidence-2.tar.gz"]
    );
}

/// A bundle has the metadata of one Secret for each cluster: more would be asked for again and again.
#[test]
fn where_secrets_alone_are_open_beside_a_bundle_they_are_looked_at() {
    let asks = of_pods_and_secrets(" --context prod", 1);
    let secrets = merged(&[&asks[1]]);
    assert!(secrets.commands.is_empty(), "{secrets:?}");
    assert_eq!(secrets.look, [(asks[1].clone(), 1)]);
    let both = merged(&[&asks[0], &asks[1]]);
    assert!(both.look.is_empty(), "{both:?}");
    assert!(both.to_run()[0].contains(" --secret-metadata "), "{both:?}");
}

#[test]
fn each_question_knows_the_command_that_settles_it() {
    let asks = [
        "kubectl get pods -n pgo -o yaml",
        "kubectl get persistentvolume pv-1 -o yaml # needs a ClusterRole with get on persistentvolumes",
        "kubectl get deployments -A -o yaml # and --assume-complete=Deployment",
        "kubectl exec -n pgo deployment/hippo -- readlink /pgdata/hippo/pg_wal",
    ];
    let found = merged(&asks);
    let settles = |ask: &str| {
        found
            .settled
            .get(ask)
            .map(|at| found.commands[*at].as_str())
    };
    assert_eq!(settles(asks[0]), Some(asks[0]));
    assert!(settles(asks[1]).unwrap().contains("persistentvolumes"));
    assert!(settles(asks[2]).unwrap().contains("deployments"));
    assert_eq!(settles(asks[3]), None);
}
