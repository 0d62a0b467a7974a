//! Which file of the input keeps what the v4 cluster was.

use std::sync::Arc;

use crate::fact::v4::Cluster;
use crate::manifest::Object;
use crate::source::Source;

/// The file of the oldest export that shows the Pgcluster, as `--before` takes it; of `moments` the youngest is first. Empty
/// where only a live cluster was read: what it says goes with it.
pub(super) fn kept(sources: &[Arc<Source>], moments: &[&Cluster<'_>]) -> String {
    let shown = moments.iter().rev().filter_map(|moment| {
        let object: &Object = moment.object?;
        let source = sources.get(object.name_span().source.0 as usize)?;
        let context = moment.inventory.context.as_deref();
        file_of(&source.uri, context).map(str::to_owned)
    });
    shown.into_iter().next().unwrap_or_default()
}

/// The file that a text was read from: of an archive, the archive. A live cluster's texts are called by its context.
fn file_of<'u>(uri: &'u str, context: Option<&str>) -> Option<&'u str> {
    let below = |context: &str| {
        uri.strip_prefix(context)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    if uri == "-" || context.is_some_and(below) {
        return None;
    }
    let ends = [".tar.gz/", ".tgz/", ".tar/", ".zip/"];
    let archive = ends
        .iter()
        .filter_map(|end| uri.find(end).map(|at| at + end.len() - 1))
        .min();
    uri.get(..archive.unwrap_or(uri.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_named_and_a_live_cluster_is_no_file() {
        let bundle = "out/before.tar.gz/prod/pgo/pgclusters.yaml";
        assert_eq!(file_of(bundle, Some("prod")), Some("out/before.tar.gz"));
        assert_eq!(file_of("a/hippo.yaml", None), Some("a/hippo.yaml"));
        assert_eq!(file_of("prod/pgo/pgclusters/hippo", Some("prod")), None);
        assert_eq!(file_of("-", None), None);
        // A folder may be called like a context.
        assert_eq!(
            file_of("production/x.yaml", Some("prod")),
            Some("production/x.yaml")
        );
    }
}
