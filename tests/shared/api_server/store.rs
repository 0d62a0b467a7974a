//! The objects of a server, and how a well-behaved one answers: lists in pages, selectors, metadata only, discovery.

use serde_json::{Value, json};

use pgo_preflight::source::{SECRET_METADATA, WANTED, Wanted};

use super::{Answer, Request};

/// What a server holds.
#[derive(Default)]
pub struct Store {
    objects: Vec<Value>,
    /// Groups of custom resources that are not installed.
    pub missing: Vec<&'static str>,
    /// Objects in one page, whatever the client asks for.
    pub page: Option<usize>,
}

impl Store {
    pub fn of(mut objects: Vec<Value>) -> Store {
        objects.sort_by_key(|object| (text(object, "namespace"), text(object, "name")));
        Store {
            objects,
            ..Store::default()
        }
    }

    pub fn answer(&self, request: &Request) -> Answer {
        let parts: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        match parts.as_slice() {
            ["version"] => Answer::Json(
                200,
                json!({"major": "1", "minor": "33", "gitVersion": "v1.33.0"}),
            ),
            ["apis"] => self.groups(),
            ["api", "v1"] => self.resources("", "v1"),
            [
                "apis",
                "authorization.k8s.io",
                "v1",
                "selfsubjectaccessreviews",
            ] => {
                let mut review: Value = serde_json::from_str(&request.body).unwrap();
                review["status"] = json!({"allowed": true});
                Answer::Json(201, review)
            }
            ["apis", group, version] => self.resources(group, version),
            ["api", "v1", rest @ ..] => self.objects("", "v1", rest, request),
            ["apis", group, version, rest @ ..] => self.objects(group, version, rest, request),
            _ => no_path(),
        }
    }

    fn rows(&self) -> impl Iterator<Item = &'static Wanted> {
        let rows = WANTED.iter().chain([&SECRET_METADATA]);
        rows.filter(|row| !self.missing.contains(&row.group))
    }

    fn groups(&self) -> Answer {
        let mut groups: Vec<&Wanted> = self.rows().filter(|row| !row.group.is_empty()).collect();
        groups.dedup_by_key(|row| row.group);
        let groups: Vec<Value> = groups
            .iter()
            .map(|row| {
                let version = served(row);
                json!({"name": row.group, "versions": [{"groupVersion": format!("{}/{version}", row.group), "version": version}]})
            })
            .collect();
        Answer::Json(
            200,
            json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}),
        )
    }

    fn resources(&self, group: &str, version: &str) -> Answer {
        let rows = self.rows();
        let of = rows.filter(|row| row.group == group && served(row) == version);
        let resources: Vec<Value> = of.map(|row| json!({"name": row.plural()})).collect();
        if resources.is_empty() {
            return no_path();
        }
        Answer::Json(
            200,
            json!({"kind": "APIResourceList", "resources": resources}),
        )
    }

    fn objects(&self, group: &str, version: &str, rest: &[&str], request: &Request) -> Answer {
        let (namespace, plural, name) = match rest {
            ["namespaces", name] => (None, "namespaces", Some(*name)),
            ["namespaces", namespace, plural] => (Some(*namespace), *plural, None),
            ["namespaces", namespace, plural, name] => (Some(*namespace), *plural, Some(*name)),
            [plural] => (None, *plural, None),
            [plural, name] => (None, *plural, Some(*name)),
            _ => return no_path(),
        };
        let mut rows = self.rows();
        let row = rows.find(|row| row.group == group && row.plural() == plural);
        let Some(row) = row.filter(|row| served(row) == version) else {
            return no_path();
        };
        let of = |object: &&Value| {
            let own = object["apiVersion"].as_str().unwrap();
            let own = own.split_once('/').map_or("", |(group, _)| group);
            object["kind"] == row.kind
                && own == group
                && namespace.is_none_or(|namespace| text(object, "namespace") == namespace)
        };
        let found: Vec<&Value> = self.objects.iter().filter(of).collect();
        match name {
            Some(name) => one(row, name, &found, request),
            None => self.list(row, &found, request),
        }
    }

    fn list(&self, row: &Wanted, found: &[&Value], request: &Request) -> Answer {
        let selected: Vec<&Value> = found
            .iter()
            .copied()
            .filter(|object| is_selected(object, request))
            .collect();
        let number = |key: &str| {
            request
                .query
                .get(key)
                .and_then(|text| text.parse::<usize>().ok())
        };
        let asked = number("limit").unwrap_or(usize::MAX);
        let limit = self.page.unwrap_or(asked).min(asked);
        let start = request
            .page()
            .map_or(0, |token| token.trim_start_matches("at-").parse().unwrap());
        let bare = request.accept.contains("PartialObjectMetadataList");
        let page = selected.iter().skip(start).take(limit);
        let items: Vec<Value> = page.map(|object| item(object, bare)).collect();
        let next = start + items.len();
        let mut metadata = json!({"resourceVersion": "1"});
        if next < selected.len() {
            metadata["continue"] = format!("at-{next}").into();
            metadata["remainingItemCount"] = (selected.len() - next).into();
        }
        let kind = if bare {
            "PartialObjectMetadataList".to_owned()
        } else {
            format!("{}List", row.kind)
        };
        Answer::Json(
            200,
            json!({"kind": kind, "metadata": metadata, "items": items}),
        )
    }
}

fn one(row: &Wanted, name: &str, found: &[&Value], request: &Request) -> Answer {
    let bare = request.accept.contains("PartialObjectMetadata;");
    match found.iter().find(|object| text(object, "name") == name) {
        Some(object) if bare => Answer::Json(200, item(object, true)),
        Some(object) => Answer::Json(200, (*object).clone()),
        None => {
            let mut status = match Answer::status(404, "NotFound", "not found") {
                Answer::Json(_, status) => status,
                other => return other,
            };
            status["details"] = json!({"name": name, "kind": row.plural()});
            Answer::Json(404, status)
        }
    }
}

/// Items of a list do not say their kind.
fn item(object: &Value, bare: bool) -> Value {
    if bare {
        return json!({
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]
        });
    }
    let mut item = object.clone();
    let fields = item.as_object_mut().unwrap();
    fields.remove("apiVersion");
    fields.remove("kind");
    item["metadata"]["managedFields"] =
        json!([{"manager": "kubectl", "fieldsV1": {"f:metadata": {}}}]);
    item
}

fn is_selected(object: &Value, request: &Request) -> bool {
    let labels = request
        .query
        .get("labelSelector")
        .map_or("", String::as_str);
    let by_label = labels
        .split(',')
        .filter(|term| !term.is_empty())
        .all(|term| {
            let (key, value) = term
                .split_once('=')
                .map_or((term, None), |(key, value)| (key, Some(value)));
            let label = object["metadata"]["labels"]
                .get(key)
                .and_then(Value::as_str);
            label.is_some_and(|label| value.is_none_or(|value| label == value))
        });
    let field = request.query.get("fieldSelector").map(String::as_str);
    let name = field.and_then(|field| field.strip_prefix("metadata.name="));
    by_label && name.is_none_or(|name| text(object, "name") == name)
}

/// v5 serves one version, as its releases before 5.8 do.
fn served(row: &Wanted) -> &'static str {
    if row.kind == "PostgresCluster" {
        "v1beta1"
    } else {
        row.versions[0]
    }
}

fn no_path() -> Answer {
    Answer::Text(404, "404 page not found\n")
}

fn text(object: &Value, key: &str) -> String {
    let text = object["metadata"][key].as_str();
    text.unwrap_or_default().to_owned()
}
