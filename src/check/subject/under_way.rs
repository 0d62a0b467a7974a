//! By which method a move is under way.

use crate::check::judge::lookup::SubjectLookup;
use crate::check::report::course::UnderWay;
use crate::expr::Value;
use crate::fact::Subject;
use crate::fact::course::V4OnItsWay;
use crate::rule::Method;

/// By which method a living cluster came, and whether something shows it: by its spec while that says so, else by what it
/// is made of, or was to be.
pub(super) fn under_way(lookup: &SubjectLookup<'_, '_, V4OnItsWay>) -> UnderWay {
    let says = |name: &str| text(lookup, name);
    let shown = |method| UnderWay {
        method,
        shown: true,
    };
    match says("spec.draft.method").as_str() {
        "volumes" => return shown(Method::Volumes),
        "backups" => return shown(Method::Backups),
        "standby" => return shown(Method::Standby),
        _ => {}
    }
    let moves_data = |job: &Value| says_of(job, "name").ends_with("-move-pgdata-dir");
    if list(lookup, "live.claims").iter().any(is_adopted)
        || list(lookup, "live.moveJobs").iter().any(moves_data)
    {
        return shown(Method::Volumes);
    }
    let restored = !says("live.restoreId").is_empty();
    let method = if !restored && says("live.name") != says("cluster.name") {
        Method::Standby
    } else {
        Method::Backups
    };
    UnderWay {
        method,
        shown: restored,
    }
}

/// Whether a claim holds data and has no name that v5 gives.
fn is_adopted(claim: &Value) -> bool {
    says_of(claim, "holds") == "pgdata" && !says_of(claim, "name").ends_with("-pgdata")
}

fn says_of(record: &Value, key: &str) -> String {
    match record.get(key) {
        Some(Value::Str(text)) => text.to_string(),
        _ => String::new(),
    }
}

/// A fact that is a list; empty where it is unknown.
fn list<S: Subject>(lookup: &SubjectLookup<'_, '_, S>, name: &str) -> Vec<Value> {
    match lookup.named(name).and_then(|fact| fact.value()) {
        Some(Value::List(items)) => items.to_vec(),
        _ => Vec::new(),
    }
}

/// A fact that is a text; empty where it is unknown.
pub(super) fn text<S: Subject>(lookup: &SubjectLookup<'_, '_, S>, name: &str) -> String {
    match lookup.named(name).and_then(|fact| fact.value()) {
        Some(Value::Str(text)) => text.to_string(),
        _ => String::new(),
    }
}
