//! What the user may read, asked beforehand: one `SelfSubjectAccessReview` for each kind, verb and namespace.

use serde::Deserialize;
use serde_json::json;

use super::super::{SECRET_METADATA, VERBS, WANTED, Wanted};
use super::fault::{Fault, permission};
use super::server::{Deadline, Server};
use super::{LiveError, Namespaces, Options, Progress, context, runtime};

/// Whether one verb on one kind is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The cluster: the context's name.
    pub context: String,
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

#[derive(Debug, Deserialize)]
struct Review {
    status: ReviewStatus,
}

#[derive(Debug, Deserialize)]
struct ReviewStatus {
    #[serde(default)]
    allowed: bool,
}

/// Asks for everything that [`take`](super::take) with the same options would do. Blocks.
pub fn access(
    options: &Options,
    progress: &std::sync::Arc<Progress>,
) -> Result<Vec<Access>, LiveError> {
    let places = context::places(options)?;
    let runtime = runtime()?;
    let answers = runtime.block_on(async {
        let deadline = Deadline::after(options.timeout);
        let mut answers = Vec::new();
        for place in places {
            let name = place.name.clone();
            let (server, scopes) = match place.config().await.map_err(Fault::NoCredentials) {
                Ok(config) => {
                    let scopes = scopes(&options.namespaces, &config.default_namespace);
                    let server = Server::of(config, options, deadline, progress).await;
                    (server, scopes)
                }
                Err(fault) => (Err(fault), scopes(&options.namespaces, "default")),
            };
            for mut access in questions(&name, &scopes, options.secret_metadata) {
                let answer = match &server {
                    Ok(server) => ask(server, &access).await,
                    Err(fault) => Err(fault.clone()),
                };
                access.allowed = answer.map_err(|fault| fault.because());
                answers.push(access);
            }
        }
        answers
    });
    runtime.shutdown_background();
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
fn questions(context: &str, scopes: &[Option<String>], secrets: bool) -> Vec<Access> {
    let mut questions = Vec::new();
    let rows = WANTED.iter().chain(secrets.then_some(&SECRET_METADATA));
    for row in rows {
        let scopes = if row.namespaced { scopes } else { &[None] };
        for namespace in scopes {
            let verbs = VERBS
                .into_iter()
                .filter(|verb| row.kind != "Secret" || *verb == "get");
            questions.extend(verbs.map(|verb| Access {
                context: context.to_owned(),
                row,
                namespace: namespace.clone(),
                verb,
                allowed: Ok(false),
                ask: permission(row, namespace.as_deref()),
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
    let review: Review = serde_json::from_slice(&body)
        .map_err(|error| Fault::Foreign(format!("no access review ({error})")))?;
    Ok(review.status.allowed)
}
