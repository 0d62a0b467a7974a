//! What pgBackRest itself listed of a cluster (`--backup-info`).
//!
//! It outranks the status of Jobs: a Job says how one run ended, the list what the repository holds since.

use crate::fact::v4::Cluster;
use crate::fact::v4::postgres;
use crate::fact::v4::postgres::patroni::system_identifier;
use crate::manifest::BackupInfo;

/// The lists of a cluster; none where none was given.
///
/// # Errors
/// Why they prove nothing: a list is of another database, or does not say what there is.
pub(in crate::fact::v4) fn listed<'a>(
    cluster: &Cluster<'a>,
) -> Result<Vec<&'a BackupInfo>, String> {
    let infos = cluster.inventory.backup_infos.iter();
    let infos: Vec<_> = infos
        .filter(|info| info.is_of(cluster.namespace, cluster.name))
        .collect();
    if infos.is_empty() {
        return Ok(infos);
    }
    let system = system_identifier(cluster);
    let major = postgres::major(cluster);
    let why = infos.iter().find_map(|info| {
        let other = |own: Option<&String>, theirs: &Option<String>| {
            own.zip(theirs.as_ref())
                .is_some_and(|(own, theirs)| own != theirs)
        };
        if other(system.value(), &info.system) {
            return Some("the list given with --backup-info is of another database".to_owned());
        }
        if other(major.value(), &info.major) {
            return Some(
                "the list given with --backup-info is of another major release of Postgres"
                    .to_owned(),
            );
        }
        let why = info.partial?;
        Some(format!(
            "the list given with --backup-info does not tell: {why}"
        ))
    });
    why.map_or(Ok(infos), Err)
}
