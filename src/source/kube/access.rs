//! What the user may read, asked beforehand: one `SelfSubjectAccessReview` for each kind, verb and namespace.

use serde::Deserialize;
use serde_json::json;
use tokio::task::JoinSet;

use super::super::{SECRET_METADATA, VERBS, WANTED, Wanted};
use super::context::Place;
use super::fault::{Fault, permission};
use super::server::{Deadline, Server};
use super::{Allowance, LiveError, Namespaces, Options, Progress, context, foreign, runtime};

/// Whether one verb on one kind is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The kind.
    pub row: &'static Wanted,
    /// Where; `None` for all namespaces, and for cluster-scoped kinds.
    pub namespace: Option<String>,
    /// `get` or `list`.
    pub verb: &'static str,
    /// The answer, or why there is none.
    pub allowed: Result<bool, String>,
    /// The RBAC rule that would allow it.
    pub ask: String,
}

/// What one cluster answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// The cluster: the context's name.
    pub context: String,
    /// What may be read, or why nothing could be asked: then nothing is known of any permission.
    pub asked: Result<Vec<Access>, String>,
}

#[derive(Debug, Deserialize)]
struct Review {
    status: ReviewStatus,
}

#[derive(Debug, Deserialize)]
struct ReviewStatus {
    #[serde(default)]
    allowed: bool,
}

/// Asks for everything that [`take`](super::take) with the same options would do; clusters are in the order named. Blocks.
pub fn access(
    options: &Options,
    progress: &std::sync::Arc<Progress>,
) -> Result<Vec<Answers>, LiveError> {
    let places = context::places(options)?;
    let runtime = runtime()?;
    let answers = runtime.block_on(async {
        let deadline = Deadline::after(options.timeout);
        let mut running = JoinSet::new();
        for (number, place) in places.into_iter().enumerate() {
            let (options, progress) = (options.clone(), progress.clone());
            running.spawn(async move {
                let context = place.name.clone();
                let asked = of_place(place, &options, deadline, &progress).await;
                let asked = asked.map_err(|fault| fault.because());
                (number, Answers { context, asked })
            });
        }
        let mut answers = Vec::new();
        while let Some(done) = running.join_next().await {
            answers.extend(done);
        }
        answers.sort_by_key(|(number, _)| *number);
        answers.into_iter().map(|(_, answers)| answers).collect()
    });
    runtime.shutdown_background();
    Ok(answers)
}

async fn of_place(
    place: Place,
    options: &Options,
    deadline: Deadline,
    progress: &std::sync::Arc<Progress>,
) -> Result<Vec<Access>, Fault> {
    let config = place.config().await.map_err(Fault::NoCredentials)?;
    let scopes = scopes(&options.namespaces, &config.default_namespace);
    let allowance = std::sync::Arc::new(Allowance::of(options.most_bytes.1, &options.run));
    let server = Server::of(config, options, deadline, &allowance, progress).await?;
    server.greet().await?;
    let mut answers = Vec::new();
    // All reviews go to one place: when it gives no answer to one, the others are not tried one after the other.
    let mut given_up: Option<Fault> = None;
    for mut access in questions(&scopes, options.secret_metadata) {
        let answer = match &given_up {
            Some(fault) => Err(fault.clone()),
            None => ask(&server, &access).await,
        };
        if let Err(fault) = &answer
            && fault.is_of_the_server()
        {
            given_up = Some(fault.clone());
        }
        access.allowed = answer.map_err(|fault| fault.because());
        answers.push(access);
    }
    Ok(answers)
}

fn scopes(namespaces: &Namespaces, home: &str) -> Vec<Option<String>> {
    match namespaces {
        Namespaces::All => vec![None],
        Namespaces::OfContext => vec![Some(home.to_owned())],
        Namespaces::Named(names) => names.iter().cloned().map(Some).collect(),
    }
}

/// One for each request to be made, not answered yet.
fn questions(scopes: &[Option<String>], secrets: bool) -> Vec<Access> {
    let mut questions = Vec::new();
    let rows = WANTED.iter().chain(secrets.then_some(&SECRET_METADATA));
    for row in rows {
        let scopes = if row.namespaced { scopes } else { &[None] };
        for namespace in scopes {
            let verbs = VERBS
                .into_iter()
                .filter(|verb| row.kind != "Secret" || *verb == "get");
            questions.extend(verbs.map(|verb| Access {
                row,
                namespace: namespace.clone(),
                verb,
                allowed: Ok(false),
                ask: permission(row, namespace.as_deref(), &[]),
            }));
        }
    }
    questions
}

async fn ask(server: &Server, access: &Access) -> Result<bool, Fault> {
    let mut resource = json!({
        "verb": access.verb, "group": access.row.group, "resource": access.row.plural(),
    });
    if let (Some(fields), Some(namespace)) = (resource.as_object_mut(), &access.namespace) {
        fields.insert("namespace".to_owned(), namespace.as_str().into());
    }
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": resource},
    });
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let body = server.post(path, &review.to_string()).await?;
    let review: Review =
        foreign::json(&body).map_err(|error| Fault::of_json("access review", &error))?;
    Ok(review.status.allowed)
}
